// Logits to drag, their softmax as bars, the loss and its gradient; with a second softmax at a switch.

const BAR = { left: 66, width: 150, height: 20, down: 30 };
const RANGE = 10;

function draw(stage, data) {
  const logits = [...data.logits];
  let target = data.target;
  let twice = false;
  const readouts = {
    loss: readout("loss", "loss"),
    least: readout("least", "no logits bring it below"),
  };
  const pictures = h("div", { class: "columns" });
  const numbers = h("div", {});
  const reach = Math.max(RANGE, ...logits.map((value) => Math.ceil(Math.abs(value))));
  const sliders = logits.map((value, i) => slider({
    label: `logit of ${data.names[i]}`, min: -reach, max: reach, step: 0.1, value,
    format: (x) => number(x, 1), oninput: (x) => { logits[i] = x; show(); },
  }));
  const right = choice({
    label: "the right class is", value: String(target), options: data.names.map((name, i) => [String(i), name]),
    onchange: (value) => { target = Number(value); show(); },
  });
  const extra = checkbox({ label: "the model applies softmax as well", onchange: (on) => { twice = on; show(); } });
  const back = button("As at the start", () => {
    put(data.logits);
    target = data.target;
    right.set(String(target));
    show();
  });
  const sure = button("Make the model sure and right", () => {
    put(logits.map((_, i) => (i === target ? reach : -reach)));
    show();
  });

  function put(values) {
    values.forEach((value, i) => { logits[i] = value; sliders[i].set(value); });
  }

  function show() {
    const result = twice ? lossOfTwo(logits, target) : lossOfOne(logits, target);
    readouts.loss.set(number(result.loss));
    readouts.least.set(number(twice ? Math.log(1 + (logits.length - 1) / Math.E) : 0));
    const first = bars("softmax of the logits", result.first, data.names, target, 1);
    const second = twice ? bars("softmax of those, in the loss", result.second, data.names, target, 1) : null;
    pictures.replaceChildren(...[first, second, bars("gradient by the logits", result.gradient, data.names, target, 1, true)].filter(Boolean));
    numbers.replaceChildren(table(["class", "logit", "probability", "gradient"],
      logits.map((value, i) => [data.names[i], number(value, 1), read("p", i, result.seen[i]), read("g", i, result.gradient[i])]),
      { caption: "What the loss sees", current: target }));
    announce(stage, `The loss is ${number(result.loss, 4)}.`);
  }

  stage.append(h("div", { class: "columns" }, h("div", {}, sliders, row(right), row(extra), row(back, sure)),
    h("div", {}, row(readouts.loss), row(readouts.least), numbers)), pictures);
  show();
}

function read(name, i, value) {
  return h("output", { dataset: { read: `${name}-${i}` }, text: number(value) });
}

function softmax(values) {
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}

function negativeLog(values, target) {
  const largest = Math.max(...values);
  return largest - values[target] + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

function lossOfOne(logits, target) {
  const first = softmax(logits);
  const gradient = first.map((p, i) => p - (i === target ? 1 : 0));
  return { first, seen: first, gradient, loss: negativeLog(logits, target) };
}

// The gradient passes through both softmaxes: p_i (s_i - Σ p_j s_j), with s the gradient by the first's result.
function lossOfTwo(logits, target) {
  const first = softmax(logits);
  const second = softmax(first);
  const sent = second.map((q, i) => q - (i === target ? 1 : 0));
  const mean = first.reduce((sum, p, i) => sum + p * sent[i], 0);
  const gradient = first.map((p, i) => p * (sent[i] - mean));
  return { first, second, seen: second, gradient, loss: negativeLog(first, target) };
}

function bars(title, values, names, target, most, signed = false) {
  const width = 292;
  const zero = signed ? BAR.left + BAR.width / 2 : BAR.left;
  const unit = (signed ? BAR.width / 2 : BAR.width) / most;
  const rows = values.map((value, i) => {
    const y = 28 + i * BAR.down;
    const length = Math.abs(value) * unit;
    return [
      s("text", { class: i === target ? "strong" : "", x: BAR.left - 8, y: y + 15, "text-anchor": "end", text: `${i === target ? "▸ " : ""}${names[i].slice(0, 7)}` }),
      s("rect", { class: `fill ${value < 0 ? "accent2" : "accent"}`, x: value < 0 ? zero - length : zero, y, width: length, height: BAR.height }),
      s("text", { x: width - 62, y: y + 15, text: number(value, 4) }),
    ];
  });
  const bottom = 28 + values.length * BAR.down;
  return drawing({ width, height: bottom + 6, label: title },
    s("text", { class: "strong", x: 4, y: 16, text: title }), s("line", { class: "line", x1: zero, x2: zero, y1: 24, y2: bottom }), rows);
}
