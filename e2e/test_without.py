"""Screens in browsers without JavaScript, cookies, storage or a network."""

import json

import pytest
from playwright.sync_api import expect

from conftest import in_full, with_timeout
from states import ENTRIES, SUBMIT, Trader, choose, expect_status, fill
from terminal import Terminal, field, leave


@pytest.fixture
def page_without_javascript(browser):
    context = with_timeout(browser.new_context(java_script_enabled=False))
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("screen", ENTRIES)
def test_without_javascript_everything_works(page_without_javascript, stack, screen):
    page = page_without_javascript
    Trader(page, stack).open(screen)
    page.click(SUBMIT)
    expect(page.locator(".problem").first).to_be_visible()
    fill(page, screen)
    page.click(SUBMIT)
    reference = page.locator("#reference").inner_text()
    expect(page.get_by_text(ENTRIES[screen][1])).to_be_visible()

    assert page.reload().status == 200
    expect(page.locator("#reference")).to_have_text(reference)
    page.get_by_role("button", name="New request").click()
    for name in ENTRIES[screen][0]:
        expect(page.locator(f"[name={name}]")).to_have_value("")


@pytest.mark.parametrize("screen", ENTRIES)
def test_without_javascript_a_reload_is_served_by_the_cookie(page_without_javascript, stack, screen):
    page = page_without_javascript
    Trader(page, stack).open(screen)
    assert page.reload().status == 200
    expect(page.get_by_text("ada.marlow@example.com")).to_be_visible()


# Cookie settings of a Chromium profile, and whether a page in a frame of another site then has cookies and storage.
COOKIES = {
    "cookies allowed": ({"cookie_controls_mode": 0}, {"cookie": True, "storage": True}),
    "third-party cookies blocked": (
        {"cookie_controls_mode": 1, "block_third_party_cookies": True},
        {"cookie": False, "storage": True},
    ),
    "all cookies and storage blocked": (
        {"default_content_setting_values": {"cookies": 2}},
        {"cookie": False, "storage": False},
    ),
}

# The deposit screen, and one with a form that is recorded once.
SCREENS = ["deposit", "kyc", *in_full("chat", "withdraw")]

PROBE = """() => {
  document.cookie = "probe=1; SameSite=None; Secure";
  const cookie = document.cookie.includes("probe=1");
  try { sessionStorage.length; return { cookie, storage: true }; } catch { return { cookie, storage: false }; }
}"""


@pytest.fixture(scope="module", params=COOKIES)
def trader_browser(request, playwright, start_chromium, tmp_path_factory):
    """A trader's Chromium with these settings."""
    profile = tmp_path_factory.mktemp("profile")
    settings, has = COOKIES[request.param]
    (profile / "Default").mkdir()
    (profile / "Default" / "Preferences").write_text(json.dumps({"profile": settings}))
    port = start_chromium(profile)
    browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}", timeout=120_000)
    yield with_timeout(browser.contexts[0]), has
    browser.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_reloads_and_a_submit_work_with_all_cookie_settings(trader_browser, stack, screen):
    context, has = trader_browser
    page = context.new_page()
    page.emulate_media(reduced_motion="reduce")
    terminal = Terminal(page, stack).choose(user="ada", lang="en")
    frame = terminal.open(screen)
    expect(frame.get_by_text("ada.marlow@example.com")).to_be_visible()
    assert terminal.screen_frame.evaluate(PROBE) == has

    # The trader reloads the screen, whose URL has no token any more.
    leave(terminal.screen_frame, "location.reload()")
    expect(frame.get_by_text("ada.marlow@example.com")).to_be_visible()
    fill(frame, screen)
    frame.locator(SUBMIT).click()
    reference = frame.locator("#reference").inner_text()

    leave(terminal.screen_frame, "location.reload()")
    expect(frame.locator("#reference")).to_have_text(reference)
    assert len(terminal.events("redeemed")) == 1
    terminal.expect_events("recorded", 1)
    assert terminal.events("refused") == []
    assert terminal.problems == []
    page.close()


@pytest.mark.parametrize("screen", SCREENS)
def test_back_shows_what_was_recorded_also_from_the_browsers_memory(trader_browser, stack, screen):
    context, _ = trader_browser
    page = context.new_page()
    Trader(page, stack).open(screen)
    fill(page, screen)
    page.click(SUBMIT)
    reference = page.locator("#reference").inner_text()
    leave(page, "history.back()")
    expect(page.locator(f"#reference, {SUBMIT}")).to_be_visible()
    if page.locator("#reference").count() == 0:
        # The page before the submit: its button must work, and must not record twice.
        expect(page.locator(SUBMIT)).to_be_enabled()
        page.click(SUBMIT)
    expect(page.locator("#reference")).to_have_text(reference)
    page.close()


def test_offline_nothing_is_sent_and_nothing_is_lost(page, stack):
    page.goto(f"{stack.functions}/inapp/deposit?token={stack.mint('ada')}&lang=en")
    field(page, "Amount").fill("50")
    choose(page, "bank_transfer")
    page.context.set_offline(True)
    page.click("button[data-busy]")
    expect(page.get_by_text("You seem to be offline")).to_be_visible()
    expect(field(page, "Amount")).to_have_value("50")
    page.context.set_offline(False)
    page.click("button[data-busy]")
    expect(page.locator("#reference")).to_be_visible()


def test_offline_the_page_stays(page, stack):
    page.goto(f"{stack.functions}/inapp/deposit?token={stack.mint('ada')}&lang=en")
    field(page, "Amount").fill("50")
    choose(page, "wallet")
    page.click(SUBMIT)
    expect(page.locator("#pay")).to_be_visible()
    page.context.set_offline(True)
    page.locator("#pay").click()
    expect(page.get_by_text("You seem to be offline")).to_be_visible()
    assert len(page.context.pages) == 1
    page.context.set_offline(False)

    # A page with a link to try again.
    stack.control("POST", "/sim/fault", {"kind": "status", "status": 429})
    page.goto(f"{stack.functions}/inapp/deposit?token={stack.mint('ada')}&lang=en")
    stack.control("DELETE", "/sim/fault")
    page.context.set_offline(True)
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_text("You seem to be offline")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(field(page, "Amount")).to_be_visible()


def test_the_offline_notice_is_seen_from_the_end_of_a_long_form(page, stack):
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{stack.functions}/inapp/kyc?token={stack.mint('ada')}&lang=en")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.context.set_offline(True)
    page.click("button[data-busy]")
    expect(page.locator("#offline")).to_be_in_viewport(ratio=1)
    page.context.set_offline(False)


# What a strict host page allows a frame. Without `allow-same-origin` the frame has the origin `null`: its forms are cross-site,
# its script has no storage, and its calls need CORS.
SANDBOX = "allow-scripts allow-forms allow-popups"


def open_sandboxed(page, stack):
    """Opens the deposit screen in a sandboxed frame of the terminal's site. Returns the frame, and a list that collects what its
    calls were answered."""
    calls = []
    page.on("response", lambda response: calls.append(response.status) if response.request.resource_type == "fetch" else None)
    url = f"{stack.functions}/inapp/deposit?token={stack.mint('ada')}&lang=en"
    page.goto(stack.terminal)
    page.locator("body[data-ready]").wait_for()
    page.evaluate(
        """([url, sandbox]) => {
          const frame = document.createElement("iframe");
          frame.sandbox = sandbox;
          frame.src = url;
          frame.id = "sandboxed";
          frame.style = "position:fixed;inset:0;width:400px;height:800px;z-index:9";
          document.body.append(frame);
        }""",
        [url, SANDBOX],
    )
    frame = page.frame_locator("#sandboxed")
    expect(field(frame, "Amount")).to_be_visible()
    calls.clear()
    return frame, calls


def sandboxed(page):
    """The frame itself."""
    return page.query_selector("#sandboxed").content_frame()


def test_a_frame_without_an_origin_submits_reloads_and_polls(trader_browser, stack):
    context, has = trader_browser
    page = context.new_page()
    frame, _ = open_sandboxed(page, stack)
    assert sandboxed(page).evaluate("self.origin") == "null"
    if has["cookie"]:
        # Such a frame has no storage, and loses the state of its history entry.
        leave(sandboxed(page), "location.reload()")
        expect(frame.get_by_text("ada.marlow@example.com")).to_be_visible()
    fill(frame, "deposit")
    frame.locator(SUBMIT).click()
    reference = frame.locator("#reference").inner_text()
    leave(sandboxed(page), "location.reload()")
    expect(frame.locator("#reference")).to_have_text(reference)
    page.close()


@pytest.mark.parametrize("trader_browser", ["third-party cookies blocked", *in_full("cookies allowed", "all cookies and storage blocked")], indirect=True)
def test_a_frame_without_an_origin_takes_a_deposit_through_the_cashier_and_back(trader_browser, stack):
    context, has = trader_browser
    page = context.new_page()
    frame, calls = open_sandboxed(page, stack)
    field(frame, "Amount").fill("50")
    choose(frame, "card")
    frame.locator(SUBMIT).click()
    # The provider reports later, so that only a poll can show it.
    frame.locator("#late").click()
    expect_status(frame, "created")
    if has["cookie"]:
        expect(frame.locator("#reference")).to_be_visible()
    expect_status(frame, "credited")
    assert calls and set(calls) == {200}
    page.close()


def test_the_next_person_at_a_browser_does_not_see_the_last_session(page, stack):
    url = f"{stack.functions}/inapp/deposit"
    ada, bruno = "ada.marlow@example.com", "bruno@example.com"

    def see_nobody():
        page.goto(url)
        expect(page.get_by_text("This link is incomplete")).to_be_visible()
        assert ada not in page.content() and bruno not in page.content()

    # Ada leaves without ending the screen.
    page.goto(f"{url}?token={stack.mint('ada')}&lang=en")
    expect(page.get_by_text(ada)).to_be_visible()
    see_nobody()
    # Bruno ends it.
    page.goto(f"{url}?token={stack.mint('bruno')}&lang=en")
    expect(page.get_by_text(bruno)).to_be_visible()
    assert ada not in page.content()
    page.locator("a.x").click()
    page.wait_for_url("**/callback/success")
    assert page.context.cookies() == []
    assert page.evaluate("Object.keys(sessionStorage)") == []
    see_nobody()


def test_the_end_of_a_screen_leaves_another_tab_alone(page, stack):
    other = page.context.new_page()
    url = f"{stack.functions}/inapp/deposit"
    other.goto(f"{url}?token={stack.mint('ada')}&lang=en")
    expect(field(other, "Amount")).to_be_visible()
    page.goto(f"{url}?token={stack.mint('bruno')}&lang=en")
    page.locator("a.x").click()
    page.wait_for_url("**/callback/success")
    leave(other, "location.reload()")
    expect(other.get_by_text("ada.marlow@example.com")).to_be_visible()
    fill(other, "deposit")
    other.click(SUBMIT)
    expect(other.locator("#reference")).to_be_visible()


def test_another_site_cannot_post_its_own_session(page, stack):
    """Login CSRF: a stranger's page, in the trader's browser, posts the stranger's session."""
    url = f"{stack.functions}/inapp/deposit"
    # In a browser of her own: this one's storage would restore her session.
    hers = with_timeout(page.context.browser.new_context())
    stranger = hers.new_page()
    stranger.goto(f"{url}?token={stack.mint('ada')}&lang=en")
    strangers = stranger.locator("input[name=session]").first.get_attribute("value")
    field(stranger, "Amount").fill("50")
    choose(stranger, "wallet")
    stranger.click(SUBMIT)
    deposit = stranger.locator("#status").get_attribute("data-id")
    hers.close()
    # Another site, but of this machine: the guard of the functions' port refuses all others.
    evil = f"{stack.terminal}/evil"

    def post(path, **fields):
        inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
        html = f'<form method="post" action="{stack.functions}{path}">{inputs}</form><script>document.forms[0].submit()</script>'
        page.route(evil, lambda route: route.fulfill(content_type="text/html", body=html))
        page.goto(evil, wait_until="commit")
        page.wait_for_url(f"{stack.functions}/**")
        page.wait_for_load_state()
        page.unroute(evil)

    post("/inapp/deposit?lang=en", session=strangers, ask="restore")
    expect(page.get_by_text("This screen was not opened from cTrader")).to_be_visible()
    post(f"/inapp/deposit/{deposit}?lang=en", session=strangers, ask="go-on")
    expect_status(page, "created")
    assert page.url.startswith(f"{stack.functions}/inapp/deposit/{deposit}")
    assert "ada.marlow@example.com" not in page.content()
    assert page.context.cookies() == []
