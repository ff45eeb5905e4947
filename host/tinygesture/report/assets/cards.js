// Recordings as small plots, which answer to pointer and keys.

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
  context.textAlign = "left";
  fact.intervals.forEach(([label, start, end], i) => {
    const left = x + (start / 1e6) * run;
    const wide = Math.max(((end - start) / 1e6) * run - 1, 1);
    context.fillStyle = colour("--line");
    context.fillRect(left, y + 3, wide, height - 4);
    const next = ((fact.intervals[i + 1]?.[1] ?? Infinity) / 1e6) * run + x;
    context.fillStyle = colour("--ink");
    write(context, label, left + 3, y + height / 2 + 1, Math.min(next, x + width) - left - 6);
  });
}

function card(fact, plots, notes = []) {
  const box = make("span", { class: "plot" });
  const name = make("span", { class: "name" }, fact.name, make("small", {}, line([fact.subject, fact.session])));
  const button = make("button", { class: "card", type: "button" }, name, box);
  button.fact = fact;
  if (notes.length) button.append(make("span", { class: "reason" }, notes.join("; ")));
  if (fact.marks.length) button.append(make("span", { class: "marks" }, fact.marks.join(", ")));
  plots.add(box, drawSmall(fact));
  return make("li", {}, button);
}

/** Shows the values of a card's recording at a part of its length. */
function pointAt(button, part) {
  const box = button.querySelector(".plot");
  const own = (button.read ??= read(button.fact));
  button.at = clamp(part, 0, 1);
  const row = rowAt(own.seconds, button.at * button.fact.duration_s);
  const cursor = box.querySelector(".cursor") ?? box.appendChild(make("i", { class: "cursor" }));
  cursor.style.left = `${100 * button.at}%`;
  const at = box.getBoundingClientRect();
  showValues(at.left + button.at * at.width, at.top + at.height / 2, ...rowsOfValues(button.fact, own, row));
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
    pointAt(button, button.at ?? middleOf(button.fact));
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
    if (by) pointAt(button, (button.at ?? 0) + by);
    else if (to) to.firstElementChild.focus({ focusVisible: true });
    else return;
    event.preventDefault();
  });
}
const factsOf = (list) => (list.id === "cards" ? shown : [...list.querySelectorAll(".card")].map((c) => c.fact));
