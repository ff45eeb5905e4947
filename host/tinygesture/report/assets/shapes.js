// Shapes: all recordings of a label upon each other, one plot for each channel.

const MOST_CURVES = 150; // of a label

function overlays(plots) {
  const place = document.getElementById("overlays");
  const channels = data.channels.map((name, channel) => {
    const sensor = SENSORS[channel < 3 ? 0 : 1];
    return { name, channel, ...sensor, limit: reach(sensor) };
  });
  const titles = channels.map(({ name, limit, unit }) => make("span", {}, `${name}, ±${limit} ${unit}`));
  place.append(make("div", { class: "overlay head", "aria-hidden": "true" }, make("span"), ...titles));
  for (const label of data.labels) {
    const facts = data.gestures.filter((fact) => fact.label === label);
    const every = Math.ceil(facts.length / MOST_CURVES);
    const drawn = facts.filter((_, i) => i % every === 0);
    const count = make("small", {}, every > 1 ? `${drawn.length} of ${facts.length}` : `${facts.length}`);
    const row = make("div", { class: "overlay" }, make("h3", {}, label, " ", count));
    for (const channel of channels) {
      const about = `${channel.name} of ${label}: ${facts.length} recordings, their mean and its spread`;
      const box = make("div", { class: "plot", role: "img", "aria-label": about });
      plots.add(box, drawOverlay(drawn, data.means[label], channel));
      row.append(box);
    }
    place.append(row);
  }
}

/** The end of a sensor's scale: what the means and their spread need. */
function reach({ first, step }) {
  const needed = Object.values(data.means).flatMap(({ mean, spread }) =>
    [first, first + 1, first + 2].flatMap((channel) =>
      mean[channel].map((value, i) => Math.abs(value) + 1.5 * spread[channel][i])));
  return upTo(percentile(needed.sort((a, b) => a - b), 0.99), step);
}

function drawOverlay(facts, { from_s, mean, spread }, { channel, scale, limit }) {
  const [middle, width_] = [mean[channel], spread[channel]];
  return (context, width, height) => {
    const across = (time) => ((time + data.half_s) / (2 * data.half_s)) * width;
    const up = (value) => height / 2 - (value / limit) * (height / 2);
    const trace = (values) => values.forEach((value, i) => context.lineTo(across(i * data.step_s + from_s), up(value)));
    context.fillStyle = colour("--line");
    context.fillRect(0, Math.round(height / 2), width, 1);
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
    context.globalAlpha = 0.22;
    context.beginPath();
    trace(middle.map((value, i) => value + width_[i]));
    const back = middle.map((value, i) => [i * data.step_s + from_s, value - width_[i]]).reverse();
    for (const [time, value] of back) context.lineTo(across(time), up(value));
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 2;
    context.beginPath();
    trace(middle);
    context.stroke();
  };
}
