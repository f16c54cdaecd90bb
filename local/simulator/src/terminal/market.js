// Simulated markets: a seeded random walk for each symbol, so that the first chart looks the same in every run.

/**
 * `pip` and `spread` are in units of the price. `swing` is the typical move of a minute. `lot` is the number of units in a
 * lot. Profits are in `quote`.
 */
export const SYMBOLS = [
  { name: "EURUSD", note: "Euro", price: 1.158, digits: 5, pip: 0.0001, spread: 0.00006, swing: 0.00006, lot: 100000, quote: "USD" },
  { name: "GBPUSD", note: "Pound", price: 1.314, digits: 5, pip: 0.0001, spread: 0.00009, swing: 0.00008, lot: 100000, quote: "USD" },
  { name: "USDJPY", note: "Yen", price: 154.3, digits: 3, pip: 0.01, spread: 0.007, swing: 0.0085, lot: 100000, quote: "JPY" },
  { name: "AUDUSD", note: "Australian dollar", price: 0.6524, digits: 5, pip: 0.0001, spread: 0.00008, swing: 0.000038, lot: 100000, quote: "USD" },
  { name: "USDCHF", note: "Swiss franc", price: 0.8046, digits: 5, pip: 0.0001, spread: 0.00011, swing: 0.000042, lot: 100000, quote: "CHF" },
  { name: "XAUUSD", note: "Gold", price: 4080, digits: 2, pip: 0.1, spread: 0.18, swing: 0.36, lot: 100, quote: "USD" },
  { name: "XTIUSD", note: "Crude oil", price: 59.8, digits: 2, pip: 0.01, spread: 0.03, swing: 0.0105, lot: 1000, quote: "USD" },
  { name: "US500", note: "US index", price: 6680, digits: 1, pip: 1, spread: 0.4, swing: 0.55, lot: 1, quote: "USD" },
  { name: "BTCUSD", note: "Bitcoin", price: 92400, digits: 1, pip: 1, spread: 12, swing: 17, lot: 1, quote: "USD" },
  { name: "ETHUSD", note: "Ether", price: 3120, digits: 2, pip: 0.1, spread: 0.9, swing: 0.75, lot: 1, quote: "USD" },
];

const MINUTE = 60_000;
const DAY = 1440;
/** The number of one-minute candles to keep: a week. */
const HISTORY = 7 * DAY;
/** Steps of a past minute; ticks of a live one. */
const STEPS = 6;
const TICKS = 60;
/** The seed. This one gives the first chart a good shape. */
const SEED = 13;

export class Market {
  constructor(symbol, now = Date.now()) {
    Object.assign(this, symbol);
    this.random = generator(seedOf(symbol.name));
    this.walk = symbol.price;
    this.drift = 0;
    this.activity = 1;
    this.candles = [];
    const end = Math.floor(now / MINUTE) * MINUTE;
    for (let at = end - HISTORY * MINUTE; at <= end; at += MINUTE) {
      this.startCandle(at);
      for (let step = 0; step < STEPS; step += 1) this.step(1 / STEPS);
      this.last().volume = Math.round(TICKS * this.activity * (0.5 + this.random()));
    }
  }

  /** One tick of the live market. */
  tick(now = Date.now()) {
    const at = Math.floor(now / MINUTE) * MINUTE;
    if (at > this.last().at) this.startCandle(at);
    this.step(1 / TICKS);
    this.last().volume += 1;
  }

  last() {
    return this.candles[this.candles.length - 1];
  }

  /** Rounded as shown, so that figures computed from it add up on the screen. */
  get bid() {
    return round(this.walk, this.digits);
  }

  get ask() {
    return round(this.bid + this.spread, this.digits);
  }

  /** Change in 24 hours, in percent. */
  get change() {
    const previous = this.candles[this.candles.length - 1 - DAY].close;
    return ((this.bid - previous) / previous) * 100;
  }

  /** The last `count` candles of `minutes` each, oldest first. */
  history(minutes, count) {
    const length = minutes * MINUTE;
    const oldest = Math.floor(this.last().at / length) * length - (count - 1) * length;
    const merged = [];
    for (const candle of this.candles) {
      if (candle.at < oldest) continue;
      const at = Math.floor(candle.at / length) * length;
      const last = merged[merged.length - 1];
      if (last?.at === at) {
        last.high = Math.max(last.high, candle.high);
        last.low = Math.min(last.low, candle.low);
        last.close = candle.close;
        last.volume += candle.volume;
      } else {
        merged.push({ ...candle, at });
      }
    }
    return merged;
  }

  startCandle(at) {
    const price = this.walk;
    this.candles.push({ at, open: price, high: price, low: price, close: price, volume: 0 });
    if (this.candles.length > HISTORY + 1) this.candles.shift();
    // Trends that come and go, calm and busy times: these make a chart look real.
    this.drift = this.drift * 0.94 + (this.random() - 0.5) * 0.24;
    this.activity = Math.min(2.2, Math.max(0.5, this.activity * (0.86 + this.random() * 0.3)));
  }

  /** Moves the price by a fraction of a minute. */
  step(part) {
    const noise = 2 * (this.random() + this.random() + this.random() - 1.5);
    this.walk += this.swing * this.activity * (noise * Math.sqrt(part) + this.drift * part);
    const candle = this.last();
    candle.close = this.walk;
    candle.high = Math.max(candle.high, this.walk);
    candle.low = Math.min(candle.low, this.walk);
  }
}

function round(price, digits) {
  return Number(price.toFixed(digits));
}

/** mulberry32: a small seeded generator. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** FNV-1a of the name. */
function seedOf(text) {
  let hash = SEED;
  for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0), 16777619);
  return hash;
}
