"""Requests are published on the event bus and delivered to the broker's CRM, through the local AWS, without a browser."""

import json
import time
import urllib.request


def call(stack, path, body=None):
    """Calls the functions as a broker's server does."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Accept": "application/json", "Content-Type": "application/json"}
    request = urllib.request.Request(stack.functions + path, data, headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        return json.load(response)


def test_each_request_and_its_outcome_reach_the_crm(stack):
    session = call(stack, f"/inapp/action?token={stack.mint()}&actionType=bonus")["session"]
    reference = call(stack, "/inapp/action", {"session": session, "code": "WELCOME"})["reference"]

    def events_of(kind):
        events = [event for event in stack.events() if event["kind"] == kind and event["reference"] == reference]
        return [(event["event"], event.get("status")) for event in events]

    # The two functions start only with their first batch.
    deadline = time.monotonic() + 120
    while len(events_of("crm_webhook_called")) < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert events_of("published") == [("request.recorded", None), ("request.succeeded", None)]
    assert sorted(events_of("crm_webhook_called")) == [("request.recorded", 204), ("request.succeeded", 204)]
