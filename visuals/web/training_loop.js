// The training loop as a wheel whose steps can be removed, with the runs that were recorded so.

function draw(stage, { steps, runs, names, epochs }) {
  const removable = names.filter((name) => name !== "nothing");
  const state = { without: "nothing", at: 0 };
  const wheel = h("div");
  const curves = h("div");
  const said = h("p", { role: "status" });
  const outputs = { loss: readout("loss", "last mean loss:"), accuracy: readout("accuracy", "last accuracy:") };

  function show() {
    wheel.replaceChildren(drawWheel(steps, state));
    curves.replaceChildren(drawRun(runs, state.without, "losses", "loss"), drawRun(runs, state.without, "accuracies", "accuracy"),
      h("p", { class: "muted", text: state.without === "nothing" ? "" : `Solid: nothing is left out. Dashed: without ${state.without}.` }));
    const step = steps[state.at];
    said.textContent = step.name === state.without ? `${step.code} is left out: ${step.without}` : `${step.code}: ${step.does}`;
    const run = runs[state.without];
    outputs.loss.set(number(mean(run.losses.slice(-Math.ceil(run.losses.length / epochs))), 3));
    outputs.accuracy.set(number(run.accuracies.at(-1), 3));
    announce(stage, said.textContent);
  }

  const walk = stepper({ count: steps.length - 1, label: "part", onstep: (k) => { state.at = k; show(); } });
  stage.append(
    row(choice({ label: "leave out", value: "nothing", options: ["nothing", ...removable].map((name) => [name, name]), onchange: (name) => {
      state.without = name;
      const found = steps.findIndex((step) => step.name === name);
      if (found >= 0) { state.at = found; walk.set(found); }
      show();
    } }), walk),
    said, h("div", { class: "columns" }, wheel, curves), row(...Object.values(outputs)), whichIsWhich(stage, runs, names));
  show();
}

function mean(values) {
  return values.reduce((a, b) => a + b, 0) / values.length;
}

function drawWheel(steps, { at, without }) {
  const [middle, radius] = [175, 120];
  const place = (k, r = radius) => {
    const turn = (2 * Math.PI * k) / steps.length - Math.PI / 2;
    return [middle + r * Math.cos(turn), 165 + r * Math.sin(turn)];
  };
  const nodes = steps.map((step, k) => {
    const [x, y] = place(k);
    const gone = step.name === without;
    const width = 8.2 * step.code.length + 12;
    return s("g", {},
      s("rect", { class: k === at ? "mark" : "paper", x: x - width / 2, y: y - 14, width, height: 28, rx: 5 }),
      s("rect", { class: `line ${gone ? "bad dots thick" : k === at ? "accent2 thick" : ""}`, x: x - width / 2, y: y - 14, width, height: 28, rx: 5 }),
      s("text", { x, y: y + 4, "text-anchor": "middle", class: gone ? "muted" : k === at ? "strong" : "", text: step.code }),
      gone ? s("line", { class: "line bad thick", x1: x - width / 2 + 3, y1: y, x2: x + width / 2 - 3, y2: y }) : null);
  });
  const arrows = steps.map((_, k) => {
    const [x, y] = place(k + 0.5, radius);
    const turn = (360 * (k + 0.5)) / steps.length;
    return s("path", { class: "fill muted", d: "M-5,-4 L5,0 L-5,4 Z", transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${turn})` });
  });
  return drawing({ width: 350, height: 330, label: `The training loop as a wheel: ${steps.map((step) => step.code).join(", ")}; left out: ${without}` },
    s("circle", { class: "line", cx: middle, cy: 165, r: radius }), arrows, nodes,
    s("text", { x: middle, y: 160, "text-anchor": "middle", class: "strong", text: without === "nothing" ? "complete" : "left out:" }),
    s("text", { x: middle, y: 178, "text-anchor": "middle", text: without === "nothing" ? "" : without }));
}

function drawRun(runs, without, what, ylabel) {
  const all = Object.values(runs).flatMap((run) => run[what]).filter(Number.isFinite);
  const plot = axes({ width: 350, height: 165, x: [0, runs.nothing[what].length - 1], y: [0, Math.max(...all) * 1.05],
    xlabel: what === "losses" ? "step" : "evaluation", ylabel });
  trail(plot, points(runs.nothing[what]), 0, 1.5);
  if (without !== "nothing") trail(plot, points(runs[without][what]), 1);
  return plot.svg;
}

function points(values) {
  return values.map((value, n) => [n, value ?? NaN]);
}

// All runs with letters for names; the reader says which is which.
function whichIsWhich(stage, runs, names) {
  const draw_ = random(5);
  const mixed = names.map((name) => [draw_(), name]).sort((a, b) => a[0] - b[0]).map(([, name]) => name);
  const letters = mixed.map((_, k) => String.fromCharCode(65 + k));
  const guesses = letters.map(() => "");
  const verdict = readout("right", "right:");
  verdict.set(`0 of ${names.length}`);
  const selects = letters.map((letter, k) => choice({ label: `${letter} is without`, value: "", options: [["", "…"], ...names.map((name) => [name, name])],
    onchange: (name) => { guesses[k] = name; } }));
  const small = (letter, k) => {
    const run = runs[mixed[k]];
    const all = Object.values(runs).flatMap((each) => each.losses).filter(Number.isFinite);
    const plot = axes({ width: 240, height: 150, x: [0, run.losses.length - 1], y: [0, Math.max(...all) * 1.05], xlabel: `step, run ${letter}`, ylabel: "loss" });
    trail(plot, points(run.losses), 0, 1.5);
    return h("div", { style: "flex: 0 1 240px; min-width: 0" }, plot.svg,
      h("p", { class: "muted", text: `Accuracy: ${run.accuracies.map((value) => value.toFixed(2)).join(", ")}` }), selects[k]);
  };
  const reveal_ = h("p", { role: "status" });
  return h("div", {}, h("p", { style: "margin-top: 1.2rem; font-weight: 600", text: "Which run is which? Each of these was recorded with one part left out, and one with nothing left out." }),
    h("div", { class: "row", style: "align-items: flex-start" }, letters.map(small)),
    h("div", { class: "row", style: "margin-top: 0.8rem" }, button("Check", () => {
      const right = guesses.filter((guess, k) => guess === mixed[k]).length;
      verdict.set(`${right} of ${names.length}`);
      announce(stage, `${right} of ${names.length} right`);
    }), button("Show all", () => { reveal_.textContent = letters.map((letter, k) => `${letter}: ${mixed[k] === "nothing" ? "nothing left out" : `without ${mixed[k]}`}`).join("; "); }), verdict), reveal_);
}
