"""Deposits from the tap to the balance, through the terminal, the deposit screen, the simulated cashier and the real functions.
Whatever the cashier does, the money is credited once, or not at all and somebody knows."""

import json
import os
import re
import subprocess
import urllib.error
import urllib.request
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from conftest import ROOT, in_full
from states import SUBMIT, expect_status
from terminal import Terminal, field

# An account that no other test uses, because deposits that wait for an operator stay on its deposit screen.
TRADER = {"user": "bruno", "account": "1000602"}
LOGIN = 1000602


@pytest.fixture
def terminal(page, stack):
    terminal = Terminal(page, stack).choose(**TRADER, lang="en", theme="dark", device="phone")
    yield terminal
    assert terminal.problems == [], "the console has errors"


@pytest.fixture
def balance(terminal, stack):
    return Balance(terminal, stack)


class Balance:
    """The balance of the account: at cTrader, and as the trader sees it."""

    def __init__(self, terminal, stack):
        self.page = terminal.page
        self.stack = stack
        self.initial = self.current()

    def account(self):
        users = self.stack.control("GET", "/sim/state")["users"]
        [account] = [each for user in users for each in user["accounts"] if each["login"] == LOGIN]
        return account

    def current(self):
        account = self.account()
        return Decimal(account["balance"]).scaleb(-account["moneyDigits"])

    def credits(self, deposit):
        """The amounts that were credited for a deposit."""
        history = self.account()["history"]
        return [change["amount"] for change in history if change.get("externalId") == deposit]

    def expect_credited(self, deposit, amount):
        """The deposit was credited once, and the trader sees the new balance."""
        expect(self.page.locator("#balance")).to_have_text(f"{self.initial + Decimal(amount):,.2f} EUR")
        assert self.credits(deposit) == [amount]
        assert self.current() == self.initial + Decimal(amount)

    def wait_for_reconcile(self):
        """Waits until `reconcile` has run."""
        self.page.wait_for_timeout((self.stack.reconcile_seconds + 2) * 1_000)

    def expect_unchanged(self, deposit):
        expect(self.page.locator("#balance")).to_have_text(f"{self.initial:,.2f} EUR")
        assert self.credits(deposit) == []
        assert self.current() == self.initial


def go_to_pay(terminal, amount="50", method="Card"):
    """Fills in the deposit screen and submits it."""
    screen = terminal.open("deposit")
    return submit(screen, amount, method)


def submit(screen, amount="50", method="Card"):
    field(screen, "Amount").fill(amount)
    screen.get_by_role("radio", name=method).check()
    screen.locator(SUBMIT).click()
    return screen


def at_the_cashier(terminal):
    """The screen when it shows the cashier."""
    terminal.screen_frame.wait_for_url("**/cashier/payments/*")
    return terminal.screen


def press(terminal, button):
    """Presses a button of the cashier, which returns the trader to the screen. Returns the deposit's id."""
    at_the_cashier(terminal).locator(f"#{button}").click()
    return deposit_of(terminal.screen)


def deposit_of(screen):
    status = screen.locator("#status")
    expect(status).to_have_attribute("data-id", re.compile(r"^[0-9A-Z]{26}$"))
    return status.get_attribute("data-id")


def cashier(stack, deposit, button=None):
    """The state of a payment at the cashier; with `button`, after pressing it without a browser."""
    url = f"{stack.sample}/cashier/deposits/{deposit}"
    data = None if button is None else json.dumps({"do": button}).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def set_credit_fault(stack, **fault):
    """Sets a fault for the next changebalance."""
    stack.control("POST", "/sim/fault", {"on": "change_balance", "times": 1, **fault})


def test_a_deposit_is_paid_and_credited_once(terminal, stack, balance):
    go_to_pay(terminal, "50.50")
    screen = at_the_cashier(terminal)
    expect(screen.get_by_text("Test mode")).to_be_visible()
    expect(screen.get_by_role("heading", name="50.50 EUR")).to_be_visible()
    expect(screen.get_by_text(str(LOGIN))).to_be_visible()
    deposit = press(terminal, "approve")
    expect_status(screen, "credited")
    expect(screen.locator("#deposit-amount")).to_have_text("50.50\u00a0EUR")
    expect(screen.locator("#reference")).to_have_text(f"{deposit[:5]}-{deposit[5:10]}")
    balance.expect_credited(deposit, "50.50")

    # The account was looked up before the credit.
    calls = [event["path"] for event in terminal.events("called") if "/traders/" in event["path"]]
    assert calls[-2:] == [f"/v2/webserv/traders/{LOGIN}", f"/v2/webserv/traders/{LOGIN}/changebalance"]
    assert len(terminal.events("redeemed")) == 1

    # Neither a reload nor `reconcile` credits it again.
    terminal.reload_screen()
    expect(terminal.screen.locator("#status, form[data-busy], #f-amount").first).to_be_visible()
    balance.wait_for_reconcile()
    balance.expect_credited(deposit, "50.50")


def test_done_closes_the_screen_with_the_event_of_a_success(terminal, broker_toml):
    go_to_pay(terminal)
    press(terminal, "approve")
    expect_status(terminal.screen, "credited")
    terminal.screen.locator("#done").click()
    terminal.expect_closed()
    terminal.expect_events("closed", 1)
    [closed] = terminal.events("closed")
    assert (closed["by"], closed["eventName"]) == ("success", broker_toml["deposit"]["event_name"])


def test_a_declined_payment_can_be_tried_again(terminal, balance):
    go_to_pay(terminal)
    declined = press(terminal, "decline")
    expect_status(terminal.screen, "failed")
    balance.expect_unchanged(declined)
    terminal.screen.locator("#again").click()
    submit(terminal.screen, "75")
    paid = press(terminal, "approve")
    assert paid != declined
    expect_status(terminal.screen, "credited")
    balance.expect_credited(paid, "75.00")
    assert balance.credits(declined) == []


def test_closing_without_success_is_no_success(terminal):
    go_to_pay(terminal)
    press(terminal, "decline")
    expect_status(terminal.screen, "failed")
    terminal.screen.locator("#close").click()
    terminal.expect_events("failed", 1)
    assert [event for event in terminal.events("closed") if event.get("eventName")] == []


def test_a_failed_try_of_another_reference_keeps_no_payment_from_being_credited(terminal, stack, balance):
    go_to_pay(terminal)
    deposit = press(terminal, "failed-try")
    expect_status(terminal.screen, "credited")
    assert [each["status"] for each in cashier(stack, deposit)["attempts"]] == [204, 204]
    balance.expect_credited(deposit, "50.00")


def test_an_abandoned_payment_that_was_never_charged_is_failed_at_once(terminal, stack, balance):
    go_to_pay(terminal)
    deposit = press(terminal, "abandon")
    expect_status(terminal.screen, "failed")
    assert [each["status"] for each in cashier(stack, deposit)["attempts"]] == [204]
    balance.expect_unchanged(deposit)


@pytest.mark.parametrize("button", ["twice", "out-of-order"])
def test_repeated_or_unordered_notifications_credit_once(terminal, stack, balance, button):
    go_to_pay(terminal)
    deposit = press(terminal, button)
    expect_status(terminal.screen, "credited")
    assert [each["status"] for each in cashier(stack, deposit)["attempts"]] == [204, 204, 204]
    balance.expect_credited(deposit, "50.00")


def test_a_late_notification_finds_the_screen_waiting(terminal, balance):
    go_to_pay(terminal)
    deposit = press(terminal, "late")
    expect_status(terminal.screen, "created")
    balance.expect_unchanged(deposit)
    expect_status(terminal.screen, "credited")
    balance.expect_credited(deposit, "50.00")


def test_a_cashier_may_send_the_trader_back_by_post(terminal, balance):
    go_to_pay(terminal)
    deposit = press(terminal, "return-by-post")
    expect_status(terminal.screen, "credited")
    balance.expect_credited(deposit, "50.00")


def test_another_amount_is_reviewed_and_not_credited(terminal, balance):
    go_to_pay(terminal)
    deposit = press(terminal, "other-amount")
    expect_status(terminal.screen, "review")
    expect(terminal.screen.get_by_role("heading", name="checking")).to_be_visible()
    balance.wait_for_reconcile()
    balance.expect_unchanged(deposit)


def test_a_notification_with_a_wrong_signature_credits_nothing(terminal, stack, balance):
    go_to_pay(terminal)
    deposit = press(terminal, "wrong-signature")
    expect_status(terminal.screen, "created")
    assert [each["status"] for each in cashier(stack, deposit)["attempts"]] == [401]
    balance.expect_unchanged(deposit)
    # The payment itself continues.
    terminal.screen.locator("#pay").click()
    at_the_cashier(terminal).locator("#approve").click()
    expect_status(terminal.screen, "credited")
    balance.expect_credited(deposit, "50.00")


def test_an_open_deposit_is_offered_again_after_ctrader_was_closed(terminal, balance):
    go_to_pay(terminal, "61")
    deposit = press(terminal, "pay-later")
    expect_status(terminal.screen, "pending")
    balance.expect_unchanged(deposit)
    terminal.page.click("#host-close")
    terminal.page.reload()
    terminal.page.locator("body[data-ready]").wait_for()

    screen = terminal.open("deposit")
    screen.get_by_role("button", name="61.00").click()
    expect_status(screen, "pending")
    assert deposit_of(screen) == deposit
    screen.locator("#pay").click()
    at_the_cashier(terminal).locator("#pay-now").click()
    expect_status(terminal.screen, "credited")
    balance.expect_credited(deposit, "61.00")


def test_a_deposit_that_is_paid_while_ctrader_is_closed_is_credited(terminal, stack, balance):
    go_to_pay(terminal, "62")
    deposit = press(terminal, "pay-later")
    expect_status(terminal.screen, "pending")
    terminal.page.click("#host-close")
    cashier(stack, deposit, "pay-now")
    balance.expect_credited(deposit, "62.00")
    # A final deposit is not offered again.
    screen = terminal.open("deposit")
    expect(field(screen, "Amount")).to_be_visible()
    expect(screen.get_by_role("button", name="62.00")).to_have_count(0)


def test_a_cashier_that_refuses_frames_opens_in_a_window_while_the_screen_waits(terminal, balance):
    screen = go_to_pay(terminal, "63", "E-wallet")
    expect_status(screen, "created")
    deposit = deposit_of(screen)
    with terminal.page.expect_popup() as opened:
        screen.locator("#pay").click()
    window = opened.value
    window.wait_for_url("**/cashier/payments/*")
    response = window.request.get(window.url)
    assert response.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    expect_status(screen, "created")
    window.locator("#approve").click()
    expect_status(window, "credited")
    # The screen polls by itself.
    expect_status(screen, "credited")
    balance.expect_credited(deposit, "63.00")
    # A window behind another takes no clicks.
    terminal.page.bring_to_front()
    screen.locator("#done").click()
    terminal.expect_closed()


def test_a_screen_that_waits_longer_than_its_session_sees_the_end(terminal, stack, balance):
    screen = go_to_pay(terminal, "65", "E-wallet")
    deposit = deposit_of(screen)
    with terminal.page.expect_popup() as opened:
        screen.locator("#pay").click()
    # As after 15 minutes: the session in the page has expired, and there is no cookie.
    terminal.page.context.clear_cookies()
    screen.locator("input[name=session]").first.evaluate("input => input.value = 'expired'")
    opened.value.locator("#approve").click()
    expect_status(screen, "credited")
    expect(screen.locator("#done")).to_have_attribute("href", re.compile("eventName=deposit_succeeded"))
    balance.expect_credited(deposit, "65.00")


def test_a_bank_transfer_is_credited_when_the_back_office_confirms_it(terminal, stack, balance):
    screen = go_to_pay(terminal, "64", "Bank transfer")
    expect_status(screen, "pending")
    deposit = deposit_of(screen)
    reference = screen.locator("#reference").inner_text()
    expect(screen.get_by_text("GB33 BUKB 2020 1555 5555 55")).to_be_visible()
    expect(screen.get_by_text("000123456789")).to_have_count(0)

    office = terminal.page.context.new_page()
    office.goto(f"{stack.sample}/back-office")
    row = office.locator(f'[data-deposit="{deposit}"]')
    expect(row).to_contain_text(reference)
    expect(row).to_contain_text("64.00 EUR")
    balance.expect_unchanged(deposit)
    row.get_by_role("button", name="Money arrived", exact=True).click()
    expect(office.locator(f'[data-deposit="{deposit}"]')).to_have_count(0)
    office.close()
    expect_status(screen, "credited")
    balance.expect_credited(deposit, "64.00")


def test_a_credit_whose_answer_is_lost_is_checked_and_never_repeated(terminal, stack, balance):
    terminal.choose(fault="credit-lost")
    go_to_pay(terminal, "65")
    deposit = press(terminal, "approve")
    expect_status(terminal.screen, "unknown")
    expect(terminal.screen.get_by_role("heading", name="checking")).to_be_visible()
    expect(terminal.screen.locator("#done")).to_have_count(0)
    # cTrader has applied it, but the functions cannot know.
    balance.expect_credited(deposit, "65.00")
    terminal.choose(fault="")
    cashier(stack, deposit, "approve")
    balance.wait_for_reconcile()
    balance.expect_credited(deposit, "65.00")
    expect_status(terminal.screen, "unknown")
    # The timeline explains what to do.
    entry = terminal.page.locator("#timeline [data-kind=deposit]").last
    expect(entry).to_contain_text("an operator finds out")


def inapp(stack, *arguments, **env):
    """Runs `inapp` with the developer's credentials of the stack, as `cargo dev` tells."""
    lines = (Path(stack.log).parent / "env").read_text().splitlines()
    variables = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    variables = {name: value.strip('"') for name, value in variables.items()}
    command = [os.environ.get("CARGO", "cargo"), "run", "--quiet", "--package", "inapp", "--", *arguments]
    return subprocess.run(command, cwd=ROOT, env=os.environ | variables | env, capture_output=True, text=True, timeout=600)


def test_an_operator_decides_by_a_signed_call(terminal, stack, balance):
    terminal.choose(fault="credit-lost")
    go_to_pay(terminal, "66")
    deposit = press(terminal, "approve")
    expect_status(terminal.screen, "unknown")
    terminal.choose(fault="")
    decide = ("deposits", "resolve", deposit, "--credited", "--reason", "seen in cTrader", "--yes")

    forged = inapp(stack, *decide, AWS_SECRET_ACCESS_KEY="another")
    assert forged.returncode == 2 and "AWS refuses the request: Forbidden" in forged.stderr, forged.stderr
    # Unsigned: API Gateway refuses, and so does the function where nothing stands before it.
    for url, body in ((stack.staff, {"message": "Forbidden"}), (stack.functions, "NOT_SIGNED")):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{url}/staff/deposits/{deposit}/decisions", b"{}", timeout=60)
        answer = json.load(refused.value)
        assert refused.value.code == 403 and body in (answer, answer.get("code"))
    expect_status(terminal.screen, "unknown")

    decided = inapp(stack, *decide)
    assert decided.returncode == 0, decided.stderr
    expect_status(terminal.screen, "credited")
    shown = inapp(stack, "deposits", "show", deposit)
    assert "credited (operator:arn:aws:iam::123456789012:user/developer): seen in cTrader" in shown.stdout, shown.stderr


@pytest.mark.parametrize(
    "fault, credited",
    [
        ({"kind": "status_after", "status": 500}, ["50.00"]),
        ({"kind": "lose_answer_before"}, []),
        *in_full(({"kind": "status", "status": 500}, []), ({"kind": "garbage"}, ["50.00"])),
    ],
    ids=["500 after", "lost before", "500 before", "no JSON"],
)
def test_a_credit_that_may_have_happened_is_not_tried_again(terminal, stack, balance, fault, credited):
    set_credit_fault(stack, **fault)
    go_to_pay(terminal)
    deposit = press(terminal, "approve")
    expect_status(terminal.screen, "unknown")
    balance.wait_for_reconcile()
    assert balance.credits(deposit) == credited


def test_a_credit_that_was_refused_for_now_is_tried_again(terminal, stack, balance):
    # Until the test has seen the refusal, however long that takes. The pause doubles each time.
    stack.control("POST", "/sim/fault", {"on": "change_balance", "kind": "status", "status": 429})
    go_to_pay(terminal)
    deposit = press(terminal, "approve")
    expect_status(terminal.screen, "paid")
    balance.expect_unchanged(deposit)
    stack.control("DELETE", "/sim/fault")
    expect(terminal.screen.locator("#status")).to_have_attribute("data-status", "credited", timeout=180_000)
    balance.expect_credited(deposit, "50.00")


def test_a_credit_that_ctrader_refuses_is_for_an_operator(terminal, stack, balance):
    set_credit_fault(stack, kind="status", status=403, code="NOT_ENOUGH_RIGHTS")
    go_to_pay(terminal)
    deposit = press(terminal, "approve")
    expect_status(terminal.screen, "review")
    balance.wait_for_reconcile()
    balance.expect_unchanged(deposit)


@pytest.mark.parametrize("button", ["refund", "charge-back"])
def test_a_reversed_payment_is_for_an_operator(terminal, stack, balance, button):
    go_to_pay(terminal)
    deposit = press(terminal, "approve")
    expect_status(terminal.screen, "credited")
    attempts = cashier(stack, deposit, button)["attempts"]
    assert attempts[-1]["status"] == 204
    entry = terminal.page.locator("#timeline [data-kind=deposit]").last
    expect(entry).to_contain_text("waits for an operator")
    balance.expect_credited(deposit, "50.00")


@pytest.mark.parametrize("user, currency", [("chloe", "GBP"), ("kenji", "JPY")])
def test_a_currency_without_payment_methods_is_not_offered(terminal, user, currency):
    terminal.choose(user=user)
    screen = terminal.open("deposit")
    expect(screen.get_by_role("alert")).to_contain_text(currency)
    expect(screen.locator(SUBMIT)).to_have_count(0)
