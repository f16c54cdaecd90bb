"""`[actions.redirect]`: traders are redirected to the broker's own page, which verifies the assertion with a standard library."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from playwright.sync_api import expect

from conftest import with_timeout
from terminal import Terminal


class Website(ThreadingHTTPServer):
    """A broker's website: greets a trader whose assertion is valid and not replayed."""

    def __init__(self, stack):
        address = urlsplit(stack.website)
        super().__init__((address.hostname, address.port), Page)
        self.issuer = stack.functions
        self.audience = stack.website
        self.keys = jwt.PyJWKClient(f"{stack.functions}/.well-known/jwks.json")
        self.visits = []

    def verify(self, assertion):
        claims = jwt.decode(
            assertion,
            self.keys.get_signing_key_from_jwt(assertion).key,
            algorithms=["ES256"],
            audience=self.audience,
            issuer=self.issuer,
            options={"require": ["exp", "iat", "iss", "aud", "sub", "jti"]},
        )
        assert claims["jti"] not in [visit["jti"] for visit in self.visits], "replayed"
        return claims


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        if "assertion" not in query:
            return self.send_error(404)
        assert query["from"] == ["ctrader"], "the target's own query is kept"
        claims = self.server.verify(query["assertion"][0])
        self.server.visits.append(claims | {"path": url.path, "referrer": self.headers.get("Referer")})
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(f"<!doctype html><h1>Welcome {claims['identity']['email']}</h1>".encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def website(stack):
    website = Website(stack)
    threading.Thread(target=website.serve_forever, daemon=True).start()
    yield website
    website.shutdown()
    website.server_close()


@pytest.fixture
def terminal(page, stack):
    terminal = Terminal(page, stack)
    yield terminal
    assert terminal.problems == [], "the console has errors, or a policy was broken"


def frame_action(terminal, stack, action):
    """Shows one of the tests' own actions in a frame, as cTrader would. The terminal has no button for them."""
    url = f"{stack.functions}/inapp/action?token={stack.mint('ada')}&actionType={action}&lang=en"
    terminal.page.evaluate(
        "url => document.body.append(Object.assign(document.createElement('iframe'), { id: 'screen', src: url }))", url
    )
    return terminal.screen


def reload(terminal):
    """Reloads as cTrader does: the same URL, with the used token."""
    terminal.page.evaluate("document.getElementById('screen').src += ''")


def test_the_broker_knows_the_trader_and_a_reload_makes_a_new_assertion(terminal, stack, website):
    screen = frame_action(terminal, stack, "e2e-framed")
    expect(screen.get_by_role("heading", name="Welcome ada.marlow@example.com")).to_be_visible()
    with terminal.page.expect_response(lambda response: "/e2e-framed" in response.url):
        reload(terminal)
    expect(screen.get_by_role("heading", name="Welcome ada.marlow@example.com")).to_be_visible()

    first, second = website.visits
    assert first["identity"] == second["identity"]
    assert (first["action"], first["launch"]) == ("action", {"lang": "en", "actionType": "e2e-framed"})
    assert first["sub"] == str(first["identity"]["userId"])
    assert first["exp"] - first["iat"] == 60
    assert first["referrer"] is None, "no other site gets the URL with the one-time token"
    assert len(terminal.events("redeemed")) == 1


def test_a_page_that_cannot_be_framed_opens_in_a_window_at_each_press(terminal, stack, website):
    screen = frame_action(terminal, stack, "e2e-unframed")
    host = urlsplit(stack.website).netloc
    expect(screen.get_by_text(host)).to_be_visible()
    assert website.visits == []
    for press in (1, 2):
        with terminal.page.context.expect_page() as opened:
            screen.get_by_role("button", name="Continue").click()
        window = opened.value
        expect(window.get_by_role("heading", name="Welcome ada.marlow@example.com")).to_be_visible()
        assert window.url.startswith(f"{stack.website}/e2e-unframed?from=ctrader&assertion=")
        assert window.evaluate("window.opener") is None
        assert len(website.visits) == press
        # A page behind a window takes no clicks.
        window.close()
        terminal.page.bring_to_front()
    expect(screen.get_by_text(host)).to_be_visible()
    assert len(terminal.events("redeemed")) == 1


def test_at_top_level_a_page_that_cannot_be_framed_opens_in_place(page, stack, website):
    page.goto(f"{stack.functions}/inapp/action?token={stack.mint('ada')}&actionType=e2e-unframed&lang=en")
    expect(page.get_by_text("new window")).to_be_hidden()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Welcome ada.marlow@example.com")).to_be_visible()
    assert len(page.context.pages) == 1


def test_the_page_in_between_works_without_javascript_and_from_right_to_left(browser, stack, website):
    context = with_timeout(browser.new_context(java_script_enabled=False))
    page = context.new_page()
    page.goto(f"{stack.functions}/inapp/action?token={stack.mint('ada')}&actionType=e2e-unframed&lang=ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    with context.expect_page() as opened:
        page.locator("form[target=_blank] button").click()
    expect(opened.value.get_by_role("heading", name="Welcome")).to_be_visible()
    context.close()
