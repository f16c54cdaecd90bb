"""Lighthouse, with its own profile of a phone on slow 4G, on each screen, an error page and the end of a screen: full marks,
the largest paint within a second, and nothing that moves. Without --full one page of each kind."""

import json
import select
import subprocess
from pathlib import Path

import pytest

from conftest import address, in_full
from states import ENTRIES, path

SCRIPT = Path(__file__).with_name("lighthouse") / "audit.mjs"

# A busy machine makes any page slow: the best of so many runs counts.
RUNS = 12

# Seconds that a run may take; Lighthouse itself gives up a page that does not load within 45.
LONGEST = 180


@pytest.fixture(scope="module")
def audit(start_chromium, tmp_path_factory):
    """Gives Lighthouse's report on a URL."""
    port = start_chromium(tmp_path_factory.mktemp("profile"))
    command = [address("NODE"), SCRIPT, address("LIGHTHOUSE"), str(port)]
    running = []

    def run(url, skip):
        if not running:
            running.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        [lighthouse] = running
        lighthouse.stdin.write(json.dumps({"url": url, "skipAudits": skip}) + "\n")
        lighthouse.stdin.flush()
        # One report for one question: nothing is held back in the stream.
        if select.select([lighthouse.stdout], [], [], LONGEST)[0] and (line := lighthouse.stdout.readline()):
            return json.loads(line)
        # It hangs, or has ended: the next run is another's.
        running.clear()
        end(lighthouse)
        return {"error": f"Lighthouse gave no report within {LONGEST} s"}

    def end(lighthouse):
        lighthouse.kill()
        lighthouse.communicate()

    yield run
    for lighthouse in running:
        end(lighthouse)


def shortcomings(report):
    """What keeps a page from full marks."""
    if report["error"]:
        return {"error": report["error"]}
    audits = {audit["id"]: audit for audit in report["audits"]}
    lacking = {name: score for name, score in report["scores"].items() if score < 1}
    if lacking:
        lacking["because"] = [audit for audit in audits.values() if audit["score"] not in (None, 1)]
    paint = audits["largest-contentful-paint"]["numericValue"]
    print(f"{report['scores']}, largest paint {paint:.0f} ms, blocked {audits['total-blocking-time']['numericValue']:.0f} ms")
    if paint >= 1_000:
        lacking["largest paint"] = paint
    if audits["cumulative-layout-shift"]["numericValue"] != 0:
        lacking["layout shift"] = audits["cumulative-layout-shift"]
    return lacking


@pytest.mark.alone
@pytest.mark.parametrize("page", ["deposit", *in_full(*(screen for screen in ENTRIES if screen != "deposit")), "error", "success"])
def test_full_marks(audit, stack, page):
    # Of an error page the browser tells its console that it is one.
    skip = ["errors-in-console"] if page == "error" else []
    for _ in range(RUNS):
        before = len(stack.events())
        if page == "success":
            where = "/callback/success?lang=en"
        elif page == "error":
            where = "/inapp/deposit?lang=en"
        else:
            where = f"{path(page)}&lang=en&account=1000501&token={stack.mint()}"
        lacking = shortcomings(audit(stack.functions + where, skip))
        redeemed = [event for event in stack.events()[before:] if event["kind"] in ("redeemed", "refused")]
        once = len(redeemed) == (page in ENTRIES)
        assert once or "error" in lacking, "Lighthouse asks for the page once"
        if not lacking:
            return
    pytest.fail(json.dumps(lacking, indent=2))
