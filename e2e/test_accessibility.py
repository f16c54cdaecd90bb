"""axe on every screen and state, in both themes; and a whole deposit with the keyboard alone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from conftest import quick


@pytest.fixture
def phone(browser):
    """A phone that lets axe, which is no script of ours, into the page."""
    context = quick(browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True))
    yield context.new_page()
    context.close()


def expect_accessible(page):
    violations = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in violations] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("action", ["deposit", "kyc", "chat", "action"])
def test_axe_finds_nothing(phone, stack, action, lang, theme):
    url = f"{stack.functions}/inapp/{action}?actionType=withdraw&lang={lang}&theme={theme}"
    phone.goto(f"{url}&token={stack.mint('ada')}")
    expect_accessible(phone)
    phone.click("button[data-busy]")
    expect(phone.locator(".problem").first).to_be_visible()
    expect_accessible(phone)
    phone.goto(f"{url}&token=unknown")
    expect(phone.get_by_role("alert")).to_be_visible()
    expect_accessible(phone)


def test_axe_finds_nothing_after_the_submit_and_at_the_end(phone, stack):
    phone.goto(f"{stack.functions}/inapp/chat?token={stack.mint('ada')}&lang=en")
    phone.fill("textarea", "Hello")
    phone.click("button[data-busy]")
    expect(phone.locator("#reference")).to_be_visible()
    expect_accessible(phone)
    phone.click("#done")
    expect(phone.get_by_text("You can close this screen")).to_be_visible()
    expect_accessible(phone)


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("window", [(1280, 800), (390, 844)])
def test_axe_finds_nothing_in_the_terminal(phone, stack, window, theme):
    phone.set_viewport_size({"width": window[0], "height": window[1]})
    phone.emulate_media(reduced_motion="reduce")
    phone.goto(stack.terminal)
    phone.locator("body[data-ready]").wait_for()
    if theme == "light":
        phone.click("#terminal-theme")
    expect(phone.locator("html")).to_have_attribute("data-theme", theme)
    phone.click("#clear")
    expect_accessible(phone)
    phone.select_option("#fault", "lose_answer")
    phone.click("#open-deposit")
    expect(phone.locator("#timeline [data-kind=answered]").last).to_contain_text("REDEMPTION_UNKNOWN")
    expect_accessible(phone)
    phone.click("#host-close")
    expect_accessible(phone)


def test_the_keyboard_alone_makes_a_deposit(phone, stack):
    phone.goto(f"{stack.functions}/inapp/deposit?token={stack.mint('ada')}&lang=en")
    order = []
    for _ in range(9):
        phone.keyboard.press("Tab")
        order.append(phone.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
        if order[-1] == "amount":
            phone.keyboard.type("75")
        if order[-1] == "currency":
            phone.keyboard.press("ArrowRight")
        if order[-1] == "method":
            break
    assert order == ["", "amount", "50", "100", "250", "500", "currency", "method"]
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("75.00\u00a0USD")).to_be_visible()
