"""Each screen through the terminal, framed by another site as in cTrader."""

import re

import pytest
from playwright.sync_api import expect

from conftest import in_full
from states import ENTRIES, SUBMIT, choose, fill
from terminal import Terminal, field, leave


@pytest.fixture
def terminal(page, stack):
    terminal = Terminal(page, stack).choose(user="ada", lang="en", theme="dark", device="phone")
    yield terminal
    assert terminal.problems == [], "the console has errors"


def submit(screen):
    screen.locator(SUBMIT).click()


@pytest.mark.parametrize("action", ENTRIES)
def test_open_submit_confirm_close(terminal, action):
    screen = terminal.open(action)
    expect(screen.get_by_text("ada.marlow@example.com")).to_be_visible()
    expect(screen.get_by_text("1000501")).to_be_visible()
    fill(screen, action)
    submit(screen)

    expect(screen.locator("#reference")).to_have_text(re.compile(r"^[0-9A-Z]{5}-[0-9A-Z]{5}$"))
    expect(screen.get_by_text(ENTRIES[action][1])).to_be_visible()
    terminal.expect_events("recorded", 1)

    screen.locator("#done").click()
    terminal.expect_closed()
    terminal.expect_events("closed", 1)
    closed = terminal.events("closed")
    assert [event["by"] for event in closed] == ["success"]
    assert len(terminal.events("redeemed")) == 1


@pytest.mark.parametrize("action", ENTRIES)
def test_a_reload_shows_the_same_screen_without_a_second_redemption(terminal, action):
    screen = terminal.open(action)
    expect(screen.get_by_text("ada.marlow@example.com")).to_be_visible()
    terminal.reload_screen()
    expect(screen.get_by_text("ada.marlow@example.com")).to_be_visible()
    assert len(terminal.events("redeemed")) == 1
    assert terminal.events("refused") == []


@pytest.mark.parametrize("action", ["deposit", "kyc", *in_full("chat", "withdraw")])
def test_a_double_tap_is_recorded_once(terminal, action):
    screen = terminal.open(action)
    fill(screen, action)
    screen.locator(SUBMIT).dblclick(no_wait_after=True)
    expect(screen.locator("#reference")).to_be_visible()
    first = lambda: len([event for event in terminal.events("recorded") if not event.get("again")])
    terminal.wait_for(first, 1)
    # Time for the event of a second one.
    terminal.page.wait_for_timeout(500)
    assert first() == 1


@pytest.mark.parametrize("action", ENTRIES)
def test_an_expired_token_says_what_to_do(terminal, action):
    terminal.choose(fault="expired")
    screen = terminal.open(action)
    expect(screen.get_by_role("alert")).to_contain_text("open it again from cTrader")
    expect(screen.get_by_text("TOKEN_EXPIRED")).to_be_visible()
    screen.get_by_role("link", name="Close").last.click()
    terminal.expect_closed()


def test_the_token_leaves_the_address_bar(terminal):
    screen = terminal.open("deposit")
    expect(screen.get_by_text("1000501")).to_be_visible()
    assert "token=" not in terminal.screen_frame.evaluate("location.href")


def test_wrong_fields_keep_their_values(terminal):
    terminal.choose(lang="es")
    screen = terminal.open("deposit")
    field(screen, "Importe").fill("mil")
    screen.get_by_role("radio", name="Transferencia bancaria").check()
    submit(screen)
    amount = field(screen, "Importe")
    expect(amount).to_have_value("mil")
    expect(amount).to_have_attribute("aria-invalid", "true")
    expect(screen.get_by_text("sin separador de miles")).to_be_visible()
    amount.fill("1000,5")
    submit(screen)
    expect(screen.locator("#deposit-amount")).to_have_text("1000,50\u00a0EUR")
    expect(screen.get_by_text("Transferencia bancaria")).to_be_visible()


def test_an_amount_with_two_readings_is_answered_with_one_tap(terminal):
    screen = terminal.open("deposit")
    field(screen, "Amount").fill("10,000")
    screen.get_by_role("radio", name="Bank transfer").check()
    submit(screen)
    # The minimum is 10 euros, so both readings are possible.
    small, large = (screen.get_by_role("button", name=name) for name in ("10.00\u00a0EUR", "10,000.00\u00a0EUR"))
    expect(small).to_be_visible()
    # The Enter key chooses neither: the screen asks again.
    field(screen, "Amount").press("Enter")
    expect(large).to_be_visible()
    large.click()
    expect(screen.locator("#deposit-amount")).to_have_text("10,000.00\u00a0EUR")


def test_an_amount_that_was_changed_after_the_question_is_taken_as_typed(terminal):
    screen = terminal.open("deposit")
    field(screen, "Amount").fill("1,000")
    screen.get_by_role("radio", name="Bank transfer").check()
    submit(screen)
    expect(screen.get_by_text("can be read in two ways")).to_be_visible()
    field(screen, "Amount").fill("250,50")
    expect(screen.locator(SUBMIT)).to_have_text("Deposit 250.50\u00a0EUR")
    field(screen, "Amount").press("Enter")
    expect(screen.locator("#deposit-amount")).to_have_text("250.50\u00a0EUR")


def test_the_button_shows_the_amount_and_presets_fill_it_in(terminal):
    screen = terminal.open("deposit")
    screen.get_by_role("button", name="250", exact=True).click()
    expect(screen.locator(SUBMIT)).to_have_text("Deposit 250.00\u00a0EUR")
    field(screen, "Amount").fill("1000.5")
    expect(screen.locator(SUBMIT)).to_have_text("Deposit 1,000.50\u00a0EUR")
    field(screen, "Amount").fill("much")
    expect(screen.locator(SUBMIT)).to_have_text("Deposit")


def test_if_the_accounts_currency_is_unknown_the_trader_chooses_and_corrects_it(terminal, stack):
    stack.control("POST", "/sim/fault", {"kind": "status", "status": 503, "on": "trader"})
    screen = terminal.open("deposit")
    screen.get_by_role("button", name="250", exact=True).click()
    screen.get_by_role("radio", name="USD").check()
    expect(screen.locator(SUBMIT)).to_have_text("Deposit 250.00\u00a0USD")
    expect(field(screen, "Amount")).to_have_accessible_description("10.00 USD to 20,000.00 USD")
    stack.control("DELETE", "/sim/fault")
    submit(screen)
    expect(screen.get_by_text("Choose one of these")).to_be_visible()
    expect(screen.get_by_role("radio", name="EUR", exact=True)).to_be_focused()
    screen.get_by_role("radio", name="EUR", exact=True).check()
    expect(screen.locator(SUBMIT)).to_have_text("Deposit 250.00\u00a0EUR")
    choose(screen, "bank_transfer")
    submit(screen)
    expect(screen.locator("#deposit-amount")).to_have_text("250.00\u00a0EUR")


def test_arabic_runs_from_right_to_left(terminal):
    terminal.choose(lang="ar")
    screen = terminal.open("deposit")
    for amount in ("۲۵۰٫۵", "२५०.५", "๒๕๐.๕", "２５０．５", "٢٥٠٫٥"):
        screen.locator("#f-amount").fill(amount)
        expect(screen.locator(SUBMIT)).to_contain_text("250.50\u00a0EUR")
    choose(screen, "bank_transfer")
    submit(screen)
    expect(screen.locator("#deposit-amount")).to_contain_text("250.50")
    expect(screen.locator("html")).to_have_attribute("dir", "rtl")


def test_back_after_the_submit_shows_what_was_recorded(terminal):
    screen = terminal.open("deposit")
    fill(screen, "deposit")
    submit(screen)
    reference = screen.locator("#reference").inner_text()
    leave(terminal.screen_frame, "history.back()")
    expect(screen.locator("#reference")).to_have_text(reference)
    terminal.expect_events("recorded", 1)


def test_a_new_request_is_another_record(terminal):
    screen = terminal.open("deposit")
    fill(screen, "deposit")
    submit(screen)
    first = screen.locator("#reference").inner_text()
    screen.get_by_role("button", name="New request").click()
    field(screen, "Amount").fill("75")
    choose(screen, "bank_transfer")
    submit(screen)
    expect(screen.locator("#reference")).not_to_have_text(first)
    terminal.expect_events("recorded", 2)


def test_a_busy_ctrader_can_be_tried_again(terminal):
    terminal.choose(fault="429")
    screen = terminal.open("deposit")
    expect(screen.get_by_text("Nothing is lost")).to_be_visible()
    terminal.choose(fault="")
    screen.get_by_role("link", name="Try again").click()
    expect(screen.get_by_text("ada.marlow@example.com")).to_be_visible()


def test_another_brokers_trader_is_refused(terminal):
    terminal.choose(user="emil")
    screen = terminal.open("deposit")
    expect(screen.get_by_text("BROKER_MISMATCH")).to_be_visible()


def test_another_trader_after_the_first_sees_themselves(terminal):
    expect(terminal.open("deposit").get_by_text("ada.marlow@example.com")).to_be_visible()
    terminal.page.click("#host-close")
    terminal.choose(user="bruno")
    screen = terminal.open("deposit")
    expect(screen.get_by_text("bruno@example.com")).to_be_visible()
    expect(screen.get_by_text("ada.marlow@example.com")).to_have_count(0)


def test_two_tabs_keep_their_own_accounts_over_a_reload(page, stack):
    other = page.context.new_page()
    for tab, account in ((page, 1000502), (other, 1000602)):
        token = stack.mint("bruno", account=account)
        tab.goto(f"{stack.functions}/inapp/deposit?token={token}&account={account}&lang=en")
    for tab, account in ((page, 1000502), (other, 1000602)):
        tab.reload()
        expect(tab.get_by_text(str(account))).to_be_visible()
        field(tab, "Amount").fill("50")
        choose(tab, "bank_transfer")
        tab.click(SUBMIT)
        expect(tab.locator("#reference")).to_be_visible()
        expect(tab.get_by_text(str(account))).to_be_visible()
