// What the person at the page has chosen. It outlives a reload.

const KEY = "simulated-ctrader";
const DEFAULTS = {
  user: "ada",
  account: null,
  device: "desktop",
  lang: "en",
  /** As the terminal, unless one is chosen. */
  theme: "terminal",
  tokenFault: "",
  terminalTheme: "dark",
  symbol: "EURUSD",
  timeframe: "m1",
  /** The first screen was opened: where to tap needs no hint any more. */
  tapped: false,
};

/** The choices of last time, or the defaults. */
export function load() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY)) };
  } catch {
    return { ...DEFAULTS };
  }
}

export function save(choices) {
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // Without storage the choices last as long as the page.
  }
}
