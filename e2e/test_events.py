"""A request is published on the event bus and sent to the broker's CRM: through the local AWS, without a browser."""

import json
import time
import urllib.request


def ask(stack, path, body=None):
    """Calls the functions as a broker's server does."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    request = urllib.request.Request(stack.functions + path, data, headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def test_each_request_and_its_outcome_reach_the_crm(stack):
    session = ask(stack, f"/inapp/action?token={stack.mint()}&actionType=bonus")["session"]
    reference = ask(stack, "/inapp/action", {"session": session, "code": "WELCOME"})["reference"]

    def told(kind):
        events = [event for event in stack.events() if event["kind"] == kind and event["reference"] == reference]
        return [(event["event"], event.get("status")) for event in events]

    # The two functions start with their first batch.
    deadline = time.monotonic() + 120
    while len(told("crm_webhook_called")) < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert told("published") == [("request.recorded", None), ("request.succeeded", None)]
    assert sorted(told("crm_webhook_called")) == [("request.recorded", 204), ("request.succeeded", 204)]
