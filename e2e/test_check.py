"""`inapp check` against the real functions, with real one-time tokens."""

import json
import os
import shlex
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from conftest import ROOT

CARGO = os.environ.get("CARGO", "cargo")

# A broker's engineer would use curl, but not every machine has it.
MINT = """
import json, sys, urllib.request
request = urllib.request.Request(sys.argv[1] + "/sim/tokens", b'{"user": "ada"}', {"Content-Type": "application/json"})
print(json.load(urllib.request.urlopen(request))["token"])
"""


@pytest.fixture(scope="module")
def warm(stack):
    """Starts all functions, because cargo-lambda starts a function at its first request, which takes long."""
    for path in ("inapp/deposit", "inapp/kyc", "inapp/action", "inapp/chat", "callback/success"):
        try:
            urllib.request.urlopen(f"{stack.functions}/{path}", timeout=60).close()
        except urllib.error.HTTPError as refused:
            assert refused.code == 400


def test_the_deployment_keeps_every_rule(stack, broker_toml, warm):
    languages = broker_toml["languages"]
    mint = shlex.join([sys.executable, "-c", MINT, stack.terminal])
    before = len([event for event in stack.events() if event["kind"] == "redeemed"])
    check = subprocess.run(
        [CARGO, "run", "--quiet", "--package", "inapp", "--", "check", stack.functions, "--allow-http", "--json"]
        + ["--token-command", mint, "--legal", "Demo Broker Ltd"]
        + ["--languages", ",".join(languages)]
        + ["--frame-ancestor", "https://app.ctrader.com", "--frame-ancestor", stack.terminal],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert check.returncode in (0, 1), check.stderr
    report = json.loads(check.stdout)
    checks = [check for group in report["groups"] for check in group["checks"]]
    failed = [check for check in checks if check["outcome"] == "fail"]
    assert check.returncode == (1 if failed else 0)
    # A busy machine may be slow once. test_conformance.py tests the load time, as the best of several attempts.
    assert [check for check in failed if check["id"] != "load.time"] == []
    skipped = {check["id"] for check in checks if check["outcome"] == "skip"}
    assert skipped == {"connection.certificate", "connection.old-tls", "connection.plain-http"}
    # Without language and theme, in each language and an unsupported one, in each theme, and with both.
    variants = 1 + len(languages) + 1 + 2 + 1
    redeemed = [event for event in stack.events() if event["kind"] == "redeemed"]
    assert len(redeemed) - before == 4 * variants, "each screen was really opened, in each language and theme"
