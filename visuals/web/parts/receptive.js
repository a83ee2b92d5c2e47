// Which inputs one cell sees through several layers, drawn along one side of the image.

function receptiveField(layers) {
  let seen = 1, jump = 1;
  for (const [kernel, stride, dilation] of layers) {
    seen += dilation * (kernel - 1) * jump;
    jump *= stride;
  }
  return { seen, jump };
}

// The cells of each level that feed `unit` of the last one; level 0 is the input.
function feeding(layers, unit) {
  const levels = [new Set([unit])];
  for (const [kernel, stride, dilation] of [...layers].reverse()) {
    const below = new Set();
    for (const cell of levels[0]) for (let m = 0; m < kernel; m++) below.add(cell * stride + m * dilation);
    levels.unshift(below);
  }
  return levels;
}

function sizesOf(layers, input) {
  const sizes = [input];
  for (const [kernel, stride, dilation] of layers) {
    sizes.push(Math.max(0, Math.floor((sizes.at(-1) - dilation * (kernel - 1) - 1) / stride) + 1));
  }
  return sizes;
}

function receptiveView(stacks) {
  const INPUT = 19, CELL = 17, ROW = 52;
  let layers = stacks[0][1], unit = 0;
  const seen = readout("receptive-field", "inputs seen by one cell, along one side:");
  const apart = readout("jump", "neighbors are apart by");
  const numberOfInputs = readout("seen-cells", "inputs that really count:");
  const picture = h("div", {});
  const pick = slider({ label: "cell of the last level", min: 0, max: 1, value: 0, oninput: (at) => { unit = at; show(); } });
  const stack = choice({
    label: "layers", options: stacks.map(([name], at) => [String(at), name]), value: "0",
    onchange: (at) => { layers = stacks[Number(at)][1]; unit = 0; show(); },
  });

  function show() {
    const sizes = sizesOf(layers, INPUT);
    pick.input.max = sizes.at(-1) - 1;
    unit = Math.min(unit, sizes.at(-1) - 1);
    pick.set(unit);
    const levels = feeding(layers, unit);
    const { seen: field, jump } = receptiveField(layers);
    seen.set(field);
    apart.set(`${jump} input${jump > 1 ? "s" : ""}`);
    numberOfInputs.set(levels[0].size);
    picture.replaceChildren(drawLevels(sizes, levels));
  }

  function drawLevels(sizes, levels) {
    const bottom = ROW * (sizes.length - 1) + 26;
    const marks = sizes.map((size, level) => {
      const y = bottom - level * ROW;
      const name = level === 0 ? "input" : `after ${nameOf(layers[level - 1])}`;
      const cells = Array.from({ length: size }, (_, cell) => {
        const counts = levels[level].has(cell);
        return [
          s("rect", { class: `line ${counts ? "mark thick accent" : "paper"}`, x: 4 + cell * CELL, y, width: CELL - 3, height: CELL - 3 }),
          counts ? s("text", { class: "small", x: 4 + cell * CELL + (CELL - 3) / 2, y: y + 11, "text-anchor": "middle", text: "\u2022" }) : null,
        ];
      });
      return [s("text", { class: "small", x: 4, y: y - 6, text: `${name}: ${size} cells` }), cells];
    });
    return drawing({ width: 4 + INPUT * CELL + 4, height: bottom + CELL + 6,
      label: `The cells of each level that feed cell ${unit} of the last level` }, marks);
  }

  show();
  return h("div", {}, row(stack, pick), h("p", {}, seen, apart, numberOfInputs), picture);
}

function nameOf([kernel, stride, dilation]) {
  const parts = [`a window of ${kernel}`];
  if (stride > 1) parts.push(`stride ${stride}`);
  if (dilation > 1) parts.push(`dilation ${dilation}`);
  return parts.join(", ");
}
