// Quantization of real weights: q = round(w / scale) + zero point, kept within the integers there are.

// Like NumPy, halves go to the even neighbor.
function roundHalfToEven(x) {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

function fitted(weights, bits) {
  const low = Math.min(weights[0], 0), high = Math.max(weights[weights.length - 1], 0);
  const scale = (high - low) / (2 ** bits - 1);
  return { scale, zero: roundHalfToEven(-low / scale) };
}

function draw(stage, { weights, count }) {
  const lowest = weights[0], highest = weights[weights.length - 1];
  const margin = 0.08 * (highest - lowest);
  const range = [lowest - margin, highest + margin];
  const plot = axes({ width: 360, height: 300, x: range, y: range, xlabel: "weight", ylabel: "what the integer stands for" });
  let bits = 4, { scale, zero } = fitted(weights, bits);

  const error = readout("error", "root mean square error of the points:");
  const clipped = readout("clipped", "points outside of the levels:");
  const bytes = readout("bytes", `size of all ${count} weights:`);
  const levels = readout("levels", "levels:");
  const widest = (highest - lowest) / 2;
  const bitsControl = slider({ label: "bits", min: 1, max: 8, value: bits, oninput: (b) => { bits = b; fit(); } });
  const scaleControl = slider({ label: "scale", min: widest / 400, max: widest, step: widest / 2000, value: scale,
    format: (v) => number(v, 4), oninput: (v) => { scale = v; show(); } });
  const zeroControl = slider({ label: "zero point", min: -16, max: 271, value: zero, oninput: (z) => { zero = z; show(); } });

  function fit() {
    ({ scale, zero } = fitted(weights, bits));
    scaleControl.set(scale);
    zeroControl.set(zero);
    show();
  }

  function show() {
    const top = 2 ** bits - 1;
    const back = weights.map((w) => (Math.max(0, Math.min(top, roundHalfToEven(w / scale) + zero)) - zero) * scale);
    const outside = weights.filter((w) => { const q = roundHalfToEven(w / scale) + zero; return q < 0 || q > top; }).length;
    plot.clear();
    plot.line([[range[0], range[0]], [range[1], range[1]]], "muted dash");
    weights.forEach((w, k) => plot.dot(w, back[k], "accent", 2.2));
    error.set(number(Math.sqrt(back.reduce((sum, b, k) => sum + (b - weights[k]) ** 2, 0) / weights.length), 6));
    clipped.set(`${number((100 * outside) / weights.length, 1)} %`);
    bytes.set(`${Math.ceil((count * bits) / 8)} bytes instead of ${4 * count}`);
    levels.set(String(top + 1));
  }

  stage.append(row(bitsControl, scaleControl, zeroControl, button("Fit scale and zero point to the weights", fit)),
    plot.svg, h("div", {}, levels, error, clipped, bytes));
  show();
}
