// A candlestick chart on a canvas: prices, times, volume, the last price, open positions, and a crosshair.

/** Pixels for the prices at the right, for the times below, between two candles, of a candle, and above the chart. */
const AXIS = 72;
const FOOT = 24;
const PITCH = 9;
const BODY = 7;
const HEAD = 30;
/** The largest share of the height for the volume. */
const VOLUME = 0.14;
/** Possible minutes between two times on the axis. */
const TIME_STEPS = [15, 60, 240, 720, 1440];

export class Chart {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.pointer = null;
    this.positions = [];
    new ResizeObserver(() => this.draw()).observe(canvas);
    canvas.addEventListener("pointermove", (event) => {
      this.pointer = { x: event.offsetX, y: event.offsetY };
      this.draw();
    });
    canvas.addEventListener("pointerleave", () => {
      this.pointer = null;
      this.draw();
    });
  }

  show(market, minutes) {
    this.market = market;
    this.minutes = minutes;
    this.draw();
  }

  /** `positions` are the open positions; by default those of the last call. */
  draw(positions = this.positions) {
    const { canvas, context, market } = this;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!market || !width || !height) return;
    this.positions = positions.filter(({ symbol }) => symbol === market.name);
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    context.textBaseline = "middle";

    this.colors = palette();
    this.plot = { width: width - AXIS, height: height - FOOT };
    this.candles = market.history(this.minutes, Math.floor((this.plot.width - 28) / PITCH));
    const { low, high } = range(this.candles);
    const bottom = this.plot.height * (1 - VOLUME) - 4;
    this.yOf = (price) => HEAD + ((high - price) / (high - low)) * (bottom - HEAD);
    this.priceAt = (y) => high - ((y - HEAD) / (bottom - HEAD)) * (high - low);

    this.grid(low, high);
    this.volume();
    this.candles.forEach((candle, index) => this.candle(candle, index));
    this.positions.forEach((position) => this.entry(position));
    this.lastPrice();
    const pointed = this.crosshair();
    this.legend(pointed ?? this.candles[this.candles.length - 1]);
  }

  /** The horizontal middle of a candle. */
  x(index) {
    return index * PITCH + Math.floor(PITCH / 2) + 2.5;
  }

  grid(low, high) {
    const { context, market, plot, colors } = this;
    context.lineWidth = 1;
    context.strokeStyle = colors.grid;
    context.fillStyle = colors.muted;
    const step = niceStep((high - low) / Math.max(3, plot.height / 64));
    context.textAlign = "left";
    for (let price = Math.ceil(this.priceAt(plot.height - 8) / step) * step; this.yOf(price) > HEAD - 4; price += step) {
      const y = Math.round(this.yOf(price)) + 0.5;
      line(context, 0, y, plot.width, y);
      context.fillText(price.toFixed(market.digits), plot.width + 8, y);
    }
    context.textAlign = "center";
    const every = TIME_STEPS.find((minutes) => minutes >= 12 * this.minutes) ?? 1440;
    this.candles.forEach(({ at }, index) => {
      if ((at / 60_000) % every !== 0) return;
      const x = this.x(index);
      line(context, x, 0, x, plot.height);
      if (x > 24 && x < plot.width - 24) context.fillText(timeLabel(at), x, plot.height + FOOT / 2);
    });
    context.fillText("UTC", plot.width + AXIS / 2, plot.height + FOOT / 2);
    context.strokeStyle = colors.line;
    line(context, plot.width + 0.5, 0, plot.width + 0.5, plot.height);
    line(context, 0, plot.height + 0.5, plot.width + AXIS, plot.height + 0.5);
  }

  volume() {
    const { context, plot, colors } = this;
    const max = Math.max(...this.candles.map(({ volume }) => volume));
    context.globalAlpha = 0.28;
    this.candles.forEach((candle, index) => {
      const height = Math.max(1, Math.round((candle.volume / max) * plot.height * VOLUME));
      context.fillStyle = rising(candle) ? colors.up : colors.down;
      context.fillRect(this.x(index) - BODY / 2, plot.height - height, BODY, height);
    });
    context.globalAlpha = 1;
  }

  candle(candle, index) {
    const { context } = this;
    const x = this.x(index);
    context.strokeStyle = context.fillStyle = rising(candle) ? this.colors.up : this.colors.down;
    line(context, x, this.yOf(candle.high), x, this.yOf(candle.low));
    const top = Math.round(this.yOf(Math.max(candle.open, candle.close)));
    const bottom = Math.round(this.yOf(Math.min(candle.open, candle.close)));
    context.fillRect(x - BODY / 2, top, BODY, Math.max(1, bottom - top));
  }

  /** Draws a line at the entry price of a position. */
  entry({ side, lots, entry }) {
    const { context, plot, colors } = this;
    const y = Math.round(this.yOf(entry)) + 0.5;
    if (y < HEAD || y > plot.height - 12) return;
    const color = side === "Buy" ? colors.up : colors.down;
    context.strokeStyle = color;
    context.globalAlpha = 0.7;
    line(context, 0, y, plot.width, y);
    context.globalAlpha = 1;
    const text = `${side} ${lots.toFixed(2)}`;
    const width = context.measureText(text).width + 12;
    context.fillStyle = colors.page;
    context.fillRect(10.5, y - 9, width, 18);
    context.strokeRect(10.5, y - 9, width, 18);
    context.fillStyle = color;
    context.textAlign = "left";
    context.fillText(text, 16.5, y);
  }

  lastPrice() {
    const { context, market, plot, colors } = this;
    const y = Math.round(this.yOf(market.bid)) + 0.5;
    const color = rising(this.candles[this.candles.length - 1]) ? colors.up : colors.down;
    context.setLineDash([3, 3]);
    context.strokeStyle = color;
    line(context, 0, y, plot.width, y);
    context.setLineDash([]);
    this.priceTag(market.bid, y, color, colors.page);
  }

  /** Draws the crosshair, and returns the candle under the pointer. */
  crosshair() {
    const { context, plot, colors, pointer } = this;
    if (!pointer || pointer.x > plot.width || pointer.y > plot.height) return null;
    const index = Math.min(this.candles.length - 1, Math.max(0, Math.round((pointer.x - this.x(0)) / PITCH)));
    const candle = this.candles[index];
    const x = this.x(index);
    const y = Math.round(pointer.y) + 0.5;
    context.strokeStyle = colors.muted;
    context.setLineDash([2, 3]);
    line(context, x, 0, x, plot.height);
    line(context, 0, y, plot.width, y);
    context.setLineDash([]);
    this.priceTag(this.priceAt(y), y, colors.raised, colors.text);

    const time = `${day(candle.at)} ${clock(candle.at)}`;
    const width = context.measureText(time).width + 16;
    const left = Math.min(Math.max(0, x - width / 2), plot.width - width);
    context.fillStyle = colors.raised;
    context.fillRect(left, plot.height + 1, width, FOOT - 3);
    context.fillStyle = colors.text;
    context.textAlign = "left";
    context.fillText(time, left + 8, plot.height + FOOT / 2);
    return candle;
  }

  priceTag(price, y, background, color) {
    const { context, market, plot } = this;
    context.fillStyle = background;
    context.fillRect(plot.width + 1, y - 10, AXIS - 1, 20);
    context.fillStyle = color;
    context.textAlign = "left";
    context.fillText(price.toFixed(market.digits), plot.width + 8, y);
  }

  /** Writes the open, high, low, close and volume of a candle, and a note that the prices are simulated. */
  legend(candle) {
    const { context, market, plot, colors } = this;
    const parts = ["open", "high", "low", "close"].map((part) => [
      part[0].toUpperCase(),
      candle[part].toFixed(market.digits),
    ]);
    parts.push(["V", String(candle.volume)]);
    let x = 16;
    context.textAlign = "left";
    for (const [name, value] of parts) {
      const end = x + context.measureText(`${name} ${value}`).width;
      if (end > plot.width - 8) return;
      context.fillStyle = colors.muted;
      context.fillText(name, x, 14);
      context.fillStyle = rising(candle) ? colors.up : colors.down;
      context.fillText(value, x + context.measureText(`${name} `).width, 14);
      x = end + 12;
    }
    const note = "Simulated prices";
    if (x + context.measureText(note).width > plot.width - 12) return;
    context.textAlign = "right";
    context.fillStyle = colors.muted;
    context.fillText(note, plot.width - 12, 14);
  }
}

function rising(candle) {
  return candle.close >= candle.open;
}

function line(context, x1, y1, x2, y2) {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

function range(candles) {
  const low = Math.min(...candles.map((candle) => candle.low));
  const high = Math.max(...candles.map((candle) => candle.high));
  const margin = (high - low) * 0.06;
  return { low: low - margin, high: high + margin };
}

/** The next larger number that is 1, 2 or 5 times a power of ten. */
function niceStep(wanted) {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= wanted);
}

/** The time of day; at midnight the date. */
function timeLabel(at) {
  const text = clock(at);
  return text === "00:00" ? day(at) : text;
}

function clock(at) {
  return new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
}

function day(at) {
  return new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
}

function palette() {
  const style = getComputedStyle(document.documentElement);
  const names = ["page", "raised", "grid", "line", "text", "muted", "up", "down"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}
