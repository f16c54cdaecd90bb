"""What the browser tests share. `cargo e2e` starts one or more stacks, then pytest with their addresses. Where pytest has several
workers, each has a stack of its own."""

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

if sys.version_info < (3, 11):
    import tomli as tomllib
else:
    import tomllib

ROOT = Path(__file__).parent.parent
STACKS = json.loads(os.environ.get("INAPP_STACKS", "[]"))
# Beside the log of the first stack.
PICTURES = Path(STACKS[0]["log"] if STACKS else "").parent / "pictures"
TABLE = ROOT / "shared" / "store" / "table.json"
LAYOUT = Path(__file__).with_name("layout.js").read_text()

PALETTES = {
    "light": {"page": "#ffffff", "surface": "#f5f6f8", "line": "#dfe3e8", "text": "#14171f", "muted": "#5a6372"},
    "dark": {"page": "#15171c", "surface": "#1e2128", "line": "#2f343e", "text": "#eceef2", "muted": "#9aa3b2"},
}


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="run the tests too that take long and guard what seldom changes")
    parser.addoption("--part", choices=["together", "alone"], help="only the tests that may, or may not, run beside others")


def pytest_configure(config):
    config.addinivalue_line("markers", "full: takes long and guards what seldom changes; runs with --full only")
    config.addinivalue_line("markers", "alone: measures time, so that no other test may run at the same time")


def pytest_collection_modifyitems(config, items):
    full, part = config.getoption("full"), config.getoption("part")

    def wanted(item):
        if item.get_closest_marker("full") and not full:
            return False
        return part is None or is_alone(item) == (part == "alone")

    def is_alone(item):
        return item.get_closest_marker("alone") is not None

    config.hook.pytest_deselected(items=[item for item in items if not wanted(item)])
    items[:] = sorted(filter(wanted, items), key=is_alone)


def in_full(*values):
    """Values of a parameter that are tried with --full only."""
    return [pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.full) for value in values]


@dataclass(frozen=True)
class Stack:
    """A stack that runs: the simulated terminal, the functions, the simulated cTrader backend, the sample of a
    broker's own; where the tests serve a broker's website, and with which secret calls to it are signed; and how many seconds
    lie between two rounds of `reconcile`."""

    terminal: str
    functions: str
    backend: str
    sample: str
    website: str
    dynamodb: str
    backend_secret: str = field(repr=False)
    log: str
    round: int

    def control(self, method, path, body=None):
        """Calls one of the terminal's control routes, such as POST /sim/tokens."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.terminal + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def mint(self, user="ada", **more):
        """Makes a one-time token for one of the simulated users."""
        return self.control("POST", "/sim/tokens", {"user": user, **more})["token"]

    def events(self):
        """All that has happened so far."""
        return self.control("GET", "/sim/log")

    @contextlib.contextmanager
    def without_table(self):
        """Meanwhile the ledger's table is not there."""
        [table] = self._dynamodb("ListTables", {})["TableNames"]
        self._dynamodb("DeleteTable", {"TableName": table})
        try:
            yield
        finally:
            self._dynamodb("CreateTable", {"TableName": table, **json.loads(TABLE.read_text())})

    def forget_deposits(self):
        """No account has a deposit under way any more."""
        for table in self._dynamodb("ListTables", {})["TableNames"]:
            deposits = {"TableName": table, "FilterExpression": "attribute_exists(open_account)"}
            for item in self._dynamodb("Scan", deposits)["Items"]:
                self._dynamodb("DeleteItem", {"TableName": table, "Key": {key: item[key] for key in ("pk", "sk")}})

    def make_due(self, deposit):
        """`reconcile` is to look at a deposit in its next round, as if its time had come."""
        [table] = self._dynamodb("ListTables", {})["TableNames"]
        key = {"pk": {"S": f"deposit#{deposit}"}, "sk": {"S": "deposit"}}
        update = {"UpdateExpression": "SET due_at = :due", "ConditionExpression": "attribute_exists(due_at)"}
        due = {":due": {"S": "2026-01-01T00:00:00.000Z"}}
        self._dynamodb("UpdateItem", {"TableName": table, "Key": key, **update, "ExpressionAttributeValues": due})

    def _dynamodb(self, operation, body):
        """An operation of the local DynamoDB, which wants a signature and does not check it."""
        credential = "local/20260101/local/dynamodb/aws4_request"
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"DynamoDB_20120810.{operation}",
            "X-Amz-Date": "20260101T000000Z",
            "Authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0",
        }
        request = urllib.request.Request(self.dynamodb, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


def address(name):
    if name not in os.environ:
        pytest.exit(f"{name} is not set: run the tests with `cargo e2e`", returncode=2)
    return os.environ[name]


@pytest.fixture(scope="session")
def stack():
    """This worker's. pytest-xdist calls its workers gw0, gw1 and so on."""
    address("INAPP_STACKS")
    return Stack(**STACKS[int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))])


@pytest.fixture(scope="session")
def broker_toml():
    """The configuration of the tests' broker. The functions that run here speak every language beside its own."""
    return tomllib.loads((ROOT / "tests/fixtures/demo.toml").read_text())


@pytest.fixture(autouse=True)
def no_fault(stack):
    """Every test begins and ends with a cTrader that behaves, and begins without deposits that others left."""
    stack.control("DELETE", "/sim/fault")
    stack.forget_deposits()
    yield
    stack.control("DELETE", "/sim/fault")


# A frame of another site in the process of the page around it, as browsers on phones have it. In a process of its own, what
# a driver clicks before the browser has once drawn the frame goes to the page around it.
ONE_PROCESS = "--disable-site-isolation-trials"


@pytest.fixture(scope="session")
def chromium():
    return address("CHROMIUM")


@pytest.fixture(scope="session")
def sandbox():
    """Chromium's sandbox cannot be had by root, which containers run as."""
    return os.geteuid() != 0


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright, chromium, sandbox):
    browser = playwright.chromium.launch(
        executable_path=chromium, chromium_sandbox=sandbox, args=[ONE_PROCESS], timeout=120_000
    )
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def start_chromium(chromium, sandbox):
    """Starts a Chromium with a profile directory as a trader's would start, and gives its debugging port. A driver starts
    it with flags that change what becomes of cookies and of pages that one goes back to."""
    started = contextlib.ExitStack()

    def start(profile):
        command = [chromium, "--headless", "--no-first-run", "--disable-background-networking", ONE_PROCESS, "about:blank"]
        command += ["--window-size=1600,1000", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
        command += [] if sandbox else ["--no-sandbox"]
        process = started.enter_context(subprocess.Popen(command, stderr=subprocess.DEVNULL))
        started.callback(process.terminate)
        # It writes the port to a file once it listens.
        file = profile / "DevToolsActivePort"
        deadline = time.monotonic() + 120
        while not file.exists() or not file.read_text().strip():
            assert time.monotonic() < deadline, "Chromium does not start"
            time.sleep(0.05)
        return int(file.read_text().split()[0])

    with started:
        yield start


# Room enough for the terminal to show a phone at its full size: a scaled frame is hard to click for a driver.
# And no motion: a click on a frame that is still moving misses what is in it.
STILL = {"viewport": {"width": 1600, "height": 1000}, "reduced_motion": "reduce"}

# What is measured is opened as on a phone; other sizes come after that.
PHONE = {"viewport": {"width": 360, "height": 640}, "reduced_motion": "reduce"}


# What has not come by then does not come, in milliseconds: on a busy machine all takes long. How fast a screen is, is measured
# where the best of several tries counts: test_conformance.py, test_lighthouse.py.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


def quick(context):
    """The same for what is done in a context."""
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture
def page(browser):
    """A page in a fresh browser profile."""
    context = quick(browser.new_context(**STILL))
    yield context.new_page()
    context.close()


# What a page itself sees go wrong, it says in its console.
TELL_TALE = """
addEventListener("securitypolicyviolation", (e) => console.error(`CSP: ${e.effectiveDirective} ${e.blockedURI}`));
let resized = Infinity;
addEventListener("resize", () => { resized = performance.now(); });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.hadRecentInput || entry.startTime >= resized) continue;
    const moved = entry.sources.map(({ node, previousRect: a, currentRect: b }) =>
      `${(node || {}).nodeName} "${((node || {}).textContent || "").trim().slice(0, 20)}" ${a.x},${a.y} to ${b.x},${b.y}`);
    console.error(`layout shift: ${entry.value}: ${moved}`);
  }
}).observe({ type: "layout-shift", buffered: true });
window.open = () => console.error("window.open");
"""


def watched(page, stack):
    """The page, and the list of what goes wrong in it from now on: whatever the console says, requests to elsewhere,
    content security policy, layout shifts, windows and dialogs."""
    problems = []

    def said(message):
        # The browser reports each answer of 400 and above, and a lost network, which the tests ask for.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            problems.append(f"console: {message.text}")

    def asked(request):
        # On its way a deposit is paid at the broker's own cashier.
        if not request.url.startswith((stack.functions, f"{stack.sample}/cashier/", "data:")):
            problems.append(f"request: {request.url}")

    def stopped(dialog):
        problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("console", said)
    page.on("request", asked)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("popup", lambda _: problems.append("a window was opened"))
    page.on("dialog", stopped)
    page.add_init_script(TELL_TALE)
    return problems


@pytest.fixture(scope="session")
def watched_tab(browser, stack):
    """One tab for all: a new one would take longer than what is done in it."""
    context = quick(browser.new_context(**PHONE))
    page = context.new_page()
    yield page, watched(page, stack)
    context.close()


@pytest.fixture
def tab(watched_tab):
    """The tab, which has forgotten what was before, and what has gone wrong in it since."""
    page, problems = watched_tab
    page.set_viewport_size(PHONE["viewport"])
    yield page, problems
    page.evaluate("sessionStorage.clear()")
    page.goto("about:blank")
    # Only now: a page whose polls are answered otherwise would go elsewhere in the midst of this.
    page.unroute_all()
    page.set_extra_http_headers({})
    page.context.clear_cookies()
    problems.clear()


def layout(page, theme, width, height, thumb=False, bars=1 / 3):
    """What is wrong with the layout of the page at a size. `thumb`: the button must be in reach without scrolling; `bars`:
    how much of the height may be taken by what sticks to the edges."""
    page.set_viewport_size({"width": width, "height": height})
    problems = page.evaluate(LAYOUT, {"palette": PALETTES[theme], "thumb": thumb, "bars": bars})
    return [f"{width}x{height}: {problem}" for problem in problems]


def axe(page):
    """What axe finds in the page as it is now."""
    violations = Axe().run(page).response["violations"]
    return [f"axe, {rule['id']}: {node['html']}" for rule in violations for node in rule["nodes"]]
