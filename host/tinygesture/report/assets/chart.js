// Charts of lines, points and bands, with the values at the cursor. charts.py says what a chart is.

const MARGIN = { left: 44, right: 12, top: 10, bottom: 34 };

/** Appends a chart to its figure. */
function chart(figure, own, plots) {
  const xs = [...new Set(own.lines.flatMap((line) => line.points.map(([x]) => x)))].sort((a, b) => a - b);
  const { low, high } = heightOf(own);
  const span = own.log ? [Math.log10(xs[0]), Math.log10(xs.at(-1))] : [xs[0], xs.at(-1)];
  const place = (width, height) => {
    const inner = [MARGIN.left, MARGIN.top, width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
    return {
      inner,
      across: (x) => inner[0] + (((own.log ? Math.log10(x) : x) - span[0]) / (span[1] - span[0] || 1)) * inner[2],
      up: (y) => inner[1] + ((high - y) / (high - low)) * inner[3],
    };
  };
  const box = make("div", { class: "plot chart", role: "img", tabindex: "0", "aria-label": spoken(own) });
  plots.add(box, (context, width, height) => {
    const { inner, across, up } = place(width, height);
    grid(context, own, inner, span, [low, high], across, up);
    for (const line of own.lines) band(context, line, across, up);
    for (const line of own.lines) stroke(context, line, across, up);
    if (own.mark !== undefined) mark(context, own, inner, across);
  });
  const point = (x) => {
    const { left, top, width, height } = box.getBoundingClientRect();
    const cursor = box.querySelector(".cursor") ?? box.appendChild(make("i", { class: "cursor" }));
    const at = place(width, height).across(x);
    box.at = x;
    cursor.style.left = `${at}px`;
    showValues(left + at, top + height / 2, make("b", {}, `${own.x} ${number(x)}${unit(own.x_unit)}`), ...readOut(own, x));
  };
  const leave = () => (box.querySelector(".cursor")?.remove(), hideValues());
  box.addEventListener("pointermove", ({ clientX }) => {
    const { left, width, height } = box.getBoundingClientRect();
    const { across } = place(width, height);
    point(xs.reduce((best, x) => (Math.abs(across(x) + left - clientX) < Math.abs(across(best) + left - clientX) ? x : best)));
  });
  box.addEventListener("pointerleave", leave);
  box.addEventListener("blur", leave);
  box.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    point(xs[clamp(xs.indexOf(box.at ?? xs[0]) + by, 0, xs.length - 1)]);
    event.preventDefault();
  });
  if (own.lines.length > 1) figure.append(legend(own.lines));
  figure.append(box);
}

const unit = (name) => (name ? ` ${name}` : "");

/** A number with as many digits as say something. */
const number = (value) => (Math.abs(value) >= 100 ? round(value, 0) : String(Number(value.toPrecision(3))).replace("-", "−"));

function heightOf({ lines, low, high }) {
  const ys = lines.flatMap((line) => line.points.flatMap(([, ...y]) => y));
  const [least, most] = [low ?? Math.min(...ys), high ?? Math.max(...ys)];
  const air = (most - least) * 0.06 || 1;
  return { low: low ?? least - air, high: high ?? most + air };
}

const spoken = ({ title, x, x_unit, y_unit, lines }) =>
  `${title}. ` + lines.map(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1)];
    return `${name}: ${number(first[1])}${unit(y_unit)} at ${x} ${number(first[0])}${unit(x_unit)}, ` +
      `${number(last[1])}${unit(y_unit)} at ${number(last[0])}${unit(x_unit)}`;
  }).join("; ");

/** What each line has at x. */
function readOut({ lines, y_unit }, x) {
  return lines.flatMap(({ name, points, sizes }) =>
    points.flatMap(([at, y, low, high], i) => {
      if (at !== x) return [];
      const range = low === undefined ? "" : ` (${number(low)}–${number(high)})`;
      const size = sizes ? `, ${number(100 * sizes[i])} % of all` : "";
      return make("div", { class: "pair" }, make("span", {}, name), make("span", {}, `${number(y)}${unit(y_unit)}${range}${size}`));
    }));
}

function legend(lines) {
  const list = make("div", { class: "legend" });
  for (const { name, colour, manner } of lines) {
    const swatch = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", manner === "points" ? "circle" : "line");
    const shape = manner === "points" ? { cx: 9, cy: 4, r: 3.5 } : { x1: 0, x2: 18, y1: 4, y2: 4, "stroke-width": 2 };
    if (manner === "dashed") shape["stroke-dasharray"] = "4 3";
    for (const [key, value] of Object.entries(shape)) path.setAttribute(key, value);
    path.classList.add(`paint-${colour.slice(2)}`);
    swatch.append(path);
    list.append(make("span", {}, swatch, name));
  }
  return list;
}

function grid(context, own, [x, y, width, height], span, [low, high], across, up) {
  context.fillStyle = colour("--soft");
  context.strokeStyle = colour("--line");
  context.lineWidth = 1;
  context.beginPath();
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { value, text } of ticks(low, high, height / 40)) {
    const at = Math.round(up(value)) + 0.5;
    context.moveTo(x, at);
    context.lineTo(x + width, at);
    context.fillText(text, x - 8, at);
  }
  context.stroke();
  context.textBaseline = "top";
  context.textAlign = "center";
  for (const { value, text } of own.log ? decades(span) : ticks(...span, width / 70))
    context.fillText(text, across(value), y + height + 6);
  context.textBaseline = "bottom";
  context.textAlign = "right";
  context.fillText(own.x_unit ? `${own.x}, ${own.x_unit}` : own.x, x + width, y + height + MARGIN.bottom);
  context.textAlign = "left";
  context.fillText(own.y_unit ? `${own.y}, ${own.y_unit}` : own.y, 0, y + height + MARGIN.bottom);
}

/** Ticks of a logarithmic axis from 10^from to 10^to. */
function decades([from, to]) {
  const found = [];
  for (let power = Math.floor(from); power <= to + 1e-9; power++)
    for (const value of [1, 2, 5].map((factor) => factor * 10 ** power))
      if (value >= 10 ** from * 0.999 && value <= 10 ** to * 1.001) found.push({ value, text: number(value) });
  return found;
}

function band(context, { points, colour: name, manner }, across, up) {
  if (points[0]?.length < 4 || manner === "points") return;
  context.fillStyle = colour(name);
  context.globalAlpha = 0.16;
  context.beginPath();
  for (const [x, , , high] of points) context.lineTo(across(x), up(high));
  for (const [x, , low] of [...points].reverse()) context.lineTo(across(x), up(low));
  context.fill();
  context.globalAlpha = 1;
}

function stroke(context, { points, colour: name, manner, sizes }, across, up) {
  context.strokeStyle = context.fillStyle = colour(name);
  context.lineWidth = 1.8;
  if (manner === "points") return points.forEach((point, i) => dot(context, point, across, up, sizes && 2 + 9 * Math.sqrt(sizes[i])));
  context.setLineDash(manner === "dashed" ? [4, 3] : []);
  context.beginPath();
  for (const [x, y] of points) context.lineTo(across(x), up(y));
  context.stroke();
  context.setLineDash([]);
  if (points.length <= 12 && manner !== "dashed") points.forEach(([x, y]) => dot(context, [x, y], across, up));
}

/** A point, with its interval as a thin line. */
function dot(context, [x, y, low, high], across, up, radius = 3) {
  context.beginPath();
  context.arc(across(x), up(y), radius, 0, 2 * Math.PI);
  context.globalAlpha = 0.8;
  context.fill();
  context.globalAlpha = 1;
  if (low === undefined) return;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(across(x), up(low));
  context.lineTo(across(x), up(high));
  context.stroke();
}

/** The x that was chosen, as an upright line with its name. */
function mark(context, own, [x, y, width, height], across) {
  const at = Math.round(across(own.mark)) + 0.5;
  context.strokeStyle = context.fillStyle = colour("--mark");
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(at, y);
  context.lineTo(at, y + height);
  context.stroke();
  const right = at > x + width * 0.7;
  context.textAlign = right ? "right" : "left";
  context.textBaseline = "top";
  context.fillText(own.mark_name ?? "chosen", right ? at - 5 : at + 5, y);
}
