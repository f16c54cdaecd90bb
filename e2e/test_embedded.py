"""Screens in embedded browsers that do not behave: always offline, without new windows, with navigations that lead nowhere."""

import pytest
from playwright.sync_api import expect

from conftest import STILL, in_full, with_timeout
from states import ENTRIES, SUBMIT, Trader, choose, expect_status, fill

MINUTE = 60_000
# The script allows another try after this time, in milliseconds.
LONGEST_ANSWER = 16_000

SCREENS = ["deposit", "kyc", *in_full("chat", "withdraw")]


def answer_with(page, url, status):
    """Answers each `POST` to this URL with this status in place of the function."""

    def answer(route):
        if route.request.method == "POST":
            route.fulfill(status=status, body="")
        else:
            route.continue_()

    page.route(url, answer)


@pytest.fixture
def trader(page, stack):
    """A trader whose page has a clock that the test moves."""
    page.clock.install()
    return Trader(page, stack)


@pytest.mark.parametrize("screen", SCREENS)
def test_where_the_browser_always_says_that_it_is_offline_the_second_press_sends(page, stack, screen):
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })")
    Trader(page, stack).open(screen)
    fill(page, screen)
    page.click(SUBMIT)
    expect(page.locator("#offline")).to_be_visible()
    page.click(SUBMIT)
    expect(page.locator("#reference")).to_be_visible()


def test_where_the_browser_always_says_that_it_is_offline_the_second_press_tries_again(page, stack):
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'onLine', { get: () => false })")
    stack.control("POST", "/sim/fault", {"kind": "status", "status": 429})
    Trader(page, stack).open("deposit")
    stack.control("DELETE", "/sim/fault")
    again = page.get_by_role("link", name="Try again")
    again.click()
    expect(page.locator("#offline")).to_be_visible()
    again.click()
    expect(page.locator("[name=amount]")).to_be_visible()


@pytest.mark.parametrize("screen", SCREENS)
def test_a_submit_that_leads_nowhere_can_be_repeated(trader, stack, screen):
    page = trader.page
    trader.open(screen)
    fill(page, screen)
    answer_with(page, f"{stack.functions}/inapp/**", 204)
    page.click(SUBMIT)
    expect(page.locator(SUBMIT)).to_be_disabled()
    page.clock.run_for(LONGEST_ANSWER)
    expect(page.locator(SUBMIT)).to_be_enabled()
    expect(page.locator(SUBMIT)).not_to_have_text("Sending…")
    page.unroute_all()
    page.click(SUBMIT)
    expect(page.locator("#reference")).to_be_visible()


def test_a_page_that_hid_itself_comes_back_with_its_session(trader, stack):
    page = trader.page
    trader.open("deposit")
    page.context.clear_cookies()
    answer_with(page, f"{stack.functions}/inapp/**", 204)
    page.reload(wait_until="commit")
    expect(page.locator("body")).to_be_hidden()
    page.clock.run_for(LONGEST_ANSWER)
    expect(page.locator("body")).to_be_visible()
    page.unroute_all()
    page.reload()
    expect(page.locator("[name=amount]")).to_be_visible()


def test_a_status_whose_next_page_never_comes_is_asked_for_again(trader, stack):
    page = trader.page
    trader.open("deposit")
    fill(page, "deposit")
    page.click(SUBMIT)
    deposit = page.locator("#status").get_attribute("data-id")
    url = f"{stack.functions}/inapp/deposit/{deposit}**"
    form = "application/x-www-form-urlencoded"

    def answer(route):
        if route.request.resource_type == "document":
            route.fulfill(status=204, body="")
        else:
            route.fulfill(json={"id": deposit, "status": "paid"}, headers={"Access-Control-Allow-Origin": "*"})

    page.route(url, answer)
    with page.expect_request(lambda request: request.is_navigation_request()) as restored:
        page.clock.run_for(5_000)
    assert restored.value.headers["content-type"] == form
    expect(page.locator("body")).to_be_hidden()
    page.clock.run_for(LONGEST_ANSWER)
    expect(page.locator("#reference")).to_be_visible()
    page.unroute_all()
    with page.expect_request(lambda request: request.url.startswith(f"{stack.functions}/inapp/deposit/{deposit}")):
        page.clock.run_for(LONGEST_ANSWER)


def test_at_top_level_a_cashier_that_refuses_frames_opens_in_place(page, stack):
    trader = Trader(page, stack)
    trader.open("deposit")
    page.locator("[name=amount]").fill("50")
    choose(page, "wallet")
    trader.submit()
    expect_status(page, "created")
    expect(page.get_by_text("new window")).to_be_hidden()
    page.click("#pay")
    page.wait_for_url("**/cashier/payments/*")
    assert len(page.context.pages) == 1
    page.click("#approve")
    expect_status(page, "credited")


@pytest.mark.parametrize("screen", ENTRIES)
def test_the_session_is_renewed_while_the_trader_sees_the_screen(trader, screen):
    page = trader.page
    trader.open(screen)
    session = page.locator("input[name=session]").first
    first = session.input_value()
    with page.expect_response("**/session") as renewed:
        page.clock.run_for(6 * MINUTE)
    assert renewed.value.status == 200
    expect(session).not_to_have_value(first)
    assert page.evaluate("history.state.inapp.session") == session.input_value()
    page.clock.run_for(13 * MINUTE)
    expect(page.locator("#ending")).to_be_hidden()
    fill(page, screen)
    trader.submit()
    expect(page.locator("#reference")).to_be_visible()


def test_a_session_that_cannot_be_renewed_is_announced_before_it_ends(trader):
    page = trader.page
    trader.open("kyc")
    answer_with(page, "**/session", 503)
    page.clock.run_for(12 * MINUTE)
    expect(page.locator("#ending")).to_be_hidden()
    page.clock.run_for(2 * MINUTE)
    expect(page.locator("#ending")).to_be_visible()


@pytest.mark.parametrize("screen", ENTRIES)
def test_what_was_sent_too_late_is_filled_in_when_the_trader_opens_the_screen_again(page, stack, screen):
    trader = Trader(page, stack)
    entries = ENTRIES[screen][0]

    def send_too_late():
        trader.open(screen)
        fill(page, screen)
        page.locator("form:has(.who) input[name=session]").evaluate("input => input.value = 'ended'")
        trader.submit()
        expect(page.get_by_text("SESSION_EXPIRED")).to_be_visible()

    def expect_values(values):
        for name, value in values.items():
            expect(page.locator(f"[name={name}]")).to_have_value(value)

    send_too_late()
    trader.open(screen)
    expect_values(entries)
    if screen == "deposit":
        expect(page.locator("[name=method][value=bank_transfer]")).to_be_checked()
    trader.submit()
    expect(page.locator("#reference")).to_be_visible()
    trader.open(screen)
    expect_values(dict.fromkeys(entries, ""))

    # Another trader in this tab sees nothing of it, and neither does the first one afterwards.
    send_too_late()
    trader.open(screen, stack.mint("bruno"))
    expect_values(dict.fromkeys(entries, ""))
    trader.open(screen)
    expect_values(dict.fromkeys(entries, ""))


def test_in_forced_colours_an_outline_shows_what_is_chosen(browser, stack):
    context = with_timeout(browser.new_context(**STILL, forced_colors="active"))
    page = context.new_page()
    Trader(page, stack).open("deposit")
    choose(page, "bank_transfer")
    outline = "input => getComputedStyle(input.nextElementSibling).outlineStyle"
    options = page.locator("[name=method]")
    outlines = {option.get_attribute("value"): option.evaluate(outline) for option in options.all()}
    assert outlines.pop("bank_transfer") == "solid"
    assert set(outlines.values()) == {"none"}
    context.close()
