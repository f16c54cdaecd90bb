// The positions and figures of an account, in whole minor units of its currency so that they add up exactly.

const LEVERAGE = 30;
/** The positions of every account. `share` is the margin's share of the balance; the position is `ago` minutes old. */
const HOLDINGS = [
  { symbol: "EURUSD", side: "Buy", share: 0.14, ago: 42 },
  { symbol: "GBPUSD", side: "Sell", share: 0.05, ago: 20 },
];

export class Portfolio {
  /** `account` is one of the simulator's state. The sizes of the positions fit its present balance. */
  constructor(account, markets) {
    this.account = account;
    this.markets = markets;
    this.positions = HOLDINGS.map(({ symbol, side, share, ago }) => {
      const market = markets.get(symbol);
      const { close } = market.candles[market.candles.length - 1 - ago];
      const perLot = this.inMinorUnits((market.bid * market.lot) / LEVERAGE, market.quote);
      const lots = Math.max(0.01, Math.floor(((account.balance * share) / perLot) * 100) / 100);
      return { symbol, side, lots, entry: Number(close.toFixed(market.digits)) };
    });
  }

  /** The price at which the position could be closed now. */
  price({ symbol, side }) {
    const { bid, ask } = this.markets.get(symbol);
    return side === "Buy" ? bid : ask;
  }

  profit(position) {
    const { lot, quote } = this.markets.get(position.symbol);
    const direction = position.side === "Buy" ? 1 : -1;
    return this.inMinorUnits(direction * (this.price(position) - position.entry) * position.lots * lot, quote);
  }

  /** Balance + profit = equity = margin + free margin; the margin level is in percent. */
  figures() {
    const { balance } = this.account;
    let profit = 0;
    let margin = 0;
    for (const position of this.positions) {
      const { lot, quote } = this.markets.get(position.symbol);
      profit += this.profit(position);
      margin += this.inMinorUnits((this.price(position) * position.lots * lot) / LEVERAGE, quote);
    }
    const equity = balance + profit;
    return { balance, profit, equity, margin, freeMargin: equity - margin, marginLevel: (equity / margin) * 100 };
  }

  /** Formats an amount; with the currency if `unit`. */
  format(minor, { sign = false, unit = true } = {}) {
    const { currency, moneyDigits } = this.account;
    const text = (Math.abs(minor) / 10 ** moneyDigits).toLocaleString("en", {
      minimumFractionDigits: moneyDigits,
      maximumFractionDigits: moneyDigits,
    });
    const prefix = minor < 0 ? "−" : sign ? "+" : "";
    return `${prefix}${text}${unit ? ` ${currency}` : ""}`;
  }

  /** Converts an amount to the account's currency. */
  inMinorUnits(amount, from) {
    const { currency, moneyDigits } = this.account;
    const inDollars = {
      USD: 1,
      EUR: this.markets.get("EURUSD").bid,
      GBP: this.markets.get("GBPUSD").bid,
      JPY: 1 / this.markets.get("USDJPY").bid,
    };
    return Math.round(((amount * inDollars[from]) / inDollars[currency]) * 10 ** moneyDigits);
  }
}
