// A window over an image: the cells under it, the products, and what they come to.

const WINDOWS = [
  ["correlate", "conv2d: multiply and add"],
  ["flip", "conv2d with the kernel turned over"],
  ["max", "max pooling"],
  ["average", "average pooling"],
];

function draw(stage, data) {
  const one = layerView(stage, data);
  const several = receptiveView(data.stacks);
  const turnTo = (which) => { one.hidden = which !== "one layer"; several.hidden = which === "one layer"; };
  const view = choice({
    label: "view", options: [["one layer", "one layer"], ["several layers", "several layers: the receptive field"]], value: data.view,
    onchange: turnTo,
  });
  turnTo(data.view);
  stage.append(row(view), one, several);
}

function layerView(stage, data) {
  const set = { what: "correlate", kernel: 0, stride: data.stride, padding: data.padding, dilation: data.dilation };
  let at = 0;
  let output = [];
  let drawn;
  const spatial = (name, min, max) => slider({ label: name, min, max, value: set[name], oninput: (x) => { set[name] = x; at = 0; compute(); } });
  const controls = [
    choice({ label: "operation", options: WINDOWS, value: set.what, onchange: (x) => { set.what = x; at = 0; compute(); } }),
    choice({ label: "kernel", options: data.kernels.map(([name], k) => [String(k), name]), value: "0", onchange: (x) => { set.kernel = Number(x); at = 0; compute(); } }),
    spatial("stride", 1, 3), spatial("padding", 0, 2), spatial("dilation", 1, 3),
  ];
  const size = readout("size", "output:");
  const value = readout("value", "this cell:");
  const where = readout("cell", "cell");
  const terms = h("output", { dataset: { read: "terms" } });
  const steps = stepper({ count: 0, label: "cell", onstep: (to) => { at = to; show(); } });
  const input = h("div", {}), result = h("div", {});

  function compute() {
    output = windowsOf(data.image, kernelOf(data, set), set);
    size.set(output.length ? `${output.length}\u00d7${output[0].length}` : "none, the window does not fit");
    drawn = drawOutput(output, (to) => { at = to; steps.set(to); show(); });
    result.replaceChildren(drawn.box);
    steps.set(at, Math.max(0, output.flat().length - 1));
    show();
  }

  function show() {
    const flat = output.flat();
    const here = flat[at];
    value.set(here ? plain(here.value) : "");
    where.set(here ? `[${here.i}, ${here.j}]` : "");
    terms.textContent = here ? `${here.words} = ${plain(here.value)}` : "";
    input.replaceChildren(drawInput(data.image, set.padding, here));
    drawn.mark(at);
    if (here) announce(stage, `cell ${here.i}, ${here.j}: ${plain(here.value)}`);
  }

  compute();
  return h("div", {}, row(...controls), h("p", {}, size, where, value), row(steps),
    h("div", { class: "columns" }, h("div", {}, h("p", { text: "image, with the window" }), input),
      h("div", {}, h("p", { text: "output (point at a cell)" }), result)), h("p", {}, terms));
}

function kernelOf(data, { what, kernel }) {
  const rows = data.kernels[kernel][1];
  return what === "flip" ? [...rows].reverse().map((each) => [...each].reverse()) : rows;
}

// What each place of the window gives: rows of {i, j, value, words, cells}.
function windowsOf(image, kernel, { what, stride, padding, dilation }) {
  const places = (size, extent) => Math.max(0, Math.floor((size + 2 * padding - dilation * (extent - 1) - 1) / stride) + 1);
  const pooling = what === "max" || what === "average";
  const rows = places(image.length, kernel.length), columns = places(image[0].length, kernel[0].length);
  if (!columns) return [];
  return Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (_, j) => {
    const cells = kernel.flatMap((weights, m) => weights.map((weight, n) => {
      const r = i * stride + m * dilation - padding, c = j * stride + n * dilation - padding;
      const inside = r >= 0 && r < image.length && c >= 0 && c < image[0].length;
      return { r, c, weight: pooling ? null : weight, inside, pixel: inside ? image[r][c] : 0 };
    }));
    return { i, j, cells, ...summed(what, cells) };
  }));
}

function summed(what, cells) {
  if (what === "max") {
    const inside = cells.filter((cell) => cell.inside).map((cell) => cell.pixel);
    return { value: Math.max(...inside), words: inside.length ? `max(${inside.map(plain).join(", ")})` : "no cell of the image" };
  }
  if (what === "average") {
    const sum = cells.reduce((total, cell) => total + cell.pixel, 0);
    return { value: sum / cells.length, words: `(${cells.map((cell) => plain(cell.pixel)).join(" + ")}) / ${cells.length}` };
  }
  const value = cells.reduce((total, cell) => total + cell.pixel * cell.weight, 0);
  return { value, words: cells.map((cell) => `${plain(cell.pixel)}\u00b7${bracketed(cell.weight)}`).join(" + ") };
}

function plain(x) {
  return Number.isInteger(x) || !Number.isFinite(x) ? number(x, 0) : number(x, 3);
}

function bracketed(x) {
  return x < 0 ? `(${plain(x)})` : plain(x);
}

const CELL = 40;

function drawInput(image, padding, here) {
  const rows = image.length + 2 * padding, columns = image[0].length + 2 * padding;
  const under = new Map((here?.cells ?? []).map((cell) => [`${cell.r},${cell.c}`, cell]));
  const marks = [];
  for (let r = -padding; r < image.length + padding; r++) {
    for (let c = -padding; c < image[0].length + padding; c++) {
      const inside = r >= 0 && r < image.length && c >= 0 && c < image[0].length;
      const cell = under.get(`${r},${c}`);
      const x = 3 + (c + padding) * CELL, y = 3 + (r + padding) * CELL;
      marks.push(s("rect", { class: `line ${cell ? "mark accent2 thick" : inside ? "paper" : "soft dash"}`, x, y, width: CELL - 5, height: CELL - 5 }),
        s("text", { class: inside ? "" : "muted", x: x + (CELL - 5) / 2, y: y + 15, "text-anchor": "middle", text: inside ? plain(image[r][c]) : "0" }),
        cell && cell.weight !== null
          ? s("text", { class: "small strong accent2", x: x + (CELL - 5) / 2, y: y + 30, "text-anchor": "middle", text: `\u00d7${plain(cell.weight)}` }) : null);
    }
  }
  return drawing({ width: columns * CELL + 6, height: rows * CELL + 6,
    label: here ? `The image; the window for output cell ${here.i}, ${here.j} is marked` : "The image; the window does not fit" }, marks);
}

// The output's cells are drawn once: new ones under a resting pointer would be pointed at anew.
function drawOutput(output, choose) {
  if (!output.length) return { box: h("p", { class: "bad", text: "The window is larger than the padded image." }), mark: () => {} };
  const cells = output.flat().map((cell, k) => {
    const x = 3 + cell.j * 50, y = 3 + cell.i * CELL;
    return s("g", { dataset: { cell: `${cell.i},${cell.j}` }, on: { pointerenter: () => choose(k), click: () => choose(k) } },
      s("rect", { class: "line paper", x, y, width: 45, height: CELL - 5 }),
      s("text", { x: x + 22, y: y + 22, "text-anchor": "middle", text: plain(cell.value) }));
  });
  const mark = (at) => cells.forEach(({ firstChild: box, lastChild: text }, k) => {
    box.setAttribute("class", k === at ? "line mark accent2 thick" : "line paper");
    text.setAttribute("class", k === at ? "strong" : "");
  });
  const size = { width: output[0].length * 50 + 6, height: output.length * CELL + 6 };
  return { box: drawing({ ...size, label: "The output" }, cells), mark };
}
