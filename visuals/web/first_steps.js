// How long the step is that each optimizer takes, against the gradient and against the step's number.

function draw(stage, { names, lr, gradients, count, recorded }) {
  const shown = new Set(names);
  const state = { exponent: 0, n: 1, lr };
  const plots = h("div", { class: "columns" });
  const numbers = h("div");
  const agreement = readout("difference", "difference to your run:");

  // The lengths of the steps 1 … count under a gradient that stays the same.
  function lengths(name, gradient) {
    const points = descent(name, { lr: state.lr, momentum: 0.9 }, () => [gradient], [0], count).map(([w]) => w);
    return points.slice(1).map((w, n) => points[n] - w);
  }

  function againstGradient() {
    const plot = axes({ width: 350, height: 280, x: [1e-3, 1e3], y: [state.lr * 1e-4, state.lr * 1e4], xlabel: "gradient",
      ylabel: `length of step ${state.n}`, logx: true, logy: true });
    plot.line([[10 ** state.exponent, state.lr * 1e-4], [10 ** state.exponent, state.lr * 1e4]], "dash");
    draughts(plot, (name) => Array.from({ length: 13 }, (_, k) => 10 ** (-3 + k / 2)).map((g) => [g, lengths(name, g)[state.n - 1]]), 11);
    return plot.svg;
  }

  function againstNumber() {
    const gradient = 10 ** state.exponent;
    const all = names.flatMap((name) => lengths(name, gradient));
    const y = [Math.min(...all) / 5, Math.max(...all) * 5];
    const plot = axes({ width: 350, height: 280, x: [1, count], y, xlabel: "number of the step", ylabel: "length of the step", logy: true });
    plot.line([[state.n, y[0]], [state.n, y[1]]], "dash");
    draughts(plot, (name) => lengths(name, gradient).map((length, n) => [n + 1, length]), count - 4);
    return plot.svg;
  }

  function draughts(plot, points, marked) {
    const labels = [];
    names.forEach((name, i) => {
      if (!shown.has(name)) return;
      const drawn = points(name);
      trail(plot, drawn, i);
      labels.push({ point: drawn[Math.max(0, marked - 2 * i)], name });
    });
    nameApart(plot, labels);
  }

  function show() {
    plots.replaceChildren(againstGradient(), againstNumber());
    const chosen = 10 ** state.exponent;
    const columns = [...new Set([...gradients, chosen])].sort((a, b) => a - b);
    const heading = (g) => `g = ${Number(g.toPrecision(3))}${g === chosen ? " (chosen)" : ""}`;
    numbers.replaceChildren(table(["optimizer", ...columns.map(heading)], names.map((name, i) => [named(i, name),
      ...columns.map((g) => cell(g === chosen ? `${name}.step` : `${name}.${g}`, number(lengths(name, g)[state.n - 1])))]),
    { caption: `Length of step ${state.n} at learning rate ${state.lr}` }));
    agreement.hidden = state.lr !== lr;
    const gaps = Object.entries(recorded).flatMap(([name, runs]) => gradients.flatMap((g, k) =>
      runs[k].map((length, n) => Math.abs(length - lengths(name, g)[n]) / Math.abs(length))));
    agreement.set(number(Math.max(...gaps), 9));
    announce(stage, names.map((name) => `${name}: ${number(lengths(name, chosen)[state.n - 1])}`).join(", "));
  }

  const rates = [...new Set([0.001, 0.01, 0.1, 1, lr])].sort((a, b) => a - b);
  stage.append(
    row(slider({ label: "gradient", min: -3, max: 3, step: 0.5, value: 0, format: (k) => String(Number((10 ** k).toPrecision(3))),
      oninput: (k) => { state.exponent = k; show(); } }),
    slider({ label: "number of the step", min: 1, max: count, value: 1, oninput: (n) => { state.n = n; show(); } }),
    slider({ label: "learning rate", min: 0, max: rates.length - 1, value: rates.indexOf(lr), format: (k) => String(rates[k]),
      oninput: (k) => { state.lr = rates[k]; show(); } })),
    shownNames(names, shown, show), plots, numbers, agreement);
  show();
}
