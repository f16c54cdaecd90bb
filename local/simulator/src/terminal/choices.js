// The choices of the person at the page. They survive a reload.

const KEY = "simulated-ctrader";
const DEFAULTS = {
  user: "ada",
  account: null,
  device: "desktop",
  lang: "en",
  /** `terminal`: the theme of the terminal. */
  theme: "terminal",
  tokenFault: "",
  terminalTheme: "dark",
  symbol: "EURUSD",
  timeframe: "m1",
  /** Whether a screen was ever opened; then the page shows no hint. */
  tapped: false,
};

/** The saved choices, or the defaults. */
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
    // Without storage the choices are lost when the page closes.
  }
}
