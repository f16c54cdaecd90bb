"""Lighthouse on each screen, as it comes: a phone of the middle class on slow 4G, simulated from what was observed."""

import json
import os
import subprocess

import pytest

from conftest import address

# What is opened: the path, and whether it takes a one-time token.
PAGES = {
    "deposit": ("/inapp/deposit?lang=en", True),
    "kyc": ("/inapp/kyc?lang=en", True),
    "chat": ("/inapp/chat?lang=en", True),
    "action": ("/inapp/action?actionType=withdraw&lang=en", True),
    "done": ("/callback/success?lang=en", False),
}

CATEGORIES = ["performance", "accessibility", "best-practices"]

# The largest contentful paint has to be there within this many milliseconds.
LCP = 1_000


@pytest.fixture(scope="module")
def program():
    return [address("NODE"), os.path.join(address("LIGHTHOUSE"), "lighthouse/cli/index.js")]


def lighthouse(program, chromium, sandbox, url):
    """Lighthouse's report on a URL."""
    flags = ["--headless=new"] + ([] if sandbox else ["--no-sandbox"])
    run = subprocess.run(
        [*program, url, "--quiet", "--output=json", f"--only-categories={','.join(CATEGORIES)}"]
        + [f"--chrome-flags={' '.join(flags)}"],
        env={**os.environ, "CHROME_PATH": chromium},
        capture_output=True,
        text=True,
        timeout=120,
    )
    # Its messages may quote the URL, and with it the one-time token.
    assert run.returncode == 0, f"Lighthouse ended with {run.returncode}"
    return json.loads(run.stdout)


def shortcomings(report):
    """What keeps a category from its full score, and what the aims are missed by."""
    audits = report["audits"]
    found = []
    for category in (report["categories"][name] for name in CATEGORIES):
        if category["score"] != 1:
            weighty = [reference["id"] for reference in category["auditRefs"] if reference["weight"] > 0]
            low = [name for name in weighty if audits[name]["score"] not in (1, None)]
            found.append(f"{category['id']} is {category['score']}: {low}")
    paint = audits["largest-contentful-paint"]["numericValue"]
    if paint >= LCP:
        found.append(f"the largest contentful paint is there after {paint:.0f} ms")
    if audits["cumulative-layout-shift"]["numericValue"] != 0:
        found.append("the layout shifts")
    return found


@pytest.mark.parametrize("page", PAGES)
def test_lighthouse_has_nothing_to_say(stack, program, chromium, sandbox, page):
    path, redeems = PAGES[page]
    url = stack.functions + path + (f"&token={stack.mint('ada')}" if redeems else "")
    report = lighthouse(program, chromium, sandbox, url)
    found = shortcomings(report)
    assert found == []
