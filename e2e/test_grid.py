"""All states of all screens, at four sizes, in both themes and both directions: layout, colours, headings, content, console and
axe. With --full each theme in each direction, and pictures for people in .local/e2e/pictures/grid/."""

import re
import time

import pytest
from playwright.sync_api import expect

from conftest import PHONE, PICTURES, ROOT, axe, in_full, layout, with_timeout, watch
from content import content_problems
from states import ENTRIES, STATES, SUBMIT, Trader, choose, recorded

SIZES = [(360, 640), (390, 844), (768, 1024), (1280, 800)]
PICTURED = [(390, 844), (1280, 800)]

# Layout does not depend on the theme, and colours do not depend on the direction. So each theme and direction once is
# enough.
APPEARANCES = [("en", "light"), ("ar", "dark")]
CROSSED = [("en", "dark"), ("ar", "light")]

# Replaces every text by one word of over sixty letters.
LENGTHEN = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    if (!/\\p{L}/u.test(node.textContent) || node.parentElement.closest("script, style, textarea")) continue;
    node.textContent = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamte";
  }
}"""


@pytest.mark.parametrize("lang, theme", [*APPEARANCES, *in_full(*CROSSED)])
@pytest.mark.parametrize("state", STATES)
def test_grid(tab, stack, broker_toml, pytestconfig, state, lang, theme):
    page, problems = tab
    STATES[state](Trader(page, stack, lang, theme))
    for width, height in SIZES:
        problems += layout(page, theme, width, height, check_reach=width < 480)
        if pytestconfig.getoption("full") and (width, height) in PICTURED:
            picture = PICTURES / "grid" / f"{state}-{lang}-{theme}-{width}.jpeg"
            page.screenshot(path=picture, type="jpeg", quality=70)
    problems += content_problems(page, stack, broker_toml, lang)
    if (lang, theme) in APPEARANCES:
        problems += axe(page)
    assert problems == []
    if (lang, theme) in APPEARANCES:
        assert stretched(page, theme) == []


def layouts(page, theme):
    """The problems of the page's layout, at all sizes."""
    return [problem for width, height in SIZES for problem in layout(page, theme, width, height, check_reach=width < 480)]


def stretched(page, theme):
    """The problems of the layout with magnification (WCAG 2.2, 1.4.10: 1280 x 1024 at 400 %), with text twice as large (1.4.4), and
    with long unbreakable words. The page cannot be used afterwards."""
    problems = layout(page, theme, 320, 256)
    text = page.context.new_cdp_session(page)
    text.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    problems += [f"200 % text, {problem}" for problem in layout(page, theme, 360, 640)]
    text.send("Page.setFontSizes", {"fontSizes": {"standard": 16}})
    page.evaluate(LENGTHEN)
    for size in [(360, 640), (1280, 800)]:
        problems += [f"long words, {problem}" for problem in layout(page, theme, *size, max_bars=1 / 2)]
    return problems


# States that look different without JavaScript: fields, amounts, times, buttons, and pages that refresh themselves.
WITHOUT_JAVASCRIPT = [f"{screen}-{state}" for screen in ENTRIES for state in ("form", "problems", "recorded")]
WITHOUT_JAVASCRIPT += ["deposit-waiting-for-a-window", "deposit-under-way", "deposit-no-method", "deposit-without-a-session"]
WITHOUT_JAVASCRIPT += ["bonus-succeeded", "bonus-failed", "redirect-to-a-window", "token-expired", "preview"]


# One of a kind of page: the others have the same template.
PLAIN = ["deposit-form", "kyc-problems", "withdraw-recorded", "deposit-under-way", "bonus-failed", "redirect-to-a-window", "preview"]


@pytest.mark.parametrize("state", [*PLAIN, *in_full(*(state for state in WITHOUT_JAVASCRIPT if state not in PLAIN))])
def test_grid_without_javascript(browser, stack, state):
    context = with_timeout(browser.new_context(**PHONE, java_script_enabled=False))
    page = context.new_page()
    STATES[state](Trader(page, stack))
    # Status 204 leaves the page as it is, also if it refreshes itself.
    page.route("**", lambda route: route.fulfill(status=204))
    assert layouts(page, "dark") == []
    context.close()


# The theme of the URL, and that of the device. The grid has tested those that agree.
THEMES = [(None, "light"), (None, "dark"), ("light", "dark"), ("dark", "light")]
AGREED = [("light", "light"), ("dark", "dark")]


@pytest.mark.parametrize("theme, device", [*THEMES, *in_full(*AGREED)])
@pytest.mark.parametrize("state", ["deposit-problems", "token-expired", *in_full("kyc-recorded", "success")])
def test_without_a_theme_the_screen_follows_the_device(browser, stack, state, device, theme):
    context = with_timeout(browser.new_context(**PHONE, color_scheme=device))
    page = context.new_page()
    problems = watch(page, stack)
    STATES[state](Trader(page, stack, theme=theme))
    assert page.locator("html").get_attribute("data-theme") == theme
    problems += layouts(page, theme or device)
    assert problems == []
    context.close()


LOCALES = ROOT / "shared/web/locales"
LANGUAGES = sorted(path.stem for path in LOCALES.glob("*.ftl"))


# The longest words, the scripts that are not Latin, and right to left.
WIDE = ["ar", "de", "el", "hu", "ja", "ru", "th"]


@pytest.mark.parametrize("lang", [*WIDE, *in_full(*(lang for lang in LANGUAGES if lang not in WIDE))])
def test_every_language_fits_a_small_phone(tab, stack, lang):
    page, problems = tab
    for screen in ENTRIES:
        Trader(page, stack, lang).open(screen)
        assert page.locator("html").get_attribute("lang") == lang
        problems += [f"{screen} {problem}" for problem in layout(page, "dark", 360, 640, check_reach=True)]
        if screen == "deposit":
            # All methods must be visible above the button, without scrolling.
            end = page.locator("form .option").last.bounding_box()
            top = page.locator(".bottom").bounding_box()["y"]
            assert end["y"] + end["height"] <= top, "the last method is behind the button"
    assert problems == []


# The number format of each language, and the first language with each format.
SEPARATORS = re.compile(r"^(decimal-separator|group-separator|grouped-from-digits) = (.*)$", re.M)
FORMATS = {lang: tuple(SEPARATORS.findall((LOCALES / f"{lang}.ftl").read_text())) for lang in LANGUAGES}
FIRST = [lang for lang in LANGUAGES if lang == next(other for other in LANGUAGES if FORMATS[other] == FORMATS[lang])]


@pytest.mark.parametrize("lang", [*FIRST, *in_full(*(lang for lang in LANGUAGES if lang not in FIRST))])
def test_every_language_formats_an_amount_consistently(tab, stack, lang):
    page, problems = tab
    for amount in ("1234.5", "12345"):
        Trader(page, stack, lang).open("deposit")
        page.fill("#f-amount", amount)
        choose(page, "bank_transfer")
        button_text = page.locator(SUBMIT).inner_text()
        page.click(SUBMIT)
        assert page.locator("#deposit-amount").inner_text() in button_text
    assert problems == []


def test_on_a_wide_window_the_bar_does_not_move(tab, stack):
    # A centred page would move while its content arrives.
    page, problems = tab
    page.set_viewport_size({"width": 1280, "height": 1000})
    tops = {}
    for state in ("deposit-form", "deposit-credited", "token-expired"):
        STATES[state](Trader(page, stack))
        tops[state] = page.locator("header").bounding_box()["y"]
    assert len(set(tops.values())) == 1, tops
    assert problems == []


@pytest.mark.parametrize("screen", ENTRIES)
def test_nothing_moves_through_a_submit_and_back(tab, stack, screen):
    page, problems = tab
    recorded(Trader(page, stack), screen)
    page.go_back()
    expect(page.locator("#reference")).to_be_visible()
    page.click("button[name=ask]")
    expect(page.locator(SUBMIT)).to_be_visible()
    page.wait_for_timeout(200)
    assert problems == []


# Style rules that break a page, and the problem that the grid must report.
BROKEN = {
    ".input { width: 700px }": "scrolls sideways",
    "h1 { white-space: nowrap; width: 20px; flex: none }": "sticks out",
    ".button { white-space: nowrap; width: 40px }": "sticks out",
    ".chips { margin-top: -40px }": "overlap",
    ".help { position: relative; top: -40px }": "overlap",
    ".x { min-height: 40px; height: 40px }": "too small to tap",
    ".bottom { position: static; padding-top: 300px }": "out of reach",
    "header { min-height: 200px }": "sticky bars cover",
    "header { flex-direction: row-reverse }": "wrong side",
    "h1 { display: none }": "headings",
    ":root { --surface: #fafafa !important }": "--surface is",
    "body { background: #fefefe }": "another colour than --page",
    ".help { color: #777 }": "not a token",
    ".help { color: var(--line) }": "axe, color-contrast",
}


@pytest.mark.parametrize("rule", BROKEN)
def test_the_grid_finds_broken_layouts(tab, stack, rule):
    page, _ = tab
    Trader(page, stack, "en", "light").open("deposit")
    page.evaluate("rule => document.styleSheets[0].insertRule(rule, document.styleSheets[0].cssRules.length)", rule)
    problems = layout(page, "light", 360, 640, check_reach=True) + axe(page)
    assert any(BROKEN[rule] in problem for problem in problems), problems


@pytest.mark.parametrize(
    "added, expected",
    [
        ("<p>Log in with your cTrader ID</p>", "says cTrader ID"),
        ("<button aria-label='Open MetaTrader'></button>", "says MetaTrader"),
        ("<a href='https://elsewhere.example/'>more</a>", "leads to https://elsewhere.example/"),
        ("<a target=_blank href=''>more</a>", "has a <a>"),
        ("<nav>Menu</nav>", "has a <nav>"),
    ],
)
def test_the_grid_finds_forbidden_content(tab, stack, broker_toml, added, expected):
    page, _ = tab
    Trader(page, stack).open("deposit")
    assert content_problems(page, stack, broker_toml, "en") == []
    page.evaluate("html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", added)
    assert content_problems(page, stack, broker_toml, "en") == [expected]
    page.evaluate("document.querySelectorAll('.x, #close').forEach((link) => link.remove())")
    page.evaluate("document.querySelector('footer').textContent = ''")
    assert content_problems(page, stack, broker_toml, "en")[1:] == ["has no exit link", "has another legal text: "]


@pytest.mark.parametrize(
    "script, expected",
    [
        ("document.body.style.width = '100px'; document.body.insertAdjacentHTML('afterbegin', '<p>1</p><p>2</p>')", "shift"),
        ("document.body.insertAdjacentHTML('beforeend', '<img src=https://example.invalid/x.png>')", "CSP: img-src"),
        ("window.open('about:blank')", "window.open"),
        ("setTimeout(() => { throw 'up' })", "script: up"),
        ("alert('hello')", "dialog"),
        ("console.warn('careful')", "careful"),
    ],
)
def test_the_grid_finds_problems_in_the_console(tab, stack, script, expected):
    page, problems = tab
    Trader(page, stack).open("deposit")
    page.evaluate(script)
    found = lambda: any(expected in problem for problem in problems)
    deadline = time.monotonic() + 30
    while not found() and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    assert found(), problems
