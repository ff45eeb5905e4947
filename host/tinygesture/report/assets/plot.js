"use strict";
// What every report draws with: samples, colours, axes, and canvases that are drawn when in sight.

const AXES = ["--x", "--y", "--z"];
const NEAR = "400px"; // from the window, a plot is drawn
const PRINTED = 1500; // plots at most

/** An element with attributes, and children that are elements or text. */
function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const round = (value, digits) => value.toFixed(digits).replace(/^-(0\.?0*)$/, "$1").replace("-", "−");
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

/** Counts of a recording: rows × 6, from 16 characters of base64 for each row. */
function unpack(text, start, rows) {
  const bytes = atob(text.slice(16 * start, 16 * (start + rows)));
  const counts = new Int16Array(6 * rows);
  for (let i = 0; i < counts.length; i++)
    counts[i] = bytes.charCodeAt(2 * i) | (bytes.charCodeAt(2 * i + 1) << 8);
  return counts;
}

/** Seconds of each row; between knots [row, milliseconds] time is even. */
function times(rows, knots) {
  const seconds = new Float64Array(rows);
  seconds[0] = knots[0][1] / 1000;
  for (let k = 1; k < knots.length; k++) {
    const [[from, begin], [to, end]] = [knots[k - 1], knots[k]];
    for (let row = from; row <= to; row++)
      seconds[row] = (begin + ((end - begin) * (row - from)) / (to - from)) / 1000;
  }
  return seconds;
}

/** The row whose time is nearest to `at`. */
function rowAt(seconds, at) {
  let [low, high] = [0, seconds.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (seconds[middle] <= at) low = middle;
    else high = middle;
  }
  return at - seconds[low] <= seconds[high] - at ? low : high;
}

/** Text as far as there is room for it. */
function write(context, text, x, y, room) {
  let fits = text;
  while (fits && context.measureText(fits === text ? text : `${fits}…`).width > room) fits = fits.slice(0, -1);
  if (fits) context.fillText(fits === text ? text : `${fits}…`, x, y);
}

/** Round numbers from low to high, about `count` of them. */
function ticks(low, high, count) {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const found = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) found.push(i * step);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return found.map((value) => ({ value, text: round(value, digits) }));
}

// Colours, as the theme has them now.
const known = new Map();
function colour(name) {
  if (!known.has(name)) {
    const probe = document.body.appendChild(make("i"));
    probe.style.color = `var(${name})`;
    known.set(name, getComputedStyle(probe).color);
    probe.remove();
  }
  return known.get(name);
}

// Plots: draw(context, width, height) is called when the box comes near the window.
const inSight = new Set();

/** Boxes to draw in; `forget` lets go of all of them at once. */
class Plots {
  boxes = new Set();
  #sight = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: NEAR });
  static every = [];

  constructor() {
    Plots.every.push(this);
  }

  add(box, draw) {
    box.draw = draw;
    this.boxes.add(box);
    this.#sight.observe(box);
  }

  forget() {
    this.#sight.disconnect();
    for (const box of this.boxes) inSight.delete(box);
    this.boxes.clear();
  }

  #seen(entries) {
    for (const { target, isIntersecting } of entries)
      if (isIntersecting) inSight.add(target), paint(target);
      else inSight.delete(target), target.querySelector("canvas")?.remove();
  }
}

/** Draws anew what is in sight inside `part` of the page. */
function repaint(part = document) {
  for (const box of inSight) if (part.contains(box)) paint(box);
}

function paint(box) {
  const [width, height, dense] = [box.clientWidth, box.clientHeight, devicePixelRatio || 1];
  if (!width || !height) return;
  const canvas = box.querySelector("canvas") ?? make("canvas", { "aria-hidden": "true" });
  canvas.width = Math.round(width * dense);
  canvas.height = Math.round(height * dense);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  context.scale(dense, dense);
  context.lineJoin = "round";
  context.font = "12px system-ui, sans-serif";
  box.draw(context, width, height);
  if (!canvas.parentNode) box.prepend(canvas);
}

/** Three channels, from `first` on, as curves in the box [x, y, width, height]; at a gap they break. */
function curves(context, { counts, seconds, first, scale, limit, from, to, gaps }, [x, y, width, height]) {
  const middle = y + height / 2;
  const rise = ((height / 2) * scale) / limit;
  const run = width / (to - from || 1);
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = colour("--line");
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x, Math.round(middle) + 0.5);
  context.lineTo(x + width, Math.round(middle) + 0.5);
  context.stroke();
  context.lineWidth = 1.3;
  AXES.forEach((name, axis) => {
    context.strokeStyle = colour(name);
    context.beginPath();
    for (let row = 0; row < seconds.length; row++) {
      const at = [x + (seconds[row] - from) * run, middle - counts[6 * row + first + axis] * rise];
      if (row === 0 || gaps?.has(row)) context.moveTo(...at);
      else context.lineTo(...at);
    }
    context.stroke();
  });
  context.restore();
}

/** Lines and numbers of a chart in the box [x, y, width, height]; across it are seconds. */
function axes(context, [x, y, width, height], [from, to], [low, high]) {
  context.fillStyle = colour("--soft");
  context.strokeStyle = colour("--line");
  context.lineWidth = 1;
  context.beginPath();
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { value, text } of ticks(low, high, height / 36)) {
    const at = Math.round(y + ((high - value) / (high - low)) * height) + 0.5;
    context.moveTo(x, at);
    context.lineTo(x + width, at);
    context.fillText(text, x - 8, at);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  for (const { value, text } of ticks(from, to, width / 90)) {
    const at = x + ((value - from) / (to - from || 1)) * width;
    const words = value === 0 ? "0 s" : text;
    context.fillText(words, clamp(at, x + 8, x + width - 14), y + height + 6);
  }
  context.stroke();
}

// The small window with the values at the cursor.
const values = document.getElementById("values");
function showValues(x, y, ...rows) {
  values.replaceChildren(...rows);
  values.hidden = false;
  const { width, height } = values.getBoundingClientRect();
  const left = x + 16 + width > innerWidth ? x - 16 - width : x + 16;
  values.style.left = `${clamp(left, 4, innerWidth - width - 4)}px`;
  values.style.top = `${clamp(y + 16 + height > innerHeight ? y - 12 - height : y + 16, 4, innerHeight - height)}px`;
}
const hideValues = () => (values.hidden = true);

// The theme: the reader's own, until the button is pressed.
const { style } = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
const themeButton = document.getElementById("theme");
function themeChanged() {
  const isDark = style.colorScheme ? style.colorScheme === "dark" : dark.matches;
  themeButton.setAttribute("aria-pressed", String(isDark));
  known.clear();
  repaint();
}
themeButton.addEventListener("click", () => {
  const isDark = themeButton.getAttribute("aria-pressed") === "true";
  style.colorScheme = isDark ? "light" : "dark";
  themeChanged();
});
dark.addEventListener("change", themeChanged);
addEventListener("resize", () => requestAnimationFrame(() => repaint()));

// On paper there is no scrolling: everything is drawn first, in the colours of paper.
addEventListener("beforeprint", () => {
  const before = style.colorScheme;
  addEventListener("afterprint", () => ((style.colorScheme = before), themeChanged()), { once: true });
  style.colorScheme = "light";
  themeChanged();
  for (const box of Plots.every.flatMap((plots) => [...plots.boxes]).slice(0, PRINTED)) paint(box);
});
themeChanged();
