"""Every state that a screen can be in, and how a trader gets there. The grid, axe and whatever else looks at all of them
take them from here: a new state is added once."""

import json
import urllib.request
from dataclasses import dataclass

from playwright.sync_api import expect

# What a trader enters on each screen, by field, and what the confirmation repeats of it.
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
class Visit:
    """A trader with a fresh browser tab, a language and a theme; without one it is as the device prefers."""

    page: object
    stack: object
    lang: str = "en"
    theme: str = "dark"

    def go(self, where):
        joint = "&" if "?" in where else "?"
        theme = f"&theme={self.theme}" if self.theme else ""
        return self.page.goto(f"{self.stack.functions}{where}{joint}lang={self.lang}{theme}")

    def open(self, screen, token=None, more=""):
        return self.go(f"{path(screen)}&token={token or self.stack.mint('ada')}{more}")

    def submit(self):
        self.page.click(SUBMIT)


def form(visit, screen):
    assert visit.open(screen).status == 200


def problems(visit, screen):
    visit.open(screen)
    visit.submit()
    expect(visit.page.locator(".problem").first).to_be_visible()


def offline(visit, screen):
    visit.open(screen)
    fill(visit.page, screen)
    visit.page.context.set_offline(True)
    visit.submit()
    visit.page.context.set_offline(False)
    expect(visit.page.locator("#offline")).to_be_visible()


def sending(visit, screen):
    visit.open(screen)
    fill(visit.page, screen)
    # An answer that changes nothing: the page stays as it is while the request is on its way.
    visit.page.route("**", lambda route: route.fulfill(status=204))
    visit.submit()
    expect(visit.page.locator(SUBMIT)).to_be_disabled()


def recorded(visit, screen):
    visit.open(screen)
    fill(visit.page, screen)
    visit.submit()
    expect(visit.page.locator("#reference")).to_be_visible()


def recorded_again(visit, screen):
    visit.open(screen)
    fill(visit.page, screen)
    # The same request, sent by somebody in between: a second tap, whose answer was lost.
    fields = visit.page.evaluate("Object.fromEntries(new FormData(document.forms[0]))")
    assert visit.page.request.post(visit.page.url, form=fields).ok
    visit.submit()
    expect(visit.page.locator(".state .alert")).to_be_visible()


def outcome(code):
    """What the broker's backend made of an action: the sample backend goes by the code."""

    def reach(visit):
        visit.open("bonus")
        visit.page.locator("[name=code]").fill(code)
        visit.submit()
        expect(visit.page.locator("#reference")).to_be_visible()

    return reach


def pay(visit, method, user="ada"):
    """Asks for a deposit by that method."""
    visit.open("deposit", visit.stack.mint(user))
    page = visit.page
    page.locator("[name=amount]").fill("250.50")
    choose(page, method)
    visit.submit()


def told_only_of(visit, status):
    """From now on the page hears of no other status when it asks how its deposit stands: so it comes to that status and stays
    there, however long it is looked at, while `reconcile` goes on with the deposit."""

    def answer(route):
        if route.request.resource_type != "fetch":
            return route.continue_()
        request = urllib.request.Request(route.request.url, headers={"Accept": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as found:
            body = json.load(found)
        return route.fulfill(json=body) if body["status"] == status else route.fulfill(status=503)

    visit.page.route("**/inapp/deposit/*", answer)


def expect_status(page, status):
    """Waits until the page, which may be a frame, says that a deposit stands so. It asks after 2 s, then ever less often."""
    expect(page.locator(f"#status[data-status={status}]")).to_be_visible(timeout=60_000)


def deposit(button, status, fault=None):
    """What becomes of a deposit, after that button of the sample cashier."""

    def reach(visit):
        if fault:
            visit.stack.control("POST", "/sim/fault", {"on": "change_balance", **fault})
        told_only_of(visit, status)
        pay(visit, "card")
        visit.page.locator(f"#{button}").click()
        expect_status(visit.page, status)

    return reach


def expired(visit):
    """Nobody has paid in time."""
    pay(visit, "bank_transfer")
    visit.stack.make_due(visit.page.locator("#status").get_attribute("data-id"))
    expect_status(visit.page, "expired")


def waiting_for_a_window(visit):
    pay(visit, "wallet")
    expect(visit.page.locator("#pay")).to_be_visible()


def deposit_under_way(visit):
    pay(visit, "bank_transfer")
    expect(visit.page.locator("#reference")).to_be_visible()
    visit.open("deposit")
    expect(visit.page.locator(".under-way")).to_be_visible()


def deposit_without_a_session(visit):
    """Somebody who has the id of a deposit, and nothing else."""
    pay(visit, "bank_transfer")
    deposit = visit.page.locator("#status").get_attribute("data-id")
    visit.page.context.clear_cookies()
    visit.page.evaluate("sessionStorage.clear()")
    visit.go(f"/inapp/deposit/{deposit}")
    expect(visit.page.locator("#status")).to_be_visible()
    expect(visit.page.locator("#reference")).to_have_count(0)


def no_method(visit):
    """An account in a currency that cannot be charged."""
    visit.open("deposit", visit.stack.mint("chloe"))
    expect(visit.page.locator("#close")).to_be_visible()


def on_to_a_window(visit):
    """A page of the broker's own that cannot be framed."""
    visit.open("e2e-unframed")
    expect(visit.page.locator("form[target=_blank] button")).to_be_visible()


def session_over(visit):
    visit.open("deposit")
    visit.page.evaluate("document.querySelector('input[name=session]').value = 'forged'")
    visit.submit()
    expect(visit.page.get_by_text("SESSION_EXPIRED")).to_be_visible()


def table_down(visit):
    """The ledger's table is gone when the trader submits."""
    visit.open("deposit")
    fill(visit.page, "deposit")
    with visit.stack.without_table():
        visit.submit()
        expect(visit.page.get_by_text("SERVICE_UNAVAILABLE")).to_be_visible()


def refused(code, status, fault=None, more="", **token):
    """A screen that does not open, for a reason of the token, the URL or cTrader's."""

    def reach(visit):
        if fault:
            visit.stack.control("POST", "/sim/fault", fault)
        user = token.get("user", "ada")
        minted = token.get("token") or visit.stack.mint(**{"user": user, **token})
        assert visit.open("deposit", minted, more).status == status
        visit.stack.control("DELETE", "/sim/fault")
        expect(visit.page.get_by_text(code)).to_be_visible()

    return reach


def preview(visit):
    visit.page.set_extra_http_headers({"User-Agent": "WhatsApp/2.24"})
    visit.open("deposit")
    expect(visit.page.locator("button[name=ask]")).to_be_visible()


def at(where, status):
    def reach(visit):
        assert visit.go(where).status == status

    return reach


def _states():
    for screen in ENTRIES:
        for reach in (form, problems, offline, sending, recorded, recorded_again):
            name = f"{screen}-{reach.__name__.replace('_', '-')}"
            yield name, lambda visit, reach=reach, screen=screen: reach(visit, screen)
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
    yield "on-to-a-window", on_to_a_window
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
