// Whether strides exist that walk the same memory in a new shape.

function draw(stage, data) {
  let way = data.ways[Math.min(1, data.ways.length - 1)];
  let wanted = "-1";

  const ways = choice({ label: "the tensor", value: data.ways.indexOf(way), options: data.ways.map((each, k) => [k, each.text]),
    onchange: (k) => { way = data.ways[Number(k)]; offer(); show(); } });
  const target = field({ label: "view it as", value: wanted, size: 12, onchange: (text) => { wanted = text; show(); } });
  const offers = choice({ label: "or one of", options: [], value: "", onchange: (text) => {
    if (text === "") return;
    wanted = text;
    target.set(text);
    show();
  } });
  const sizes = readout("sizes", "sizes"), strides = readout("strides", "strides"), contiguous = readout("contiguous", "contiguous");
  const verdict = readout("verdict", "view:");
  const why = h("p", { dataset: { read: "why" } });
  const plot = h("div", {}), blocks = h("div", {});

  function offer() {
    const options = shapesOf(countOf(way.sizes)).map((shape) => shape.join(", "));
    offers.input.replaceChildren(h("option", { value: "", text: "choose\u2026" }),
      ...options.map((text) => h("option", { value: text, text: `(${text})` })));
    offers.set("");
  }

  function show() {
    sizes.set(tuple(way.sizes));
    strides.set(tuple(way.strides));
    contiguous.set(isContiguous(way) ? "yes" : "no");
    const shape = inferred(numbersIn(wanted), countOf(way.sizes));
    if (shape === null) {
      verdict.set("these sizes do not hold all elements");
      why.textContent = `A view of ${countOf(way.sizes)} elements has sizes whose product is ${countOf(way.sizes)}; one size may be \u22121.`;
      plot.replaceChildren();
      blocks.replaceChildren();
      return;
    }
    const found = viewStrides(way, shape);
    verdict.set(found.strides ? `exists, with strides ${tuple(found.strides)}` : "no strides exist; reshape copies");
    why.textContent = found.why;
    verdict.firstElementChild.className = `value ${found.strides ? "good" : "bad"}`;
    plot.replaceChildren(walkPlot(way, shape));
    blocks.replaceChildren(table(["block", "made of sizes", "elements", "step", "new sizes cut from it"],
      found.blocks.map((block, k) => [k, tuple(block.sizes), block.count, block.step, block.cut.length ? tuple(block.cut) : "none"]),
      { caption: "Blocks: pieces of the tensor that lie evenly in memory" }));
    announce(stage, `View as ${tuple(shape)}: ${verdict.lastElementChild.textContent}`);
  }

  stage.append(row(ways, target, offers), row(sizes, strides, contiguous), h("p", {}, verdict), why, plot, blocks);
  verdict.style.whiteSpace = "normal";
  offer();
  show();
}

// From the back: old sizes that lie evenly form a block, and the new sizes must cut blocks.
function viewStrides(walk, shape) {
  const old = walk.sizes.length ? walk : { sizes: [1], strides: [1] };
  const open = [...shape], strides = [], blocks = [];
  let refused = null;
  let block = null;
  for (let d = old.sizes.length - 1; d >= 0; d--) {
    block ??= { sizes: [], count: 1, step: old.strides[d], cut: [] };
    block.sizes.unshift(old.sizes[d]);
    block.count *= old.sizes[d];
    if (d > 0 && (old.sizes[d - 1] === 1 || old.strides[d - 1] === block.count * block.step)) continue;
    let left = block.count, step = block.step;
    while (!refused && open.length && (left > 1 || open[open.length - 1] === 1)) {
      const size = open.pop();
      if (left % size !== 0) {
        const rest = left === block.count ? "has" : "still has";
        refused = `The new size ${size} does not fit: the block made of ${tuple(block.sizes)} ${rest} ${left} elements, and a view cannot join two blocks.`;
        break;
      }
      strides.unshift(step);
      block.cut.unshift(size);
      left /= size;
      step *= size;
    }
    blocks.unshift(block);
    block = null;
  }
  const why = refused ?? (blocks.length === 1 ? "The elements lie evenly: one block, which can be cut in any way."
    : `Each new size is cut from one of the ${blocks.length} blocks.`);
  return { blocks, strides: refused ? null : strides, why };
}

function isContiguous({ sizes, strides }) {
  return rowMajor(sizes).every((stride, d) => sizes[d] === 1 || stride === strides[d]);
}

function inferred(shape, count) {
  if (shape === null || shape.some((size) => size < -1 || size === 0)) return null;
  const open = shape.indexOf(-1);
  if (open < 0) return countOf(shape) === count ? shape : null;
  const known = -countOf(shape);
  return known > 0 && shape.lastIndexOf(-1) === open && count % known === 0 ? shape.map((size) => size === -1 ? count / known : size) : null;
}

// Shapes of one to three dimensions, without sizes of 1.
function shapesOf(count) {
  const divisors = Array.from({ length: count }, (_, k) => k + 1).filter((k) => count % k === 0 && k > 1 && k < count);
  const two = divisors.map((k) => [k, count / k]);
  const three = two.flatMap(([a, rest]) => divisors.filter((b) => rest % b === 0 && b < rest).map((b) => [a, b, rest / b]));
  return [[count], ...two, ...three];
}

function walkPlot(way, shape) {
  const cells = cellsOf(way);
  const high = Math.max(...cells), row = shape.length ? shape[shape.length - 1] : 1;
  const plot = axes({ width: 360, height: 230, x: [-0.5, cells.length - 0.5], y: [-1, high + 1], xlabel: "number of the element", ylabel: "memory cell",
    label: `memory cell against number of the element; rows of ${row} elements` });
  for (let from = 0; from < cells.length; from += row) {
    const part = cells.slice(from, from + row);
    const steps = new Set(part.slice(1).map((cell, k) => cell - part[k]));
    const straight = steps.size <= 1;
    plot.line(part.map((cell, k) => [from + k, cell]), straight ? "accent" : "bad dash");
    part.forEach((cell, k) => plot.dot(from + k, cell, straight ? "accent" : "bad", 3.2));
    if (from > 0 && row > 1) plot.line([[from - 0.5, -1], [from - 0.5, high + 1]], "dots");
  }
  return h("div", {}, plot.svg, h("p", { class: "muted", text:
    "Dotted lines part the rows of the new shape. Each row must be straight; a dashed row has more than one step. "
    + "The rows must also begin at even distances." }));
}
