"""Keyboard, screen reader, contrast, and the terminal itself. test_grid.py runs axe on all states, and tests larger text, longer
words and narrower screens."""

import re

import pytest
from playwright.sync_api import expect

from conftest import axe, in_full, with_timeout
from states import ENTRIES, STATES, SUBMIT, Trader, sending
from terminal import Terminal

# The focused element: whether its focus is visible, and whether something covers it.
FOCUSED = """() => {
  const element = document.activeElement, target = /radio|checkbox/.test(element.type) ? element.closest("label") : element;
  const marks = [...target.querySelectorAll("*"), target].map((part) => getComputedStyle(part));
  const box = target.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return {
    name: element.name || element.id || element.textContent.trim() || element.getAttribute("aria-label"),
    type: element.type,
    button: element.matches("button[data-busy]"),
    // The browser itself shows the focus in the calendar button of a date field.
    shows: !element.matches(":focus") || marks.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
    covered: !top || !(target.contains(top) || top.contains(target)),
  };
}"""

# The contrast of an element's text with its background, both as painted over the page.
CONTRAST = """(element) => {
  const bytes = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const style = getComputedStyle(element), page = bytes(getComputedStyle(document.body).backgroundColor);
  let opacity = 1;
  for (let outer = element; outer; outer = outer.parentElement) opacity *= getComputedStyle(outer).opacity;
  const luminance = (colour) => bytes(colour).reduce((sum, byte, index) => {
    const value = (byte * opacity + page[index] * (1 - opacity)) / 255;
    return sum + [0.2126, 0.7152, 0.0722][index] * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  }, 0);
  const [dark, light] = [style.color, style.backgroundColor].map(luminance).sort((a, b) => a - b);
  return style.filter === "none" ? (light + 0.05) / (dark + 0.05) : 0;
}"""


@pytest.fixture
def phone(browser):
    context = with_timeout(browser.new_context(viewport={"width": 360, "height": 640}, reduced_motion="reduce"))
    yield context.new_page()
    context.close()


def tab(page):
    """Presses Tab, and returns the focused element."""
    page.keyboard.press("Tab")
    focused = page.evaluate(FOCUSED)
    assert focused["shows"], f"the focus is not visible on {focused['name']}"
    assert not focused["covered"], f"something covers {focused['name']}"
    return focused


def tab_to(page, name):
    """Presses Tab until an element is focused."""
    for _ in range(60):
        if tab(page)["name"] == name:
            return
    raise AssertionError(f"{name} is not reached")


@pytest.mark.parametrize("screen", ENTRIES)
def test_the_keyboard_alone_fills_in_sends_and_closes(phone, stack, screen):
    Trader(phone, stack).open(screen)
    entries = dict(ENTRIES[screen][0])
    first = tab(phone)
    assert first["name"] == "Close", "the exit link comes first"
    for _ in range(30):
        focused = tab(phone)
        if focused["button"]:
            break
        if focused["type"] == "radio":
            phone.keyboard.press("ArrowDown")
            phone.keyboard.press("ArrowUp")
        if focused["name"] == "method":
            # The last method, which does not leave the screen.
            phone.keyboard.press("ArrowUp")
        if focused["name"] in entries:
            value = entries.pop(focused["name"])
            if focused["type"] == "date":
                year, month, day = value.split("-")
                value = month + day + year
            phone.keyboard.type(value)
    assert entries == {}, "these were not reached before the button"
    phone.keyboard.press("Enter")
    expect(phone.locator("#reference")).to_be_visible()
    expect(phone.get_by_text(ENTRIES[screen][1])).to_be_visible()

    tab_to(phone, "done")
    phone.keyboard.press("Enter")
    phone.wait_for_url("**/callback/success**")


def test_the_keyboard_chooses_what_radio_buttons_offer(phone, stack):
    Trader(phone, stack).open("deposit")
    tab_to(phone, "100")
    phone.keyboard.press("Enter")
    expect(phone.locator(SUBMIT)).to_have_text("Deposit 100.00\u00a0EUR")
    tab_to(phone, "method")
    for method in ("wallet", "bank_transfer", "card"):
        phone.keyboard.press("ArrowDown")
        expect(phone.locator(f"[name=method][value={method}]")).to_be_checked()


def test_a_screen_reader_hears_the_status_of_a_deposit(phone, stack):
    answers = []
    phone.on("response", lambda response: answers.append(response))
    STATES["deposit-pending"](Trader(phone, stack))
    text = "Waiting for your payment. The payment is being confirmed. You can close this screen; nothing is lost."
    # The script fills in the empty element: a screen reader does not announce initial content.
    expect(phone.get_by_role("status")).to_have_text(text)
    served = next(answer for answer in reversed(answers) if answer.request.is_navigation_request())
    assert re.search('role="status"[^>]*></p>', served.text())
    expect(phone).to_have_title("Waiting for your payment · Deposit · Demo Broker")
    assert axe(phone) == []


@pytest.mark.parametrize("screen, wrong", [("deposit", "amount"), ("kyc", "birth_date"), ("chat", "message")])
def test_a_form_with_errors_focuses_the_first_wrong_field(phone, stack, screen, wrong):
    trader = Trader(phone, stack)
    trader.open(screen)
    for name in dict(ENTRIES[screen][0]):
        if name == wrong:
            break
        phone.fill(f"[name={name}]", ENTRIES[screen][0][name])
    trader.submit()
    expect(phone.locator(f"[name={wrong}]")).to_be_focused()
    expect(phone.locator(f"[name={wrong}]")).to_have_attribute("aria-invalid", "true")
    expect(phone.get_by_role("alert").filter(visible=True)).to_have_count(1)


@pytest.mark.parametrize(
    "screen, limits",
    [("deposit", "10.00 EUR to 20,000.00 EUR"), ("withdraw", "Minimum amount: 10.00 EUR.")],
)
def test_an_amount_is_announced_with_its_currency_and_its_limits(phone, stack, screen, limits):
    Trader(phone, stack).open(screen)
    amount = phone.locator("[name=amount]")
    expect(amount).to_have_accessible_name("Amount EUR")
    expect(amount).to_have_accessible_description(limits)
    amount.fill("9")
    phone.click(SUBMIT)
    expect(amount).to_have_accessible_description(re.compile("^Minimum amount: 10.00.EUR."))


# axe cannot test this: it does not hover, and ignores disabled elements.
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_button_can_be_read_under_the_pointer_and_while_it_sends(phone, stack, theme):
    trader, button = Trader(phone, stack, theme=theme), phone.locator(SUBMIT)
    trader.open("deposit")
    button.hover()
    assert button.evaluate(CONTRAST) >= 4.5
    sending(trader, "deposit")
    assert button.evaluate(CONTRAST) >= 4.5


@pytest.mark.parametrize("window, theme", [((1280, 800), "dark"), ((390, 844), "light"), *in_full(((1280, 800), "light"), ((390, 844), "dark"))])
def test_axe_finds_nothing_in_the_terminal(browser, stack, window, theme):
    # Only the terminal's own page: axe cannot look into a frame of another site.
    size = {"width": window[0], "height": window[1]}
    context = with_timeout(browser.new_context(viewport=size, reduced_motion="reduce", bypass_csp=True))
    page = context.new_page()
    terminal = Terminal(page, stack)
    if theme == "light":
        page.click("#terminal-theme")
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    terminal.clear()
    assert axe(page) == []
    terminal.choose(fault="lose_answer")
    page.click("#open-deposit")
    expect(page.locator("#timeline [data-kind=answered]").last).to_contain_text("REDEMPTION_UNKNOWN")
    assert axe(page) == []
    page.click("#host-close")
    assert axe(page) == []
    context.close()
