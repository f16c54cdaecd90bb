"""All states of all screens, and how a trader reaches them. Tests of all states use this list, so a new state is added once."""

import json
import urllib.request
from dataclasses import dataclass

from playwright.sync_api import expect

# The fields that a trader fills in on each screen, and the value that the confirmation repeats.
ENTRIES = {
    "deposit": ({"amount": "250.50"}, "250.50"),
    "kyc": (
        {
            "first_name": "Ada",
            "last_name": "Marlow",
            "birth_date": "1990-12-10",
            "country": "Spain",
            "address": "Calle Mayor 1",
            "city": "Madrid",
            "postcode": "28013",
            "document_number": "X1234567",
        },
        "X1234567",
    ),
    "chat": ({"message": "Where is my deposit?"}, "Where is my deposit?"),
    "withdraw": ({"amount": "100", "iban": "DE02120300000000202051"}, "DE02120300000000202051"),
}

# A screen's submit button.
SUBMIT = "button[data-busy]"


def path(screen):
    """The path and the query of a screen; a custom action has its type in the query."""
    return f"/inapp/{screen}?" if screen in ("deposit", "kyc", "chat") else f"/inapp/action?actionType={screen}"


def fill(page, screen):
    """Fills in a screen's form; `page` may be a frame."""
    for name, value in ENTRIES[screen][0].items():
        page.locator(f"[name={name}]").fill(value)
    if screen == "deposit":
        choose(page, "bank_transfer")


def choose(page, method):
    """Chooses a payment method."""
    page.locator(f"[name=method][value={method}]").check()


@dataclass(frozen=True)
class Trader:
    """A trader with a new browser tab, a language and a theme. Without a theme the screen follows the device."""

    page: object
    stack: object
    lang: str = "en"
    theme: str = "dark"

    def go(self, path):
        joint = "&" if "?" in path else "?"
        theme = f"&theme={self.theme}" if self.theme else ""
        return self.page.goto(f"{self.stack.functions}{path}{joint}lang={self.lang}{theme}")

    def open(self, screen, token=None, more=""):
        return self.go(f"{path(screen)}&token={token or self.stack.mint('ada')}{more}")

    def submit(self):
        self.page.click(SUBMIT)


def form(trader, screen):
    assert trader.open(screen).status == 200


def problems(trader, screen):
    trader.open(screen)
    trader.submit()
    expect(trader.page.locator(".problem").first).to_be_visible()


def offline(trader, screen):
    trader.open(screen)
    fill(trader.page, screen)
    trader.page.context.set_offline(True)
    trader.submit()
    trader.page.context.set_offline(False)
    expect(trader.page.locator("#offline")).to_be_visible()


def sending(trader, screen):
    trader.open(screen)
    fill(trader.page, screen)
    # Status 204 leaves the page as it is while the request is sent.
    trader.page.route("**", lambda route: route.fulfill(status=204))
    trader.submit()
    expect(trader.page.locator(SUBMIT)).to_be_disabled()


def recorded(trader, screen):
    trader.open(screen)
    fill(trader.page, screen)
    trader.submit()
    expect(trader.page.locator("#reference")).to_be_visible()


def recorded_again(trader, screen):
    trader.open(screen)
    fill(trader.page, screen)
    # Sends the same request first, like a first tap whose response was lost.
    fields = trader.page.evaluate("Object.fromEntries(new FormData(document.forms[0]))")
    assert trader.page.request.post(trader.page.url, form=fields).ok
    trader.submit()
    expect(trader.page.locator(".state .alert")).to_be_visible()


def outcome(code):
    """The result of a custom action. The sample backend decides by the code."""

    def reach(trader):
        trader.open("bonus")
        trader.page.locator("[name=code]").fill(code)
        trader.submit()
        expect(trader.page.locator("#reference")).to_be_visible()

    return reach


def pay(trader, method, user="ada"):
    """Submits a deposit by a payment method."""
    trader.open("deposit", trader.stack.mint(user))
    page = trader.page
    page.locator("[name=amount]").fill("250.50")
    choose(page, method)
    trader.submit()


def freeze_status(trader, status):
    """Lets the page's polls succeed only with this status. So the page stays in this status while `reconcile` continues with the
    deposit."""

    def respond(route):
        if route.request.resource_type != "fetch":
            return route.continue_()
        request = urllib.request.Request(route.request.url, headers={"Accept": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            body = json.load(response)
        return route.fulfill(json=body) if body["status"] == status else route.fulfill(status=503)

    trader.page.route("**/inapp/deposit/*", respond)


def expect_status(page, status):
    """Waits until the page, which may be a frame, shows this status. The page polls after 2 s, then less and less often."""
    expect(page.locator(f"#status[data-status={status}]")).to_be_visible(timeout=60_000)


def deposit(button, status, fault=None):
    """A deposit after a button of the sample cashier."""

    def reach(trader):
        if fault:
            trader.stack.control("POST", "/sim/fault", {"on": "change_balance", **fault})
        freeze_status(trader, status)
        pay(trader, "card")
        trader.page.locator(f"#{button}").click()
        expect_status(trader.page, status)

    return reach


def expired(trader):
    """The trader has not paid in time."""
    pay(trader, "bank_transfer")
    trader.stack.make_due(trader.page.locator("#status").get_attribute("data-id"))
    expect_status(trader.page, "expired")


def waiting_for_a_window(trader):
    pay(trader, "wallet")
    expect(trader.page.locator("#pay")).to_be_visible()


def deposit_under_way(trader):
    pay(trader, "bank_transfer")
    expect(trader.page.locator("#reference")).to_be_visible()
    trader.open("deposit")
    expect(trader.page.locator(".open-deposits")).to_be_visible()


def deposit_without_a_session(trader):
    """A visitor who has only the id of a deposit."""
    pay(trader, "bank_transfer")
    deposit = trader.page.locator("#status").get_attribute("data-id")
    trader.page.context.clear_cookies()
    trader.page.evaluate("sessionStorage.clear()")
    trader.go(f"/inapp/deposit/{deposit}")
    expect(trader.page.locator("#status")).to_be_visible()
    expect(trader.page.locator("#reference")).to_have_count(0)


def no_method(trader):
    """An account whose currency no payment method supports."""
    trader.open("deposit", trader.stack.mint("chloe"))
    expect(trader.page.locator("#close")).to_be_visible()


def redirect_to_a_window(trader):
    """A redirect to a broker's page that cannot be framed."""
    trader.open("e2e-unframed")
    expect(trader.page.locator("button[value=go-on]")).to_be_visible()


def session_over(trader):
    trader.open("deposit")
    trader.page.evaluate("document.querySelector('input[name=session]').value = 'forged'")
    trader.submit()
    expect(trader.page.get_by_text("SESSION_EXPIRED")).to_be_visible()


def table_down(trader):
    """There is no table when the trader submits."""
    trader.open("deposit")
    fill(trader.page, "deposit")
    with trader.stack.without_table():
        trader.submit()
        expect(trader.page.get_by_text("SERVICE_UNAVAILABLE")).to_be_visible()


def refused(code, status, fault=None, more="", **token):
    """A screen that does not open, because of the token, the URL or cTrader."""

    def reach(trader):
        if fault:
            trader.stack.control("POST", "/sim/fault", fault)
        user = token.get("user", "ada")
        minted = token.get("token") or trader.stack.mint(**{"user": user, **token})
        assert trader.open("deposit", minted, more).status == status
        trader.stack.control("DELETE", "/sim/fault")
        expect(trader.page.get_by_text(code)).to_be_visible()

    return reach


def preview(trader):
    trader.page.set_extra_http_headers({"User-Agent": "WhatsApp/2.24"})
    trader.open("deposit")
    expect(trader.page.locator("button[name=ask]")).to_be_visible()


def at(path, status):
    def reach(trader):
        assert trader.go(path).status == status

    return reach


def _states():
    for screen in ENTRIES:
        for reach in (form, problems, offline, sending, recorded, recorded_again):
            name = f"{screen}-{reach.__name__.replace('_', '-')}"
            yield name, lambda trader, reach=reach, screen=screen: reach(trader, screen)
    yield "deposit-waiting-for-a-window", waiting_for_a_window
    yield "deposit-pending", deposit("pay-later", "pending")
    yield "deposit-paid", deposit("approve", "paid", {"kind": "status", "status": 429})
    yield "deposit-credited", deposit("approve", "credited")
    yield "deposit-declined", deposit("decline", "failed")
    yield "deposit-checked", deposit("other-amount", "review")
    yield "deposit-expired", expired
    yield "deposit-under-way", deposit_under_way
    yield "deposit-without-a-session", deposit_without_a_session
    yield "deposit-no-method", no_method
    yield "bonus-succeeded", outcome("WELCOME")
    yield "bonus-sent-on", outcome("TERMS")
    yield "bonus-failed", outcome("NONSENSE")
    yield "bonus-unknown", outcome("LIE")
    yield "redirect-to-a-window", redirect_to_a_window
    yield "session-over", session_over
    yield "no-token", at("/inapp/deposit", 400)
    yield "token-unknown", refused("INVALID_OT_TOKEN", 404, token="NeverMadeByTheSimulatedTrader000")
    yield "token-expired", refused("TOKEN_EXPIRED", 410, ttlMs=0)
    yield "other-broker", refused("BROKER_MISMATCH", 403, user="emil")
    yield "other-account", refused("ACCOUNT_MISMATCH", 403, more="&account=7")
    yield "ctrader-refuses-us", refused("UPSTREAM_UNAUTHORIZED", 502, {"kind": "status", "status": 403})
    yield "ctrader-busy", refused("UPSTREAM_UNAVAILABLE", 503, {"kind": "status", "status": 429})
    yield "answer-lost", refused("REDEMPTION_UNKNOWN", 504, {"kind": "lose_answer"})
    yield "table-down", table_down
    yield "preview", preview
    yield "no-such-page", at("/callback/elsewhere", 404)
    yield "success", at("/callback/success", 200)
    yield "failure", at("/callback/failure", 200)


STATES = dict(_states())
