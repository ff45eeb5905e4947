// Test recordings: both sensors above what the model answered at each step.

const SENSORS = [
  { name: "accelerometer", first: 0, unit: "g", digits: 2, scale: 4 / 32768 },
  { name: "gyroscope", first: 3, unit: "°/s", digits: 0, scale: 2000 / 32768 },
];
const SIGNAL = 74; // pixels of a sensor
const ROW = 15; // and of a label
const NAMES = 88; // to the left of the answers

function example(fact, limits, plots) {
  const box = make("div", { class: "plot", role: "img", tabindex: "0" });
  box.setAttribute("aria-label", `Recording ${fact.id} of ${fact.label}, answered ${fact.answer}`);
  box.style.height = `${2 * SIGNAL + fact.shown.length * ROW + 26}px`;
  plots.add(box, (context, width, height) => {
    const own = read(fact);
    const inner = width - NAMES;
    SENSORS.forEach((sensor, k) => {
      const span = { from: 0, to: fact.duration_s, limit: limits[k] };
      curves(context, { ...own, ...sensor, ...span }, [NAMES, k * SIGNAL, inner, SIGNAL]);
      context.fillStyle = colour("--soft");
      context.textBaseline = "middle";
      context.textAlign = "left";
      write(context, sensor.unit, 0, k * SIGNAL + SIGNAL / 2, NAMES - 8);
    });
    drawAnswers(context, fact, [NAMES, 2 * SIGNAL + 6, inner]);
    context.fillStyle = colour("--soft");
    context.textBaseline = "bottom";
    context.textAlign = "center";
    for (const { value, text } of ticks(0, fact.duration_s, inner / 90))
      context.fillText(value ? text : "0 s", clamp(NAMES + (value / fact.duration_s) * inner, NAMES + 8, width - 12), height);
  });
  const point = (part) => {
    box.at = clamp(part, 0, 1);
    const { left, top, width } = box.getBoundingClientRect();
    const x = NAMES + box.at * (width - NAMES);
    const cursor = box.querySelector(".cursor") ?? box.appendChild(make("i", { class: "cursor" }));
    cursor.style.left = `${x}px`;
    showValues(left + x, top + 2 * SIGNAL, ...valuesAt(fact, box.at * fact.duration_s));
  };
  const leave = () => (box.querySelector(".cursor")?.remove(), hideValues());
  box.addEventListener("pointermove", ({ clientX }) => {
    const { left, width } = box.getBoundingClientRect();
    point((clientX - left - NAMES) / (width - NAMES));
  });
  box.addEventListener("pointerleave", leave);
  box.addEventListener("blur", leave);
  box.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -0.02, ArrowRight: 0.02 }[event.key];
    if (!by) return;
    point((box.at ?? 0) + by);
    event.preventDefault();
  });
  const right = fact.label === fact.answer;
  const title = make("h3", {}, right ? fact.label : `${fact.label}, taken for ${fact.answer}`,
    make("small", {}, `${round(100 * fact.confidence, 0)} % sure`));
  const who = [fact.subject, fact.session, fact.file].filter(Boolean).join(", ");
  return make("li", { class: "example" }, title, box, make("p", {}, who));
}

const read = (fact) => (fact.read ??= { counts: unpack(samples, fact.start, fact.rows), seconds: times(fact.rows, fact.knots) });

/** Seconds at which step i of the model is computed. */
const endOf = (i) => (data.window + i * data.hop) / 100;
const stepAt = (fact, seconds) => Math.min(Math.floor((seconds * 100 - data.window) / data.hop + 1), fact.probabilities.length - 1);

/** A row for each label that was ever likely: the darker, the more probable. */
function drawAnswers(context, fact, [x, y, width]) {
  const run = width / fact.duration_s;
  fact.shown.forEach((label, row) => {
    const top = y + row * ROW;
    context.fillStyle = colour("--panel");
    context.fillRect(x, top, width, ROW - 2);
    const name = data.labels[label];
    context.fillStyle = colour(name === fact.label ? "--accent" : name === fact.answer ? "--x" : "--soft");
    fact.probabilities.forEach((probabilities, i) => {
      const from = Math.max(endOf(i - 1), 0);
      context.globalAlpha = probabilities[label] / 256;
      context.fillRect(x + from * run, top, (Math.min(endOf(i), fact.duration_s) - from) * run + 0.4, ROW - 2);
    });
    context.globalAlpha = 1;
    context.textBaseline = "middle";
    context.textAlign = "left";
    write(context, name, 0, top + ROW / 2 - 1, NAMES - 8);
  });
}

function valuesAt(fact, seconds) {
  const own = read(fact);
  const row = rowAt(own.seconds, seconds);
  const answers = fact.probabilities[stepAt(fact, seconds)] ?? [];
  return [
    make("b", {}, `${round(own.seconds[row], 2)} s`),
    ...SENSORS.map(({ first, unit, digits, scale }) =>
      make("div", { class: "row" },
        ...["x", "y", "z"].map((axis, k) =>
          make("span", { class: axis }, round(own.counts[6 * row + first + k] * scale, digits))),
        make("span", { class: "unit" }, unit))),
    ...fact.shown.filter((label) => answers[label] > 2).map((label) =>
      make("div", { class: "pair" }, make("span", {}, data.labels[label]), make("span", {}, `${round((100 * answers[label]) / 256, 0)} %`))),
  ];
}

/** The labels of a recording to show: its own, the answer, and those that were ever likely. */
function likely(fact) {
  const own = [fact.label, fact.answer].map((name) => data.labels.indexOf(name));
  return data.labels.map((_, label) => label).filter((label) =>
    own.includes(label) || fact.probabilities.some((row) => row[label] > 25));
}
