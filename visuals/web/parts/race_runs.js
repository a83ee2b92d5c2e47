// Losses that were recorded while models trained, one run each.

function drawRuns(stage, { runs, names, ylabel }) {
  const shown = new Set(names);
  const steps = Math.max(...names.map((name) => runs[name].length)) - 1;
  const state = { step: steps, window: 1 };
  const plot = h("div");
  const numbers = h("div");

  // The mean of the last losses, as many as the window is wide.
  function smoothed(losses) {
    return losses.map((_, n) => {
      const last = losses.slice(Math.max(0, n - state.window + 1), n + 1).filter((loss) => loss !== null);
      return last.length ? last.reduce((a, b) => a + b) / last.length : NaN;
    });
  }

  function show() {
    const curves = names.map((name, i) => [i, smoothed(runs[name])]);
    const all = curves.flatMap(([, curve]) => curve).filter((loss) => loss > 0);
    const picture = axes({ width: roomIn(stage, 620), height: 320, x: [0, steps], y: [Math.min(...all) / 1.2, Math.max(...all) * 1.2],
      xlabel: "step", ylabel, logy: true });
    picture.line([[state.step, Math.min(...all) / 2], [state.step, Math.max(...all) * 2]], "dash");
    const labels = [];
    for (const [i, curve] of curves) {
      if (!shown.has(names[i])) continue;
      trail(picture, curve.map((loss, n) => [n, loss > 0 ? loss : NaN]), i);
      const marked = Math.round((steps * (i + 1)) / (names.length + 2));
      if (curve[marked] > 0) labels.push({ point: [marked, curve[marked]], name: names[i] });
    }
    nameApart(picture, labels);
    plot.replaceChildren(picture.svg);
    const order = curves.map(([i, curve]) => [i, curve[state.step] ?? NaN]).sort((a, b) => a[1] - b[1]);
    numbers.replaceChildren(table(["run", `${ylabel} at step ${state.step}`], order.map(([i, loss]) =>
      [named(i, names[i]), cell(`${names[i]}.loss`, number(loss, 4))]), { caption: "The lowest first" }));
    announce(stage, `At step ${state.step} the lowest is ${names[order[0][0]]}`);
  }

  stage.append(
    row(slider({ label: "step", min: 0, max: steps, value: steps, oninput: (n) => { state.step = n; show(); } }),
      slider({ label: "mean over", min: 1, max: 20, value: 1, format: (n) => (n === 1 ? "1 step" : `${n} steps`), oninput: (n) => { state.window = n; show(); } })),
    shownNames(names, shown, show), plot, numbers);
  show();
}
