// A walk through memory: choose an index, then cut, turn and stretch.

function draw(stage, data) {
  const base = { text: "t", walk: { sizes: data.sizes, strides: data.strides, offset: data.offset } };
  let history = [base];
  let index = data.sizes.map(() => 0);
  const now = () => history[history.length - 1];

  const expression = readout("expression", "tensor");
  const sizes = readout("sizes", "sizes");
  const strides = readout("strides", "strides");
  const offset = readout("offset", "offset");
  const element = readout("index", "element");
  const formula = readout("formula", "cell = offset + index\u00b7stride =");
  const cell = readout("cell", "cell");
  const value = readout("value", "holds");
  const trouble = h("p", { class: "bad", role: "alert", dataset: { read: "refused" } });
  const pictures = h("div", { class: "columns" });
  const sliders = h("div", { class: "row" });
  const walk = stepper({ count: 0, label: "element", onstep: (at) => {
    if (countOf(now().walk.sizes) > 0) index = indexOf(now().walk.sizes, at);
    show();
  } });

  const maker = viewMaker((made) => {
    try {
      const next = made(now().walk);
      history.push({ text: now().text + next.text, walk: next.walk });
      trouble.textContent = "";
      restart();
    } catch (refusal) {
      trouble.textContent = refusal.message;
    }
  });
  const back = row(
    button("Undo", () => { if (history.length > 1) history.pop(); trouble.textContent = ""; restart(); }),
    button("Back to t", () => { history = [base]; trouble.textContent = ""; restart(); }));

  function restart() {
    const { walk: { sizes: all } } = now();
    index = all.map(() => 0);
    const count = countOf(all);
    sliders.replaceChildren(...all.map((size, d) => slider({
      label: `index ${d}`, min: 0, max: Math.max(size - 1, 0), value: 0,
      oninput: (i) => { index[d] = i; show(); } })));
    maker.fit(all.length);
    walk.set(0, Math.max(count - 1, 0));
    show();
  }

  function show() {
    const { text, walk: here } = now();
    const empty = countOf(here.sizes) === 0;
    const reached = new Set(cellsOf(here));
    const at = empty ? -1 : cellOf(here, index);
    const current = empty ? -1 : numberOf(here.sizes, index);
    const pick = (element) => { index = indexOf(here.sizes, element); show(); };
    expression.set(text);
    sizes.set(tuple(here.sizes));
    strides.set(tuple(here.strides));
    offset.set(here.offset);
    element.set(empty ? "none" : `[${index.join(", ")}]`);
    formula.set(empty ? "" : formulaOf(here, index));
    cell.set(empty ? "none" : at);
    value.set(empty ? "" : data.memory[at]);
    [...sliders.children].forEach((each, d) => each.set(index[d]));
    if (!empty) walk.set(current);
    pictures.replaceChildren(...[
      h("div", {}, h("p", { class: "muted", text: here.sizes.length > 3 ? "more than three dimensions: no picture" : "the tensor, as one thinks of it" }),
        empty || here.sizes.length > 3 ? null : grid(here.sizes,
          (i) => ({ text: data.memory[cellOf(here, indexOf(here.sizes, i))], current: i === current,
            soft: cellOf(here, indexOf(here.sizes, i)) === at }),
          `${text} with ${countOf(here.sizes)} elements; element ${index.join(", ")} is marked`, pick)),
      history.length === 1 ? null : h("div", {}, h("p", { class: "muted", text: "what it looks at in t" }),
        grid(base.walk.sizes, (i) => {
          const own = cellOf(base.walk, indexOf(base.walk.sizes, i));
          return { text: data.memory[own], current: own === at, soft: reached.has(own), dashed: !reached.has(own) };
        }, `t; the elements that ${text} reaches have a full frame`)),
      h("div", {}, h("p", { class: "muted", text: "the line of memory, its cells numbered below" }),
        memoryLine(data.memory.length,
          (i) => ({ text: data.memory[i], current: i === at, soft: reached.has(i) }),
          `${data.memory.length} cells of memory; ${text} reaches ${reached.size} of them; cell ${at} is marked`,
          (i) => { const first = cellsOf(here).indexOf(i); if (first >= 0) pick(first); }))].filter(Boolean));
    announce(stage, `${text}, element ${index.join(", ")}, cell ${at}`);
  }

  stage.append(maker, back, trouble, row(expression, sizes, strides, offset), sliders, walk,
    row(element, formula, cell, value), pictures);
  restart();
}

// The controls that make a view; `onmake` is given a function from a walk to the next one.
function viewMaker(onmake) {
  const kinds = [["slice", "slice: [start:stop:step]"], ["select", "select one index"], ["transpose", "transpose"],
    ["unsqueeze", "unsqueeze: add a size of 1"], ["expand", "expand a size of 1"]];
  const chosen = { kind: "slice", d: 0, other: 1, start: "", stop: "", step: "2", at: 0, size: 3 };
  const dims = (rank) => Array.from({ length: Math.max(rank, 1) }, (_, d) => [d, `dimension ${d}`]);
  const pickDim = choice({ label: "along", options: dims(2), value: 0, onchange: (d) => { chosen.d = Number(d); } });
  const pickOther = choice({ label: "with", options: dims(2), value: 1, onchange: (d) => { chosen.other = Number(d); } });
  const text = (key, label) => field({ label, value: chosen[key], size: 3, onchange: (v) => { chosen[key] = v.trim(); } });
  const whole = (key, label) => field({ label, value: chosen[key], kind: "number", onchange: (v) => { chosen[key] = v; } });
  const extra = {
    slice: [text("start", "start"), text("stop", "stop"), text("step", "step")],
    select: [whole("at", "at index")], transpose: [pickOther], unsqueeze: [], expand: [whole("size", "to size")],
  };
  const place = h("div", { class: "row" });
  const arrange = () => place.replaceChildren(...extra[chosen.kind]);
  const box = row(
    choice({ label: "Make a view", options: kinds, value: "slice", onchange: (kind) => { chosen.kind = kind; arrange(); } }),
    pickDim, place, button("Apply", () => onmake((walk) => viewed(walk, chosen))));
  box.fit = (rank) => {
    for (const pick of [pickDim, pickOther]) {
      pick.input.replaceChildren(...dims(rank).map(([d, words]) => h("option", { value: d, text: words })));
    }
    chosen.d = 0;
    chosen.other = Math.max(0, Math.min(1, rank - 1));
    pickDim.set(0);
    pickOther.set(chosen.other);
  };
  arrange();
  return box;
}

// The next walk and its Python text; an Error where torch would raise one.
function viewed({ sizes, strides, offset }, { kind, d, other, start, stop, step, at, size }) {
  const before = ":, ".repeat(d);
  if (kind !== "unsqueeze" && sizes.length === 0) throw new Error("A tensor of rank 0 has no dimension left.");
  const changed = (newSizes, newStrides, newOffset, text) =>
    ({ text, walk: { sizes: newSizes, strides: newStrides, offset: newOffset } });
  const at_d = (list, ...items) => [...list.slice(0, d), ...items, ...list.slice(d + 1)];
  if (kind === "slice") {
    for (const [name, given] of [["start", start], ["stop", stop], ["step", step]]) {
      if (!/^(-?\d+)?$/.test(given)) throw new Error(`The ${name} is a whole number or empty.`);
    }
    const by = step === "" ? 1 : Number(step);
    if (by < 1) throw new Error("ValueError: step must be greater than zero");
    const clamp = (given, otherwise) => given === "" ? otherwise
      : Math.min(sizes[d], Math.max(0, Number(given) < 0 ? Number(given) + sizes[d] : Number(given)));
    const from = clamp(start, 0), to = clamp(stop, sizes[d]);
    const count = Math.max(0, Math.ceil((to - from) / by));
    return changed(at_d(sizes, count), at_d(strides, strides[d] * by), offset + from * strides[d],
      `[${before}${start}:${stop}${step === "" ? "" : `:${step}`}]`);
  }
  if (kind === "select") {
    if (!Number.isInteger(at) || at < -sizes[d] || at >= sizes[d]) {
      throw new Error(`IndexError: index ${at} is out of bounds for dimension ${d} with size ${sizes[d]}`);
    }
    return changed(at_d(sizes), at_d(strides), offset + (at < 0 ? at + sizes[d] : at) * strides[d], `[${before}${at}]`);
  }
  if (kind === "transpose") {
    const swap = (list) => list.map((_, k) => list[k === d ? other : k === other ? d : k]);
    return changed(swap(sizes), swap(strides), offset, `.transpose(${d}, ${other})`);
  }
  if (kind === "unsqueeze") {
    const stride = d < sizes.length ? sizes[d] * strides[d] : 1;
    return changed([...sizes.slice(0, d), 1, ...sizes.slice(d)], [...strides.slice(0, d), stride, ...strides.slice(d)],
      offset, `.unsqueeze(${d})`);
  }
  if (!Number.isInteger(size) || size < 1 || size > 8) throw new Error("Here a size is stretched to at most 8.");
  if (sizes[d] !== 1 && sizes[d] !== size) {
    throw new Error(`RuntimeError: the existing size ${sizes[d]} cannot be stretched to ${size}; only 1 can`);
  }
  return changed(at_d(sizes, size), at_d(strides, sizes[d] === size ? strides[d] : 0), offset,
    `.expand(${at_d(sizes, size).join(", ")})`);
}
