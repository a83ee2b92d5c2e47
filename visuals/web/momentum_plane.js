// The plane of learning rate and momentum of a quadratic, beside the run that a point of it selects.

function draw(stage, data) {
  const { curvatures, start, steps, bound } = data;
  const state = { lr: data.lr, momentum: data.momentum };
  const size = { width: 350, height: 310 };
  const plane = axes({ ...size, x: [0, bound], y: [0, 1], xlabel: "learning rate", ylabel: "momentum",
    label: "The plane of learning rate and momentum, shaded by the factor that is left of the error after a step" });
  const shades = shading(plane, curvatures, bound);
  const point = s("g", {});
  const run = h("div");
  const svg = plane.svg.querySelector("svg");
  const outputs = {
    rate: readout("rate", "left of the error after a step:"),
    verdict: readout("verdict", "so the run"),
    loss: readout("loss", `loss after ${steps} steps:`),
    limit: readout("limit", "largest learning rate that converges:"),
  };
  const sliders = {
    lr: slider({ label: "learning rate", min: 0, max: bound, step: 10 ** Math.floor(Math.log10(bound)) / 1000, value: state.lr, format: (v) => v.toFixed(4), oninput: (v) => move(v, state.momentum) }),
    momentum: slider({ label: "momentum", min: 0, max: 0.99, step: 0.01, value: state.momentum, format: (v) => v.toFixed(2), oninput: (v) => move(state.lr, v) }),
  };

  function move(lr, momentum) {
    state.lr = lr;
    state.momentum = momentum;
    show();
  }

  function show() {
    const [x, y] = [plane.px(state.lr), plane.py(state.momentum)];
    point.replaceChildren(s("circle", { class: "fill accent2", cx: x, cy: y, r: 7 }), s("circle", { class: "line", cx: x, cy: y, r: 11 }));
    const rate = slowest(curvatures, state.lr, state.momentum);
    const slope = (w) => w.map((v, i) => curvatures[i] * v);
    const loss = (w) => w.reduce((sum, v, i) => sum + 0.5 * curvatures[i] * v * v, 0);
    const losses = descent("momentum", state, slope, start, steps).map(loss);
    outputs.rate.set(number(rate, 4));
    outputs.verdict.set(rate > 1 + 1e-9 ? "diverges" : rate > 1 - 1e-9 ? "never arrives" : rate > 0.98 ? "converges slowly" : "converges");
    outputs.loss.set(losses.length > steps ? losses.at(-1).toExponential(3).replaceAll("-", "\u2212") : "too large");
    outputs.limit.set(number((2 * (1 + state.momentum)) / Math.max(...curvatures), 4));
    const curve = axes({ ...size, x: [0, steps], y: [losses[0] * 1e-8, losses[0] * 1e4], xlabel: "step", ylabel: "loss", logy: true });
    curve.line([[0, losses[0]], [steps, losses[0]]], "dash");
    trail(curve, losses.map((v, n) => [n, v > 0 ? v : NaN]), 0);
    run.replaceChildren(curve.svg);
    announce(stage, `Learning rate ${number(state.lr, 4)}, momentum ${number(state.momentum, 2)}: ${number(rate, 4)} of the error is left after a step`);
  }

  function follow(event) {
    const box = svg.getBoundingClientRect();
    const [x, y] = [((event.clientX - box.left) / box.width) * size.width, ((event.clientY - box.top) / box.height) * size.height];
    const lr = ((x - plane.px(0)) / (plane.px(bound) - plane.px(0))) * bound;
    const momentum = (y - plane.py(0)) / (plane.py(1) - plane.py(0));
    sliders.lr.set(Math.max(0, Math.min(bound, lr)));
    sliders.momentum.set(Math.max(0, Math.min(0.99, momentum)));
    move(Number(sliders.lr.input.value), Number(sliders.momentum.input.value));
  }

  svg.style.cursor = "crosshair";
  svg.style.touchAction = "pan-y";
  // A finger that goes up or down scrolls the page: it selects a point by a tap or by going sideways.
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    if (event.pointerType !== "touch") follow(event);
  });
  svg.addEventListener("pointermove", (event) => { if (event.buttons) follow(event); });
  svg.addEventListener("pointerup", follow);
  plane.marks.append(shades, border(plane, curvatures, bound), point);
  const best = bestPoint(curvatures);
  stage.append(
    row(sliders.lr, sliders.momentum, button("Best point", () => {
      sliders.lr.set(best.lr);
      sliders.momentum.set(best.momentum);
      move(best.lr, best.momentum);
    })),
    h("div", { class: "columns" }, plane.svg, run),
    row(...Object.values(outputs)),
    h("p", { class: "muted", text: "The stronger the shade, the faster. Right of the line every run diverges. Drag in the plane, or use the sliders." }));
  show();
}

// The factor by which the error along one curvature shrinks with each step in the long run: the
// larger root, in absolute value, of r² − (1 + momentum − lr·curvature) r + momentum = 0.
function factor(curvature, lr, momentum) {
  const middle = 1 + momentum - lr * curvature;
  const under = middle * middle - 4 * momentum;
  return under < 0 ? Math.sqrt(momentum) : (Math.abs(middle) + Math.sqrt(under)) / 2;
}

function slowest(curvatures, lr, momentum) {
  return Math.max(...curvatures.map((curvature) => factor(curvature, lr, momentum)));
}

function bestPoint(curvatures) {
  const [low, high] = [Math.sqrt(Math.min(...curvatures)), Math.sqrt(Math.max(...curvatures))];
  return { lr: (2 / (low + high)) ** 2, momentum: ((high - low) / (high + low)) ** 2 };
}

function shading(plane, curvatures, bound, columns = 56, rows = 40) {
  const cells = [];
  for (let i = 0; i < columns; i += 1) {
    for (let j = 0; j < rows; j += 1) {
      const rate = slowest(curvatures, (bound * (i + 0.5)) / columns, (j + 0.5) / rows);
      if (rate >= 1) continue;
      const bands = [1, 0.99, 0.97, 0.94, 0.9, 0.84, 0.76, 0.66];
      const band = bands.findLastIndex((limit) => rate < limit);
      const [left, right] = [plane.px((bound * i) / columns), plane.px((bound * (i + 1)) / columns)];
      const [top, bottom] = [plane.py((j + 1) / rows), plane.py(j / rows)];
      cells.push(s("rect", { class: "fill accent", "fill-opacity": 0.08 + 0.1 * band, x: left, y: top, width: right - left, height: bottom - top, "shape-rendering": "crispEdges" }));
    }
  }
  return s("g", {}, cells);
}

function border(plane, curvatures, bound) {
  const high = Math.max(...curvatures);
  const [from, to] = [[2 / high, 0], [4 / high, 1]].map(([a, b]) => [plane.px(a), plane.py(b)]);
  const label = s("text", { class: "small strong", x: Math.min(to[0], plane.px(bound)) - 62, y: plane.py(0.12), text: "diverges" });
  return s("g", {}, s("line", { class: "line bad thick", x1: from[0], y1: from[1], x2: to[0], y2: to[1] }), label);
}
