"""What the browser tests share. `cargo e2e` starts the whole stack, then pytest with its addresses."""

import json
import os
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright


@dataclass(frozen=True)
class Stack:
    """The stack that runs: the simulated terminal, the functions, the simulated cTrader backend; and where the tests serve
    a broker's website."""

    terminal: str
    functions: str
    backend: str
    website: str
    log: Path

    def control(self, method, path, body=None):
        """Calls one of the terminal's control routes, such as POST /sim/tokens."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.terminal + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def mint(self, user="ada", **more):
        """Makes a one-time token for one of the simulated users."""
        return self.control("POST", "/sim/tokens", {"user": user, **more})["token"]

    def events(self):
        """All that has happened so far."""
        return self.control("GET", "/sim/log")


def address(name):
    if name not in os.environ:
        pytest.exit(f"{name} is not set: run the tests with `cargo e2e`", returncode=2)
    return os.environ[name]


@pytest.fixture(scope="session")
def stack():
    return Stack(
        terminal=address("INAPP_TERMINAL_URL"),
        functions=address("INAPP_FUNCTIONS_URL"),
        backend=address("INAPP_BACKEND_URL"),
        website=address("INAPP_WEBSITE_URL"),
        log=Path(address("INAPP_STACK_LOG")),
    )


@pytest.fixture(autouse=True)
def no_fault(stack):
    """Every test begins and ends with a cTrader that behaves."""
    stack.control("DELETE", "/sim/fault")
    yield
    stack.control("DELETE", "/sim/fault")


@pytest.fixture(scope="session")
def chromium():
    return address("CHROMIUM")


@pytest.fixture(scope="session")
def sandbox():
    """Chromium's sandbox cannot be had by root, which containers run as."""
    return os.geteuid() != 0


@pytest.fixture(scope="session")
def browser(chromium, sandbox):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, chromium_sandbox=sandbox)
        yield browser
        browser.close()


# Room enough for the terminal to show a phone at its full size: a scaled frame is hard to click for a driver.
# And no motion: a click on a frame that is still moving misses what is in it.
STILL = {"viewport": {"width": 1600, "height": 1000}, "reduced_motion": "reduce"}


def quick(context):
    """A screen that takes longer than this has failed."""
    context.set_default_timeout(8_000)
    return context


@pytest.fixture
def page(browser):
    """A page in a fresh browser profile."""
    context = quick(browser.new_context(**STILL))
    yield context.new_page()
    context.close()
