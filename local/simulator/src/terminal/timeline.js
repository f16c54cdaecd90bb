// The timeline: every event of the simulator as it comes, in the sentence that the simulator wrote.

const CALLS = {
  data: "GET /ctid2/inAppOneTimeToken/data",
  redeem: "POST /ctid2/inAppToken/redeem",
};

const ACTORS = {
  minted: "cTrader",
  opened: "cTrader → your screen",
  redeemed: "your function → cTrader",
  refused: "your function → cTrader",
  lost: "your function → cTrader",
  called: "your function → cTrader",
  answered: "your function → your screen",
  recorded: "your function → your table",
  closed: "your screen → cTrader",
  failed: "your screen → cTrader",
  build: "cargo",
  fault: "you",
  manager_token_changed: "you",
};

const byId = (id) => document.getElementById(id);

export class Timeline {
  /** `onEvent(entry)`: told each entry, once. */
  constructor(onEvent) {
    this.onEvent = onEvent;
    this.list = byId("timeline");
    this.scroll = byId("scroll");
    byId("clear").addEventListener("click", () => this.clear());
    this.listen();
  }

  listen() {
    const source = new EventSource("/sim/events");
    source.addEventListener("run", (event) => {
      // Another run of the simulator: its story starts anew.
      if (this.run && this.run !== event.data) this.clear();
      this.run = event.data;
    });
    source.addEventListener("message", (event) => this.add(JSON.parse(event.data)));
    source.addEventListener("open", () => (byId("offline").hidden = true));
    source.addEventListener("error", () => (byId("offline").hidden = false));
  }

  clear() {
    this.list.replaceChildren();
    this.started = undefined;
    byId("lesson").hidden = false;
  }

  add(entry) {
    const { scroll } = this;
    const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;
    // The lesson leaves when the first handoff shows the same for real.
    if (entry.kind === "minted") byId("lesson").hidden = true;
    this.list.append(this.item(entry));
    if (atEnd) scroll.scrollTop = scroll.scrollHeight;
    this.onEvent(entry);
  }

  item(entry) {
    const item = node("li");
    item.dataset.kind = entry.kind;
    if (entry.state) item.dataset.state = entry.state;
    if (entry.kind === "minted") {
      this.started = entry.at;
      item.className = "first";
    }
    const head = node("div", "head");
    const actors = entry.kind === "closed" && entry.by === "host" ? "trader → cTrader" : ACTORS[entry.kind];
    head.append(node("span", "", actors), this.time(entry));
    item.append(head, sentence(entry.sentence));
    const facts = factsOf(entry);
    if (facts.length) {
      const line = node("div", "facts");
      line.append(...facts);
      item.append(line);
    }
    if (entry.message) item.append(node("pre", "", entry.message));
    if (entry.kind === "closed") this.started = undefined;
    return item;
  }

  /** The clock, and within a handoff the time since its token was made. */
  time(entry) {
    const at = new Date(entry.at);
    const clock = at.toLocaleTimeString("en-GB") + "." + String(at.getMilliseconds()).padStart(3, "0");
    const since = this.started === undefined ? 0 : entry.at - this.started;
    const inHandoff = this.started !== undefined && entry.kind !== "minted" && since < 600_000;
    const time = node("time", "", inHandoff ? `+${duration(since)}` : clock);
    time.dateTime = at.toISOString();
    time.title = clock;
    return time;
  }
}

function factsOf(entry) {
  const { kind } = entry;
  const facts = [];
  const call = (text) => {
    const code = node("code");
    // A query breaks where its parameters do.
    text.split(/(?=&)/).forEach((part, index) => code.append(...(index ? [node("wbr"), part] : [part])));
    facts.push(code);
  };
  const status = (code) => {
    const className = code >= 400 ? "down" : "up";
    facts.push(node("span", `status ${className}`, String(code)));
  };
  if (kind === "opened") call(entry.url);
  if (entry.revision) call(CALLS[entry.revision]);
  if (kind === "called") call(`${entry.method} ${entry.path}`);
  if (kind === "answered") call(`${entry.method} /inapp/${entry.action}`);
  if (kind === "closed" && entry.by === "success") {
    call(`/callback/success${entry.eventName ? `?eventName=${entry.eventName}` : ""}`);
  }
  if (kind === "failed") call(`/callback/failure${entry.eventName ? `?eventName=${entry.eventName}` : ""}`);
  if (entry.status) status(entry.status);
  if (entry.code && entry.code !== "OK") facts.push(node("code", "", entry.code));
  if (entry.ms !== undefined) facts.push(node("span", "num", duration(entry.ms)));
  return facts;
}

/** The sentence, with its tokens set apart. */
function sentence(text) {
  const line = node("div", "sentence");
  for (const part of text.split(/(\S{1,6}…)/)) {
    line.append(part.endsWith("…") ? node("code", "", part) : part);
  }
  return line;
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
