"""The simulated terminal itself: account figures, the screen, and the timeline."""

import hashlib
import itertools
import json
import re
import time
import urllib.request
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from conftest import STILL, in_full, with_timeout
from states import choose
from terminal import Terminal

WINDOWS = [(1280, 800), (1600, 1000), (1024, 768), (768, 1024), (390, 844)]


@pytest.fixture
def terminal(page, stack):
    terminal = Terminal(page, stack).choose(user="ada", lang="en", device="phone")
    terminal.clear()
    yield terminal
    assert terminal.problems == [], "the console has errors"


def amount(text):
    return Decimal(re.sub(r"[^\d.−]", "", text).replace("−", "-"))


def figures(page):
    """The account figures that the page shows at one moment."""
    shown = page.evaluate(
        """() => {
            const text = (id) => document.getElementById(id).textContent;
            const rows = [...document.querySelectorAll('#positions tr')];
            return {
                profits: rows.map((row) => row.lastElementChild.textContent),
                balance: text('balance'), profit: text('profit'), equity: text('equity'),
                margin: text('margin'), free: text('free-margin'),
            };
        }"""
    )
    profits = [amount(text) for text in shown.pop("profits")]
    return {**{name: amount(text) for name, text in shown.items()}, "profits": profits}


@pytest.mark.parametrize("user", ["ada", *in_full("bruno", "chloe", "kenji")])
def test_the_account_adds_up(terminal, stack, user):
    terminal.choose(user=user)
    users = {known["id"]: known for known in stack.control("GET", "/sim/state")["users"]}
    for account in users[user]["accounts"]:
        terminal.choose(account=str(account["login"]))
        seen = set()
        for _ in range(4):
            shown = figures(terminal.page)
            assert shown["balance"] == Decimal(account["balance"]).scaleb(-account["moneyDigits"])
            assert len(shown["profits"]) == 2
            assert sum(shown["profits"]) == shown["profit"]
            assert shown["balance"] + shown["profit"] == shown["equity"]
            assert shown["margin"] > 0
            assert shown["margin"] + shown["free"] == shown["equity"]
            seen.add(shown["equity"])
            terminal.page.wait_for_timeout(800)
        # Profits may stay the same for a while.
        deadline = time.monotonic() + 30
        while len(seen) == 1 and time.monotonic() < deadline:
            terminal.page.wait_for_timeout(100)
            seen.add(figures(terminal.page)["equity"])
        assert len(seen) > 1, "the prices do not move"


def test_a_trader_without_an_account_has_no_figures(terminal):
    terminal.choose(user="dina")
    expect(terminal.page.get_by_text("no trading account yet").first).to_be_visible()
    expect(terminal.page.locator("#holdings")).to_be_hidden()
    expect(terminal.page.locator("#figures")).to_be_hidden()
    expect(terminal.page.locator("#open-kyc")).to_be_enabled()


@pytest.mark.full
def test_a_symbol_of_the_watch_list_is_shown_in_the_chart(terminal):
    page = terminal.page
    for button in page.locator("#watch button").all():
        button.click()
        name = button.locator(".name").inner_text()
        expect(page.locator("#symbol")).to_have_text(name)
        expect(page.locator("#chart")).to_have_attribute("aria-label", re.compile(f"of {name}, 1 minute"))
        expect(button).to_have_attribute("aria-pressed", "true")
        quote = [page.locator(side).text_content() for side in ("#bid", "#ask")]
        bid, ask = map(Decimal, quote)
        assert bid < ask < bid * Decimal("1.001"), name
        digits = button.locator(".bid").inner_text().partition(".")[2]
        assert [len(text.partition(".")[2]) for text in quote] == [len(digits)] * 2
    expect(page.locator("#watch [aria-pressed=true]")).to_have_count(1)


@pytest.mark.full
def test_a_timeframe_draws_another_chart_and_is_remembered(terminal):
    page = terminal.page
    chart = page.locator("#chart")
    before = chart.screenshot()
    page.get_by_role("button", name="h1").click()
    expect(chart).to_have_attribute("aria-label", re.compile("1 hour"))
    assert chart.screenshot() != before
    page.locator("#watch button").nth(2).click()
    page.reload()
    expect(page.get_by_role("button", name="h1")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#symbol")).to_have_text("USDJPY")


def test_escape_closes_and_the_focus_returns(terminal):
    page = terminal.page
    for action in ("deposit", "kyc", "chat"):
        terminal.open(action)
        page.keyboard.press("Escape")
        terminal.expect_closed()
        expect(page.locator(f"#open-{action}")).to_be_focused()
    terminal.expect_events("closed", 3)
    assert {event["by"] for event in terminal.events("closed")} == {"host"}


def test_the_focus_returns_also_when_the_screen_closes_itself(terminal):
    terminal.open("deposit").locator("a.x").click()
    terminal.expect_closed()
    expect(terminal.page.locator("#open-deposit")).to_be_focused()


@pytest.mark.parametrize("window", [(1280, 800), (390, 844)])
def test_the_keyboard_does_not_reach_covered_parts(terminal, window):
    page = terminal.page
    page.set_viewport_size({"width": window[0], "height": window[1]})
    terminal.open("deposit")
    expect(page.locator("#screen-dialog")).to_be_focused()
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.closest('[id]')?.id"))
    assert {"host-reload", "host-close", "screen"} <= reached
    covered = page.evaluate(
        """(ids) => ids.filter((id) => document.getElementById(id)?.closest('#account-panel'))""", sorted(reached, key=str)
    )
    assert covered == []
    # The controls beside the screen stay reachable; under it they do not.
    assert ("fault" in reached) == (window[0] > 860)


DEVICES = {"phone": [360, 640], "phone-large": [390, 844], "tablet": [768, 1024], "desktop": [640, None]}

# Each device and each window once.
FITTED = [*zip(DEVICES, WINDOWS), ("phone", WINDOWS[4])]


@pytest.mark.parametrize(
    "device, window", [*FITTED, *in_full(*(pair for pair in itertools.product(DEVICES, WINDOWS) if pair not in FITTED))]
)
def test_a_device_fits_the_window_and_its_page_sees_its_own_size(terminal, device, window):
    page, size = terminal.page, DEVICES[device]
    page.set_viewport_size({"width": window[0], "height": window[1]})
    terminal.choose(device=device)
    terminal.open("deposit")
    width, height = terminal.screen_frame.evaluate("[innerWidth, innerHeight]")
    if device == "desktop":
        assert width == min(640, window[0] - 18)
        assert 600 <= height <= 720
    else:
        assert [width, height] == size
    box = page.locator("#frame").bounding_box()
    space = page.locator("#space").bounding_box()
    for start, length in (("x", "width"), ("y", "height")):
        assert box[start] >= space[start] - 1
        assert box[start] + box[length] <= space[start] + space[length] + 1


def test_the_screens_theme_follows_the_terminals(terminal):
    page = terminal.page
    for theme in ("dark", "light"):
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        screen = terminal.open("deposit")
        expect(screen.locator("html")).to_have_attribute("data-theme", theme)
        page.click("#host-close")
        page.click("#terminal-theme")


def heading(terminal):
    return terminal.page.locator("#timeline .handoff").last


def test_the_timeline_counts_what_must_happen_once(terminal):
    screen = terminal.open("deposit")
    expect(heading(terminal)).to_contain_text("Deposit")
    expect(screen.get_by_text("1000501")).to_be_visible()
    terminal.reload_screen()
    last = terminal.page.locator("#timeline [data-kind=answered]").last
    expect(last.get_by_text("no redemption")).to_be_visible()
    expect(last).to_contain_text("no token was sent to cTrader")
    screen.get_by_role("button", name="50", exact=True).click()
    choose(screen, "bank_transfer")
    screen.locator("button[data-busy]").click()
    expect(screen.locator("#reference")).to_be_visible()
    expect(heading(terminal).locator(".count")).to_have_text(["loaded 2×", "redeemed 1×", "recorded 1×"])

    terminal.page.click("#host-close")
    terminal.open("withdraw")
    expect(heading(terminal)).to_contain_text("Withdraw")
    expect(heading(terminal).locator(".count")).to_have_text(["loaded 1×", "redeemed 1×", "recorded 0×"])


def test_a_function_without_a_screen_is_not_described_as_one(terminal, stack):
    assert terminal.page.request.get(f"{stack.functions}/.well-known/jwks.json").ok
    entry = terminal.page.locator("#timeline li[data-kind=answered]").last
    expect(entry).to_contain_text("gave the public keys")
    expect(entry).to_contain_text("GET /.well-known/jwks.json")
    expect(entry).not_to_contain_text("no redemption")


@pytest.mark.parametrize(
    "fault, redeemed, explanation",
    [
        ("lose_answer", "redeemed 1×", "it was not sent again"),
        ("down", "redeemed 0×", "The token is not used up"),
        ("429", "redeemed 0×", "The token is not used up"),
        ("500", "redeemed 0×", "did not send it again"),
        ("manager_token", "redeemed 0×", "refused the manager token"),
        ("expired", "redeemed 0×", "open the screen again"),
        ("unknown", "redeemed 0×", "There is no such token"),
    ],
)
def test_the_timeline_explains_how_the_function_handled_a_fault(terminal, fault, redeemed, explanation):
    terminal.choose(fault=fault)
    terminal.open("deposit")
    expect(terminal.page.locator("#timeline [data-kind=answered]").last).to_contain_text(explanation)
    expect(heading(terminal).locator(".count").nth(1)).to_have_text(redeemed)


def test_no_whole_token_is_on_the_page(terminal):
    terminal.open("deposit")
    token = re.search(r"token=([^&]+)", terminal.page.locator("#screen").get_attribute("src")).group(1)
    expect(terminal.page.locator("#timeline [data-kind=redeemed]").last).to_contain_text(token[:6])
    assert token[:6] in terminal.page.locator("body").inner_text()
    assert token not in terminal.page.locator("body").inner_text()


def test_where_to_start_is_shown_until_the_first_tap(terminal):
    page = terminal.page
    expect(page.locator("#hint")).to_be_visible()
    expect(page.locator("#lesson")).to_be_visible()
    terminal.open("deposit")
    expect(page.locator("#lesson")).to_be_hidden()
    page.click("#host-close")
    expect(page.locator("#hint")).to_be_hidden()
    page.reload()
    page.locator("body[data-ready]").wait_for()
    expect(page.locator("#hint")).to_be_hidden()


def test_without_functions_the_screen_says_so_and_opens_when_they_run(terminal, stack):
    page = terminal.page
    answer = {"reachable": False}
    page.route("**/sim/screens", lambda route: route.fulfill(json=answer))
    page.click("#open-deposit")
    expect(page.get_by_text("Your functions are not running")).to_be_visible()
    expect(page.locator("#waiting")).to_contain_text(stack.functions)
    expect(page.locator("#waiting-command")).to_contain_text(f"--invoke-port {stack.functions.rpartition(':')[2]}")
    # A token is valid for a minute, so none is made yet.
    assert terminal.events("minted", "opened") == []
    answer["reachable"] = True
    expect(terminal.screen.get_by_text("1000501")).to_be_visible()
    expect(page.locator("#waiting")).to_be_hidden()
    assert len(terminal.events("redeemed")) == 1


def test_a_screen_that_waits_for_the_functions_can_be_closed(terminal):
    page = terminal.page
    page.route("**/sim/screens", lambda route: route.fulfill(json={"reachable": False}))
    page.click("#open-deposit")
    expect(page.get_by_text("Your functions are not running")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#screen-dialog")).to_be_hidden()
    page.unroute("**/sim/screens")
    page.wait_for_timeout(1500)
    assert terminal.events("minted", "opened", "closed") == []


def test_a_failed_build_is_shown_with_the_compilers_message(terminal, stack):
    page = terminal.page
    stack.control("POST", "/sim/events", {"kind": "build", "state": "failed", "message": "error: expected `;`"})
    try:
        expect(page.locator("#build")).to_have_text("Build failed")
        expect(page.locator("#timeline pre").last).to_have_text("error: expected `;`")
        # Like `cargo lambda watch`, which holds the request during a build.
        page.route("**/inapp/deposit*", lambda route: None)
        page.click("#open-deposit")
        expect(page.locator("#waiting")).to_contain_text("The compiler's message is on the timeline")
    finally:
        stack.control("POST", "/sim/events", {"kind": "build", "state": "done"})
    expect(page.locator("#build")).to_be_hidden()
    expect(page.locator("#waiting")).to_have_text(re.compile(r"^\s*Opening…\s*$"))


@pytest.mark.parametrize("window", [WINDOWS[0], *in_full(*((window,) for window in WINDOWS[1:4])), WINDOWS[4]])
def test_nothing_shifts_and_nothing_is_wider_than_the_window(browser, stack, window):
    context = with_timeout(browser.new_context(viewport={"width": window[0], "height": window[1]}))
    page = context.new_page()
    page.add_init_script(
        """window.shifts = [];
        new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) {
                for (const { node } of entry.sources) shifts.push(node?.id || node?.className || node?.nodeName);
            }
        }).observe({ type: 'layout-shift', buffered: true });"""
    )
    Terminal(page, stack)
    page.wait_for_timeout(2500)
    # The old events come at the start, and the timeline scrolls to its end.
    shifts = [node for node in page.evaluate("shifts") if node is not None]
    shifted = page.evaluate("(ids) => ids.filter((id) => document.getElementById(id)?.closest('.account-panel, .controls'))", shifts)
    assert shifted == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()


def credit(stack, login, amount):
    """Credits an account as a broker's back office can: the manager logs in and changes the balance."""

    def call(path, body):
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        request = urllib.request.Request(stack.backend + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    manager = {"login": 2309, "hashedPassword": hashlib.md5(b"demo").hexdigest()}
    token = call("/v2/webserv/managers/token", manager)["webservToken"]
    change = {"login": login, "preciseAmount": amount, "type": "DEPOSIT"}
    call(f"/v2/webserv/traders/{login}/changebalance?token={token}", change)


# Counts the highlights, because a test may be too late to see one.
COUNT_HIGHLIGHTS = """
window.highlights = 0;
const animate = Element.prototype.animate;
Element.prototype.animate = function (...how) {
    if (this.id === 'balance') window.highlights += 1;
    return animate.apply(this, how);
};
"""


@pytest.mark.parametrize("motion", [*in_full("reduce"), "no-preference"])
def test_a_credit_changes_and_highlights_the_balance_unless_motion_is_reduced(browser, stack, motion):
    context = with_timeout(browser.new_context(**{**STILL, "reduced_motion": motion}))
    page = context.new_page()
    page.add_init_script(COUNT_HIGHLIGHTS)
    terminal = Terminal(page, stack).choose(user="ada", device="phone")
    before = figures(page)["balance"]
    credit(stack, 1000501, 12.5)
    expect(page.locator("#money")).to_contain_text("credited 12.50 EUR to account 1000501")
    assert page.evaluate("highlights") == (1 if motion == "no-preference" else 0)
    shown = figures(page)
    assert shown["balance"] == before + Decimal("12.50")
    assert shown["balance"] + shown["profit"] == shown["equity"]
    last = page.locator("#timeline [data-kind=balance_changed]").last
    expect(last).to_contain_text("+12.50 EUR")

    # The balance is visible beside an open screen. After a reload the old event does not change it again.
    terminal.open("deposit")
    expect(page.locator("#dialog-balance")).to_be_visible()
    assert amount(page.locator("#dialog-balance").inner_text()) == shown["balance"]
    page.reload()
    page.locator("body[data-ready]").wait_for()
    expect(last).to_contain_text("+12.50 EUR")
    assert figures(page)["balance"] == shown["balance"]
    assert terminal.problems == []
    context.close()


@pytest.mark.full
@pytest.mark.alone
@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_prices_flash_unless_motion_is_reduced(browser, stack, motion):
    context = with_timeout(browser.new_context(**{**STILL, "reduced_motion": motion}))
    page = context.new_page()
    Terminal(page, stack)
    # Prices change more often than once a second.
    deadline = time.monotonic() + (2 if motion == "reduce" else 30)
    max_animations = 0
    while max_animations == 0 and time.monotonic() < deadline:
        page.wait_for_timeout(100)
        max_animations = page.evaluate("document.getAnimations().length")
    assert (max_animations > 0) == (motion == "no-preference")
    context.close()


def test_a_page_that_is_opened_late_catches_up_at_once(page, stack):
    for number in range(900):
        stack.control("POST", "/sim/events", {"kind": "recorded", "action": "chat", "reference": f"N-{number}"})
    browser = page.context.new_cdp_session(page)
    browser.send("Performance.enable")
    terminal = Terminal(page, stack)
    last = page.locator("#timeline [data-kind]").last
    expect(last).to_contain_text("N-899")
    expect(last).to_be_in_viewport()
    # With one layout for each event, a thousand events would take a minute.
    counts = {each["name"]: each["value"] for each in browser.send("Performance.getMetrics")["metrics"]}
    assert 0 < counts["LayoutCount"] < len(stack.events()) / 2
    assert terminal.problems == []
