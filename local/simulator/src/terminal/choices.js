// What the person at the page has chosen. It outlives a reload.

const KEY = "simulated-ctrader";
const DEFAULTS = {
  user: "ada",
  account: null,
  device: "desktop",
  lang: "en",
  theme: "dark",
  tokenFault: "",
  terminalTheme: "dark",
  symbol: "EURUSD",
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
