// Dropout: one mask after another, and the mean over all of them.

function draw(stage, data) {
  const values = data.values;
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  let p = data.p, training = true, scaled = true;
  let next, masks, dropped, total, mask, history;

  function restart() {
    next = random(data.seed);
    masks = dropped = total = 0;
    history = [];
    drawMasks(1);
  }

  function drawMasks(count) {
    for (let k = 0; k < count; k++) {
      mask = values.map(() => training && next() < p);
      const outputs = outputsOf(mask);
      masks++;
      dropped += mask.filter(Boolean).length;
      total += outputs.reduce((sum, x) => sum + x, 0) / values.length;
      history.push([masks, total / masks]);
    }
    show();
  }

  function outputsOf(chosen) {
    const scale = training && scaled ? 1 / (1 - p) : 1;
    return values.map((x, k) => (chosen[k] ? 0 : x * scale));
  }

  function show() {
    read.masks.set(masks);
    read.zeros.set(number(dropped / (masks * values.length), 4));
    read.scale.set(training && scaled ? number(1 / (1 - p)) : "1, nothing is scaled");
    read.mean.set(number(total / masks, 4));
    bars.replaceChildren(drawBars(values, outputsOf(mask), mask));
    curve.replaceChildren(drawCurve());
    announce(stage, `${masks} masks, mean ${number(total / masks, 3)}`);
  }

  function drawCurve() {
    const reach = Math.max(mean, ...history.map(([, each]) => each), 0.1) * 1.25;
    const low = Math.min(0, mean, ...history.map(([, each]) => each));
    const plot = axes({ width: 350, height: 200, x: [1, Math.max(10, masks)], y: [low, reach], logx: true,
      xlabel: "masks drawn", ylabel: "mean output so far" });
    plot.line([[1, mean], [Math.max(10, masks), mean]], "dash");
    plot.line(history, "accent thick");
    plot.dot(masks, total / masks);
    return plot.svg;
  }

  const read = {
    masks: readout("masks", "masks"), zeros: readout("zeros", "share of zeros"), scale: readout("scale", "survivors times"),
    mean: readout("mean", "mean over all masks"), given: readout("given-mean", "mean of the values themselves", number(mean, 4)),
  };
  const bars = h("div", {}), curve = h("div", {});
  stage.append(
    row(
      choice({ label: "mode", options: [["train", "train()"], ["eval", "eval()"]], value: "train",
        onchange: (x) => { training = x === "train"; restart(); } }),
      slider({ label: "p, the probability of 0", min: 0, max: 0.9, step: 0.05, value: p, format: (x) => number(x, 2),
        oninput: (x) => { p = x; restart(); } }),
      checkbox({ label: "divide survivors by 1 \u2212 p", checked: true, onchange: (x) => { scaled = x; restart(); } })),
    row(button("Draw a mask", () => drawMasks(1)), button("Draw 100 masks", () => drawMasks(100)), button("Start over", restart)),
    h("div", { class: "columns" }, bars, curve),
    h("p", {}, read.masks, read.zeros, read.scale), h("p", {}, read.mean, read.given));
  restart();
}

function drawBars(values, outputs, mask) {
  const reach = Math.max(...values, ...outputs, 0.1), low = Math.min(0, ...values, ...outputs);
  const WIDTH = 350, step = (WIDTH - 10) / values.length, high = 76;
  const panel = (numbers, top, words, empty) => {
    const y = (v) => top + high - ((v - low) / (reach - low)) * (high - 4);
    return [
      s("text", { class: "small", x: 5, y: top - 6, text: words }),
      s("line", { class: "line", x1: 5, x2: WIDTH - 5, y1: y(0), y2: y(0) }),
      numbers.map((v, k) => [
        s("rect", { class: empty[k] ? "line dots" : "fill accent", x: 5 + k * step + 3, width: step - 6,
          y: Math.min(y(0), y(empty[k] ? values[k] : v)), height: Math.max(1, Math.abs(y(empty[k] ? values[k] : v) - y(0))) }),
        step >= 30 ? s("text", { class: "small", x: 5 + (k + 0.5) * step, y: top + high + 14, "text-anchor": "middle", text: number(v, step >= 42 ? 2 : 1) }) : null,
      ]),
    ];
  };
  return drawing({ width: WIDTH, height: 240, label: `${mask.filter(Boolean).length} of ${values.length} values are 0 with this mask` },
    panel(values, 24, "values", values.map(() => false)), panel(outputs, 144, "after dropout (dotted: dropped)", mask));
}
