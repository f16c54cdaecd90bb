// The broker's screen: opened in a frame with a one-time token, closed when it visits the success URL.

const SIZES = {
  desktop: { width: 640, height: 720, bezel: 1 },
  phone: { width: 360, height: 640, bezel: 10 },
  "phone-large": { width: 390, height: 844, bezel: 10 },
  tablet: { width: 768, height: 1024, bezel: 10 },
};

const byId = (id) => document.getElementById(id);

export class Screen {
  /** `screensUrl`: where the broker's screens are; `report(event)`: puts an event on the timeline. */
  constructor(screensUrl, report) {
    this.screensUrl = screensUrl.replace(/\/$/, "");
    this.report = report;
    this.building = false;
    byId("host-close").addEventListener("click", () => this.closedByHost());
    byId("host-reload").addEventListener("click", () => this.load(true));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.iframe) this.closedByHost();
    });
    window.addEventListener("message", (event) => this.onMessage(event));
    new ResizeObserver(() => this.fit()).observe(byId("space"));
  }

  /** Opens `/inapp/{action}` with these parameters; those that are null are left out. */
  open({ action, title, parameters, device, opener }) {
    this.discard();
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(parameters)) {
      if (value !== null && value !== undefined && value !== "") query.set(name, value);
    }
    this.action = action;
    this.opener = opener;
    this.url = `${this.screensUrl}/inapp/${action}?${query}`;
    const shown = new URLSearchParams(query);
    shown.delete("token");
    this.shownUrl = `/inapp/${action}?token=${abbreviate(parameters.token)}${shown.size ? `&${shown}` : ""}`;

    byId("stage-title").textContent = title;
    byId("stage-url").textContent = this.shownUrl;
    byId("toast").hidden = true;
    byId("stage").hidden = false;
    byId("desk").inert = true;
    this.setDevice(device);
    this.load();
  }

  /** Loads the URL, with its token, from the start: what a reload of the embedded browser does. */
  async load(again = false) {
    this.iframe?.remove();
    const iframe = document.createElement("iframe");
    iframe.id = "screen";
    iframe.title = byId("stage-title").textContent;
    iframe.addEventListener("load", () => (byId("waiting").textContent = ""));
    this.iframe = iframe;
    this.sayWaiting();
    // Told first: the redemption that follows may be faster than the report.
    await this.report({ kind: "opened", url: this.shownUrl, again });
    if (this.iframe !== iframe) return;
    iframe.src = this.url;
    byId("frame").append(iframe);
    iframe.focus();
  }

  setDevice(device) {
    this.size = SIZES[device] ?? SIZES.desktop;
    byId("frame").dataset.device = device in SIZES ? device : "desktop";
    this.fit();
  }

  setBuilding(building) {
    this.building = building;
    if (this.iframe && byId("waiting").textContent) this.sayWaiting();
  }

  /** A device too large for the window is shown smaller; its page still sees its real size. */
  fit() {
    if (!this.size || byId("stage").hidden) return;
    const space = byId("space");
    const width = this.size.width + 2 * this.size.bezel;
    let height = this.size.height + 2 * this.size.bezel;
    const isDialog = this.size === SIZES.desktop;
    if (isDialog) height = Math.min(height, space.clientHeight);
    const scale = Math.min(1, space.clientWidth / width, space.clientHeight / height);
    const box = byId("device-box").style;
    box.width = `${width * scale}px`;
    box.height = `${height * scale}px`;
    const frame = byId("frame").style;
    frame.width = `${width}px`;
    frame.height = `${height}px`;
    frame.transform = scale < 1 ? `scale(${scale})` : "";
    const size = `${this.size.width} × ${Math.round(height - 2 * this.size.bezel)}`;
    byId("scaled").textContent = scale < 1 ? `${size}, shown at ${Math.round(scale * 100)} %` : size;
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
    if (!this.iframe) return;
    this.report({ kind: "closed", action: this.action, by: "host" });
    this.close();
  }

  close() {
    this.discard();
    byId("stage").hidden = true;
    byId("desk").inert = false;
    this.opener?.focus();
  }

  discard() {
    this.iframe?.remove();
    this.iframe = null;
  }

  sayWaiting() {
    byId("waiting").textContent = this.building
      ? "Your functions are being built. The screen opens as soon as they are."
      : "Opening…";
  }
}

/** As the simulator does: enough of a token to tell it from others. */
export function abbreviate(token) {
  return `${token.slice(0, 6)}…`;
}

function toast(text) {
  const node = byId("toast");
  node.textContent = text;
  node.className = "toast good";
  node.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => (node.hidden = true), 4000);
}
