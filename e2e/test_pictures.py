"""Takes the pictures of the README, into .local/e2e/pictures/. Copy them to docs/images/ when they change. Run with
`cargo e2e --full -k pictures`."""

import base64

import pytest
from playwright.sync_api import expect

from conftest import PICTURES
from states import STATES, Trader
from terminal import Terminal

pytestmark = pytest.mark.full


def test_the_terminal_with_a_deposit(page, stack):
    terminal = Terminal(page, stack)
    terminal.choose(user="ada", lang="en", theme="dark", device="phone-large")
    terminal.clear()
    screen = terminal.open("deposit")
    screen.get_by_role("button", name="250", exact=True).click()
    expect(screen.locator("button[data-busy]")).to_have_text("Deposit 250.00\u00a0EUR")
    expect(page.locator('#timeline li[data-kind="redeemed"]')).to_have_count(1)
    page.screenshot(path=PICTURES / "terminal.png")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "es", "ar"])
@pytest.mark.parametrize("action", ["deposit", "kyc", "chat", "action"])
def test_each_screen(page, stack, action, lang, theme):
    page.set_viewport_size({"width": 390, "height": 844})
    query = f"token={stack.mint('ada')}&account=1000501&actionType=withdraw&lang={lang}&theme={theme}"
    page.goto(f"{stack.functions}/inapp/{action}?{query}")
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    page.screenshot(path=PICTURES / f"{action}-{lang}-{theme}.png")
    page.locator("button[data-busy]").click()
    expect(page.locator(".problem").first).to_be_visible()
    page.screenshot(path=PICTURES / f"{action}-{lang}-{theme}-wrong.png")


# The row of pictures in the README: state, language, theme.
ROW = [
    ("deposit-form", "es", "light"),
    ("deposit-credited", "en", "dark"),
    ("withdraw-form", "ar", "light"),
    ("kyc-problems", "en", "dark"),
]


def test_the_row_of_screens(page, stack):
    page.set_viewport_size({"width": 390, "height": 844})
    pictures = []
    for state, lang, theme in ROW:
        STATES[state](Trader(page, stack, lang, theme))
        pictures.append(base64.b64encode(page.screenshot()).decode())
    # Leaves the screen, whose content security policy would block the images.
    page.goto("about:blank")
    page.set_viewport_size({"width": 4 * 390 + 3 * 10, "height": 844})
    images = "".join(f"<img src=data:image/png;base64,{picture}>" for picture in pictures)
    page.set_content(f"<body style='margin:0;display:flex;gap:10px;background:#888'>{images}")
    page.screenshot(path=PICTURES / "screens.png")
