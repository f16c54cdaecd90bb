"""What a trader's browser may lack: JavaScript, cookies, storage, the network."""

import json

import pytest
from playwright.sync_api import expect

from conftest import STILL, quick
from terminal import Terminal, field


@pytest.fixture
def page_without_javascript(browser):
    context = quick(browser.new_context(java_script_enabled=False))
    yield context.new_page()
    context.close()


def test_without_javascript_everything_works(page_without_javascript, stack):
    page = page_without_javascript
    page.goto(f"{stack.functions}/inapp/deposit?token={stack.mint('ada')}&lang=en")
    field(page, "Amount").fill("5")
    page.click("button[data-busy]")
    expect(page.get_by_text("The least amount is")).to_be_visible()
    field(page, "Amount").fill("50")
    page.click("button[data-busy]")
    reference = page.locator("#reference").inner_text()

    page.reload()
    expect(page.locator("#reference")).to_have_text(reference)
    page.click("text=New request")
    expect(field(page, "Amount")).to_have_value("")


def test_without_javascript_a_reload_is_served_by_the_cookie(page_without_javascript, stack):
    page = page_without_javascript
    page.goto(f"{stack.functions}/inapp/chat?token={stack.mint('ada')}&lang=en")
    assert page.reload().status == 200
    expect(page.get_by_text("ada.marlow@example.com")).to_be_visible()


@pytest.fixture(params=["third-party cookies blocked", "all cookies and storage blocked"])
def blocking_page(request, browser, tmp_path, sandbox, chromium):
    """A page of a Chromium whose user has blocked cookies in its settings."""
    if request.param.startswith("third"):
        profile = {"cookie_controls_mode": 1, "block_third_party_cookies": True}
    else:
        profile = {"default_content_setting_values": {"cookies": 2}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps({"profile": profile}))
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=chromium, chromium_sandbox=sandbox, **STILL
    )
    page = quick(context).new_page()
    page.blocks_all = request.param.startswith("all")
    yield page
    context.close()


def test_with_cookies_blocked_the_handoff_and_a_reload_work(blocking_page, stack):
    page = blocking_page
    terminal = Terminal(page, stack).choose(user="ada", lang="en")
    screen = terminal.open("deposit")
    expect(screen.get_by_text("ada.marlow@example.com")).to_be_visible()
    if page.blocks_all:
        assert page.context.cookies() == []

    # The trader reloads the screen as it stands: without the token, which has left the address bar.
    terminal.screen_frame.evaluate("location.reload()")
    expect(screen.get_by_text("ada.marlow@example.com")).to_be_visible()
    field(screen, "Amount").fill("50")
    screen.locator("button[data-busy]").click()
    reference = screen.locator("#reference").inner_text()

    terminal.screen_frame.evaluate("location.reload()")
    expect(screen.locator("#reference")).to_have_text(reference)
    assert len(terminal.events("redeemed")) == 1
    assert len(terminal.events("recorded")) == 1


def test_offline_nothing_is_sent_and_nothing_is_lost(page, stack):
    page.goto(f"{stack.functions}/inapp/deposit?token={stack.mint('ada')}&lang=en")
    field(page, "Amount").fill("50")
    page.context.set_offline(True)
    page.click("button[data-busy]")
    expect(page.get_by_text("You are offline")).to_be_visible()
    expect(field(page, "Amount")).to_have_value("50")
    page.context.set_offline(False)
    page.click("button[data-busy]")
    expect(page.locator("#reference")).to_be_visible()


def test_the_offline_notice_is_seen_from_the_end_of_a_long_form(page, stack):
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{stack.functions}/inapp/kyc?token={stack.mint('ada')}&lang=en")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.context.set_offline(True)
    page.click("button[data-busy]")
    expect(page.locator("#offline")).to_be_in_viewport(ratio=1)
    page.context.set_offline(False)
