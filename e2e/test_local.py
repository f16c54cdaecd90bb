"""Nothing that `cargo dev` starts answers another website: neither one that sends requests to this machine, nor one whose name
leads to this machine (DNS rebinding)."""

import http.client
import json
from urllib.parse import urlsplit

import pytest

SERVERS = ["terminal", "functions", "backend", "sample", "dynamodb", "moto"]
# A request of each that does something, or tells something.
CALLS = {
    "terminal": ("POST", "/sim/tokens", {"content-type": "application/json"}, json.dumps({"user": "ada"})),
    "functions": ("GET", "/callback/success", {}, None),
    "backend": ("GET", "/nothing", {}, None),
    "sample": ("GET", "/back-office", {}, None),
    "dynamodb": (
        "POST",
        "/",
        {
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": "DynamoDB_20120810.ListTables",
            "x-amz-date": "20260101T000000Z",
            "authorization": "AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
        },
        "{}",
    ),
    "moto": (
        "POST",
        "/",
        {"content-type": "application/x-amz-json-1.1", "x-amz-target": "secretsmanager.GetSecretValue"},
        json.dumps({"SecretId": "inapp/payment-secrets"}),
    ),
}


def call(stack, server, call=None, **headers):
    """The status, the headers and the text of the answer to a call."""
    method, path, own, body = call or CALLS[server]
    url = urlsplit(getattr(stack, server))
    connection = http.client.HTTPConnection("127.0.0.1", url.port, timeout=60)
    sent = {"Host": url.netloc} | own | {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, sent)
    response = connection.getresponse()
    result = response.status, {name.lower(): value for name, value in response.getheaders()}, response.read().decode()
    connection.close()
    return result


@pytest.mark.parametrize("server", SERVERS)
def test_programs_of_this_machine_are_answered(stack, server):
    assert call(stack, server)[0] != 403


@pytest.mark.parametrize("server", SERVERS)
def test_another_website_is_refused(stack, server):
    port = urlsplit(getattr(stack, server)).port
    for headers in [
        {"Host": f"evil.example:{port}"},
        {"Host": f"127.0.0.1.evil.example:{port}"},
        {"Origin": "https://evil.example"},
        {"Origin": "https://evil.example", "Sec_Fetch_Site": "cross-site"},
    ]:
        status, answered, text = call(stack, server, **headers)
        assert status == 403, headers
        assert "access-control-allow-origin" not in answered
        assert "whsec_" not in text and "inapp-ledger" not in text


@pytest.mark.parametrize("server", ["terminal", "sample", "backend", "dynamodb", "moto"])
def test_a_page_of_another_local_server_changes_nothing(stack, server):
    own = CALLS[server]
    change = own if own[0] == "POST" else ("POST", own[1], {"content-type": "text/plain"}, "x")
    status, _, _ = call(stack, server, change, Origin="http://localhost:3000", Sec_Fetch_Site="same-site")
    assert status == 403


def test_no_page_invokes_a_function_with_an_event_of_its_own(stack):
    invocation = ("POST", "/2015-03-31/functions/deposit/invocations", {"content-type": "text/plain"}, "{}")
    for headers in [{"Origin": "null", "Sec_Fetch_Site": "cross-site"}, {"Origin": stack.sample, "Sec_Fetch_Site": "cross-site"}]:
        assert call(stack, "functions", invocation, **headers)[0] == 403
