// A market that looks alive: a seeded random walk per symbol, so that every run shows the same history.

export const SYMBOLS = [
  { name: "EURUSD", note: "Euro", price: 1.0842, digits: 5, swing: 0.00011, lot: 100000, quote: "USD" },
  { name: "GBPUSD", note: "Pound", price: 1.2715, digits: 5, swing: 0.00014, lot: 100000, quote: "USD" },
  { name: "USDJPY", note: "Yen", price: 151.62, digits: 3, swing: 0.018, lot: 100000, quote: "JPY" },
  { name: "XAUUSD", note: "Gold", price: 2348.4, digits: 2, swing: 0.42, lot: 100, quote: "USD" },
  { name: "XTIUSD", note: "Crude oil", price: 78.36, digits: 2, swing: 0.024, lot: 1000, quote: "USD" },
  { name: "US500", note: "Index", price: 5214.2, digits: 1, swing: 0.85, lot: 1, quote: "USD" },
  { name: "BTCUSD", note: "Bitcoin", price: 67240, digits: 1, swing: 21, lot: 1, quote: "USD" },
];

const MINUTE = 60_000;
const HISTORY = 240;
const TICKS_PER_CANDLE = 60;

export class Market {
  constructor(symbol, now = Date.now()) {
    Object.assign(this, symbol);
    this.random = generator(seedOf(symbol.name));
    this.price = symbol.price;
    this.drift = 0;
    this.heat = 1;
    this.candles = [];
    const end = Math.floor(now / MINUTE) * MINUTE;
    for (let at = end - HISTORY * MINUTE; at <= end; at += MINUTE) {
      this.startCandle(at);
      for (let tick = 0; tick < TICKS_PER_CANDLE; tick += 12) this.step(3.2);
    }
    this.dayOpen = this.candles[0].open;
  }

  /** One tick of the live market. */
  tick(now = Date.now()) {
    const at = Math.floor(now / MINUTE) * MINUTE;
    if (at > this.last().at) this.startCandle(at);
    this.step(1);
  }

  last() {
    return this.candles[this.candles.length - 1];
  }

  get bid() {
    return this.price;
  }

  get ask() {
    return this.price + Math.max(this.swing * 0.6, 10 ** -this.digits);
  }

  /** Change since the first candle, in percent. */
  get change() {
    return ((this.price - this.dayOpen) / this.dayOpen) * 100;
  }

  startCandle(at) {
    this.candles.push({ at, open: this.price, high: this.price, low: this.price, close: this.price });
    if (this.candles.length > HISTORY + 1) this.candles.shift();
    // Trends that come and go, calm and busy spells: what tells a market from noise.
    this.drift = this.drift * 0.93 + (this.random() - 0.5) * 0.16;
    this.heat = Math.min(2.2, Math.max(0.5, this.heat * (0.86 + this.random() * 0.3)));
  }

  step(size) {
    const noise = this.random() + this.random() + this.random() - 1.5;
    this.price += this.swing * size * this.heat * (noise * 0.55 + this.drift * 0.34);
    const candle = this.last();
    candle.close = this.price;
    candle.high = Math.max(candle.high, this.price);
    candle.low = Math.min(candle.low, this.price);
  }
}

/** mulberry32: small, seeded, good enough to look at. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** FNV-1a of the name, from a start that gives the first chart a good shape. */
function seedOf(text) {
  let hash = 63;
  for (const letter of text) hash = Math.imul(hash ^ letter.codePointAt(0), 16777619);
  return hash;
}
