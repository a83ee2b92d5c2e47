// Samples on their way: the sampler's order, the batches it is cut into, and what collate makes of one.

const CELL = 27;
const LEFT = 12;

function draw(stage, { labels, orders, shape, batchSize }) {
  const count = labels.length;
  const state = { size: batchSize, shuffle: true, dropLast: false, epoch: 1, sample: 0, batch: 1 };
  const picture = h("div");
  const made = h("div");
  const outputs = {
    batches: readout("batches", "batches:"),
    last: readout("last", "samples in the last batch:"),
    where: readout("where", "the followed sample:"),
    dropped: readout("dropped", "samples left out:"),
  };
  const batchSlider = slider({ label: "batch to collate", min: 1, max: count, value: 1, oninput: (k) => { state.batch = k; show(); } });

  function order() {
    return state.shuffle ? orders[state.epoch - 1] : labels.map((_, i) => i);
  }

  // The batches as lists of indices; an incomplete last one is dropped on request.
  function cut(indices) {
    const found = [];
    for (let first = 0; first < count; first += state.size) found.push(indices.slice(first, first + state.size));
    if (state.dropLast && found.at(-1).length < state.size) found.pop();
    return found;
  }

  function box(x, y, index, kind) {
    const followed = index === state.sample;
    return s("g", {},
      s("rect", { class: followed ? "mark" : kind, x, y, width: CELL - 3, height: 34 }),
      s("rect", { class: `line ${followed ? "accent2 thick" : ""}`, x, y, width: CELL - 3, height: 34 }),
      s("text", { class: "strong", x: x + (CELL - 3) / 2, y: y + 14, "text-anchor": "middle", text: index }),
      s("text", { class: "small muted", x: x + (CELL - 3) / 2, y: y + 29, "text-anchor": "middle", text: labels[index] }));
  }

  function show() {
    const indices = order();
    const batches = cut(indices);
    const place = indices.indexOf(state.sample);
    const number_ = Math.floor(place / state.size);
    const kept = number_ < batches.length;
    state.batch = Math.max(1, Math.min(state.batch, batches.length));
    batchSlider.input.max = Math.max(1, batches.length);
    batchSlider.set(state.batch);
    const at = (k) => LEFT + k * CELL;
    const middle = (k) => at(k) + (CELL - 3) / 2;
    const width = 2 * LEFT + count * CELL + 4;
    picture.replaceChildren(drawing({ width, height: 268, label: `${count} samples, the order ${indices.join(", ")}, cut into ${batches.length} batches` },
      s("text", { x: LEFT, y: 14, text: "data set: index, and class below it" }),
      labels.map((_, i) => box(at(i), 22, i, "paper")),
      s("line", { class: "line accent2", x1: middle(state.sample), y1: 57, x2: middle(place), y2: 107 }),
      s("text", { x: LEFT, y: 100, style: "paint-order: stroke; stroke: var(--paper); stroke-width: 4px", text: state.shuffle ? `sampler: order of epoch ${state.epoch}` : "sampler: one after the other" }),
      indices.map((index, k) => box(at(k), 108, index, "paper")),
      s("text", { x: LEFT, y: 176, text: "batch sampler: batches" }),
      batches.map((batch, b) => s("g", {},
        s("rect", { class: b + 1 === state.batch ? "soft" : "paper", x: at(b * state.size) - 3, y: 182, width: batch.length * CELL + 2, height: 62 }),
        s("rect", { class: `line ${b + 1 === state.batch ? "accent thick" : ""}`, x: at(b * state.size) - 3, y: 182, width: batch.length * CELL + 2, height: 62 }),
        batch.map((index, k) => box(at(b * state.size + k), 186, index, "paper")),
        s("text", { class: "small", x: at(b * state.size), y: 238, text: batch.length > 1 ? `batch ${b + 1}` : b + 1 }))),
      indices.slice(batches.length * state.size).map((index, k) => s("text", { class: "small bad", x: middle(batches.length * state.size + k), y: 210, "text-anchor": "middle", text: "out" })),
      s("text", { class: "small muted", x: LEFT, y: 260, text: "the followed sample is marked" })));
    outputs.batches.set(batches.length);
    outputs.last.set(batches.length ? batches.at(-1).length : 0);
    outputs.where.set(kept ? `batch ${number_ + 1}, place ${(place % state.size) + 1}` : "in no batch of this epoch");
    outputs.dropped.set(count - batches.flat().length);
    const chosen = batches[state.batch - 1] ?? [];
    const size = [chosen.length, ...shape].join(", ");
    made.replaceChildren(table(["what", "before: a list of samples", "after collate: one tensor"], [
      ["pictures", `${chosen.length} tensors of shape (${shape.join(", ")})`, `shape (${size})`],
      ["classes", chosen.map((index) => labels[index]).join(", "), `shape (${chosen.length})`],
    ], { caption: `Batch ${state.batch}` }));
    announce(stage, `${batches.length} batches; sample ${state.sample} is ${kept ? `in batch ${number_ + 1}` : "left out"}`);
  }

  const epochs = slider({ label: "epoch", min: 1, max: orders.length, value: 1, oninput: (k) => { state.epoch = k; show(); } });
  stage.append(
    row(slider({ label: "batch_size", min: 1, max: count, value: batchSize, oninput: (k) => { state.size = k; show(); } }),
      checkbox({ label: "shuffle", checked: true, onchange: (on) => { state.shuffle = on; show(); } }),
      checkbox({ label: "drop_last", onchange: (on) => { state.dropLast = on; show(); } }), epochs),
    row(slider({ label: "sample to follow", min: 0, max: count - 1, value: 0, oninput: (k) => { state.sample = k; show(); } }), batchSlider),
    picture, row(...Object.values(outputs)), made);
  show();
}
