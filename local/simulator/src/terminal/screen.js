// The broker's screen: opens in a frame with a one-time token, closes when it visits the success URL.

/** The size of the page, and of the device's border around it, in pixels. */
const DEVICES = {
  desktop: { width: 640, height: 720, top: 1, side: 1, bottom: 1 },
  phone: { width: 360, height: 640, top: 32, side: 8, bottom: 10 },
  "phone-large": { width: 390, height: 844, top: 32, side: 8, bottom: 10 },
  tablet: { width: 768, height: 1024, top: 32, side: 16, bottom: 18 },
};

const byId = (id) => document.getElementById(id);
/** The breakpoint of terminal.css below which the screen covers the whole window. */
const narrow = matchMedia("(max-width: 860px)");

export class Screen {
  /**
   * `screensUrl` is the origin of the broker's screens, `screensCommand` the command that starts them. `report(event)` adds
   * an event to the timeline.
   */
  constructor({ screensUrl, screensCommand }, report) {
    this.screensUrl = screensUrl.replace(/\/$/, "");
    this.screensCommand = screensCommand;
    this.report = report;
    this.build = "done";
    byId("host-close").addEventListener("click", () => this.closeByHost());
    byId("host-reload").addEventListener("click", () => this.reload());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.closeByHost();
    });
    window.addEventListener("message", (event) => this.onMessage(event));
    narrow.addEventListener("change", () => this.disableCovered());
    new ResizeObserver(() => this.fit()).observe(byId("space"));
  }

  get isOpen() {
    return !byId("screen-dialog").hidden;
  }

  /** Opens the device without a page. */
  show({ title, device, opener }) {
    this.discard();
    this.opener = opener;
    this.url = null;
    byId("dialog-title").textContent = title;
    byId("dialog-url").textContent = "";
    byId("device-clock").textContent = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    byId("toast").hidden = true;
    byId("screen-dialog").hidden = false;
    this.disableCovered();
    this.setDevice(device);
    this.showWaiting();
    byId("screen-dialog").focus();
  }

  /** Waits until the functions run. False if the device was closed before. */
  async waitForFunctions() {
    const opened = (this.waitingFor = Symbol("this opening"));
    const stillOpen = () => this.isOpen && this.waitingFor === opened;
    while (stillOpen()) {
      if (await this.reachable()) {
        this.functionsMissing = false;
        this.showWaiting();
        return stillOpen();
      }
      this.functionsMissing = true;
      this.showWaiting();
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

  /** Loads `/inapp/{action}` with these parameters, without the empty ones. */
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
    byId("dialog-url").textContent = this.shownUrl;
    return this.load(false);
  }

  /** Reloads, as the embedded browser does. */
  async reload() {
    if (!this.url) return;
    this.discard();
    if (await this.waitForFunctions()) await this.load(true);
  }

  /** Loads the URL with its token into a new frame. */
  async load(again) {
    this.discard();
    const iframe = document.createElement("iframe");
    iframe.id = "screen";
    iframe.title = byId("dialog-title").textContent;
    iframe.addEventListener("load", () => (byId("waiting").hidden = true));
    this.iframe = iframe;
    this.showWaiting();
    // Reported first: the redemption that follows may otherwise overtake the report.
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
    if (this.isOpen && !byId("waiting").hidden) this.showWaiting();
  }

  /** Shows a device that is too large for the window smaller. Its page keeps its real size. */
  fit() {
    if (!this.device || !this.isOpen) return;
    const { top, side, bottom, ...page } = DEVICES[this.device];
    const space = byId("space");
    if (this.device === "desktop") {
      // A dialog fits into its window.
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
    const dimensions = `${page.width} × ${page.height}`;
    byId("scaled").textContent = scale < 1 ? `${dimensions}, shown at ${Math.round(scale * 100)} %` : dimensions;
  }

  /** Handles the message of the callback page, which must come from our frame and the screens' origin. */
  onMessage(event) {
    const isOurs = this.iframe && event.source === this.iframe.contentWindow;
    if (!isOurs || event.origin !== new URL(this.screensUrl).origin) return;
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

  closeByHost() {
    if (!this.isOpen) return;
    if (this.url) this.report({ kind: "closed", action: this.action, by: "host" });
    this.close();
  }

  close() {
    this.discard();
    byId("screen-dialog").hidden = true;
    this.disableCovered();
    this.opener?.focus();
  }

  discard() {
    this.iframe?.remove();
    this.iframe = null;
  }

  /** Disables the parts of the page that the device covers, also for the keyboard. */
  disableCovered() {
    byId("account-panel").inert = this.isOpen;
    byId("top").inert = byId("panel").inert = this.isOpen && narrow.matches;
  }

  /** Shows in the device why there is no screen yet. */
  showWaiting() {
    byId("waiting").hidden = false;
    const [title, text, command] = this.functionsMissing
      ? [
          "Your functions are not running",
          `Nothing listens at ${this.screensUrl}. The screen opens as soon as something does. Start them with`,
          this.screensCommand,
        ]
      : {
          running: ["Building your change", "The screen opens as soon as the build is done."],
          failed: [
            "The build failed",
            "The compiler's message is on the timeline. The screen opens once you have fixed and saved the code.",
          ],
          done: ["", "Opening…"],
        }[this.build];
    byId("waiting-title").textContent = title;
    byId("waiting-text").textContent = text;
    byId("waiting-command").textContent = command ?? "";
  }
}

/** Abbreviates a token, as the simulator does. */
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
