// The trading view: watch list, quote, chart, positions, account figures. The prices are invented, but they move and
// add up.

import { Chart } from "./chart.js";
import { Market, SYMBOLS } from "./market.js";
import { Portfolio } from "./portfolio.js";

/** Milliseconds between two ticks. */
const TICK = 700;
/** Name, minutes, label. */
const TIMEFRAMES = [
  ["m1", 1, "1 minute"],
  ["m5", 5, "5 minutes"],
  ["m15", 15, "15 minutes"],
  ["h1", 60, "1 hour"],
];

const byId = (id) => document.getElementById(id);
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");

export class AccountPanel {
  /** `onChoice(change)` is called with the new symbol or timeframe. */
  constructor({ symbol, timeframe }, onChoice) {
    this.markets = new Map(SYMBOLS.map((each) => [each.name, new Market(each)]));
    this.portfolios = new Map();
    this.chart = new Chart(byId("chart"));
    this.onChoice = onChoice;
    this.listWatch();
    this.listTimeframes();
    this.chooseTimeframe(TIMEFRAMES.some(([name]) => name === timeframe) ? timeframe : "m1");
    this.choose(this.markets.has(symbol) ? symbol : "EURUSD");
    setInterval(() => this.tick(), TICK);
  }

  /** Shows another trader; `account` may be missing. */
  setAccount(user, account) {
    byId("who-name").textContent = user.name;
    byId("who-account").textContent = account ? `${account.login} · ${account.currency}` : "No trading account yet";
    byId("holdings").hidden = byId("figures").hidden = !account;
    byId("no-holdings").hidden = Boolean(account);
    byId("dialog-account").hidden = !account;
    this.portfolio = account && this.portfolioOf(account);
    this.listPositions();
    this.refresh();
  }

  /** The account's portfolio. It is made once, so that its positions stay when the balance changes. */
  portfolioOf(account) {
    if (!this.portfolios.has(account.login)) {
      this.portfolios.set(account.login, new Portfolio(account, this.markets));
    }
    return Object.assign(this.portfolios.get(account.login), { account });
  }

  /** Shows a new balance, and highlights it for a moment. */
  balanceChanged({ login, balance }, previous) {
    if (this.portfolio?.account.login !== login) return;
    this.refreshAccount();
    if (balance === previous) return;
    for (const node of [byId("balance"), byId("dialog-balance")]) highlight(node, balance > previous ? "up" : "down", 1500);
  }

  /** Draws the chart again, after a change of theme. */
  repaint() {
    this.chart.draw();
  }

  tick() {
    for (const market of this.markets.values()) {
      // Not every symbol moves at every tick.
      if (Math.random() < 0.7) market.tick();
    }
    this.refresh();
  }

  choose(name) {
    this.current = this.markets.get(name);
    for (const [symbol, row] of this.rows) row.button.setAttribute("aria-pressed", String(symbol === name));
    byId("symbol").textContent = name;
    this.describeChart();
    this.refresh();
    this.onChoice({ symbol: name });
  }

  chooseTimeframe(chosen) {
    this.timeframe = TIMEFRAMES.find(([name]) => name === chosen);
    for (const button of byId("timeframes").children) {
      button.setAttribute("aria-pressed", String(button.textContent === chosen));
    }
    this.describeChart();
    this.onChoice({ timeframe: chosen });
  }

  describeChart() {
    if (!this.current) return;
    const [, minutes, words] = this.timeframe;
    byId("chart").setAttribute("aria-label", `Candlestick chart of ${this.current.name}, ${words}; simulated prices`);
    this.chart.show(this.current, minutes);
  }

  refresh() {
    for (const [name, row] of this.rows) {
      const market = this.markets.get(name);
      if (row.price !== market.bid) flash(row.bid, row.price, market.bid);
      row.price = market.bid;
      row.bid.textContent = market.bid.toFixed(market.digits);
      showSigned(row.move, market.change, percent(market.change));
    }
    const { current } = this;
    showQuote(byId("bid"), current.bid, current);
    showQuote(byId("ask"), current.ask, current);
    byId("spread").textContent = (current.spread / current.pip).toFixed(1);
    showSigned(byId("change"), current.change, percent(current.change));
    this.refreshAccount();
    this.chart.draw(this.portfolio?.positions.filter(({ symbol }) => symbol === current.name));
  }

  refreshAccount() {
    const { portfolio } = this;
    if (!portfolio) return;
    for (const position of portfolio.positions) {
      const profit = portfolio.profit(position);
      position.cells.price.textContent = portfolio.price(position).toFixed(this.markets.get(position.symbol).digits);
      showSigned(position.cells.profit, profit, portfolio.format(profit, { sign: true, unit: false }));
    }
    const figures = portfolio.figures();
    byId("balance").textContent = byId("dialog-balance").textContent = portfolio.format(figures.balance);
    byId("equity").textContent = portfolio.format(figures.equity);
    byId("margin").textContent = portfolio.format(figures.margin, { unit: false });
    byId("free-margin").textContent = portfolio.format(figures.freeMargin, { unit: false });
    byId("margin-level").textContent = `${figures.marginLevel.toFixed(0)}%`;
    showSigned(byId("profit"), figures.profit, portfolio.format(figures.profit, { sign: true, unit: false }));
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
      this.rows.set(name, { button, bid, move, price: this.markets.get(name).bid });
    }
  }

  listTimeframes() {
    for (const [name, , words] of TIMEFRAMES) {
      const button = element("button", { type: "button", textContent: name, title: words });
      button.addEventListener("click", () => this.chooseTimeframe(name));
      byId("timeframes").append(button);
    }
  }

  listPositions() {
    byId("profit-head").textContent = `Net P/L, ${this.portfolio?.account.currency ?? ""}`;
    const rows = (this.portfolio?.positions ?? []).map((position) => {
      const { digits } = this.markets.get(position.symbol);
      const cell = (text, className = "") => element("td", { textContent: text, className });
      position.cells = { price: cell("", "num"), profit: cell("", "num") };
      const row = element("tr", {});
      row.append(
        cell(position.symbol),
        cell(position.side, position.side === "Buy" ? "up" : "down"),
        cell(position.lots.toFixed(2), "num"),
        cell(position.entry.toFixed(digits), "num"),
        position.cells.price,
        position.cells.profit,
      );
      return row;
    });
    byId("positions").replaceChildren(...rows);
  }
}

/** Emphasises the two digits at the pip, as trading terminals do: 1.15<b>80</b>4. */
function showQuote(node, price, { digits, pip }) {
  const text = price.toFixed(digits);
  const decimals = Math.max(0, Math.round(-Math.log10(pip)));
  const end = text.length - (digits - decimals) - (decimals === 0 && digits > 0 ? 1 : 0);
  const start = end - (text.slice(end - 2, end).includes(".") ? 3 : 2);
  const emphasised = element("b", { textContent: text.slice(start, end) });
  node.replaceChildren(text.slice(0, start), emphasised, text.slice(end));
}

/** Colours a price by its direction, and highlights it for a moment. */
function flash(node, from, to) {
  const direction = to > from ? "up" : "down";
  node.className = `bid num ${direction}`;
  highlight(node, direction, 600);
}

/** Highlights the background of a number, unless the user prefers reduced motion. */
function highlight(node, direction, duration) {
  if (reducedMotion.matches) return;
  const background = getComputedStyle(document.documentElement).getPropertyValue(`--${direction}-ground`);
  node.animate([{ backgroundColor: background }, { backgroundColor: "transparent" }], duration);
}

function percent(value) {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}%`;
}

function showSigned(node, value, text) {
  node.textContent = text;
  node.classList.toggle("up", value >= 0);
  node.classList.toggle("down", value < 0);
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
