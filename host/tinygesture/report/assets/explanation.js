// Explanations of decisions, each as Explanation.to_json has it, with the names `model`, `arch`,
// `recording` and `actual`: what counted, and what each step uses of the past.

const Explanations = (() => {
  const LEFT = 104; // pixels of the names
  const [PROBABILITY, CURVES, STRIP, GAP, SCALE] = [54, 84, 26, 12, 22]; // heights in pixels
  const [PAST, MATRIX_LEFT] = [64, 40];
  const SENSORS = [
    { name: "accelerometer", first: 0, unit: "g", digits: 2 },
    { name: "gyroscope", first: 3, unit: "°/s", digits: 0 },
  ];
  const REACH = 0.9; // of what a step uses lies within its memory
  const percent = (part) => `${round(100 * part, 0)}%`;
  const signed = (value) => (value > 0 ? "+" : "") + round(value, 3);
  const peak = (rows, from, to) => Math.max(...rows.map((row) => Math.max(...row.slice(from, to).map(Math.abs))), 1e-9);

  /** An explanation with what the pictures need: times are in seconds, `step` is the one shown. */
  function prepared(of) {
    const { units, used, padding, rate_hz, hop } = of;
    const [steps, blocks] = [used.length, used[0].length];
    const endOf = (step) => (of.window + step * hop - padding) / rate_hz;
    return {
      ...of,
      steps,
      blocks,
      endOf,
      endOfBlock: (block) => endOf(block + steps - blocks),
      counts: units.flat(),
      seconds: units.map((_, i) => (i - padding) / rate_hz),
      from: -padding / rate_hz,
      to: (units.length - padding) / rate_hz,
      own: of.labels.indexOf(of.label),
      most: peak(of.attributions, 0, 6),
      step: steps - 1,
    };
  }

  /** How far back, in seconds, REACH of `parts` lies; the newest part comes first. */
  function reach(parts, { hop, rate_hz }) {
    const wanted = REACH * parts.reduce((sum, part) => sum + part, 0);
    let sum = 0;
    for (let k = 0; k < parts.length; k++) {
      if (parts[k] > 0 && sum + parts[k] >= wanted) return ((k + (wanted - sum) / parts[k]) * hop) / rate_hz;
      sum += parts[k];
    }
    return 0;
  }
  const newestFirst = (of, step) => of.used[step].slice(0, step + of.blocks - of.steps + 1).reverse();

  function draw(place, list, plots) {
    const every = list.map(prepared);
    place.append(...every.map((of, k) => article(of, k + 1, every, plots)));
  }

  function article(of, number, every, plots) {
    const who = [of.recording, of.actual && of.actual !== of.label ? `recorded as ${of.actual}` : ""];
    const title = make("h3", {}, line(who), " ", make("small", {}, `${of.model}, ${of.arch}`));
    const past = make("div", { class: "plot past", role: "img" });
    const readout = make("p", { class: "readout", "aria-live": "polite" });
    const signals = make("div", { class: "plot signals", role: "img", tabindex: "0" });
    const matrix = make("div", { class: "plot matrix", role: "img" });
    const memory = make("div", { class: "plot reach", role: "img", "aria-label": of.memory_sentence });
    signals.setAttribute("aria-label", `${of.sentence} Arrow keys move through time.`);
    past.setAttribute("aria-label", "What the step at the cursor uses of the past");
    matrix.setAttribute("aria-label", "What each step uses of the past: steps downwards, the past to the left");
    signals.style.height = `${PROBABILITY + 2 * (GAP + CURVES + 3 * STRIP) + SCALE}px`;
    past.style.height = `${PAST}px`;
    plots.add(signals, (...on) => drawSignals(of, ...on));
    plots.add(past, (...on) => drawPast(of, ...on));
    plots.add(matrix, (...on) => drawMatrix(of, ...on));
    plots.add(memory, (...on) => drawReach(of, every, ...on));
    const cursors = [signals, past].map((box) => box.appendChild(make("i", { class: "cursor", hidden: "" })));

    const show = (at) => {
      of.at = clamp(at, of.from, of.to);
      const step = clamp(Math.ceil(((of.at - of.endOf(0)) * of.rate_hz) / of.hop - 1e-6), 0, of.steps - 1);
      const part = (of.at - of.from) / (of.to - of.from);
      for (const cursor of cursors) {
        cursor.hidden = false;
        cursor.style.left = `calc(${LEFT}px + ${part} * (100% - ${LEFT}px))`;
      }
      if (step !== of.step) (of.step = step), paint(past), paint(matrix);
      const depth = reach(newestFirst(of, step), of);
      const p = of.probabilities[step][of.own];
      readout.textContent = `The step at ${round(of.endOf(step), 2)} s says ${of.label} ${round(p, 2)}; 90% of what it uses is from the last ${round(depth, 2)} s.`;
    };
    const leave = () => (cursors.forEach((cursor) => (cursor.hidden = true)), hideValues());
    for (const box of [signals, past]) {
      box.addEventListener("pointermove", (event) => {
        const { left, width } = box.getBoundingClientRect();
        show(of.from + ((event.clientX - left - LEFT) / (width - LEFT)) * (of.to - of.from));
        showValues(event.clientX, event.clientY, ...(box === past ? pastAt(of) : sampleAt(of)));
      });
      box.addEventListener("pointerleave", leave);
    }
    matrix.addEventListener("pointermove", (event) => {
      const { left, top, width, height } = matrix.getBoundingClientRect();
      const step = clamp(Math.floor(((event.clientY - top) / (height - SCALE)) * of.steps), 0, of.steps - 1);
      const block = clamp(Math.floor(((event.clientX - left - MATRIX_LEFT) / (width - MATRIX_LEFT)) * of.blocks), 0, of.blocks - 1);
      show(of.endOf(step));
      showValues(event.clientX, event.clientY, ...blockAt(of, block));
    });
    matrix.addEventListener("pointerleave", leave);
    signals.addEventListener("blur", leave);
    signals.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!by) return;
      show((of.at ?? of.to) + (by * of.hop) / of.rate_hz);
      const { left, top } = cursors[0].getBoundingClientRect();
      showValues(left, top + PROBABILITY, ...sampleAt(of));
      event.preventDefault();
    });
    show(of.to);
    leave();

    const key = make("p", { class: "legend" }, make("span", { class: "for" }, `▲ for ${of.label}`), make("span", { class: "against" }, "▼ against"));
    const notes = make("p", { class: "notes" }, of.notes.join(" "));
    const course = make("div", { class: "course" }, key, signals, past, readout, notes);
    const sums = make("div", { class: "sums" },
      make("h4", {}, "What counted"), shares(of),
      make("h4", {}, "What each step uses of the past"), matrix,
      make("p", {}, "Downwards the steps, in seconds; across the past that each of them uses."),
      make("h4", {}, "How far back"), memory, make("p", {}, of.memory_sentence));
    return make("article", { class: "explanation", id: `explanation-${number}` }, title, make("p", { class: "said" }, of.sentence), make("div", { class: "panes" }, course, sums));
  }
  const line = (parts) => parts.filter(Boolean).join(", ");

  /** The share of each axis, and of each sensor. */
  function shares(of) {
    const table = make("table", { class: "shares" });
    const largest = Math.max(...Object.values(of.shares), 1e-9);
    for (const { name, first } of SENSORS) {
      table.append(make("tr", {}, make("th", { scope: "row", colspan: "2" }, name), make("td", { class: "number" }, percent(of[name]))));
      Object.entries(of.shares).slice(first, first + 3).forEach(([, share], k) => {
        const bar = make("i", { class: `share ${"xyz"[k]}` });
        bar.style.width = `${(100 * share) / largest}%`;
        table.append(make("tr", {}, make("th", { scope: "row", class: "xyz"[k] }, "xyz"[k]), make("td", { class: "span" }, bar), make("td", { class: "number" }, percent(share))));
      });
    }
    return table;
  }

  // What the small window says.
  const pair = (name, value, kind = "") => make("div", { class: "pair" }, make("span", { class: kind }, name), make("span", {}, value));
  function sampleAt(of) {
    const i = clamp(Math.floor((of.at - of.from) * of.rate_hz), 0, of.units.length - 1);
    const rows = SENSORS.flatMap(({ first, unit, digits }) => [
      make("div", { class: "row" }, ..."xyz".split("").map((axis, k) => make("span", { class: axis }, round(of.units[i][first + k], digits))), make("span", { class: "unit" }, unit)),
      make("div", { class: "row" }, ...[0, 1, 2].map((k) => {
        const value = of.attributions[i][first + k];
        return make("span", { class: value < 0 ? "against" : "for" }, signed(value));
      }), make("span", { class: "unit" }, "adds")),
    ]);
    const held = i < of.padding ? ", the first sample, held" : "";
    const ranked = of.labels.map((label, k) => [label, of.probabilities[of.step][k]]).sort((a, b) => b[1] - a[1]).slice(0, 3);
    return [make("b", {}, `${round(of.seconds[i], 2)} s${held}`), ...rows, ...ranked.map(([label, p]) => pair(label, round(p, 2)))];
  }
  function blockAt(of, block) {
    const part = of.used[of.step][block];
    const end = of.endOfBlock(block);
    return [
      make("b", {}, `The step at ${round(of.endOf(of.step), 2)} s`),
      pair(`uses of ${round(end - of.hop / of.rate_hz, 2)} to ${round(end, 2)} s`, `${round(100 * part, 1)}%`),
    ];
  }
  const pastAt = (of) => blockAt(of, clamp(Math.ceil(((of.at - of.endOfBlock(0)) * of.rate_hz) / of.hop - 1e-6), 0, of.blocks - 1));

  // The pictures.
  function named(context, text, y, room = LEFT - 10, name = "--soft", x = 0) {
    context.fillStyle = colour(name);
    context.textAlign = "left";
    context.textBaseline = "middle";
    write(context, text, x, y, room);
  }
  const upright = (context, x, y, height) => context.fillRect(Math.round(x), y, 1, height);
  function scale(context, from, to, [x, y, width], unit = " s") {
    context.fillStyle = colour("--soft");
    context.textAlign = "center";
    context.textBaseline = "top";
    for (const { value, text } of ticks(from, to, width / 70)) {
      const words = value === 0 ? `0${unit}` : text;
      const half = context.measureText(words).width / 2;
      context.fillText(words, clamp(x + ((value - from) / (to - from)) * width, x + half, x + width - half), y + 6);
    }
  }

  function drawSignals(of, context, width, height) {
    const inner = width - LEFT;
    const across = (at) => LEFT + ((at - of.from) / (of.to - of.from)) * inner;
    const bottom = height - SCALE;
    drawProbabilities(of, context, across);
    named(context, of.label, 10, LEFT - 10, "--accent");
    named(context, "its probability", 26);
    SENSORS.forEach((sensor, k) => {
      const top = PROBABILITY + GAP + k * (CURVES + 3 * STRIP + GAP);
      const limit = peak(of.units, sensor.first, sensor.first + 3) * 1.05;
      curves(context, { ...of, ...sensor, scale: 1, limit }, [LEFT, top, inner, CURVES]);
      named(context, sensor.name, top + 10);
      named(context, `±${round(limit, sensor.digits ? 1 : 0)} ${sensor.unit}`, top + 26);
      for (const axis of [0, 1, 2]) drawStrip(of, context, sensor.first + axis, top + CURVES + axis * STRIP, across);
    });
    context.fillStyle = colour("--soft");
    const known = across(of.known_from_s);
    for (let y = 0; y < bottom; y += 7) upright(context, known, y, 4);
    named(context, "known", PROBABILITY - 8, inner, "--soft", known + 5);
    scale(context, of.from, of.to, [LEFT, bottom, inner]);
  }

  function drawProbabilities(of, context, across) {
    const order = of.labels.map((_, k) => k).sort((a, b) => (a === of.own) - (b === of.own));
    for (const label of order) {
      context.strokeStyle = colour(label === of.own ? "--accent" : "--line");
      context.lineWidth = label === of.own ? 2 : 1.3;
      context.beginPath();
      of.probabilities.forEach((row, step) => {
        const y = 2 + (1 - row[label]) * (PROBABILITY - 4);
        context.lineTo(Math.max(across(of.endOf(step - 1)), LEFT), y);
        context.lineTo(across(of.endOf(step)), y);
      });
      context.stroke();
    }
  }

  /** What each sample of an axis adds (upwards) and takes. */
  function drawStrip(of, context, channel, top, across) {
    const middle = top + STRIP / 2;
    const axis = "xyz"[channel % 3];
    context.fillStyle = colour("--panel");
    context.fillRect(across(of.from), top + 1, across(of.to) - across(of.from), STRIP - 2);
    named(context, axis, middle, 20, `--${axis}`, 56);
    named(context, percent(Object.values(of.shares)[channel]), middle, 34, "--soft", 70);
    const wide = Math.max(across(1 / of.rate_hz) - across(0), 1);
    for (const sign of [1, -1]) {
      context.fillStyle = colour(sign > 0 ? "--for" : "--against");
      of.attributions.forEach((row, i) => {
        const tall = (Math.abs(row[channel]) / of.most) * (STRIP / 2 - 1);
        if (row[channel] * sign > 0) context.fillRect(across(of.seconds[i]), sign > 0 ? middle - tall : middle, wide, tall);
      });
    }
  }

  function drawPast(of, context, width, height) {
    const inner = width - LEFT;
    const across = (at) => LEFT + ((at - of.from) / (of.to - of.from)) * inner;
    const bottom = height - 8;
    const row = of.used[of.step];
    const largest = Math.max(...row, 1e-9);
    context.fillStyle = colour("--panel");
    context.fillRect(LEFT, 0, across(of.endOf(of.step)) - LEFT, bottom);
    context.fillStyle = colour("--accent");
    row.forEach((part, block) => {
      const [left, right] = [of.endOfBlock(block) - of.hop / of.rate_hz, of.endOfBlock(block)].map(across);
      const tall = (part / largest) * (bottom - 4);
      context.fillRect(Math.max(left, LEFT), bottom - tall, right - Math.max(left, LEFT) - 0.5, tall);
    });
    const end = across(of.endOf(of.step));
    const begin = across(of.endOf(of.step) - reach(newestFirst(of, of.step), of));
    context.fillStyle = colour("--mark");
    context.fillRect(begin, bottom + 3, end - begin, 2);
    named(context, "the past that", 12);
    named(context, "a step uses", 28);
  }

  function drawMatrix(of, context, width, height) {
    const [inner, tall] = [width - MATRIX_LEFT, height - SCALE];
    const [wide, high] = [inner / of.blocks, tall / of.steps];
    context.fillStyle = colour("--panel");
    context.fillRect(MATRIX_LEFT, 0, inner, tall);
    context.fillStyle = colour("--accent");
    of.used.forEach((row, step) => {
      const largest = Math.max(...row, 1e-9);
      row.forEach((part, block) => {
        context.globalAlpha = Math.sqrt(part / largest);
        if (part > 0) context.fillRect(MATRIX_LEFT + block * wide, step * high, wide + 0.3, high + 0.3);
      });
    });
    context.globalAlpha = 1;
    context.strokeStyle = colour("--mark");
    context.lineWidth = 1.5;
    context.strokeRect(MATRIX_LEFT + 0.75, of.step * high, inner - 1.5, Math.max(high, 2));
    const from = of.endOfBlock(-1);
    scale(context, from, of.endOf(of.steps - 1), [MATRIX_LEFT, tall, inner]);
    for (const { value, text } of ticks(of.endOf(0), of.endOf(of.steps - 1), tall / 44)) {
      const step = ((value - of.endOf(0)) * of.rate_hz) / of.hop;
      named(context, text, clamp((step + 0.5) * high, 7, tall - 7), MATRIX_LEFT - 6);
    }
  }

  /** How much of what a step uses comes from the last so many milliseconds; of others too. */
  function drawReach(of, every, context, width, height) {
    const box = [MATRIX_LEFT, 6, width - MATRIX_LEFT, height - SCALE - 6];
    const [x, y, inner, tall] = box;
    const span = Math.max(...every.map(({ memory, hop, rate_hz }) => (memory.length * hop) / rate_hz)) * 1000;
    const across = (ms) => x + (ms / span) * inner;
    const up = (part) => y + (1 - part) * tall;
    context.fillStyle = colour("--panel");
    context.fillRect(x, y, inner, tall);
    scale(context, 0, span, [x, y + tall, inner], " ms");
    for (const part of [0.5, REACH]) named(context, percent(part), up(part), MATRIX_LEFT - 6);
    for (const other of [...every.filter((one) => one !== of), of]) {
      let sum = 0;
      context.strokeStyle = colour(other === of ? "--accent" : "--line");
      context.lineWidth = other === of ? 2 : 1.3;
      context.beginPath();
      context.moveTo(across(0), up(0));
      other.memory.forEach((part, k) => context.lineTo(across(((k + 1) * 1000 * other.hop) / other.rate_hz), up((sum += part))));
      context.stroke();
    }
    context.fillStyle = colour("--mark");
    context.fillRect(x, up(REACH), across(of.memory_ms) - x, 1);
    upright(context, across(of.memory_ms), up(REACH), up(0) - up(REACH));
    const right = of.memory_ms > span * 0.6;
    context.textAlign = right ? "right" : "left";
    context.textBaseline = "bottom";
    context.fillText(`${round(of.memory_ms, 0)} ms`, across(of.memory_ms) + (right ? -5 : 5), up(0) - 3);
  }

  return { draw };
})();
