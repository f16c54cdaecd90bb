// A broker's own server: takes in traders and requests from the in-app screens, with libraries off the shelf.
//
//     GET  /documents?assertion=...   a section `redirect`: a trader, with a signed assertion of who they are
//     POST /inapp/bonus               a section `backend`: a request of a trader's, signed after Standard Webhooks
//
// Node 20 or newer. `npm ci --ignore-scripts`, set the variables below, `node receiver.mjs`.

import { createServer } from "node:http";
import { createRemoteJWKSet, errors, jwtVerify } from "jose";
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const SCREENS_URL = required("SCREENS_URL"); // where the screens are: the output ScreensUrl
const OWN_ORIGIN = required("OWN_ORIGIN"); // https://host[:port] of this server, as in broker.toml
const ACTION_TYPE = required("ACTION_TYPE"); // the custom action whose `redirect` leads to /documents
const SECRETS = required("BACKEND_SECRET").split(" "); // of BackendSecretArn; two while one replaces the other

const LEEWAY = 5; // seconds that our clock may be wrong
const LARGEST_BODY = 256 * 1024;

// Keeps the keys for 5 minutes, and asks for them again when it sees a new key id, but not for each.
const keys = createRemoteJWKSet(new URL(`${SCREENS_URL}/.well-known/jwks.json`), {
  cacheMaxAge: 300_000,
  cooldownDuration: 10_000,
});
const webhooks = SECRETS.map((secret) => new Webhook(secret));

// Kept in memory, and lost with the process: the assertions of the last minute, and every answer for ever. A real server
// keeps both in its database under a unique key, which also serves several processes, and deletes answers after a month.
const seen = new Map(); // jti -> exp
const answers = new Map(); // webhook-id -> answer

/** The claims of an assertion that is good, for this page, and comes for the first time. Throws a JOSEError if it is not. */
async function trader(assertion) {
  const { payload: claims } = await jwtVerify(assertion, keys, {
    algorithms: ["ES256"], // and no other, whatever the assertion itself says
    issuer: SCREENS_URL,
    audience: OWN_ORIGIN,
    clockTolerance: LEEWAY,
    requiredClaims: ["exp", "iat", "sub", "jti"],
    typ: "inapp+jwt",
  });
  const forThisPage = claims.use === "page" && claims.action === "action" && claims.launch?.actionType === ACTION_TYPE;
  if (!forThisPage) throw new errors.JWTInvalid("for another page");
  const now = Date.now() / 1000;
  for (const [jti, exp] of seen) if (exp + LEEWAY < now) seen.delete(jti);
  if (seen.has(claims.jti)) throw new errors.JWTInvalid("it has been used");
  seen.set(claims.jti, claims.exp);
  return claims;
}

/** The submission, if it is signed with one of our secrets and not too old. Throws a WebhookVerificationError if it is not. */
function submission(body, headers) {
  for (const webhook of webhooks) {
    try {
      return webhook.verify(body, headers);
    } catch (error) {
      if (!(error instanceof WebhookVerificationError)) throw error;
    }
  }
  throw new WebhookVerificationError("not signed with our secret");
}

/** What there is to do. Answers what the trader is to be told, in their language (data.launch.lang). */
async function creditBonus(data) {
  if (data.fields.code === "WELCOME") {
    return { result: "success", message: "We have credited 50.00 EUR to your account." };
  }
  return { result: "failure", message: "We do not know this code, or it has been used." };
}

async function documents(url, response) {
  try {
    const { identity } = await trader(url.searchParams.get("assertion") ?? "");
    page(response, 200, `Welcome ${identity.email ?? identity.userId}`);
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error;
    page(response, 403, "This link does not work. Close this screen and open it again from cTrader.");
  }
}

async function bonus(request, response) {
  // Anybody can send a request, so nothing is read before its length is known to be small.
  const announced = request.headers["content-length"];
  if (announced === undefined) return refuse(response, 411);
  if (Number(announced) > LARGEST_BODY) return refuse(response, 413);
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > LARGEST_BODY) return refuse(response, 413);
    chunks.push(chunk);
  }
  let event;
  try {
    event = submission(Buffer.concat(chunks), request.headers);
  } catch (error) {
    if (!(error instanceof WebhookVerificationError)) throw error;
    return send(response, 401, "text/plain", "");
  }
  // A repeat, also one that comes while the first is at work, is answered with the same.
  const id = request.headers["webhook-id"];
  if (!answers.has(id)) answers.set(id, creditBonus(event.data));
  send(response, 200, "application/json", JSON.stringify(await answers.get(id)));
}

/** Refuses a request whose body was not read. */
function refuse(response, status) {
  response.setHeader("Connection", "close");
  send(response, status, "text/plain", "");
}

function page(response, status, text) {
  const done = `<a href="${escape(SCREENS_URL)}/callback/success">Done</a>`;
  send(response, status, "text/html; charset=utf-8", `<!doctype html><h1>${escape(text)}</h1>${done}`);
}

function send(response, status, type, text) {
  response.writeHead(status, {
    "Content-Type": type,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer", // the assertion is in the URL
  });
  response.end(text);
}

function escape(text) {
  return String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

createServer((request, response) => {
  const url = new URL(request.url, OWN_ORIGIN);
  const route = `${request.method} ${url.pathname}`;
  const handled =
    route === "GET /documents" ? documents(url, response)
    : route === "POST /inapp/bonus" ? bonus(request, response)
    : Promise.resolve(send(response, 404, "text/plain", ""));
  handled.catch((error) => {
    console.error(error.message); // and not the URL: the assertion is in it
    send(response, 500, "text/plain", "");
  });
}).listen(Number(process.env.PORT ?? 8080), "127.0.0.1");
