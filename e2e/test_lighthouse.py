"""Lighthouse with its phone profile on slow 4G: full marks, the largest paint within a second, and no layout shift, for each
screen, an error page and the end of a screen. Without --full one page of each kind."""

import json
import select
import subprocess
from pathlib import Path

import pytest

from conftest import required_env, in_full
from states import ENTRIES, path

SCRIPT = Path(__file__).with_name("lighthouse") / "audit.mjs"

# The best of these runs counts, because a busy machine makes any page slow.
RUNS = 12

# The timeout of a run. Lighthouse itself gives up a page after 45 s.
TIMEOUT_SECONDS = 180


@pytest.fixture(scope="module")
def audit(start_chromium, tmp_path_factory):
    """Returns a function that gives Lighthouse's report for a URL."""
    port = start_chromium(tmp_path_factory.mktemp("profile"))
    command = [required_env("NODE"), SCRIPT, required_env("LIGHTHOUSE"), str(port)]
    running = []

    def run(url, skip):
        if not running:
            running.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        [lighthouse] = running
        lighthouse.stdin.write(json.dumps({"url": url, "skipAudits": skip}) + "\n")
        lighthouse.stdin.flush()
        # One line per report, so the stream has no buffered data.
        if select.select([lighthouse.stdout], [], [], TIMEOUT_SECONDS)[0] and (line := lighthouse.stdout.readline()):
            return json.loads(line)
        # Lighthouse hangs or has ended: the next run starts another one.
        running.clear()
        end(lighthouse)
        return {"error": f"Lighthouse gave no report within {TIMEOUT_SECONDS} s"}

    def end(lighthouse):
        lighthouse.kill()
        lighthouse.communicate()

    yield run
    for lighthouse in running:
        end(lighthouse)


def shortcomings(report):
    """The reasons why a page does not get full marks."""
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
    # The browser reports the status of an error page in the console.
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
