// A Jacobian filled twice: a column by each forward pass, a row by each backward pass.

const SWEEP = { across: 34, wide: 50, down: 28, left: 34, top: 26 };

function draw(stage, data) {
  const set = { inputs: data.inputs, outputs: data.outputs, step: 0 };
  const grids = h("div", { class: "columns" }), says = h("p", {});
  const reads = [readout("forward", "forward mode:"), readout("reverse", "reverse mode:"), readout("fewer", "fewer passes:")];
  const steps = stepper({ count: 1, label: "pass", onstep: (at) => { set.step = at; show(); announce(stage, says.textContent); } });
  const size = (name) => slider({ label: name, min: 1, max: data.most, value: set[name], oninput: (n) => { set[name] = n; build(); } });
  stage.append(row(size("inputs"), size("outputs")), steps, says, grids, row(...reads));

  function build() {
    set.step = 0;
    steps.set(0, Math.max(set.inputs, set.outputs));
    const difference = set.inputs - set.outputs;
    reads[2].set(difference === 0 ? "the same" : difference > 0 ? "reverse mode" : "forward mode");
    show();
  }

  function show() {
    const { inputs, outputs, step } = set;
    const numbers = data.jacobian && inputs === data.inputs && outputs === data.outputs ? data.jacobian : null;
    grids.replaceChildren(
      h("div", {}, h("p", { text: "Forward mode: a column a pass" }), jacobianGrid(set, numbers, (r, c) => c + 1, "forward mode")),
      h("div", {}, h("p", { text: "Reverse mode: a row a pass" }), jacobianGrid(set, numbers, (r) => r + 1, "reverse mode")));
    reads[0].set(`${Math.min(step, inputs)} of ${inputs} passes`);
    reads[1].set(`${Math.min(step, outputs)} of ${outputs} passes`);
    says.textContent = passSentence(set);
  }

  build();
}

function passSentence({ inputs, outputs, step }) {
  if (!step) return `${outputs} × ${inputs} = ${outputs * inputs} derivatives are wanted.`;
  const forward = step < inputs ? `seed on x${step}` : step === inputs ? `seed on x${step}, done` : "done";
  const reverse = step < outputs ? `seed on y${step}` : step === outputs ? `seed on y${step}, done` : "done";
  return `Forward: ${forward}. Reverse: ${reverse}.`;
}

// Each filled cell shows the run's number, or the pass that filled it.
function jacobianGrid({ inputs, outputs, step }, numbers, passOf, label) {
  const across = numbers ? SWEEP.wide : SWEEP.across;
  const heads = [
    ...Array.from({ length: inputs }, (_, c) => s("text", { x: SWEEP.left + (c + 0.5) * across, y: 18, "text-anchor": "middle", text: `x${c + 1}` })),
    ...Array.from({ length: outputs }, (_, r) => s("text", { x: SWEEP.left - 6, y: SWEEP.top + r * SWEEP.down + 18, "text-anchor": "end", text: `y${r + 1}` })),
  ];
  const cells = [];
  for (let r = 0; r < outputs; r += 1) {
    for (let c = 0; c < inputs; c += 1) {
      const pass = passOf(r, c), x = SWEEP.left + c * across, y = SWEEP.top + r * SWEEP.down;
      const state = pass === step ? "line accent2 thick mark" : pass < step ? "line soft" : "line paper dots";
      cells.push(s("rect", { class: state, x: x + 1.5, y: y + 1.5, width: across - 3, height: SWEEP.down - 3 }));
      if (pass <= step) cells.push(s("text", { x: x + across / 2, y: y + 18, "text-anchor": "middle", text: numbers ? number(numbers[r][c], 2) : pass }));
    }
  }
  return drawing({ width: SWEEP.left + inputs * across + 6, height: SWEEP.top + outputs * SWEEP.down + 6, label: `The Jacobian in ${label}` }, heads, cells);
}
