// A graph that appears node by node, is walked backward, and is emptied or kept.

const NODE = { width: 156, height: 50, across: 14, down: 26 };
const LINES = [
  ["forward", "loss = program()"],
  ["backward", "loss.backward()"],
  ["again", "loss.backward()"],
  ["del", "del loss"],
];

function draw(stage, data) {
  let kind = "freed";
  const places = layout(data.nodes);
  const says = readout("says", "");
  says.style.whiteSpace = "normal";
  const kept = readout("kept", "numbers that the graph keeps:");
  const grads = Object.keys(data.lives.freed[0].grads).map((name) => [name, readout(`grad-${name}`, `${name}.grad is`)]);
  const code = h("pre", {});
  const picture = h("div", {});
  const steps = stepper({ count: data.lives[kind].length - 1, onstep: show });
  const mode = choice({
    label: "the first pass is called with", value: kind,
    options: [["freed", "backward()"], ["retained", "backward(retain_graph=True)"]],
    onchange: (value) => { kind = value; steps.set(0, data.lives[kind].length - 1); show(0); },
  });

  function show(at) {
    const event = data.lives[kind][at];
    code.replaceChildren(...LINES.map(([line, text]) => codeLine(line, text, event.line, kind)));
    says.set(event.says);
    kept.set(String(event.kept));
    for (const [name, shown] of grads) shown.set(event.grads[name]);
    picture.replaceChildren(graph(data, places, event));
    announce(stage, event.says);
  }

  stage.append(row(mode), steps, h("div", { class: "columns" },
    h("div", {}, code, h("p", {}, says), row(kept), row(...grads.map(([, shown]) => shown))), picture));
  show(0);
}

function codeLine(line, text, current, kind) {
  const here = line === current;
  const call = line === "backward" && kind === "retained" ? "loss.backward(retain_graph=True)" : text;
  return h("span", { class: here ? "mark" : null, style: "display: block", "aria-current": here ? "true" : null, text: `${here ? "▸" : " "} ${call}` });
}

// One row a level, the leaves on top; the middle of each row on one vertical line.
function layout(nodes) {
  const rows = [];
  nodes.forEach((node, i) => { (rows[node.level] ??= []).push(i); });
  const widest = Math.max(...rows.map((each) => each.length));
  const width = widest * (NODE.width + NODE.across) + NODE.across;
  const places = [];
  rows.forEach((each, level) => each.forEach((i, k) => {
    const left = (width - each.length * (NODE.width + NODE.across) + NODE.across) / 2;
    places[i] = { x: left + k * (NODE.width + NODE.across), y: 10 + level * (NODE.height + NODE.down) };
  }));
  return { places, width, height: rows.length * (NODE.height + NODE.down) };
}

function graph(data, { places, width, height }, event) {
  const there = (i) => event.states[i] !== "absent";
  const lines = data.edges.filter(([a, b]) => there(a) && there(b)).map(([a, b]) => {
    const from = places[a], to = places[b];
    const visited = event.line === "backward" && event.at === b;
    return s("line", { class: visited ? "line thick accent2" : "line", x1: from.x + NODE.width / 2, y1: from.y + NODE.height,
      x2: to.x + NODE.width / 2, y2: to.y });
  });
  const boxes = data.nodes.map((node, i) => box(node, places[i], event.states[i], event.at === i));
  return drawing({ width, height, label: "The nodes of the graph, with what each keeps" }, lines, boxes);
}

function box(node, { x, y }, state, current) {
  if (state === "absent") {
    return s("rect", { class: "line dots", x, y, width: NODE.width, height: NODE.height, rx: 6 });
  }
  const gone = state === "emptied";
  const inside = node.leaf ? "adds to .grad" : gone ? "emptied" : node.saves.length ? `keeps ${node.saves.join(", ")}` : "keeps nothing";
  const edge = current ? "line thick accent2" : gone ? "line dash" : "line accent";
  return s("g", {},
    s("rect", { class: `${gone ? "paper" : "soft"} ${edge}`, x, y, width: NODE.width, height: NODE.height, rx: node.leaf ? 24 : 6 }),
    s("text", { class: "strong", x: x + NODE.width / 2, y: y + 20, "text-anchor": "middle", text: `${current ? "▸ " : ""}${node.name}` }),
    s("text", { class: gone ? "small bad" : "small", x: x + NODE.width / 2, y: y + 38, "text-anchor": "middle",
      text: inside.length > 25 ? `${inside.slice(0, 24)}…` : inside }));
}
