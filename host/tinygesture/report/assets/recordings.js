// The recordings of a data set, as the page holds them.

const data = JSON.parse(document.getElementById("data").textContent);
const samples = document.getElementById("samples").textContent;
const every = [...data.gestures, ...data.continuous];
const SENSORS = [
  { first: 0, unit: "g", digits: 2, step: 0.5, scale: 1 / data.counts_per_unit[0] },
  { first: 3, unit: "°/s", digits: 0, step: 100, scale: 1 / data.counts_per_unit[3] },
];

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

/** The middle of its motion, as a part of its length. */
const middleOf = (fact) => (fact.middle_s ?? 0) / (fact.duration_s || 1);

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
const distinct = (values) => [...new Set(values)].sort(natural);
const line = (parts) => parts.filter(Boolean).join(", ");
