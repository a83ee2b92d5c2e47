// A number among its batch mates, before and after batch normalization.

function draw(stage, data) {
  const given = data.batch;
  const start = { training: true, own: given[0], mates: given.length - 1, shift: 0, spread: 1, weight: data.weight, bias: data.bias };
  let set = { ...start };
  let running = [...data.running];
  let updates = 0;

  const show = () => {
    const batch = batchOf(given, set);
    const [mean, variance] = statistics(batch);
    const impossible = set.training && batch.length < 2;
    const [m, v] = set.training ? [mean, variance] : running;
    const outputs = impossible ? [] : batch.map((x) => ((x - m) / Math.sqrt(v + data.eps)) * set.weight + set.bias);
    read.mean.set(number(mean));
    read.variance.set(number(variance));
    read.runningMean.set(number(running[0]));
    read.runningVariance.set(number(running[1]));
    read.updates.set(updates);
    read.own.set(impossible ? "an error: one value has no variance" : number(outputs[0]));
    train.disabled = batch.length < 2;
    picture.replaceChildren(lines(batch, outputs, m, set.training));
    announce(stage, `normalized: ${read.own.textContent}`);
  };
  const change = (name) => (x) => { set[name] = x; show(); };
  const mode = choice({
    label: "mode", options: [["train", "train(): the batch's statistics"], ["eval", "eval(): the running statistics"]],
    value: "train", onchange: (x) => { set.training = x === "train"; show(); },
  });
  const sliders = {
    own: slider({ label: "this number", min: -4, max: 8, step: 0.1, value: set.own, format: (x) => number(x, 1), oninput: change("own") }),
    shift: slider({ label: "batch mates move by", min: -6, max: 6, step: 0.1, value: 0, format: (x) => number(x, 1), oninput: change("shift") }),
    spread: slider({ label: "batch mates spread by", min: 0.1, max: 3, step: 0.1, value: 1, format: (x) => `\u00d7${number(x, 1)}`, oninput: change("spread") }),
    mates: slider({ label: "batch mates", min: 0, max: given.length - 1, value: set.mates, oninput: change("mates") }),
    weight: slider({ label: "weight \u03b3", min: -2, max: 3, step: 0.1, value: set.weight, format: (x) => number(x, 1), oninput: change("weight") }),
    bias: slider({ label: "bias \u03b2", min: -3, max: 3, step: 0.1, value: set.bias, format: (x) => number(x, 1), oninput: change("bias") }),
  };
  const train = button("One training step on this batch", () => {
    const batch = batchOf(given, set);
    const [mean, variance] = statistics(batch);
    const unbiased = (variance * batch.length) / (batch.length - 1);
    running = [mean, unbiased].map((seen, k) => (1 - data.momentum) * running[k] + data.momentum * seen);
    updates++;
    show();
  });
  const reset = button("Start over", () => {
    set = { ...start };
    running = [...data.running];
    updates = 0;
    mode.set("train");
    for (const [name, control] of Object.entries(sliders)) control.set(set[name]);
    show();
  });
  const read = {
    own: readout("own-output", "this number becomes"),
    mean: readout("batch-mean", "batch mean"), variance: readout("batch-var", "batch variance (divided by n)"),
    runningMean: readout("running-mean", "running mean"), runningVariance: readout("running-var", "running variance"),
    updates: readout("updates", "training steps"),
  };
  const picture = h("div", {});
  stage.append(row(mode, train, reset), row(...Object.values(sliders)), picture,
    h("p", {}, read.own), h("p", {}, read.mean, read.variance), h("p", {}, read.runningMean, read.runningVariance, read.updates));
  show();
}

function statistics(numbers) {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  return [mean, numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length];
}

function batchOf(given, { own, mates, shift, spread }) {
  const others = given.slice(1, 1 + mates);
  const [center] = others.length ? statistics(others) : [0];
  return [own, ...others.map((x) => center + (x - center) * spread + shift)];
}

function lines(batch, outputs, mean, training) {
  const WIDTH = 360, low = -10, high = 14, top = 40, bottom = 150;
  const x = (value) => 10 + ((Math.max(low, Math.min(high, value)) - low) / (high - low)) * (WIDTH - 20);
  const ruler = (y, words) => [
    s("line", { class: "line", x1: 10, x2: WIDTH - 10, y1: y, y2: y }),
    [-8, -4, 0, 4, 8, 12].map((at) => [s("line", { class: "line", x1: x(at), x2: x(at), y1: y - 4, y2: y + 4 }),
      s("text", { class: "small muted", x: x(at), y: y + 30, "text-anchor": "middle", text: number(at, 0) })]),
    s("text", { class: "small", x: 10, y: y - 22, text: words }),
  ];
  const joins = outputs.map((out, k) => s("line", {
    class: k ? "line dots" : "line accent2 thick", x1: x(batch[k]), x2: x(out), y1: top, y2: bottom }));
  const dots = (values, y) => values.map((value, k) => k
    ? s("circle", { class: "fill accent", cx: x(value), cy: y, r: 4.5 })
    : s("rect", { class: "fill accent2", x: x(value) - 6, y: y - 6, width: 12, height: 12 }));
  const center = [s("path", { class: "fill accent3", d: `M${x(mean)} ${top + 6} l-6 11 h12 z` })];
  return drawing({ width: WIDTH, height: 186,
    label: `The batch above, its normalized values below; the triangle is the mean that is used, ${number(mean, 2)}` },
    ruler(top, `batch (square: this number, triangle: the ${training ? "batch's" : "running"} mean)`), ruler(bottom, "normalized"), joins,
    center, dots(batch, top), dots(outputs, bottom));
}
