// The trading desk: watch list, chart, account bar, positions. It is scenery, but it moves.

import { Chart } from "./chart.js";
import { Market, SYMBOLS } from "./market.js";

const TICK = 700;
const LEVERAGE = 30;
/** Every account holds these, in lots. */
const POSITIONS = [
  { symbol: "EURUSD", side: "Buy", lots: 0.5, from: 0.35 },
  { symbol: "XAUUSD", side: "Sell", lots: 0.1, from: 0.6 },
];

const byId = (id) => document.getElementById(id);

export class Desk {
  constructor(symbol, onSymbol) {
    this.markets = new Map(SYMBOLS.map((symbol) => [symbol.name, new Market(symbol)]));
    this.chart = new Chart(byId("chart"));
    this.onSymbol = onSymbol;
    this.positions = POSITIONS.map((position) => {
      const { candles } = this.markets.get(position.symbol);
      return { ...position, entry: candles[Math.floor(candles.length * position.from)].close };
    });
    this.listWatch();
    this.listPositions();
    this.choose(this.markets.has(symbol) ? symbol : "EURUSD");
    setInterval(() => this.tick(), TICK);
  }

  /** The trader who is logged in; an account may be missing. */
  setAccount(user, account) {
    this.account = account;
    byId("who-name").textContent = user.name;
    byId("who-account").textContent = account ? `${account.login} · ${account.currency}` : "No trading account yet";
    byId("holdings").hidden = !account;
    this.refresh();
  }

  /** Draws again, in new colours. */
  repaint() {
    this.chart.draw();
  }

  tick() {
    for (const market of this.markets.values()) {
      // Not every symbol moves at every moment.
      if (Math.random() < 0.7) market.tick();
    }
    this.refresh();
  }

  choose(name) {
    this.current = this.markets.get(name);
    for (const [symbol, row] of this.rows) row.button.setAttribute("aria-pressed", String(symbol === name));
    byId("symbol").textContent = name;
    this.chart.show(this.current);
    this.refresh();
    this.onSymbol(name);
  }

  refresh() {
    for (const [name, row] of this.rows) {
      const market = this.markets.get(name);
      const bid = market.bid.toFixed(market.digits);
      if (row.bid.textContent && row.bid.textContent !== bid) {
        row.bid.className = `bid num ${bid > row.bid.textContent ? "up" : "down"}`;
      }
      row.bid.textContent = bid;
      signed(row.move, market.change, 2, "%");
    }
    const { current } = this;
    byId("bid").textContent = current.bid.toFixed(current.digits);
    byId("ask").textContent = current.ask.toFixed(current.digits);
    signed(byId("change"), current.change, 2, "%");
    this.chart.draw();
    this.refreshAccount();
  }

  refreshAccount() {
    const { account } = this;
    if (!account) {
      for (const id of ["balance", "equity", "free-margin"]) byId(id).textContent = "–";
      return;
    }
    const balance = account.balance / 100;
    let profit = 0;
    let margin = 0;
    for (const position of this.positions) {
      const market = this.markets.get(position.symbol);
      const price = position.side === "Buy" ? market.bid : market.ask;
      const direction = position.side === "Buy" ? 1 : -1;
      const units = position.lots * market.lot;
      const own = this.convert(direction * (price - position.entry) * units, market.quote);
      profit += own;
      margin += this.convert(price * units, market.quote) / LEVERAGE;
      position.current.textContent = price.toFixed(market.digits);
      signed(position.profit, own, 2, ` ${account.currency}`);
    }
    byId("balance").textContent = money(balance, account.currency);
    byId("equity").textContent = money(balance + profit, account.currency);
    byId("free-margin").textContent = money(Math.max(0, balance + profit - margin), account.currency);
  }

  /** An amount of another currency in the account's. */
  convert(amount, from) {
    const inDollars = { USD: 1, EUR: this.markets.get("EURUSD").price, GBP: this.markets.get("GBPUSD").price };
    inDollars.JPY = 1 / this.markets.get("USDJPY").price;
    return (amount * inDollars[from]) / inDollars[this.account.currency];
  }

  listWatch() {
    this.rows = new Map();
    for (const { name, note } of SYMBOLS) {
      const button = element("button", { type: "button" });
      const bid = element("span", { className: "bid num" });
      const move = element("span", { className: "move num" });
      button.append(
        element("span", { className: "name", textContent: name }),
        bid,
        element("span", { className: "note", textContent: note }),
        move,
      );
      button.addEventListener("click", () => this.choose(name));
      const item = element("li", {});
      item.append(button);
      byId("watch").append(item);
      this.rows.set(name, { button, bid, move });
    }
  }

  listPositions() {
    for (const position of this.positions) {
      const { digits } = this.markets.get(position.symbol);
      const cell = (text, className = "") => element("td", { textContent: text, className });
      position.current = cell("", "num");
      position.profit = cell("", "num");
      position.row = element("tr", {});
      position.row.append(
        cell(position.symbol),
        cell(position.side, position.side === "Buy" ? "up" : "down"),
        cell(position.lots.toFixed(2), "num"),
        cell(position.entry.toFixed(digits), "num"),
        position.current,
        position.profit,
      );
      byId("positions").append(position.row);
    }
  }
}

function money(amount, currency) {
  return `${amount.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })} ${currency}`;
}

function signed(node, value, digits, unit) {
  const sign = value < 0 ? "−" : "+";
  node.textContent = sign + Math.abs(value).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits }) + unit;
  node.classList.toggle("up", value >= 0);
  node.classList.toggle("down", value < 0);
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
