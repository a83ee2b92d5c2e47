// A gradient folded back: summed over every dimension along which the operand was repeated.

const FOLD = { across: 52, down: 26, gap: 14, margin: 8, head: 18 };

function draw(stage, data) {
  const set = { from: data.from, to: data.to, values: data.values, step: 0, element: 0, folds: [] };
  const problem = h("div", {});
  const arrays = h("div", { class: "columns" });
  const says = h("p", {});
  const reads = [readout("shape", "shape now:"), readout("sum", "all of it added up:"), readout("element", "chosen element:")];
  reads[2].style.whiteSpace = "normal";
  const steps = stepper({ count: 1, label: "fold", onstep: (at) => { set.step = at; show(); announce(stage, says.textContent); } });
  const elements = h("div", {});
  const fields = [field({ label: "shape of the gradient", value: shapeText(set.from), size: 10, onchange: reshape }),
    field({ label: "shape of the operand", value: shapeText(set.to), size: 10, onchange: reshape })];
  stage.append(row(...fields), problem, steps, says, arrays, elements, row(...reads));

  // Both fields are read together: one alone may not go with what the other held before.
  function reshape() {
    try {
      const [from, to] = fields.map((each) => shapeOf(each.input.value, data));
      check(from, to);
      if (shapeText(from) !== shapeText(set.from)) set.values = Array.from({ length: sizeOf(from) }, (_, at) => at + 1);
      Object.assign(set, { from, to, step: 0, element: 0 });
      problem.replaceChildren();
      build();
    } catch (wrong) {
      problem.replaceChildren(h("p", { class: "bad", role: "alert", text: `${wrong.message} The figure stays as it was.` }));
    }
  }

  function build() {
    set.folds = foldsOf(set.from, set.to);
    steps.set(0, set.folds.length - 1);
    elements.replaceChildren(slider({ label: "element of the operand", min: 1, max: sizeOf(set.to), value: 1,
      oninput: (at) => { set.element = at - 1; show(); } }));
    show();
  }

  function show() {
    const now = set.folds[set.step];
    const folded = foldTo(set.values, set.from, now.shape);
    const belongs = (shape) => (place) => homeOf(place, shape, set.to) === set.element;
    arrays.replaceChildren(
      h("div", {}, h("p", { text: `What arrived: ${shapeText(set.from)}` }), grid(set.values, set.from, belongs(set.from), "The gradient of the result")),
      h("div", {}, h("p", { text: `Folded: ${shapeText(now.shape)}` }), grid(folded, now.shape, belongs(now.shape), "The gradient, folded so far")));
    says.textContent = now.says;
    reads[0].set(shapeText(now.shape));
    reads[1].set(short(folded.reduce((sum, x) => sum + x, 0)));
    const parts = set.values.filter((_, at) => belongs(set.from)(placeOf(at, set.from)));
    const total = short(parts.reduce((sum, x) => sum + x, 0));
    reads[2].set(parts.length === 1 ? total : `${parts.map(short).join(" + ")} = ${total}`);
  }

  build();
}

// The stages of the way: as it arrived, without the dimensions that the operand lacks, then with 1 where it has 1.
function foldsOf(from, to) {
  const missing = from.length - to.length;
  const folds = [{ shape: from, says: "This arrived. It has the shape of the result." }];
  if (missing) {
    folds.push({ shape: from.slice(missing), says: `Added up over the ${missing === 1 ? "first dimension, which" : `first ${missing} dimensions, which`} the operand lacks.` });
  }
  const stretched = to.flatMap((size, at) => (size === 1 && from[missing + at] > 1 ? [at] : []));
  if (stretched.length) {
    folds.push({ shape: to, says: `Added up over dimension ${stretched.join(" and ")}, where the operand has 1; the 1 stays.` });
  }
  if (folds.length === 1) folds[0].says = "Nothing was repeated, so nothing is folded.";
  return folds;
}

function check(from, to) {
  const missing = from.length - to.length;
  if (missing < 0 || to.some((size, at) => size !== 1 && size !== from[missing + at])) {
    throw new Error(`An operand of shape ${shapeText(to)} is not broadcast to ${shapeText(from)}.`);
  }
}

function shapeOf(text, { most, longest }) {
  const inside = text.replace(/[()[\]\s]/g, "").replace(/,$/, "");
  const sizes = inside ? inside.split(",") : [];
  if (sizes.length > most || sizes.some((size) => !/^[1-9]$/.test(size) || Number(size) > longest)) {
    throw new Error(`A shape here is up to ${most} sizes of 1 to ${longest}, such as (3, 4).`);
  }
  return sizes.map(Number);
}

function shapeText(shape) {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
}

function sizeOf(shape) {
  return shape.reduce((product, size) => product * size, 1);
}

function placeOf(at, shape) {
  const place = [];
  for (const size of [...shape].reverse()) {
    place.unshift(at % size);
    at = Math.floor(at / size);
  }
  return place;
}

// The number of the operand's element that the place belongs to.
function homeOf(place, shape, to) {
  const own = place.slice(shape.length - to.length);
  return to.reduce((at, size, dim) => at * size + (size === 1 ? 0 : own[dim]), 0);
}

function foldTo(values, from, shape) {
  const folded = new Array(sizeOf(shape)).fill(0);
  values.forEach((value, at) => { folded[homeOf(placeOf(at, from), from, shape)] += value; });
  return folded;
}

function short(x) {
  return String(Number(x.toPrecision(6))).replaceAll("-", "\u2212");
}

// An array as blocks of rows: one block for each index of a third dimension, side by side.
function grid(values, shape, marked, label) {
  const [blocks, rows, columns] = [...new Array(3 - shape.length).fill(1), ...shape];
  const single = blocks === 1;
  const block = { width: columns * FOLD.across + FOLD.gap, height: rows * FOLD.down + (single ? 0 : FOLD.head) + FOLD.gap };
  const cells = values.map((value, at) => {
    const [b, r, c] = placeOf(at, [blocks, rows, columns]);
    const x = FOLD.margin + c * FOLD.across, y = FOLD.margin + b * block.height + (single ? 0 : FOLD.head) + r * FOLD.down;
    const on = marked(placeOf(at, shape));
    return s("g", {}, s("rect", { class: on ? "line accent2 thick mark" : "line paper", x, y, width: FOLD.across - 3, height: FOLD.down - 3 }),
      s("text", { x: x + FOLD.across / 2 - 1.5, y: y + 16, "text-anchor": "middle", class: on ? "strong" : "", text: short(value) }));
  });
  const heads = single ? [] : Array.from({ length: blocks }, (_, b) =>
    s("text", { x: FOLD.margin, y: FOLD.margin + b * block.height + 12, text: `[${b}]` }));
  return drawing({ width: block.width + 2 * FOLD.margin, height: blocks * block.height + FOLD.margin, label }, heads, cells);
}
