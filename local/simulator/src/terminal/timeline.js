// The timeline: every event of the simulator, with the simulator's sentence. The events of one one-time token form a
// handoff, whose heading counts the events that must happen once.

const CALLS = {
  data: "GET /ctid2/inAppOneTimeToken/data",
  redeem: "POST /ctid2/inAppToken/redeem",
};

/** From whom, and to whom, by kind of event. */
const ACTORS = {
  minted: ["cTrader"],
  opened: ["cTrader", "screen"],
  redeemed: ["your function", "cTrader"],
  refused: ["your function", "cTrader"],
  lost: ["your function", "cTrader"],
  called: ["your function", "cTrader"],
  balance_changed: ["cTrader"],
  answered: ["your function", "screen"],
  recorded: ["your function", "table"],
  deposit: ["your function", "table"],
  published: ["your function", "EventBridge"],
  crm_webhook_called: ["your function", "your CRM"],
  closed: ["screen", "cTrader"],
  failed: ["screen", "cTrader"],
  build: ["cargo"],
  fault: ["you"],
  manager_token_changed: ["you"],
};
/** The sign of a balance change. A bonus does not change the balance. */
const CHANGES = { DEPOSIT: "+", WITHDRAW: "−" };
/** The function that payment providers call. */
const PAYMENT_EVENTS = "payment-events";
/** The paths of functions that are no screens. */
const PATHS = { "screen-end": "/callback", keys: "/.well-known/jwks.json", [PAYMENT_EVENTS]: "/payments/{method}/events" };
/** Kinds of events that belong to no handoff. */
const OUTSIDE_HANDOFF = ["build", "fault", "manager_token_changed"];
/** The counters in a handoff's heading: kind of event, and label. */
const COUNTED = [
  ["opened", "loaded"],
  ["redeemed", "redeemed"],
  ["recorded", "recorded"],
];
/** A limit, because the page may be open all day. */
const MAX_ITEMS = 300;

const byId = (id) => document.getElementById(id);

export class Timeline {
  /** Calls `onEvent(entry)` for each entry, and `onRestart()` when the simulator was restarted. */
  constructor(onEvent, onRestart) {
    this.onEvent = onEvent;
    this.onRestart = onRestart;
    this.pending = [];
    this.list = byId("timeline");
    this.scroll = byId("scroll");
    byId("clear").addEventListener("click", () => this.clear());
    this.listen();
  }

  listen() {
    const source = new EventSource("/sim/events");
    source.addEventListener("run", (event) => {
      // The simulator was restarted.
      if (this.run && this.run !== event.data) {
        this.clear();
        this.onRestart();
      }
      this.run = event.data;
    });
    source.addEventListener("message", (event) => this.add(JSON.parse(event.data)));
    source.addEventListener("open", () => (byId("offline").hidden = true));
    source.addEventListener("error", () => (byId("offline").hidden = false));
  }

  clear() {
    this.pending.length = 0;
    this.list.replaceChildren();
    this.handoff = undefined;
    byId("lesson").hidden = false;
  }

  add(entry) {
    this.onEvent(entry);
    this.pending.push(entry);
    // Shows all entries of an animation frame at once, because a page that opens late gets many.
    if (this.pending.length === 1) requestAnimationFrame(() => this.show());
  }

  show() {
    const { scroll, list } = this;
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
    const items = document.createDocumentFragment();
    for (const entry of this.pending.splice(0)) {
      const token = tokenOf(entry);
      const opensAnother = entry.kind === "opened" && !entry.again && token !== this.handoff?.token;
      if (entry.kind === "minted" || opensAnother) items.append(this.begin(entry, token));
      items.append(item(entry, this.handoff));
      this.handoff?.count(entry, token);
    }
    list.append(items);
    while (list.childElementCount > MAX_ITEMS) list.firstElementChild.remove();
    if (atEnd) scroll.scrollTop = scroll.scrollHeight;
  }

  begin(entry, token) {
    // The first real handoff replaces the lesson.
    byId("lesson").hidden = true;
    this.handoff = new Handoff(token, entry.at);
    return this.handoff.heading;
  }
}

/** The events of one one-time token, under a heading with counters. */
class Handoff {
  constructor(token, at) {
    this.token = token;
    this.at = at;
    this.heading = node("li", "handoff");
    this.name = node("strong", "", "One-time token");
    this.heading.append(this.name);
    const counts = node("span", "counts");
    this.counters = new Map(
      COUNTED.map(([kind, word]) => {
        const label = node("span", "count");
        counts.append(label);
        return [kind, { label, word, times: 0 }];
      }),
    );
    this.heading.append(counts);
    this.show();
  }

  count(entry, token) {
    if (token && token !== this.token) return;
    if (entry.kind === "opened") this.name.textContent = titleOf(entry.url);
    // A lost answer: the redemption itself took effect.
    const counter = this.counters.get(entry.kind === "lost" && entry.token && entry.consumed ? "redeemed" : entry.kind);
    // A repeated request is not recorded again, so it is not counted.
    if (!counter || (entry.kind === "recorded" && entry.again)) return;
    counter.times += 1;
    this.show();
  }

  show() {
    for (const { label, word, times } of this.counters.values()) {
      label.textContent = `${word} ${times}×`;
      label.classList.toggle("none", times === 0);
    }
  }
}

function item(entry, handoff) {
  const creditedTwice = entry.kind === "balance_changed" && entry.again;
  const isBad = ["refused", "lost", "failed"].includes(entry.kind) || entry.state === "failed" || entry.status >= 400 || creditedTwice ||
    (entry.kind === "deposit" && ["review", "unknown"].includes(entry.status));
  const line = node("li", isBad ? "bad" : "");
  line.dataset.kind = entry.kind;
  const head = node("div", "head");
  const tag = tagOf(entry);
  head.append(actors(entry), ...(tag ? [node("span", "tag", tag)] : []), time(entry, handoff));
  line.append(head, sentence(entry.sentence));
  const facts = factsOf(entry);
  if (facts.length) {
    const row = node("div", "facts");
    row.append(...facts);
    line.append(row);
  }
  if (entry.message) line.append(Object.assign(node("pre", "", entry.message), { tabIndex: 0 }));
  return line;
}

function actors(entry) {
  const byHost = entry.kind === "closed" && entry.by === "host";
  const byProvider = entry.kind === "answered" && entry.action === PAYMENT_EVENTS;
  const others = byHost ? ["the trader", "cTrader"] : byProvider ? ["your function", "provider"] : null;
  const [from, to] = others ?? ACTORS[entry.kind];
  const line = node("span", "actors");
  line.append(actor(from), ...(to ? [" → ", actor(to)] : []));
  return line;
}

function actor(name) {
  const colored = { cTrader: "ctrader", "your function": "function" }[name] ?? "";
  return node("span", colored, name);
}

/** In a handoff the time since its token was made; else the time of day. */
function time(entry, handoff) {
  const at = new Date(entry.at);
  const clock = at.toLocaleTimeString("en-GB") + "." + String(at.getMilliseconds()).padStart(3, "0");
  const since = entry.at - (handoff?.at ?? entry.at);
  const inHandoff = handoff && since < 600_000 && entry.kind !== "minted" && !OUTSIDE_HANDOFF.includes(entry.kind);
  const stamp = node("time", "", inHandoff ? `+${duration(since)}` : clock);
  stamp.dateTime = at.toISOString();
  stamp.title = clock;
  return stamp;
}

function factsOf(entry) {
  const { kind } = entry;
  const facts = [];
  const call = (text) => {
    const code = node("code");
    // Allows line breaks between query parameters.
    text.split(/(?=&)/).forEach((part, index) => code.append(...(index ? [node("wbr"), part] : [part])));
    facts.push(code);
  };
  if (kind === "opened") call(entry.url);
  if (entry.revision) call(CALLS[entry.revision]);
  if (kind === "called") call(`${entry.method} ${entry.path}`);
  if (kind === "lost" && entry.call) call(entry.call);
  if (kind === "balance_changed" && entry.externalId) call(`externalId ${entry.externalId}`);
  if (kind === "answered") call(`${entry.method} ${PATHS[entry.action] ?? `/inapp/${entry.action}`}`);
  if (kind === "closed" && entry.by === "success") {
    call(`/callback/success${entry.eventName ? `?eventName=${entry.eventName}` : ""}`);
  }
  if (kind === "failed") call(`/callback/failure${entry.eventName ? `?eventName=${entry.eventName}` : ""}`);
  if (entry.status && kind !== "deposit") facts.push(node("span", `status ${entry.status >= 400 ? "down" : "up"}`, String(entry.status)));
  if (entry.code && entry.code !== "OK") facts.push(node("code", "", entry.code));
  if (entry.ms !== undefined) facts.push(node("span", "num", duration(entry.ms)));
  return facts;
}

/** The most important property of an event, in two or three words. */
function tagOf(entry) {
  const { kind, again, consumed, call, method, status, action, calledCtrader, change, amount, currency } = entry;
  if (kind === "redeemed") return "used up";
  if (kind === "opened" && again) return "reload";
  if (kind === "recorded" && again) return "not again";
  if (kind === "lost" && call) return call.startsWith("GET ") ? null : consumed ? "applied" : "not applied";
  if (kind === "lost") return consumed ? "used up" : "not used";
  if (kind === "deposit") return entry.status;
  if (kind === "balance_changed") return `${CHANGES[change] ?? ""}${amount} ${currency}`;
  const fromSession = kind === "answered" && method === "GET" && status < 400 && !(action in PATHS) && !calledCtrader;
  return fromSession ? "no redemption" : null;
}

/** The abbreviated token of an event. */
function tokenOf(entry) {
  return entry.token ?? entry.url?.match(/token=([^&]*)/)?.[1];
}

/** The sentence, with its tokens marked up. */
function sentence(text) {
  const line = node("div", "sentence");
  for (const part of text.split(/(\S{1,6}…)/)) {
    line.append(part.endsWith("…") ? node("code", "", part) : part);
  }
  return line;
}

/** The title of the screen with this URL. */
function titleOf(url) {
  const { pathname, searchParams } = new URL(url, location.origin);
  const words = (searchParams.get("actionType") ?? pathname.split("/").pop()).replace(/[-_]+/g, " ");
  return { kyc: "Verify identity", chat: "Support" }[words] ?? words[0].toUpperCase() + words.slice(1);
}

function duration(ms) {
  if (ms < 1) return "< 1 ms";
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

function node(name, className = "", text = "") {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}
