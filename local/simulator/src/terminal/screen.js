// The broker's screen: opened in a frame with a one-time token, closed when it visits the success URL.

/** What a page sees, and in pixels the body of the device around it. */
const DEVICES = {
  desktop: { width: 640, height: 720, top: 1, side: 1, bottom: 1 },
  phone: { width: 360, height: 640, top: 32, side: 8, bottom: 10 },
  "phone-large": { width: 390, height: 844, top: 32, side: 8, bottom: 10 },
  tablet: { width: 768, height: 1024, top: 32, side: 16, bottom: 18 },
};

const byId = (id) => document.getElementById(id);
/** As in terminal.css: here the screen covers the whole window, and what is under it is out of reach. */
const narrow = matchMedia("(max-width: 860px)");

export class Screen {
  /**
   * `screensUrl`: where the broker's screens are; `screensCommand`: what starts them; `report(event)`: puts an event on
   * the timeline.
   */
  constructor({ screensUrl, screensCommand }, report) {
    this.screensUrl = screensUrl.replace(/\/$/, "");
    this.screensCommand = screensCommand;
    this.report = report;
    this.build = "done";
    byId("host-close").addEventListener("click", () => this.closedByHost());
    byId("host-reload").addEventListener("click", () => this.reload());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.closedByHost();
    });
    window.addEventListener("message", (event) => this.onMessage(event));
    narrow.addEventListener("change", () => this.coverUp());
    new ResizeObserver(() => this.fit()).observe(byId("space"));
  }

  get isOpen() {
    return !byId("stage").hidden;
  }

  /** Opens the device, still empty. */
  show({ title, device, opener }) {
    this.discard();
    this.opener = opener;
    this.url = null;
    byId("stage-title").textContent = title;
    byId("stage-url").textContent = "";
    byId("device-clock").textContent = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    byId("toast").hidden = true;
    byId("stage").hidden = false;
    this.coverUp();
    this.setDevice(device);
    this.sayWaiting();
    byId("stage").focus();
  }

  /** Whether the functions are there; waits until they are, or until the device is closed. */
  async functionsRun() {
    const opened = (this.waitingFor = Symbol("this opening"));
    const stillOpen = () => this.isOpen && this.waitingFor === opened;
    while (stillOpen()) {
      if (await this.reachable()) {
        this.missing = false;
        this.sayWaiting();
        return stillOpen();
      }
      this.missing = true;
      this.sayWaiting();
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    return false;
  }

  async reachable() {
    try {
      return (await (await fetch("/sim/screens")).json()).reachable;
    } catch {
      return false;
    }
  }

  /** Loads `/inapp/{action}` with these parameters; those that are null are left out. */
  open(action, parameters) {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== null && value !== undefined && value !== "") query.set(name, value);
    }
    this.action = action;
    this.url = `${this.screensUrl}/inapp/${action}?${query}`;
    const shown = new URLSearchParams(query);
    shown.delete("token");
    this.shownUrl = `/inapp/${action}?token=${abbreviate(parameters.token)}${shown.size ? `&${shown}` : ""}`;
    byId("stage-url").textContent = this.shownUrl;
    return this.load(false);
  }

  /** What a reload of the embedded browser does. */
  async reload() {
    if (!this.url) return;
    this.discard();
    if (await this.functionsRun()) await this.load(true);
  }

  /** Loads the URL, with its token, from the start. */
  async load(again) {
    this.discard();
    const iframe = document.createElement("iframe");
    iframe.id = "screen";
    iframe.title = byId("stage-title").textContent;
    iframe.addEventListener("load", () => (byId("waiting").hidden = true));
    this.iframe = iframe;
    this.sayWaiting();
    // Told first: the redemption that follows may be faster than the report.
    await this.report({ kind: "opened", url: this.shownUrl, again });
    if (this.iframe !== iframe) return;
    iframe.src = this.url;
    byId("frame").append(iframe);
  }

  setDevice(device) {
    this.device = device in DEVICES ? device : "desktop";
    byId("frame").dataset.device = this.device;
    this.fit();
  }

  /** `state` of the last build: `running`, `failed` or `done`. */
  setBuild(state) {
    this.build = state;
    if (this.isOpen && !byId("waiting").hidden) this.sayWaiting();
  }

  /** A device too large for the window is shown smaller; its page still sees its real size. */
  fit() {
    if (!this.device || !this.isOpen) return;
    const { top, side, bottom, ...page } = DEVICES[this.device];
    const space = byId("space");
    if (this.device === "desktop") {
      // A dialog is no larger than its window.
      page.width = Math.min(page.width, space.clientWidth - 2 * side);
      page.height = Math.min(page.height, space.clientHeight - top - bottom);
    }
    const width = page.width + 2 * side;
    const height = page.height + top + bottom;
    const scale = Math.min(1, space.clientWidth / width, space.clientHeight / height);
    size(byId("device-box"), width * scale, height * scale);
    size(byId("frame"), width, height);
    byId("frame").style.padding = `${top}px ${side}px ${bottom}px`;
    byId("frame").style.transform = scale < 1 ? `scale(${scale})` : "";
    const measure = `${page.width} × ${page.height}`;
    byId("scaled").textContent = scale < 1 ? `${measure}, shown at ${Math.round(scale * 100)} %` : measure;
  }

  /** The callback page, on the screens' origin and in our frame, tells that it was visited. */
  onMessage(event) {
    const ours = this.iframe && event.source === this.iframe.contentWindow;
    if (!ours || event.origin !== new URL(this.screensUrl).origin) return;
    if (event.data?.type !== "inapp:callback") return;
    const eventName = typeof event.data.eventName === "string" ? event.data.eventName : undefined;
    if (event.data.result === "success") {
      this.report({ kind: "closed", action: this.action, by: "success", eventName });
      this.close();
      toast("Closed: the screen visited the success URL");
    } else if (event.data.result === "failure") {
      this.report({ kind: "failed", action: this.action, eventName });
    }
  }

  closedByHost() {
    if (!this.isOpen) return;
    if (this.url) this.report({ kind: "closed", action: this.action, by: "host" });
    this.close();
  }

  close() {
    this.discard();
    byId("stage").hidden = true;
    this.coverUp();
    this.opener?.focus();
  }

  discard() {
    this.iframe?.remove();
    this.iframe = null;
  }

  /** What the device covers cannot be reached, by keyboard either. */
  coverUp() {
    byId("desk").inert = this.isOpen;
    byId("top").inert = byId("panel").inert = this.isOpen && narrow.matches;
  }

  /** What stands in the device until the screen is there. */
  sayWaiting() {
    byId("waiting").hidden = false;
    const [title, text, command] = this.missing
      ? [
          "Your functions are not running",
          `Nothing listens at ${this.screensUrl}. The screen opens as soon as something does. Start them with`,
          this.screensCommand,
        ]
      : {
          running: ["Building your change", "The screen opens as soon as it is built."],
          failed: [
            "The build failed",
            "The compiler's message is on the timeline. The screen opens once the mistake is mended and saved.",
          ],
          done: ["", "Opening…"],
        }[this.build];
    byId("waiting-title").textContent = title;
    byId("waiting-text").textContent = text;
    byId("waiting-command").textContent = command ?? "";
  }
}

/** As the simulator does: enough of a token to tell it from others. */
export function abbreviate(token) {
  return `${token.slice(0, 6)}…`;
}

function size(node, width, height) {
  node.style.width = `${width}px`;
  node.style.height = `${height}px`;
}

function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  node.className = "toast good";
  node.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (node.hidden = true), 4000);
}
