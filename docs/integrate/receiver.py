"""A broker's own server: takes in traders and requests from the in-app screens, with libraries off the shelf.

    GET  /documents?assertion=...   a section `redirect`: a trader, with a signed assertion of who they are
    POST /inapp/bonus               a section `backend`: a request of a trader's, signed after Standard Webhooks

Python 3.10 or newer. `pip install --require-hashes --no-deps -r requirements.txt`, set the variables below, `python receiver.py`.
"""

import html
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

SCREENS_URL = os.environ["SCREENS_URL"]  # where the screens are: the output ScreensUrl
OWN_ORIGIN = os.environ["OWN_ORIGIN"]  # https://host[:port] of this server, as in broker.toml
ACTION_TYPE = os.environ["ACTION_TYPE"]  # the custom action whose `redirect` leads to /documents
SECRETS = os.environ["BACKEND_SECRET"].split()  # of BackendSecretArn; two while one replaces the other

LEEWAY = 5  # seconds that our clock may be wrong
LARGEST_BODY = 256 * 1024

# Keeps the keys for 5 minutes, and asks for them again when it sees a new key id, but not for each.
keys = jwt.PyJWKClient(f"{SCREENS_URL}/.well-known/jwks.json", lifespan=300, timeout=5, cooldown_duration=10)
webhooks = [Webhook(secret) for secret in SECRETS]

# Kept in memory, and lost with the process: the assertions of the last minute, and every answer for ever. A real server
# keeps both in its database under a unique key, which also serves several processes, and deletes answers after a month.
lock = threading.Lock()
seen = {}  # jti -> exp
answers = {}  # webhook-id -> answer


def trader(assertion):
    """The claims of an assertion that is good, for this page, and comes for the first time. jwt.PyJWTError if it is not."""
    key = keys.get_signing_key_from_jwt(assertion)
    decoded = jwt.decode_complete(
        assertion,
        key,
        algorithms=["ES256"],  # and no other, whatever the assertion itself says
        issuer=SCREENS_URL,
        audience=OWN_ORIGIN,
        leeway=LEEWAY,
        options={"require": ["iss", "aud", "exp", "iat", "sub", "jti"]},
    )
    claims = decoded["payload"]
    made_for = (decoded["header"].get("typ"), claims.get("use"), claims.get("action"))
    if made_for != ("inapp+jwt", "page", "action") or claims.get("launch", {}).get("actionType") != ACTION_TYPE:
        raise jwt.InvalidTokenError("for another page")
    now = time.time()
    with lock:
        for jti in [jti for jti, exp in seen.items() if exp + LEEWAY < now]:
            del seen[jti]
        if claims["jti"] in seen:
            raise jwt.InvalidTokenError("it has been used")
        seen[claims["jti"]] = claims["exp"]
    return claims


def submission(body, headers):
    """The submission, if it is signed with one of our secrets and not too old. WebhookVerificationError if it is not."""
    for webhook in webhooks:
        try:
            return webhook.verify(body, headers)
        except (WebhookVerificationError, ValueError):
            continue
    raise WebhookVerificationError("not signed with our secret")


def credit_bonus(data):
    """What there is to do. Answers what the trader is to be told, in their language (data["launch"].get("lang"))."""
    if data["fields"]["code"] == "WELCOME":
        return {"result": "success", "message": "We have credited 50.00 EUR to your account."}
    return {"result": "failure", "message": "We do not know this code, or it has been used."}


class Handler(BaseHTTPRequestHandler):
    timeout = 10  # seconds without a byte, after which the connection is closed

    def do_GET(self):
        url = urlsplit(self.path)
        if url.path != "/documents":
            return self.send_error(404)
        try:
            claims = trader(parse_qs(url.query).get("assertion", [""])[0])
        except jwt.PyJWTError:
            return self.page(403, "This link does not work. Close this screen and open it again from cTrader.")
        identity = claims["identity"]
        self.page(200, f"Welcome {identity.get('email', identity['userId'])}")

    def do_POST(self):
        if self.path != "/inapp/bonus":
            return self.send_error(404)
        # Anybody can send a request, so nothing is read before its length is known to be small.
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            return self.send_error(411)
        if len(length) > 9 or int(length) > LARGEST_BODY:
            return self.send_error(413)
        body = self.rfile.read(int(length))
        try:
            event = submission(body, dict(self.headers))
        except WebhookVerificationError:
            return self.send_error(401)
        with lock:  # a repeat, also one that comes at the same time, is answered with the same
            id = self.headers["webhook-id"]
            answer = answers.get(id) or credit_bonus(event["data"])
            answers[id] = answer
        self.answer(200, "application/json", json.dumps(answer))

    def page(self, status, text):
        done = f'<a href="{html.escape(SCREENS_URL)}/callback/success">Done</a>'
        self.answer(status, "text/html; charset=utf-8", f"<!doctype html><h1>{html.escape(text)}</h1>{done}")

    def answer(self, status, content_type, text):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")  # the assertion is in the URL
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        """The assertion is in the URL: keep it out of the log."""


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Handler).serve_forever()
