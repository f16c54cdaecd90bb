"""What a trader does in Firefox and WebKit, with and without cookies. The other tests use Chromium."""

import contextlib

import pytest

import engines
from conftest import LAYOUT, PALETTES, in_full
from states import ENTRIES, SUBMIT

ADA = "ada.marlow@example.com"

# 4:3, 16:9, and a phone.
SIZES = [(1024, 768), (1280, 720), (360, 640)]

# What a strict page allows a frame of its own: no origin, and so no storage.
SANDBOX = "allow-scripts allow-forms"


@pytest.fixture(scope="module")
def browsers(stack, tmp_path_factory):
    """Starts a browser when a test first needs it, and stops the one before."""
    running = contextlib.ExitStack()
    current = {}

    def get(engine, cookies):
        if (engine, cookies) not in current:
            current.clear()
            running.close()
            started = engines.start(engine, cookies, stack, tmp_path_factory.mktemp(engine))
            current[engine, cookies] = running.enter_context(started)
        return current[engine, cookies]

    with running:
        yield get


@pytest.fixture(params=engines.NAMES)
def engine(request):
    if request.param not in engines.PROGRAMS:
        pytest.skip(f"this run has no {request.param}")
    return request.param


@pytest.fixture(params=["cookies", *in_full("no-cookies")])
def cookies(request):
    return request.param == "cookies"


@pytest.fixture
def browser(browsers, engine, cookies):
    """A browser with an empty tab. Its console must stay silent."""
    browser = browsers(engine, cookies)
    browser.use_new_tab()
    yield browser
    assert browser.problems == []


def submit_and_reload(browser, screen, reload):
    """Sends an empty form and then a good one, and reloads before and after."""
    browser.see("body", ADA)
    reload()
    browser.see("body", ADA)
    browser.submit()
    browser.see(".problem")
    browser.fill(screen)
    browser.submit()
    reference = browser.reference()
    reload()
    browser.see("#reference", reference)
    browser.see("body", ENTRIES[screen][1])


@pytest.mark.parametrize("screen", ["deposit", *in_full("kyc", "chat", "withdraw")])
def test_a_trader_opens_submits_and_reloads(browser, cookies, stack, screen):
    before = len(stack.events())
    token = stack.mint("ada")
    browser.open(screen, token)
    submit_and_reload(browser, screen, browser.driver.refresh)
    assert token not in browser.driver.current_url
    assert [cookie["name"] for cookie in browser.driver.get_cookies()] == (["__Host-inapp"] if cookies else [])
    events = [event["kind"] for event in stack.events()[before:]]
    assert events.count("redeemed") == 1 and events.count("refused") == 0


@pytest.mark.full
def test_back_shows_what_was_recorded(browser, stack):
    browser.open("deposit", stack.mint("ada"))
    browser.fill("deposit")
    browser.submit()
    reference = browser.reference()
    browser.driver.back()
    if browser.see(f"#reference, {SUBMIT}").get_attribute("id") != "reference":
        # The page before the submit: its button must work, and must not record twice. WebKit empties fields without
        # autocompletion when it takes a page from its memory.
        browser.write("amount", ENTRIES["deposit"][0]["amount"])
        browser.submit()
    browser.see("#reference", reference)


@pytest.mark.full
def test_a_deposit_goes_through_the_cashier_and_back(browser, stack):
    browser.open("deposit", stack.mint("ada"))
    pay(browser)


def pay(browser):
    browser.write("amount", "50")
    browser.choose("card")
    browser.submit()
    # The provider reports later, so that only a poll of the page can show it.
    browser.see("#late").click()
    browser.expect_status("created")
    browser.expect_status("credited")


@pytest.mark.full
@pytest.mark.parametrize("screen", ["deposit", "kyc"])
def test_a_trader_submits_and_reloads_in_the_terminal(browser, stack, screen):
    browser.driver.get(stack.terminal)
    browser.see("body[data-ready]")
    browser.see(f"#open-{screen}").click()
    browser.enter_frame("iframe#screen")
    submit_and_reload(browser, screen, browser.reload_frame)


@pytest.mark.full
def test_a_deposit_goes_through_the_cashier_and_back_in_the_terminal(browser, stack):
    browser.driver.get(stack.terminal)
    browser.see("body[data-ready]")
    browser.see("#open-deposit").click()
    browser.enter_frame("iframe#screen")
    pay(browser)


@pytest.fixture
def sandboxed(browser, engine, cookies, stack):
    """The deposit screen in a frame without an origin."""
    if engine == "webkit" and not cookies:
        pytest.skip("without TLS, WebKit sends no form from a frame without an origin")
    open_in_frame(browser, stack, "deposit", sandbox=SANDBOX)
    browser.see("body", ADA)
    assert browser.driver.execute_script("return self.origin") == "null"
    return browser


@pytest.mark.full
def test_a_frame_without_an_origin_submits_and_reloads(sandboxed, engine):
    if engine == "webkit":
        # It keeps the state of the history entry. In Firefox only a cookie could serve this reload.
        sandboxed.reload_frame()
        sandboxed.see("body", ADA)
    sandboxed.fill("deposit")
    sandboxed.submit()
    reference = sandboxed.reference()
    sandboxed.reload_frame()
    sandboxed.see("#reference", reference)


@pytest.mark.full
def test_a_deposit_goes_through_the_cashier_and_back_in_a_frame_without_an_origin(sandboxed, engine):
    if engine == "webkit":
        pytest.skip("the sample cashier has no TLS, and there WebKit sends no form from such a frame")
    pay(sandboxed)


def open_in_frame(browser, stack, screen, lang="en", sandbox=None, size=(400, 800)):
    """Opens a screen in a frame of the terminal's site, which is another one."""
    browser.driver.get(stack.terminal)
    browser.see("body[data-ready]")
    browser.driver.execute_script(
        """const [src, sandbox, width, height] = arguments;
        const frame = document.createElement("iframe");
        if (sandbox) frame.sandbox = sandbox;
        frame.src = src;
        frame.id = "strict";
        frame.style = `position:fixed;top:0;left:0;border:0;width:${width}px;height:${height}px;z-index:9`;
        document.body.append(frame);""",
        browser.screen_url(screen, stack.mint("ada"), lang),
        sandbox,
        *size,
    )
    browser.enter_frame("#strict")


@pytest.mark.full
@pytest.mark.parametrize("cookies", ["cookies"], indirect=True)
@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", ENTRIES)
def test_a_screen_fits(browser, stack, screen, size, lang):
    open_in_frame(browser, stack, screen, lang, size=size)
    browser.see(SUBMIT)
    assert browser.driver.execute_script("return [innerWidth, innerHeight]") == list(size)
    assert layout(browser) == []
    browser.submit()
    browser.see(".problem")
    assert layout(browser) == []


def layout(browser):
    options = {"palette": PALETTES["light"], "checkReach": False, "maxBars": 1 / 3}
    return browser.driver.execute_script(f"return ({LAYOUT})(arguments[0])", options)
