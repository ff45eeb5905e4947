// The report of a data set.

const data = JSON.parse(document.getElementById("data").textContent);
const samples = document.getElementById("samples").textContent;
const every = [...data.gestures, ...data.continuous];
const SENSORS = [
  { first: 0, unit: "g", digits: 2, step: 0.5, scale: 1 / data.counts_per_unit[0] },
  { first: 3, unit: "°/s", digits: 0, step: 100, scale: 1 / data.counts_per_unit[3] },
];
const MOST_CURVES = 150; // of a label, laid upon each other
const BATCH = 250; // cards made at once

const percentile = (sorted, part) => sorted[Math.round(part * (sorted.length - 1))];
const median = (list) => percentile([...list].sort((a, b) => a - b), 0.5);

/** The samples of a recording, in counts and seconds. */
function read(fact) {
  const seconds = times(fact.rows, fact.knots);
  const gaps = new Set();
  for (let k = 1; k < fact.knots.length; k++)
    if (fact.knots[k][0] === fact.knots[k - 1][0] + 1 && fact.rows > 2) gaps.add(fact.knots[k][0]);
  return { counts: unpack(samples, fact.start, fact.rows), seconds, gaps };
}

/** The greatest absolute value of a sensor, in its unit. */
function peak(counts, { first, scale }) {
  let most = 0;
  for (let i = 0; i < counts.length; i += 6)
    for (let axis = first; axis < first + 3; axis++) most = Math.max(most, Math.abs(counts[i + axis]));
  return most * scale;
}
const upTo = (value, step) => step * Math.max(1, Math.ceil(value / step));

// One scale for all small plots: what nine of ten recordings need.
const some = every.filter((_, i) => i % Math.ceil(every.length / 200) === 0).map((fact) => read(fact).counts);
const limits = SENSORS.map((sensor) => {
  const peaks = some.map((counts) => peak(counts, sensor)).sort((a, b) => a - b);
  return upTo(percentile(peaks, 0.9) ?? 0, sensor.step);
});

const seconds = (value) => `${round(value, 2)} s`;
const natural = new Intl.Collator("en", { numeric: true }).compare;
const sorted = (values) => [...new Set(values)].sort(natural);
const line = (parts) => parts.filter(Boolean).join(", ");

/** Both sensors of a recording, one above the other. */
function drawSmall(fact) {
  return (context, width, height) => {
    const { counts, seconds, gaps } = read(fact);
    const bands = fact.intervals ? 22 : 0;
    const half = (height - bands) / 2;
    SENSORS.forEach((sensor, k) => {
      const span = { from: 0, to: seconds.at(-1), limit: limits[k] };
      curves(context, { counts, seconds, gaps, ...sensor, ...span }, [0, k * half, width, half]);
    });
    if (fact.intervals) drawIntervals(context, fact, [0, height - bands, width, bands]);
  };
}

/** What happened when, as named bars. */
function drawIntervals(context, fact, [x, y, width, height]) {
  const run = width / (fact.duration_s || 1);
  context.textBaseline = "middle";
  for (const [label, start, end] of fact.intervals) {
    const left = x + (start / 1e6) * run;
    const wide = Math.max(((end - start) / 1e6) * run - 1, 1);
    context.fillStyle = colour("--line");
    context.fillRect(left, y + 3, wide, height - 4);
    context.fillStyle = colour("--ink");
    if (context.measureText(label).width + 6 < wide) context.fillText(label, left + 4, y + height / 2 + 1);
  }
}

function card(fact, notes = []) {
  const box = make("span", { class: "plot" });
  const name = make("span", { class: "name" }, fact.name, make("small", {}, line([fact.subject, fact.session])));
  const button = make("button", { class: "card", type: "button" }, name, box);
  button.fact = fact;
  if (notes.length) button.append(make("span", { class: "reason" }, notes.join("; ")));
  if (fact.marks.length) button.append(make("span", { class: "marks" }, fact.marks.join(", ")));
  plot(box, drawSmall(fact));
  return make("li", {}, button);
}

/** Shows the values of a card's recording at a part of its length. */
function pointAt(button, part) {
  const box = button.querySelector(".plot");
  const read_ = (button.read ??= read(button.fact));
  button.part = clamp(part, 0, 1);
  const row = rowAt(read_.seconds, button.part * button.fact.duration_s);
  const cursor = box.querySelector(".cursor") ?? box.appendChild(make("i", { class: "cursor" }));
  cursor.style.left = `${100 * button.part}%`;
  const at = box.getBoundingClientRect();
  showValues(at.left + button.part * at.width, at.top + at.height / 2, ...rowsOfValues(button.fact, read_, row));
}

function rowsOfValues(fact, { counts, seconds }, row) {
  const inside = (fact.intervals ?? []).filter(([, a, b]) => a <= seconds[row] * 1e6 && seconds[row] * 1e6 <= b);
  return [
    make("b", {}, line([`${round(seconds[row], 3)} s`, ...inside.map(([label]) => label)])),
    ...SENSORS.map(({ first, unit, digits, scale }) =>
      make("div", { class: "row" },
        ...["x", "y", "z"].map((axis, k) =>
          make("span", { class: axis }, round(counts[6 * row + first + k] * scale, digits))),
        make("span", { class: "unit" }, unit))),
  ];
}

function leave(button) {
  button.querySelector(".cursor")?.remove();
  delete button.read;
  hideValues();
}

/** A list of cards that answers to pointer and keys: arrows move the cursor, or to the next card. */
function answer(list) {
  const cardOf = (event) => event.target.closest?.(".card");
  let hovered = null;
  list.addEventListener("pointermove", (event) => {
    const button = cardOf(event);
    if (hovered && hovered !== button) leave(hovered);
    hovered = event.target.closest?.(".plot") ? button : (button && leave(button), null);
    if (!hovered) return;
    const box = button.querySelector(".plot").getBoundingClientRect();
    pointAt(button, (event.clientX - box.left) / box.width);
  });
  list.addEventListener("pointerleave", () => hovered && (leave(hovered), (hovered = null)));
  list.addEventListener("focusin", (event) => {
    const button = cardOf(event);
    if (!button?.matches(":focus-visible")) return;
    for (const other of list.querySelectorAll('.card[tabindex="0"]')) other.tabIndex = -1;
    button.tabIndex = 0;
    pointAt(button, button.part ?? (button.fact.middle_s ?? 0) / (button.fact.duration_s || 1));
  });
  list.addEventListener("focusout", (event) => cardOf(event) && leave(cardOf(event)));
  list.addEventListener("click", (event) => cardOf(event) && open(cardOf(event).fact, factsOf(list)));
  list.addEventListener("keydown", (event) => {
    const button = cardOf(event);
    const item = button?.parentNode;
    const to = {
      ArrowDown: item?.nextElementSibling, ArrowUp: item?.previousElementSibling,
      Home: list.firstElementChild, End: list.lastElementChild,
    }[event.key];
    const by = { ArrowLeft: -0.02, ArrowRight: 0.02 }[event.key];
    if (by) pointAt(button, (button.part ?? 0) + by);
    else if (to) to.firstElementChild.focus({ focusVisible: true });
    else return;
    event.preventDefault();
  });
}
const factsOf = (list) => (list.id === "cards" ? shown : [...list.querySelectorAll(".card")].map((c) => c.fact));

// One recording, large.
const large = document.getElementById("large");
let beside = [];

function open(fact, among) {
  beside = among;
  hideValues();
  show(fact);
  if (!large.open) large.showModal();
  repaint((box) => large.contains(box));
}

function show(fact) {
  forget(large);
  const read_ = read(fact);
  const step = (by, text, key) => {
    const next = beside[beside.indexOf(fact) + by];
    const button = make("button", { type: "button", "aria-keyshortcuts": key }, text);
    button.disabled = !next;
    button.addEventListener("click", () => (show(next), repaint((box) => large.contains(box))));
    return button;
  };
  const close = make("button", { type: "button" }, "Close");
  close.addEventListener("click", () => large.close());
  const charts = SENSORS.map((sensor) => chart(fact, read_, sensor));
  const header = make("header", {},
    make("h2", { id: "large-title" }, fact.name), step(-1, "Previous", "PageUp"), step(1, "Next", "PageDown"), close);
  large.replaceChildren(header);
  if (fact.faults.length)
    large.append(make("ul", { class: "faults" }, ...fact.faults.map((fault) => make("li", {}, fault))));
  if (fact.reasons?.length) large.append(make("p", {}, `It ${fact.reasons.join(", and is ").replace("is resembles", "resembles")}.`));
  for (const { legend, box } of charts) large.append(legend, box);
  large.append(details(fact));
  const move = (part) => charts.forEach((one) => one.point(part));
  move((fact.middle_s ?? 0) / (fact.duration_s || 1));
  large.part = move;
  large.querySelectorAll(".plot").forEach((box) =>
    box.addEventListener("pointermove", (event) => {
      const { left, width } = box.getBoundingClientRect();
      move((event.clientX - left - MARGIN) / (width - MARGIN));
    }));
}

const MARGIN = 46; // of a chart's axis on the left
function chart(fact, read_, sensor) {
  const limit = upTo(peak(read_.counts, sensor), sensor.step);
  const names = data.channels.slice(sensor.first, sensor.first + 3);
  const spans = names.map((name, k) => make("span", { class: "xyz"[k] }, name));
  const time = make("span", { class: "unit" });
  const legend = make("div", { class: "legend" }, ...spans, time);
  const box = make("div", { class: "plot", role: "img", "aria-label": `${names.join(", ")} in ${sensor.unit}` });
  const cursor = make("i", { class: "cursor" });
  box.append(cursor);
  const bands = fact.intervals && sensor.first ? 24 : 0;
  plot(box, (context, width, height) => {
    const inner = [MARGIN, 6, width - MARGIN, height - 26 - bands];
    const span = { from: 0, to: fact.duration_s, limit };
    axes(context, inner, [0, fact.duration_s], [-limit, limit]);
    curves(context, { ...read_, ...sensor, ...span }, inner);
    if (bands) drawIntervals(context, fact, [MARGIN, height - bands, width - MARGIN, bands]);
  });
  const point = (part) => {
    const at = clamp(part, 0, 1);
    const row = rowAt(read_.seconds, at * fact.duration_s);
    cursor.style.left = `calc(${MARGIN}px + ${at} * (100% - ${MARGIN}px))`;
    spans.forEach((span, k) => {
      const value = read_.counts[6 * row + sensor.first + k] * sensor.scale;
      span.textContent = `${names[k]} ${round(value, sensor.digits)}`;
    });
    time.textContent = `${sensor.unit} at ${round(read_.seconds[row], 3)} s`;
    box.part = at;
  };
  return { legend, box, point };
}

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

function details(fact) {
  const said = {
    Subject: fact.subject,
    Session: fact.session,
    Recorded: fact.recorded_at.replace("T", " ").replace("Z", " UTC"),
    Board: line([fact.board, fact.imu]),
    Firmware: fact.firmware,
    Length: `${seconds(fact.duration_s)}, ${fact.samples} samples`,
    Rate: `${round(fact.rate_hz, 1)} Hz, jitter ${round(fact.jitter_us / 1000, 2)} ms`,
    Motion: `${round(fact.accel_g, 2)} g, ${round(fact.gyro_dps, 0)} °/s`,
    Lost: `${fact.drops} samples, ${fact.crc_errors} damaged frames`,
    "At the range's end": `${fact.clipped} samples`,
    Marks: fact.marks.join(", "),
    Synthetic: fact.synthetic ? "yes" : "",
    Id: fact.id,
    File: fact.file,
  };
  const list = make("dl");
  for (const [term, text] of Object.entries(said))
    if (text) list.append(make("div", {}, make("dt", {}, term), make("dd", {}, text)));
  return list;
}

large.addEventListener("keydown", (event) => {
  const [, previous, next] = [null, ...large.querySelectorAll("header button")];
  if (event.key === "PageUp") previous.click();
  else if (event.key === "PageDown") next.click();
  else if (event.key === "ArrowLeft") large.part(large.querySelector(".plot").part - 0.01);
  else if (event.key === "ArrowRight") large.part(large.querySelector(".plot").part + 0.01);
  else return;
  event.preventDefault();
});
large.addEventListener("click", (event) => event.target === large && large.close());
large.addEventListener("close", () => forget(large));

// Shapes: all recordings of a label upon each other.
function overlays() {
  const place = document.getElementById("overlays");
  const reach = [0, 1].map((k) =>
    upTo(percentile(Object.values(data.means).flatMap(({ mean, spread }) =>
      mean.slice(3 * k, 3 * k + 3).flatMap((row, c) => row.map((v, i) => Math.abs(v) + 1.5 * spread[3 * k + c][i])))
      .sort((a, b) => a - b), 0.99) ?? 0, SENSORS[k].step));
  const head = data.channels.map((name, k) => make("span", {}, `${name}, ±${reach[k < 3 ? 0 : 1]} ${SENSORS[k < 3 ? 0 : 1].unit}`));
  place.append(make("div", { class: "overlay head", "aria-hidden": "true" }, make("span"), ...head));
  for (const label of data.labels) {
    const facts = data.gestures.filter((fact) => fact.label === label);
    const every = Math.ceil(facts.length / MOST_CURVES);
    const few = facts.filter((_, i) => i % every === 0);
    const row = make("div", { class: "overlay" }, make("h3", {}, label, make("br"), make("small", {}, `${facts.length} recordings`), ...(every > 1 ? [make("br"), make("small", {}, `${few.length} drawn`)] : [])));
    data.channels.forEach((name, channel) => {
      const sensor = SENSORS[channel < 3 ? 0 : 1];
      const box = make("div", { class: "plot", role: "img", "aria-label": `${name} of ${label}: ${facts.length} recordings, their mean and its spread` });
      plot(box, drawOverlay(few, data.means[label], channel, sensor, reach[channel < 3 ? 0 : 1]));
      row.append(box);
    });
    place.append(row);
  }
}

function drawOverlay(facts, { mean, spread }, channel, { scale }, limit) {
  return (context, width, height) => {
    const across = (time) => ((time + data.half_s) / (2 * data.half_s)) * width;
    const up = (value) => height / 2 - (value / limit) * (height / 2);
    context.strokeStyle = colour("--line");
    context.strokeRect(-1, Math.round(height / 2) + 0.5, width + 2, height);
    context.strokeStyle = context.fillStyle = colour(AXES[channel % 3]);
    context.lineWidth = 1;
    context.globalAlpha = clamp(6 / facts.length, 0.05, 0.35);
    for (const fact of facts) {
      const { counts, seconds } = read(fact);
      context.beginPath();
      for (let row = 0; row < seconds.length; row++)
        context.lineTo(across(seconds[row] - fact.middle_s), up(counts[6 * row + channel] * scale));
      context.stroke();
    }
    const at = mean[channel].map((_, i) => across(i * data.step_s - data.half_s));
    const path = (values, start = true) =>
      values.forEach((value, i) => (i || !start ? context.lineTo(at[i], up(value)) : context.moveTo(at[i], up(value))));
    context.globalAlpha = 0.22;
    context.beginPath();
    path(mean[channel].map((value, i) => value + spread[channel][i]));
    for (let i = at.length - 1; i >= 0; i--) context.lineTo(at[i], up(mean[channel][i] - spread[channel][i]));
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 2;
    context.beginPath();
    path(mean[channel]);
    context.stroke();
  };
}

// What differs: a point for each recording, in a line for each subject.
const LANE = 7;
let highlighted = null;

function strips() {
  const place = document.getElementById("strips");
  const subjects = sorted(data.gestures.map((fact) => fact.subject));
  if (subjects.length > 1) place.append(chips(subjects));
  const kinds = [
    ["Duration", "s", 2, (fact) => fact.duration_s, (fact) => fact.label],
    ["Motion of the accelerometer", "g", 2, (fact) => fact.accel_g, (fact) => fact.label],
    ["Motion of the gyroscope", "°/s", 0, (fact) => fact.gyro_dps, (fact) => fact.label],
    ["Sampling rate", "Hz", 1, (fact) => fact.rate_hz, (fact) => fact.board || "unknown"],
    ["Jitter of the sampling", "ms", 2, (fact) => fact.jitter_us / 1000, (fact) => fact.board || "unknown"],
  ];
  for (const kind of kinds) place.append(strip(subjects, ...kind));
}

function chips(subjects) {
  const group = make("div", { class: "chips", role: "group", "aria-label": "Show one subject" });
  for (const subject of subjects) {
    const chip = make("button", { type: "button", "aria-pressed": "false" }, subject);
    chip.addEventListener("click", () => highlight(highlighted === subject ? null : subject));
    group.append(chip);
  }
  return group;
}

function highlight(subject) {
  highlighted = subject;
  for (const chip of document.querySelectorAll(".chips button"))
    chip.setAttribute("aria-pressed", String(chip.textContent === subject));
  repaint((box) => box.closest("#strips"));
}

function strip(subjects, title, unit, digits, valueOf, groupOf) {
  const lane = clamp(Math.round(96 / subjects.length), 2, LANE);
  const order = new Map(subjects.map((subject, i) => [subject, i]));
  const facts = data.gestures;
  const all = facts.map(valueOf);
  const [least, most] = [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))];
  const pad = Math.max((most - least) * 0.04, most * 0.05 - (most - least) / 2, 1e-3);
  const [low, high] = [Math.max(least - pad, 0), most + pad];
  const groups = sorted(facts.map(groupOf));
  const medians = groups.map((group) => median(facts.filter((fact) => groupOf(fact) === group).map(valueOf)));
  const tall = subjects.length * lane + 10;
  const [left, right] = [96, 52];
  const box = make("div", { class: "plot", role: "img" });
  box.setAttribute("aria-label", `${title}: ${groups.map((group, k) => `${group} ${round(medians[k], digits)} ${unit}`).join(", ")} (medians)`);
  box.style.height = `${groups.length * tall + 24}px`;
  const across = (value, width) => left + ((value - low) / (high - low)) * (width - left - right);
  const place = (fact, width) => [
    across(valueOf(fact), width),
    groups.indexOf(groupOf(fact)) * tall + 5 + (order.get(fact.subject) + 0.5) * lane,
  ];
  plot(box, (context, width, height) => {
    const inner = width - left - right;
    context.textBaseline = "middle";
    groups.forEach((group, k) => {
      context.fillStyle = colour("--panel");
      context.fillRect(left, k * tall + 2, inner, tall - 4);
      context.fillStyle = colour("--ink");
      context.fillText(group, 0, k * tall + tall / 2, left - 10);
      context.textAlign = "right";
      context.fillText(round(medians[k], digits), width, k * tall + tall / 2);
      context.textAlign = "left";
    });
    const size = Math.max(2, Math.min(lane - 2, 4));
    for (const mine of [false, true]) {
      context.fillStyle = colour(mine ? "--x" : "--accent");
      context.globalAlpha = mine ? 1 : highlighted ? 0.25 : 0.6;
      for (const fact of facts) {
        if ((fact.subject === highlighted) !== mine) continue;
        const [x, y] = place(fact, width);
        context.fillRect(x - size / 2, y - size / 2, size, size);
      }
    }
    context.globalAlpha = 1;
    context.fillStyle = colour("--ink");
    medians.forEach((value, k) => context.fillRect(across(value, width) - 0.75, k * tall + 2, 1.5, tall - 4));
    context.fillStyle = colour("--soft");
    context.textAlign = "center";
    context.textBaseline = "bottom";
    for (const { value, text } of ticks(low, high, inner / 80)) context.fillText(text, across(value, width), height);
    context.textAlign = "right";
    context.fillText(unit, width, height);
  });
  const nearest = (event) => {
    const { left: x, top: y, width } = box.getBoundingClientRect();
    let [best, far] = [null, 15 ** 2];
    for (const fact of facts) {
      const [px, py] = place(fact, width);
      const away = (px - event.clientX + x) ** 2 + (py - event.clientY + y) ** 2;
      if (away < far) [best, far] = [fact, away];
    }
    return best;
  };
  box.addEventListener("pointermove", (event) => {
    const fact = nearest(event);
    if (!fact) return hideValues();
    showValues(event.clientX, event.clientY,
      make("b", {}, `${round(valueOf(fact), digits)} ${unit}`), make("div", {}, line([fact.name, fact.subject, fact.session])));
  });
  box.addEventListener("pointerleave", hideValues);
  box.addEventListener("click", (event) => nearest(event) && open(nearest(event), facts));
  return make("figure", {}, make("figcaption", {}, make("h3", {}, title, " ", make("small", {}, `in ${unit}`))), box);
}

// Recordings: filters and order.
const filters = document.getElementById("filters");
const list = document.getElementById("cards");
let shown = [];
let pending = 0;

const boardOf = (fact) => line([fact.board, fact.imu]);
const sessionOf = (fact) => line([fact.subject, fact.session]);
const FIELDS = { label: (fact) => fact.label, subject: (fact) => fact.subject, session: sessionOf, board: boardOf };
const ORDERS = { still: (fact) => -fact.accel_g };

function fillFilters() {
  for (const [name, of] of Object.entries(FIELDS))
    for (const value of sorted(data.gestures.map(of)))
      filters.elements[name].append(make("option", { value }, value));
  for (const mark of sorted(data.gestures.flatMap((fact) => fact.marks)))
    filters.elements.mark.append(make("option", { value: mark }, mark));
}

const textOf = (fact) => Object.values(fact).filter((v) => typeof v === "string").join(" ").toLowerCase();

function choose() {
  const { mark, text, order } = Object.fromEntries(new FormData(filters));
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const tests = Object.entries(FIELDS).filter(([name]) => filters.elements[name].value);
  shown = data.gestures.filter((fact) =>
    tests.every(([name, of]) => of(fact) === filters.elements[name].value) &&
    (!mark || (mark === "*" ? fact.marks.length : fact.marks.includes(mark))) &&
    (!words.length || ((all) => words.every((word) => all.includes(word)))(textOf(fact))));
  if (order) {
    const key = ORDERS[order] ?? ((fact) => fact[order]);
    shown.sort((a, b) => key(b) - key(a));
  }
  document.getElementById("count").textContent =
    shown.length === data.gestures.length ? `${shown.length} recordings` : `${shown.length} of ${data.gestures.length} recordings`;
  forget(list);
  list.replaceChildren();
  clearTimeout(pending);
  addCards(0);
}

/** Cards from `start` on, a few at once, so that the page answers meanwhile. */
function addCards(start) {
  list.append(...shown.slice(start, start + BATCH).map((fact) => card(fact)));
  if (start === 0) list.querySelectorAll(".card").forEach((button, i) => (button.tabIndex = i ? -1 : 0));
  else for (let i = start; i < list.children.length; i++) list.children[i].firstElementChild.tabIndex = -1;
  if (start + BATCH < shown.length) pending = setTimeout(addCards, 0, start + BATCH);
}

fillFilters();
filters.addEventListener("input", choose);
filters.addEventListener("submit", (event) => event.preventDefault());
filters.addEventListener("reset", () => setTimeout(choose));

const suspects = document.getElementById("suspects");
suspects?.append(...data.suspects.map((i) => card(data.gestures[i], data.gestures[i].reasons)));
const long = document.getElementById("long");
long?.append(...data.continuous.map((fact) => card(fact)));
for (const cards of [suspects, long, list]) if (cards) answer(cards);
if (data.gestures.length) overlays(), strips();
choose();
