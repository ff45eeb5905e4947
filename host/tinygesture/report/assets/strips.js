// What differs: a point for each recording, in a line for each subject.
const LANE = 7;
let highlighted = null;

function strips(plots) {
  const place = document.getElementById("strips");
  const subjects = distinct(data.gestures.map((fact) => fact.subject));
  if (subjects.length > 1) place.append(chips(subjects));
  const kinds = [
    ["Duration", "s", 2, (fact) => fact.duration_s, (fact) => fact.label],
    ["Motion of the accelerometer", "g", 2, (fact) => fact.accel_g, (fact) => fact.label],
    ["Motion of the gyroscope", "°/s", 0, (fact) => fact.gyro_dps, (fact) => fact.label],
    ["Sampling rate", "Hz", 1, (fact) => fact.rate_hz, (fact) => fact.board || "unknown"],
    ["Jitter of the sampling", "ms", 2, (fact) => fact.jitter_us / 1000, (fact) => fact.board || "unknown"],
  ];
  for (const kind of kinds) place.append(strip(plots, subjects, ...kind));
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
  repaint(document.getElementById("strips"));
}

function strip(plots, subjects, title, unit, digits, valueOf, groupOf) {
  const lane = clamp(Math.round(96 / subjects.length), 2, LANE);
  const facts = data.gestures;
  const all = facts.map(valueOf).sort((a, b) => a - b);
  const [least, most] = [all[0], all.at(-1)];
  const pad = Math.max((most - least) * 0.04, most * 0.05 - (most - least) / 2, 1e-3);
  const [low, high] = [Math.max(least - pad, 0), most + pad];
  const groups = distinct(facts.map(groupOf));
  const medians = groups.map((group) => median(facts.filter((fact) => groupOf(fact) === group).map(valueOf)));
  const tall = subjects.length * lane + 10;
  const [left, right] = [96, 52];
  const box = make("div", { class: "plot", role: "img" });
  box.setAttribute("aria-label", `${title}: ${groups.map((group, k) => `${group} ${round(medians[k], digits)} ${unit}`).join(", ")} (medians)`);
  box.style.height = `${groups.length * tall + 24}px`;
  const across = (value, width) => left + ((value - low) / (high - low)) * (width - left - right);
  const laneOf = new Map(subjects.map((subject, i) => [subject, 5 + (i + 0.5) * lane]));
  const groupAt = new Map(groups.map((group, k) => [group, k * tall]));
  const place = (fact, width) => [across(valueOf(fact), width), groupAt.get(groupOf(fact)) + laneOf.get(fact.subject)];
  plots.add(box, (context, width, height) => {
    const inner = width - left - right;
    context.textBaseline = "middle";
    groups.forEach((group, k) => {
      context.fillStyle = colour("--panel");
      context.fillRect(left, k * tall + 2, inner, tall - 4);
      context.fillStyle = colour("--ink");
      write(context, group, 0, k * tall + tall / 2, left - 10);
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
