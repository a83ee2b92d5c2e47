// A network of equal layers, computed here: the size of activations going up and of gradients coming back.

const UNITS = 64;
const SAMPLES = 32;
const FLOOR = 1e-30;
const CEILING = 1e30;

const ACTIVATIONS = {
  linear: { value: (z) => z, slope: () => 1 },
  sigmoid: { value: (z) => 1 / (1 + Math.exp(-z)), slope: (z, a) => a * (1 - a) },
  tanh: { value: Math.tanh, slope: (z, a) => 1 - a * a },
  relu: { value: (z) => (z > 0 ? z : 0), slope: (z) => (z > 0 ? 1 : 0) },
};

// The standard deviation of the initial weights.
const INITS = {
  small: ["small: 0.01", 0.01],
  default: ["Linear's default: 1/√(3n)", 1 / Math.sqrt(3 * UNITS)],
  xavier: ["Xavier: 1/√n", 1 / Math.sqrt(UNITS)],
  he: ["He: √(2/n)", Math.sqrt(2 / UNITS)],
  large: ["large: 1", 1],
};

function draw(stage, data) {
  const state = { activation: data.activation, init: data.init, depth: data.depth, seed: 0 };
  const top = readout("top", "size of the last layer's output:");
  const first = readout("first", "size of the gradient at the first layer:");
  const factor = readout("factor", "factor a layer:");
  const plot = h("div", {});
  const own = data.own.length ? checkbox({ label: "draw my model too (dotted)", checked: true, onchange: show }) : null;
  const change = (name, read) => (value) => { state[name] = read(value); show(); };

  function show() {
    const network = run(state);
    top.set(scientific(network.activations[state.depth]));
    first.set(scientific(network.gradients[1]));
    factor.set(state.depth > 1 ? number((network.gradients[1] / network.gradients[state.depth]) ** (1 / (state.depth - 1)), 3) : "–");
    plot.replaceChildren(...curves(network, state, own && own.input.checked ? data.own : []));
    announce(stage, `The gradient at the first layer has size ${scientific(network.gradients[1])}.`);
  }

  const controls = [
    choice({ label: "activation", value: state.activation, options: Object.keys(ACTIVATIONS).map((name) => [name, name]), onchange: change("activation", String) }),
    choice({ label: "initial weights", value: state.init, options: Object.entries(INITS).map(([name, [text]]) => [name, text]), onchange: change("init", String) }),
    slider({ label: "layers", min: 1, max: 50, value: state.depth, oninput: change("depth", Number) }),
    button("Draw other weights", () => { state.seed += 1; show(); }), own,
  ];
  stage.append(h("div", { class: "columns" }, h("div", {}, row(...controls), row(top, first, factor)), plot));
  show();
}

// Layer 0 is the input; the gradient of layer l is the one that arrives at its output.
function run({ activation, init, depth, seed }) {
  const normal = gaussian(random(seed + 1));
  const { value, slope } = ACTIVATIONS[activation];
  const scale = INITS[init][1];
  let output = Float64Array.from({ length: SAMPLES * UNITS }, normal);
  const activations = [size(output)];
  const slopes = [], weights = [];
  for (let layer = 1; layer <= depth; layer += 1) {
    const weight = Float64Array.from({ length: UNITS * UNITS }, () => scale * normal());
    const sums = times(output, weight, false);
    output = sums.map((z) => value(z));
    slopes[layer] = sums.map((z, i) => slope(z, output[i]));
    weights[layer] = weight;
    activations[layer] = size(output);
  }
  let gradient = Float64Array.from({ length: SAMPLES * UNITS }, normal);
  const gradients = [];
  for (let layer = depth; layer >= 1; layer -= 1) {
    gradients[layer] = size(gradient);
    gradient = times(gradient.map((g, i) => g * slopes[layer][i]), weights[layer], true);
  }
  gradients[0] = size(gradient);
  return { activations, gradients };
}

// A batch times the weights (out, in): x Wᵀ going forward, g W going backward.
function times(batch, weight, backward) {
  const result = new Float64Array(SAMPLES * UNITS);
  for (let n = 0; n < SAMPLES; n += 1) {
    for (let i = 0; i < UNITS; i += 1) {
      let sum = 0;
      for (let k = 0; k < UNITS; k += 1) sum += batch[n * UNITS + k] * (backward ? weight[k * UNITS + i] : weight[i * UNITS + k]);
      result[n * UNITS + i] = sum;
    }
  }
  return result;
}

// Normal numbers from pairs of uniform ones.
function gaussian(uniform) {
  let spare = null;
  return () => {
    if (spare !== null) { const kept = spare; spare = null; return kept; }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

function size(values) {
  return Math.sqrt(values.reduce((sum, each) => sum + each * each, 0) / values.length);
}

function curves({ activations, gradients }, { depth }, own) {
  const mine = { activation: own.map((each, i) => [i + 1, each.activation]), gradient: own.map((each, i) => [i + 1, each.gradient]) };
  const all = [...activations, ...gradients, ...mine.activation.map(([, v]) => v), ...mine.gradient.map(([, v]) => v)]
    .filter((v) => v > 0 && Number.isFinite(v));
  const low = Math.max(FLOOR, 10 ** Math.floor(Math.log10(Math.min(...all, 0.1)) - 0.2));
  const high = Math.min(CEILING, 10 ** Math.ceil(Math.log10(Math.max(...all, 10)) + 0.2));
  const plot = axes({ width: 350, height: 270, x: [0, Math.max(depth, own.length, 2)], y: [low, high], logy: true,
    xlabel: "layer (0 is the input)", ylabel: "root mean square", label: "Size of activations and gradients by layer" });
  const points = (values, from) => values.slice(from).map((v, i) => [i + from, Math.min(Math.max(v, low), high)]);
  plot.line(points(activations, 0), "accent thick");
  plot.line(points(gradients, 1), "accent2 thick dash");
  for (const [at, v] of points(activations, 0)) plot.dot(at, v, "accent", 2.5);
  if (own.length) {
    plot.line(mine.activation, "accent dots thick");
    plot.line(mine.gradient, "accent2 dots thick");
  }
  const dotted = own.length ? [
    s("line", { class: "line thick dots accent", x1: 8, x2: 44, y1: 56, y2: 56 }), s("line", { class: "line thick dots accent2", x1: 8, x2: 44, y1: 62, y2: 62 }),
    s("text", { x: 52, y: 63, text: "my model, a step for each of its modules" }),
  ] : [];
  const legend = drawing({ width: 340, height: own.length ? 70 : 44, label: "What the lines mean" }, dotted,
    s("line", { class: "line thick accent", x1: 8, x2: 44, y1: 12, y2: 12 }), s("text", { x: 52, y: 16, text: "activations, going up" }),
    s("line", { class: "line thick dash accent2", x1: 8, x2: 44, y1: 34, y2: 34 }), s("text", { x: 52, y: 38, text: "gradients, coming back from the top" }));
  return [plot.svg, legend];
}

function scientific(x) {
  if (x === 0) return "0";
  if (!Number.isFinite(x)) return number(x);
  return Math.abs(x) >= 0.001 && Math.abs(x) < 10000 ? number(x, 4) : x.toExponential(2).replace("-", "\u2212").replace("e+", "e");
}
