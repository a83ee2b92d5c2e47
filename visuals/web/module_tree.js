// A tree of modules with what each holds; a question marks what its answer contains.

const ROW = { height: 26, indent: 18, top: 8, width: 340 };
// Beside each other in a column of a page, with the last heading of the table in sight.
const BESIDE = { tree: `0 1 ${ROW.width}px`, detail: "1 1 370px" };

function draw(stage, data) {
  let question = data.questions[0];
  let selected = 0;
  const found = readout("found", "names in the answer:");
  const total = readout("numbers", "numbers in them:");
  const missed = readout("missed", "numbers that no question finds:");
  const tree = h("div", { role: "group", "aria-label": "The modules", style: `flex: ${BESIDE.tree}` });
  const detail = h("div", { style: `flex: ${BESIDE.detail}` });
  const ask = choice({
    label: "Ask the model for", value: question, options: data.questions.map((each) => [each, each]),
    onchange: (value) => { question = value; show(); },
  });
  const here = slider({
    label: "look into", min: 0, max: data.modules.length - 1, value: 0,
    format: (i) => data.modules[i].path || "the model", oninput: (i) => { selected = i; show(); },
  });

  function show() {
    const answer = new Set(data.answers[question]);
    const rows = data.modules.flatMap((each) => each.rows);
    found.set(String(answer.size));
    total.set(question === "modules()" ? "–" : String(sum(rows.filter((each) => answer.has(each.path)))));
    missed.set(String(sum(rows.filter((each) => each.hidden))));
    tree.replaceChildren(picture(data, question, answer, selected));
    const module = data.modules[selected];
    detail.replaceChildren(
      table(["name", "kind", "shape", question], module.rows.map((each) =>
        [each.path, each.kind, each.what, answer.has(each.path) ? "✓ found" : "–"]),
      { caption: module.title }),
      ...(module.rows.length ? [] : [h("p", { class: "muted", text: "It holds no tensor of its own." })]),
      h("p", { class: "muted", text: module.settings.length ? `Plain settings: ${module.settings.join(", ")}` : "" }),
      ...(module.hidden ? [h("p", { class: "bad", text: "This module lies in a plain attribute: no registry names it." })] : []));
    announce(stage, `${question} gives ${answer.size} names. ${module.title}.`);
  }

  stage.append(row(ask, here), row(found, total, missed), h("div", { class: "columns" }, tree, detail));
  show();
}

function sum(rows) {
  return rows.reduce((numbers, each) => numbers + each.numel, 0);
}

function picture(data, question, answer, selected) {
  const lines = [];
  let y = ROW.top;
  const { width } = ROW;
  const parents = [];
  data.modules.forEach((module, i) => {
    const x = 12 + module.depth * ROW.indent;
    const asked = question === "modules()" && !module.hidden && answer.has(module.path);
    const middle = y + ROW.height / 2;
    parents[module.depth] = { x, y: middle };
    if (module.depth > 0) {
      const from = parents[module.depth - 1];
      if (!module.hidden) lines.push(s("path", { class: "line", d: `M${from.x + 6},${from.y + 10} V${middle} H${x - 2}` }));
    }
    const counts = module.rows.filter((each) => answer.has(each.path)).length;
    lines.push(
      s("rect", { class: `${i === selected ? "mark" : "soft"} line ${module.hidden ? "bad dash" : asked || counts ? "accent thick" : ""}`,
        x, y: y + 2, width: width - x - 92, height: ROW.height - 4, rx: 4 }),
      s("text", { x: x + 7, y: middle + 4, text: shortened(module.title, Math.floor((width - x - 108) / 6.6)) }),
      s("text", { class: module.hidden ? "bad" : counts || asked ? "strong" : "muted", x: width - 86, y: middle + 4,
        text: module.hidden ? "not found" : asked ? "✓ found" : counts ? `✓ ${counts} of ${module.rows.length}` : "–" }));
    y += ROW.height + 4;
  });
  return drawing({ width, height: y + 6, label: `The tree of modules, with what ${question} finds` }, lines);
}

function shortened(text, most) {
  return text.length > most ? `${text.slice(0, Math.max(3, most - 1))}…` : text;
}
