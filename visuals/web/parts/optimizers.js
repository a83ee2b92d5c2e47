// The updates of torch.optim on plain numbers, one optimizer for each run.

const OPTIMIZERS = {
  SGD: ({ lr }) => (w, g) => w.map((value, i) => value - lr * g[i]),

  momentum: ({ lr, momentum }) => withMomentum(lr, momentum, false),

  Nesterov: ({ lr, momentum }) => withMomentum(lr, momentum, true),

  RMSprop: ({ lr, alpha = 0.99, eps = 1e-8 }) => {
    let squares = null;
    return (w, g) => {
      squares = g.map((slope, i) => alpha * (squares ? squares[i] : 0) + (1 - alpha) * slope * slope);
      return w.map((value, i) => value - (lr * g[i]) / (Math.sqrt(squares[i]) + eps));
    };
  },

  Adam: (options) => adam(options, 0, true),

  AdamW: ({ decay = 0.01, ...options }) => adam(options, decay, true),

  "Adam, uncorrected": (options) => adam(options, 0, false),
};

function withMomentum(lr, momentum, nesterov) {
  let buffer = null;
  return (w, g) => {
    buffer = g.map((slope, i) => (buffer ? momentum * buffer[i] + slope : slope));
    const direction = nesterov ? g.map((slope, i) => slope + momentum * buffer[i]) : buffer;
    return w.map((value, i) => value - lr * direction[i]);
  };
}

function adam({ lr, betas = [0.9, 0.999], eps = 1e-8 }, decay, corrected) {
  const [beta1, beta2] = betas;
  let mean = null;
  let square = null;
  let t = 0;
  return (w, g) => {
    t += 1;
    mean = g.map((slope, i) => beta1 * (mean ? mean[i] : 0) + (1 - beta1) * slope);
    square = g.map((slope, i) => beta2 * (square ? square[i] : 0) + (1 - beta2) * slope * slope);
    const first = corrected ? 1 - beta1 ** t : 1;
    const second = corrected ? 1 - beta2 ** t : 1;
    return w.map((value, i) => {
      const kept = value * (1 - lr * decay);
      return kept - (lr * (mean[i] / first)) / (Math.sqrt(square[i] / second) + eps);
    });
  };
}

// The points of a run, the start included; it ends early where a number is no longer finite.
function descent(name, options, slope, start, steps) {
  const step = OPTIMIZERS[name](options);
  const points = [start];
  for (let n = 0; n < steps; n += 1) {
    const next = step(points[n], slope(points[n]));
    if (!next.every((value) => Math.abs(value) < 1e100)) break;
    points.push(next);
  }
  return points;
}
