"""Shared fixtures of the browser tests. `cargo e2e` starts one or more stacks, and then pytest with their addresses. With several
pytest workers, each has its own stack."""

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
# In the directory of the first stack's log.
PICTURES = Path(STACKS[0]["log"] if STACKS else "").parent / "pictures"
TABLE = ROOT / "shared" / "store" / "table.json"
LAYOUT = Path(__file__).with_name("layout.js").read_text()

PALETTES = {
    "light": {"page": "#ffffff", "surface": "#f5f6f8", "line": "#dfe3e8", "text": "#14171f", "muted": "#5a6372"},
    "dark": {"page": "#15171c", "surface": "#1e2128", "line": "#2f343e", "text": "#eceef2", "muted": "#9aa3b2"},
}


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="run also the slow tests of parts that seldom change")
    parser.addoption("--part", choices=["together", "alone"], help="only the tests that may run in parallel, or only the others")


def pytest_configure(config):
    config.addinivalue_line("markers", "full: slow, and tests a part that seldom changes; runs with --full only")
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
    """Values of a parameter that are tested with --full only."""
    return [pytest.param(*(value if isinstance(value, tuple) else (value,)), marks=pytest.mark.full) for value in values]


@dataclass(frozen=True)
class Stack:
    """A running stack: the URLs of its services, the URL at which the tests serve a broker's website, the secret that signs calls
    to that website, and the seconds between two runs of `reconcile`."""

    terminal: str
    functions: str
    backend: str
    sample: str
    staff: str
    website: str
    dynamodb: str
    moto: str
    backend_secret: str = field(repr=False)
    log: str
    reconcile_seconds: int

    def control(self, method, path, body=None):
        """Calls one of the terminal's control routes, such as POST /sim/tokens."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.terminal + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as response:
            text = response.read()
        return json.loads(text) if text else None

    def mint(self, user="ada", **more):
        """Makes a one-time token for one of the simulated users."""
        return self.control("POST", "/sim/tokens", {"user": user, **more})["token"]

    def events(self):
        """All events so far."""
        return self.control("GET", "/sim/log")

    @contextlib.contextmanager
    def without_table(self):
        """Meanwhile there is no table."""
        [table] = self._dynamodb("ListTables", {})["TableNames"]
        self._dynamodb("DeleteTable", {"TableName": table})
        try:
            yield
        finally:
            self._dynamodb("CreateTable", {"TableName": table, **json.loads(TABLE.read_text())})

    def delete_what_limits(self):
        """Deletes all open deposits, so that no screen offers them, and the counters of the traders' limits."""
        for table in self._dynamodb("ListTables", {})["TableNames"]:
            limiting = {
                "TableName": table,
                "FilterExpression": "attribute_exists(open_account) OR begins_with(pk, :quota)",
                "ExpressionAttributeValues": {":quota": {"S": "quota#"}},
            }
            for item in self._dynamodb("Scan", limiting)["Items"]:
                self._dynamodb("DeleteItem", {"TableName": table, "Key": {key: item[key] for key in ("pk", "sk")}})

    def make_due(self, deposit):
        """Makes the next run of `reconcile` process a deposit."""
        [table] = self._dynamodb("ListTables", {})["TableNames"]
        # The key schema is shared/store/src/schema.rs.
        key = {"pk": {"S": f"deposit#{deposit}"}, "sk": {"S": "deposit"}}
        update = {"UpdateExpression": "SET due_at = :due", "ConditionExpression": "attribute_exists(due_at)"}
        due = {":due": {"S": "2026-01-01T00:00:00.000Z"}}
        self._dynamodb("UpdateItem", {"TableName": table, "Key": key, **update, "ExpressionAttributeValues": due})

    def _dynamodb(self, operation, body):
        """Calls the local DynamoDB, which requires a signature but does not verify it."""
        credential = "local/20260101/local/dynamodb/aws4_request"
        headers = {
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": f"DynamoDB_20120810.{operation}",
            "X-Amz-Date": "20260101T000000Z",
            "Authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0",
        }
        request = urllib.request.Request(self.dynamodb, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)


def required_env(name):
    if name not in os.environ:
        pytest.exit(f"{name} is not set: run the tests with `cargo e2e`", returncode=2)
    return os.environ[name]


@pytest.fixture(scope="session")
def stack():
    """The stack of this worker. pytest-xdist names its workers gw0, gw1 and so on."""
    required_env("INAPP_STACKS")
    return Stack(**STACKS[int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))])


@pytest.fixture(scope="session")
def broker_toml():
    """The configuration of the tests' broker. The running functions have all languages, not only those of this file."""
    return tomllib.loads((ROOT / "tests/fixtures/demo.toml").read_text())


@pytest.fixture(autouse=True)
def clean_state(stack):
    """Each test starts and ends without a fault of cTrader, and starts without open deposits and used limits."""
    stack.control("DELETE", "/sim/fault")
    stack.delete_what_limits()
    yield
    stack.control("DELETE", "/sim/fault")


# Runs a frame of another site in the process of its page, as browsers on phones do. With separate processes, a click of the
# driver goes to the page if the browser has not drawn the frame yet.
ONE_PROCESS = "--disable-site-isolation-trials"


@pytest.fixture(scope="session")
def chromium():
    return required_env("CHROMIUM")


@pytest.fixture(scope="session")
def sandbox():
    """Whether Chromium can use its sandbox, which root cannot. Containers run as root."""
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
    """Starts a Chromium with a profile directory as for a trader, and returns its debugging port. A driver would set flags that
    change the handling of cookies and of the back button."""
    started = contextlib.ExitStack()

    def start(profile):
        command = [chromium, "--headless", "--no-first-run", "--disable-background-networking", ONE_PROCESS, "about:blank"]
        command += ["--window-size=1600,1000", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
        command += [] if sandbox else ["--no-sandbox"]
        process = started.enter_context(subprocess.Popen(command, stderr=subprocess.DEVNULL))
        started.callback(process.terminate)
        # Chromium writes the port to this file when it listens.
        file = profile / "DevToolsActivePort"
        deadline = time.monotonic() + 120
        while not file.exists() or not file.read_text().strip():
            assert time.monotonic() < deadline, "Chromium does not start"
            time.sleep(0.05)
        return int(file.read_text().split()[0])

    with started:
        yield start


# Large enough for the terminal to show a phone at full size, because the driver cannot click well in a scaled frame.
# Without motion, because a click in a moving frame misses.
STILL = {"viewport": {"width": 1600, "height": 1000}, "reduced_motion": "reduce"}

# The size at which pages open for measurements.
PHONE = {"viewport": {"width": 360, "height": 640}, "reduced_motion": "reduce"}


# The timeout of all expectations, long enough for a busy machine. test_conformance.py and test_lighthouse.py measure the
# speed of screens, as the best of several attempts.
TIMEOUT_MS = 30_000
expect.set_options(timeout=TIMEOUT_MS)


def with_timeout(context):
    """Sets the timeout of a context."""
    context.set_default_timeout(TIMEOUT_MS)
    return context


@pytest.fixture
def page(browser):
    """A page in a fresh browser profile."""
    context = with_timeout(browser.new_context(**STILL))
    yield context.new_page()
    context.close()


# Makes a page report its own problems in its console.
WATCH_SCRIPT = """
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


def watch(page, stack):
    """Returns a list that collects the page's problems from now on: console messages, requests to other sites, violations of the
    content security policy, layout shifts, windows and dialogs."""
    problems = []

    def on_console(message):
        # The browser reports each status of 400 and above, and a lost network, which the tests cause.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            problems.append(f"console: {message.text}")

    def on_request(request):
        # A deposit leads to the broker's own cashier.
        if not request.url.startswith((stack.functions, f"{stack.sample}/cashier/", "data:")):
            problems.append(f"request: {request.url}")

    def on_dialog(dialog):
        problems.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("console", on_console)
    page.on("request", on_request)
    page.on("pageerror", lambda error: problems.append(f"script: {error}"))
    page.on("popup", lambda _: problems.append("a window was opened"))
    page.on("dialog", on_dialog)
    page.add_init_script(WATCH_SCRIPT)
    return problems


@pytest.fixture(scope="session")
def watched_tab(browser, stack):
    """One tab for all tests, because a new one takes longer than a test."""
    context = with_timeout(browser.new_context(**PHONE))
    page = context.new_page()
    yield page, watch(page, stack)
    context.close()


@pytest.fixture
def tab(watched_tab):
    """The tab in its initial state, and the list of its problems."""
    page, problems = watched_tab
    page.set_viewport_size(PHONE["viewport"])
    yield page, problems
    page.evaluate("sessionStorage.clear()")
    page.goto("about:blank")
    # After leaving the page: otherwise a page that polls would get other responses and navigate.
    page.unroute_all()
    page.set_extra_http_headers({})
    page.context.clear_cookies()
    problems.clear()


def layout(page, theme, width, height, check_reach=False, max_bars=1 / 3):
    """The problems of the page's layout at a size. `check_reach`: the button must be visible without scrolling. `max_bars`: the
    largest share of the height for sticky bars."""
    page.set_viewport_size({"width": width, "height": height})
    problems = page.evaluate(LAYOUT, {"palette": PALETTES[theme], "checkReach": check_reach, "maxBars": max_bars})
    return [f"{width}x{height}: {problem}" for problem in problems]


def axe(page):
    """The violations that axe finds in the page."""
    violations = Axe().run(page).response["violations"]
    return [f"axe, {rule['id']}: {node['html']}" for rule in violations for node in rule["nodes"]]
