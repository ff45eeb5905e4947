// Recordings: filters and order.
const filters = document.getElementById("filters");
const list = document.getElementById("cards");
const inList = new Plots();
const BATCH = 200; // cards made at once; more when the end of them comes near
const end = document.getElementById("end");
let shown = [];

const boardOf = (fact) => line([fact.board, fact.imu]);
const sessionOf = (fact) => line([fact.subject, fact.session]);
const FIELDS = { label: (fact) => fact.label, subject: (fact) => fact.subject, session: sessionOf, board: boardOf };
const ORDERS = { still: (fact) => -fact.accel_g };

function fillFilters() {
  for (const [name, of] of Object.entries(FIELDS))
    for (const value of distinct(data.gestures.map(of)))
      filters.elements[name].append(make("option", { value }, value));
  for (const mark of distinct(data.gestures.flatMap((fact) => fact.marks)))
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
  inList.forget();
  list.replaceChildren();
  addCards(BATCH);
}

/** The next cards; keys go on from one to the others, so only the first is a stop of the Tab key. */
function addCards(count) {
  const from = list.children.length;
  const added = shown.slice(from, from + count).map((fact) => card(fact, inList));
  added.forEach((item, i) => (item.firstElementChild.tabIndex = from + i ? -1 : 0));
  list.append(...added);
}

const endNear = new IntersectionObserver(([entry]) => {
  if (!entry.isIntersecting || list.children.length === shown.length) return;
  addCards(BATCH);
  endNear.unobserve(end);
  endNear.observe(end); // it may be near still
}, { rootMargin: "1500px" });
endNear.observe(end);
addEventListener("beforeprint", () => addCards(PRINTED), { capture: true });

fillFilters();
filters.addEventListener("input", choose);
filters.addEventListener("submit", (event) => event.preventDefault());
filters.addEventListener("reset", () => setTimeout(choose));

// The sections of the page.
const onPage = new Plots();
const suspects = document.getElementById("suspects");
suspects?.append(...data.suspects.map((i) => card(data.gestures[i], onPage, data.gestures[i].reasons)));
const long = document.getElementById("long");
long?.append(...data.continuous.map((fact) => card(fact, onPage)));
for (const cards of [suspects, long, list]) if (cards) answer(cards);
if (data.gestures.length) overlays(onPage), strips(onPage);
choose();
