// One recording, large.
const large = document.getElementById("large");
const inLarge = new Plots();
let beside = [];

function open(fact, among) {
  beside = among;
  hideValues();
  if (!large.open) large.showModal();
  show(fact);
}

function show(fact) {
  inLarge.forget();
  const own = read(fact);
  const step = (by, text, key) => {
    const next = beside[beside.indexOf(fact) + by];
    const button = make("button", { type: "button", "aria-keyshortcuts": key }, text);
    button.disabled = !next;
    button.addEventListener("click", () => show(next));
    return button;
  };
  const close = make("button", { type: "button" }, "Close");
  close.addEventListener("click", () => large.close());
  const charts = SENSORS.map((sensor) => chart(fact, own, sensor));
  const header = make("header", {},
    make("h2", { id: "large-title" }, fact.name), step(-1, "Previous", "PageUp"), step(1, "Next", "PageDown"), close);
  large.replaceChildren(header);
  if (fact.faults.length)
    large.append(make("ul", { class: "faults" }, ...fact.faults.map((fault) => make("li", {}, fault))));
  if (fact.reasons?.length) large.append(make("p", {}, `It ${fact.reasons.join(", and ")}.`));
  for (const { legend, box } of charts) large.append(legend, box);
  large.append(details(fact), make("pre", { tabindex: 0, "aria-label": "Commands that correct it" }, commands(fact)));
  const move = (part) => charts.forEach((one) => one.point(part));
  move(middleOf(fact));
  large.move = move;
  inLarge.boxes.forEach(paint);
  large.focus(); // the buttons are new
  large.querySelectorAll(".plot").forEach((box) =>
    box.addEventListener("pointermove", (event) => {
      const { left, width } = box.getBoundingClientRect();
      move((event.clientX - left - MARGIN) / (width - MARGIN));
    }));
}

const MARGIN = 46; // of a chart's axis on the left
function chart(fact, own, sensor) {
  const limit = upTo(peak(own.counts, sensor), sensor.step);
  const names = data.channels.slice(sensor.first, sensor.first + 3);
  const spans = names.map((name, k) => make("span", { class: "xyz"[k] }, name));
  const time = make("span", { class: "unit" });
  const legend = make("div", { class: "legend" }, ...spans, time);
  const box = make("div", { class: "plot", role: "img", "aria-label": `${names.join(", ")} in ${sensor.unit}` });
  const cursor = make("i", { class: "cursor" });
  box.append(cursor);
  const bands = fact.intervals && sensor.first ? 24 : 0;
  cursor.style.bottom = `${26 + bands}px`;
  inLarge.add(box, (context, width, height) => {
    const inner = [MARGIN, 6, width - MARGIN, height - 26 - bands];
    const span = { from: 0, to: fact.duration_s, limit };
    axes(context, inner, [0, fact.duration_s], [-limit, limit]);
    curves(context, { ...own, ...sensor, ...span }, inner);
    if (bands) drawIntervals(context, fact, [MARGIN, height - bands, width - MARGIN, bands]);
  });
  const point = (part) => {
    const at = clamp(part, 0, 1);
    const row = rowAt(own.seconds, at * fact.duration_s);
    cursor.style.left = `calc(${MARGIN}px + ${at} * (100% - ${MARGIN}px))`;
    spans.forEach((span, k) => {
      const value = own.counts[6 * row + sensor.first + k] * sensor.scale;
      span.textContent = `${names[k]} ${round(value, sensor.digits)}`;
    });
    time.textContent = `${sensor.unit} at ${round(own.seconds[row], 3)} s`;
    box.at = at;
  };
  return { legend, box, point };
}

function details(fact) {
  const said = {
    Subject: fact.subject,
    Session: fact.session,
    Recorded: fact.recorded,
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

/** What corrects it, to copy into a terminal. */
function commands(fact) {
  const label = fact.resembles || "LABEL";
  const piece = `--from 0 --to ${fact.duration_s}`;
  const wanted = fact.label
    ? [["relabel", `--label ${label}`], ["cut", piece], ["delete"]]
    : [["cut", `${piece} --label LABEL`], ["delete"]];
  return wanted
    .map(([what, ...options]) => ["tinygesture data", what, fact.name, ...options, "--data", data.path].join(" "))
    .join("\n");
}

large.addEventListener("keydown", (event) => {
  const [, previous, next] = [null, ...large.querySelectorAll("header button")];
  if (event.key === "PageUp") previous.click();
  else if (event.key === "PageDown") next.click();
  else if (event.key === "ArrowLeft") large.move(large.querySelector(".plot").at - 0.01);
  else if (event.key === "ArrowRight") large.move(large.querySelector(".plot").at + 0.01);
  else return;
  event.preventDefault();
});
large.addEventListener("click", (event) => event.target === large && large.close());
large.addEventListener("close", () => inLarge.forget());
