// Two shapes that meet: aligned, stretched by strides of 0, and read cell by cell.

function draw(stage, data) {
  const chosen = { a: data.a.sizes, b: data.b.sizes };
  let at = 0;
  let met = null;

  const fields = ["a", "b"].map((name) => field({ label: `shape of ${name}`, value: chosen[name].join(", "), size: 9,
    onchange: (text) => {
      const sizes = numbersIn(text);
      if (sizes === null || sizes.some((size) => size < 0)) {
        trouble.textContent = `The shape of ${name} is a list of whole numbers such as 4, 1.`;
      } else { chosen[name] = sizes; restart(); }
    } }));
  const presets = choice({ label: "or a pair", value: "", options: [["", "choose\u2026"],
    ...data.presets.map(([a, b], k) => [k, `${tuple(a)} and ${tuple(b)}`])], onchange: (k) => {
    if (k === "") return;
    [chosen.a, chosen.b] = data.presets[Number(k)];
    fields[0].set(chosen.a.join(", "));
    fields[1].set(chosen.b.join(", "));
    restart();
  } });
  const trouble = h("p", { class: "bad", role: "alert", dataset: { read: "refused" } });
  const aligned = h("div", {});
  const result = readout("shape", "shape of a \u2212 b");
  const stridesOf = { a: readout("strides-a", "strides of a, stretched"), b: readout("strides-b", "strides of b, stretched") };
  const reads = readout("reads", "");
  const copies = readout("copied", "cells copied to stretch them", "0");
  const walk = stepper({ count: 0, label: "cell", onstep: (to) => { at = to; show(); } });
  const pictures = h("div", { class: "columns" });

  function restart() {
    at = 0;
    met = meeting(chosen.a, chosen.b);
    met.computed = equal(chosen.a, data.a.sizes) && equal(chosen.b, data.b.sizes) ? data.result : null;
    if (met.computed) [met.a, met.b] = [data.a.strides, data.b.strides];
    trouble.textContent = met.sizes ? "" : met.why;
    aligned.replaceChildren(alignment(chosen.a, chosen.b, met));
    result.set(met.sizes ? tuple(met.sizes) : "refused");
    for (const name of ["a", "b"]) stridesOf[name].set(met.sizes ? tuple(met[name]) : "none");
    const count = met.sizes ? countOf(met.sizes) : 0;
    walk.set(0, Math.max(0, count - 1));
    show();
  }

  function show() {
    const count = met.sizes ? countOf(met.sizes) : 0;
    if (count === 0 || count > 60 || met.sizes.length > 3) {
      reads.set(count === 0 ? "no cell to read" : "too many cells to draw");
      pictures.replaceChildren();
      return;
    }
    const index = indexOf(met.sizes, at);
    const operand = (name) => ({ sizes: met.sizes, strides: met[name], offset: 0, values: valuesOf(data[name], chosen[name]) });
    const a = operand("a"), b = operand("b");
    const [cellA, cellB] = [cellOf(a, index), cellOf(b, index)];
    const value = (i) => met.computed?.[i] ?? a.values[cellOf(a, indexOf(met.sizes, i))] - b.values[cellOf(b, indexOf(met.sizes, i))];
    reads.set(`[${index.join(", ")}] reads cell ${formulaOf(a, index)} = ${cellA} of a and cell ${formulaOf(b, index)} = ${cellB} of b: `
      + `${short(a.values[cellA])} \u2212 ${short(b.values[cellB])} = ${short(value(at))}`);
    const pick = (i) => { at = i; walk.set(i); show(); };
    const stretched = (name, walked) => h("div", {}, h("p", { class: "muted", text: `${name}, as ${tuple(met.sizes)}` }),
      grid(met.sizes, (i) => {
        const here = indexOf(met.sizes, i), cell = cellOf(walked, here);
        return { text: short(walked.values[cell]), current: i === at, soft: cell === cellOf(walked, index),
          dashed: here.some((k, d) => k > 0 && walked.strides[d] === 0) };
      }, `${name} stretched to ${tuple(met.sizes)}; it reads cell ${cellOf(walked, index)}`, pick));
    pictures.replaceChildren(stretched("a", a), stretched("b", b),
      h("div", {}, h("p", { class: "muted", text: "a \u2212 b" }),
        grid(met.sizes, (i) => ({ text: short(value(i)), current: i === at }), `a minus b, ${tuple(met.sizes)}`, pick)));
    announce(stage, reads.textContent);
  }

  stage.append(row(...fields, presets), trouble, aligned, row(result, stridesOf.a, stridesOf.b, copies), walk, h("p", {}, reads),
    h("p", { class: "muted", text: "A dotted frame repeats a cell (stride 0): nothing new lies in memory." }), pictures);
  reads.style.whiteSpace = "normal";
  restart();
}

// The common sizes of two shapes and each one's strides in them, or the column that does not agree.
function meeting(a, b) {
  const rank = Math.max(a.length, b.length);
  const full = (shape) => [...Array(rank - shape.length).fill(1), ...shape];
  const [x, y] = [full(a), full(b)];
  const agreed = x.map((size, d) => size === 1 ? y[d] : y[d] === 1 || y[d] === size ? size : null);
  const wrong = agreed.lastIndexOf(null);
  if (wrong >= 0) {
    return { agreed, why: `Refused: in the column ${rank - wrong} from the right, ${x[wrong]} and ${y[wrong]} differ, and neither is 1.` };
  }
  const strides = (shape) => {
    const own = [...Array(rank - shape.length).fill(0), ...rowMajor(shape)];
    return own.map((stride, d) => full(shape)[d] === agreed[d] && d >= rank - shape.length ? stride : 0);
  };
  return { sizes: agreed, agreed, a: strides(a), b: strides(b) };
}

function alignment(a, b, { agreed }) {
  const rank = agreed.length;
  const cells = (shape) => [...Array(rank - shape.length).fill("(1)"), ...shape];
  const header = ["", ...agreed.map((_, d) => rank - d === 1 ? "last" : `${rank - d} from the right`)];
  return table(header, [["a", ...cells(a)], ["b", ...cells(b)], ["agree on", ...agreed.map((size) => size ?? "\u2717 refused")]],
    { caption: "Both shapes, aligned at the right; (1) is added", current: 2 });
}

// The reader's own numbers where the shape is the reader's, else 0, 1, 2, …
function valuesOf(own, sizes) {
  return equal(own.sizes, sizes) ? own.values : Array.from({ length: countOf(sizes) }, (_, k) => k);
}

function equal(a, b) {
  return a.length === b.length && a.every((size, d) => size === b[d]);
}

function short(value) {
  return number(value, Number.isInteger(value) ? 0 : 2);
}
