// Optimizers on one surface, each from the same start by the same gradients; or recorded losses.

function draw(stage, data) {
  if (data.runs) drawRuns(stage, data);
  else drawRace(stage, data);
}

function drawRace(stage, data) {
  const names = data.optimizers;
  const shown = new Set(names);
  const state = { ...data.surfaces[data.surface], surface: data.surface, lr: data.lr, momentum: data.momentum, step: data.steps };
  let height = formula(state.formula);
  const slope = (point) => height(point).slice(1);
  const value = (point) => height(point)[0];
  const complaint = h("p", { class: "bad", role: "status" });
  const plots = h("div", { class: "columns" });
  const numbers = h("div");
  const agreement = readout("difference", "difference to your run:");
  const at = slider({ label: "step", min: 0, max: data.steps, value: data.steps, oninput: (n) => { state.step = n; show(); } });
  const start = ["x", "y"].map((name, i) => field({ label: `start ${name}`, kind: "number", value: state.start[i],
    onchange: (v) => { if (Number.isFinite(v)) moveStart(state.start.map((old, k) => (k === i ? v : old))); } }));
  const typed = field({ label: "formula in x and y", value: state.formula, size: 26, onchange: (text) => useFormula(text) });
  const surfaces = choice({ label: "surface", value: state.surface, options: data.order.map((name) => [name, data.surfaces[name].label]),
    onchange: (name) => { Object.assign(state, data.surfaces[name], { surface: name }); typed.set(state.formula); useFormula(state.formula); } });

  function useFormula(text) {
    try {
      const read = formula(text);
      if (!Number.isFinite(read(state.start)[0])) throw new Error("The formula has no value at the start.");
      height = read;
      state.formula = text;
      complaint.textContent = "";
      moveStart(state.start);
    } catch (problem) {
      complaint.textContent = problem.message;
    }
  }

  function moveStart(to) {
    const known = Number.isFinite(value(to));
    complaint.textContent = known ? "" : `The formula has no value at (${to.join(", ")}). The start stays where it was.`;
    if (known) state.start = to;
    start.forEach((box, i) => box.set(state.start[i]));
    show();
  }

  function paths() {
    const options = { lr: state.lr, momentum: state.momentum };
    return Object.fromEntries(names.map((name) => [name, descent(name, options, slope, state.start, data.steps)]));
  }

  function map(runs) {
    const plot = axes({ width: 350, height: 310, x: state.x, y: state.y, xlabel: "x", ylabel: "y",
      label: `Lines of equal height of ${state.formula}, and the path of each optimizer` });
    drawContours(plot, value, state.x, state.y);
    const ends = [];
    names.forEach((name, i) => {
      if (!shown.has(name)) return;
      const walked = runs[name].slice(0, state.step + 1);
      trail(plot, walked, i);
      for (const point of walked) if (inside(point)) plot.dot(point[0], point[1], stroke(i).kind || "muted", 2);
      const last = walked.findLast(inside);
      if (last) ends.push({ point: last, name });
    });
    nameApart(plot, ends);
    plot.dot(state.start[0], state.start[1], "muted", 5);
    const svg = plot.svg.querySelector("svg");
    svg.addEventListener("click", (event) => {
      const box = svg.getBoundingClientRect();
      const [a, b] = [((event.clientX - box.left) / box.width) * 350, ((event.clientY - box.top) / box.height) * 310];
      const invert = (place, p, [low, high]) => low + ((place - p(low)) / (p(high) - p(low))) * (high - low);
      const to = [invert(a, plot.px, state.x), invert(b, plot.py, state.y)].map((v) => Number(v.toFixed(2)));
      if (inside(to)) moveStart(to);
    });
    return plot.svg;
  }

  function inside([a, b]) {
    return a >= state.x[0] && a <= state.x[1] && b >= state.y[0] && b <= state.y[1];
  }

  function losses(runs) {
    const curves = names.filter((name) => shown.has(name)).map((name) => [names.indexOf(name), runs[name].map(value)]);
    const all = curves.flatMap(([, curve]) => curve).filter(Number.isFinite);
    return lossPlot(curves, data.steps, Math.max(value(state.start), 1e-3), all, state.step, 310);
  }

  function show() {
    const runs = paths();
    plots.replaceChildren(map(runs), losses(runs));
    const first = value(state.start);
    numbers.replaceChildren(table(["optimizer", "x", "y", "loss", "so far"], names.map((name, i) => {
      const walked = runs[name].slice(0, state.step + 1);
      const here = walked.at(-1);
      return [named(i, name), cell(`${name}.x`, number(here[0])), cell(`${name}.y`, number(here[1])),
        cell(`${name}.loss`, number(value(here))), cell(`${name}.so far`, verdict(walked.map(value), first, state.step))];
    }), { caption: `After ${state.step} steps` }));
    agreement.hidden = !sameAsRecorded();
    if (!agreement.hidden) agreement.set(number(difference(runs), 9));
    announce(stage, names.map((name) => `${name} at loss ${number(value(runs[name][Math.min(state.step, runs[name].length - 1)]), 4)}`).join(", "));
  }

  function sameAsRecorded() {
    return state.surface === data.surface && state.formula === data.surfaces[data.surface].formula && state.lr === data.lr
      && state.momentum === data.momentum && state.start.every((v, i) => v === data.surfaces[data.surface].start[i]);
  }

  function difference(runs) {
    const gaps = names.flatMap((name) => data.recorded[name].flatMap((point, n) =>
      runs[name][n] ? point.map((v, i) => Math.abs(v - runs[name][n][i]) / (1 + Math.abs(v))) : []));
    return Math.max(...gaps);
  }

  const rates = data.rates;
  stage.append(
    row(surfaces, typed, ...start), complaint,
    row(slider({ label: "learning rate", min: 0, max: rates.length - 1, value: rates.indexOf(data.lr), format: (k) => String(rates[k]),
      oninput: (k) => { state.lr = rates[k]; show(); } }),
    slider({ label: "momentum (μ)", min: 0, max: 0.99, step: 0.01, value: data.momentum, format: (v) => v.toFixed(2),
      oninput: (v) => { state.momentum = v; show(); } }), at),
    shownNames(names, shown, show), plots, numbers, agreement,
    h("p", { class: "muted", text: "A click into the picture moves the start. The momentum acts on “momentum” and “Nesterov” only." }));
  show();
}

// What became of a run, in a word or two.
function verdict(walked, first, step) {
  const now = walked.at(-1);
  if (walked.length <= step || now > 10 * Math.abs(first) + 1) return "diverged";
  if (now > first) return "above the start";
  const arrived = walked.findIndex((loss) => loss <= 0.01 * first);
  if (first > 0 && arrived >= 0 && now <= 0.01 * first) return `below 1 % since step ${walked.findLastIndex((loss) => loss > 0.01 * first) + 1}`;
  return "on its way";
}

// Losses against the step: logarithmic where no loss is negative.
function lossPlot(curves, steps, first, all, step, height) {
  const low = Math.min(...all), high = Math.max(...all);
  const logy = low >= 0;
  const positive = all.filter((v) => v > 0);
  const y = logy
    ? [Math.max(Math.min(...positive) / 2, first * 1e-9), Math.min(high * 2, first * 1e4)]
    : [Math.max(low, -10 * first) - 0.1, Math.min(high, 10 * first) + 0.1];
  const plot = axes({ width: 350, height, x: [0, steps], y, xlabel: "step", ylabel: "loss", logy });
  plot.line([[step, y[0]], [step, y[1]]], "dash");
  for (const [i, curve] of curves) trail(plot, curve.map((loss, n) => [n, logy && loss <= 0 ? NaN : loss]), i);
  return plot.svg;
}
