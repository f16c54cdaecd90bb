// Candlesticks on a canvas.

const AXIS = 68;
const FOOT = 24;
const PITCH = 9;
const BODY = 6;

export class Chart {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.pointer = null;
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

  show(market) {
    this.market = market;
    this.draw();
  }

  draw() {
    const { canvas, context, market } = this;
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (!market || !width || !height) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.font = `12px ${getComputedStyle(document.body).fontFamily}`;
    context.textBaseline = "middle";

    const colors = palette();
    const plot = { width: width - AXIS, height: height - FOOT };
    const candles = market.candles.slice(-Math.floor((plot.width - 24) / PITCH));
    const { low, high } = range(candles);
    const y = (price) => 8 + ((high - price) / (high - low)) * (plot.height - 16);
    const x = (index) => index * PITCH + PITCH / 2 + 2;

    this.grid(colors, plot, { low, high, y }, candles, x);
    candles.forEach((candle, index) => this.candle(candle, x(index), y, colors));
    this.priceTag(market.price, y, plot, colors);
    if (this.pointer) this.crosshair(candles, plot, { low, high, y }, colors);
  }

  grid(colors, plot, { low, high, y }, candles, x) {
    const { context, market } = this;
    context.lineWidth = 1;
    context.strokeStyle = colors.grid;
    context.fillStyle = colors.muted;
    const step = niceStep((high - low) / Math.max(3, plot.height / 64));
    context.textAlign = "left";
    for (let price = Math.ceil(low / step) * step; price <= high; price += step) {
      const at = Math.round(y(price)) + 0.5;
      line(context, 0, at, plot.width, at);
      context.fillText(price.toFixed(market.digits), plot.width + 8, at);
    }
    context.textAlign = "center";
    candles.forEach((candle, index) => {
      const time = new Date(candle.at);
      if (time.getMinutes() % 15 !== 0) return;
      const at = Math.round(x(index)) + 0.5;
      line(context, at, 0, at, plot.height);
      if (at > 24 && at < plot.width - 24) context.fillText(clock(time), at, plot.height + FOOT / 2);
    });
    context.strokeStyle = colors.line;
    line(context, plot.width + 0.5, 0, plot.width + 0.5, plot.height);
    line(context, 0, plot.height + 0.5, plot.width, plot.height + 0.5);
  }

  candle(candle, x, y, colors) {
    const { context } = this;
    const color = candle.close >= candle.open ? colors.up : colors.down;
    context.strokeStyle = color;
    context.fillStyle = color;
    const middle = Math.round(x) + 0.5;
    line(context, middle, y(candle.high), middle, y(candle.low));
    const top = Math.round(y(Math.max(candle.open, candle.close)));
    const bottom = Math.round(y(Math.min(candle.open, candle.close)));
    context.fillRect(middle - BODY / 2 - 0.5, top, BODY + 1, Math.max(1, bottom - top));
  }

  priceTag(price, y, plot, colors) {
    const { context, market } = this;
    const at = Math.round(y(price)) + 0.5;
    const rising = market.last().close >= market.last().open;
    const color = rising ? colors.up : colors.down;
    context.setLineDash([3, 3]);
    context.strokeStyle = color;
    line(context, 0, at, plot.width, at);
    context.setLineDash([]);
    context.fillStyle = color;
    context.fillRect(plot.width + 1, at - 10, AXIS - 1, 20);
    context.fillStyle = colors.page;
    context.textAlign = "left";
    context.fillText(price.toFixed(market.digits), plot.width + 8, at);
  }

  crosshair(candles, plot, { low, high, y }, colors) {
    const { context, market, pointer } = this;
    if (pointer.x > plot.width || pointer.y > plot.height) return;
    const index = Math.min(candles.length - 1, Math.max(0, Math.round((pointer.x - 2) / PITCH - 0.5)));
    const candle = candles[index];
    const at = Math.round(index * PITCH + PITCH / 2 + 2) + 0.5;
    const level = Math.round(pointer.y) + 0.5;
    context.strokeStyle = colors.muted;
    context.setLineDash([2, 3]);
    line(context, at, 0, at, plot.height);
    line(context, 0, level, plot.width, level);
    context.setLineDash([]);

    const price = high - ((level - y(high)) / (y(low) - y(high))) * (high - low);
    context.fillStyle = colors.raised;
    context.fillRect(plot.width + 1, level - 10, AXIS - 1, 20);
    context.fillStyle = colors.text;
    context.textAlign = "left";
    context.fillText(price.toFixed(market.digits), plot.width + 8, level);

    const text = ["open", "high", "low", "close"]
      .map((part) => `${part[0].toUpperCase()} ${candle[part].toFixed(market.digits)}`)
      .join("   ");
    context.fillStyle = colors.page;
    context.fillRect(10, 6, context.measureText(text).width + 12, 20);
    context.fillStyle = colors.text;
    context.fillText(text, 16, 16);
  }
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

/** 1, 2 or 5 times a power of ten. */
function niceStep(wanted) {
  const power = 10 ** Math.floor(Math.log10(wanted));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= wanted);
}

function clock(time) {
  return time.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function palette() {
  const style = getComputedStyle(document.documentElement);
  const names = ["page", "raised", "grid", "line", "text", "muted", "up", "down"];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}
