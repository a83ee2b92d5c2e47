// Training and validation of two recorded runs, one of them with a leak.

const NAMES = ["training", "validation", "test"];

function draw(stage, { runs, measures }) {
  const epochs = runs.clean[measures[0]].training.length;
  const state = { leak: false, test: false, epoch: epochs, measure: measures[0] };
  const plot = h("div");
  const outputs = {
    training: readout("training", "training:"),
    validation: readout("validation", "validation:"),
    test: readout("test", "test:"),
    best: readout("best", "best epoch by validation:"),
    chosen: readout("chosen", "test at that epoch:"),
  };

  function show() {
    const run = runs[state.leak ? "leak" : "clean"][state.measure];
    const all = NAMES.flatMap((name) => [...runs.clean[state.measure][name], ...runs.leak[state.measure][name]]);
    const share = state.measure === "accuracy";
    const y = share ? [Math.min(...all) - 0.02, 1.005] : [0, Math.max(...all) * 1.05];
    const picture = axes({ width: roomIn(stage, 560), height: 300, x: [1, epochs], y, xlabel: "epoch", ylabel: state.measure });
    picture.line([[state.epoch, y[0]], [state.epoch, y[1]]], "dash");
    const labels = [];
    NAMES.forEach((name, i) => {
      if (name === "test" && !state.test) return;
      trail(picture, run[name].map((v, n) => [n + 1, v]), i);
      const marked = Math.round(epochs * (0.45 + 0.15 * i));
      labels.push({ point: [marked, run[name][marked - 1]], name });
    });
    nameApart(picture, labels);
    plot.replaceChildren(picture.svg);
    for (const name of NAMES) outputs[name].set(name === "test" && !state.test ? "sealed" : number(run[name][state.epoch - 1], 3));
    const best = bestEpoch(run.validation, share);
    outputs.best.set(best);
    outputs.chosen.set(state.test ? number(run.test[best - 1], 3) : "sealed");
    announce(stage, `Epoch ${state.epoch}: training ${number(run.training[state.epoch - 1], 3)}, validation ${number(run.validation[state.epoch - 1], 3)}`);
  }

  stage.append(
    row(checkbox({ label: "leak validation into training", onchange: (on) => { state.leak = on; show(); } }),
      checkbox({ label: "open the test set", onchange: (on) => { state.test = on; show(); } })),
    row(choice({ label: "shown", value: state.measure, options: measures.map((name) => [name, name]), onchange: (name) => { state.measure = name; show(); } }),
      slider({ label: "epoch", min: 1, max: epochs, value: epochs, oninput: (k) => { state.epoch = k; show(); } })),
    row(...NAMES.map((name, i) => h("span", {}, sample(i), ` ${name}`))),
    plot, row(...Object.values(outputs)));
  show();
}

function bestEpoch(values, largest) {
  const wanted = largest ? Math.max(...values) : Math.min(...values);
  return values.indexOf(wanted) + 1;
}
