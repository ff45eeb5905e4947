// The report of a model: its charts and its examples, each in the place that waits for it.

const data = JSON.parse(document.getElementById("data").textContent);
const samples = document.getElementById("samples").textContent;
const plots = new Plots();

for (const place of document.querySelectorAll("[data-charts]"))
  [...place.querySelectorAll("figure")].forEach((figure, i) => chart(figure, data.charts[place.dataset.charts][i], plots));

const limits = SENSORS.map(({ first, scale }) => {
  let most = 0;
  for (const fact of data.examples) {
    const { counts } = read(fact);
    for (let i = first; i < counts.length; i += 6) most = Math.max(most, ...counts.subarray(i, i + 3).map(Math.abs));
  }
  return most * scale * 1.04 || 1;
});
for (const fact of data.examples) {
  fact.shown = likely(fact);
  document.getElementById(fact.label === fact.answer ? "right" : "wrong").append(example(fact, limits, plots));
}

if (data.explanations.length) Explanations.draw(document.getElementById("explanations"), data.explanations, plots);
