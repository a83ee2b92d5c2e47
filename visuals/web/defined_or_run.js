// Define-and-run beside define-by-run: both go through the same loop, one action at a time.

function draw(stage, data) {
  let limit = data.limit, length = 3, at = 0;
  const limits = slider({ label: "limit (from the data)", min: 1, max: 30, value: limit, oninput: (x) => { limit = x; restart(); } });
  const lengths = slider({ label: "passes written into the definition", min: 1, max: data.most, value: length, oninput: (x) => { length = x; restart(); } });
  const node = checkbox({ label: "left: a loop that is a node", onchange: restart });
  const prints = checkbox({ label: "print(h) in the loop", checked: true, onchange: restart });
  const unused = checkbox({ label: "a line that nobody uses", onchange: restart });
  const steps = stepper({ count: 1, label: "action", onstep: (to) => { at = to; show(); } });
  const wanted = readout("wanted", "passes the data ask for:");
  const sides = ["left", "right"].map((side) => ({
    panel: h("div", {}), result: readout(`${side}-result`, "result:"),
    done: readout(`${side}-operations`, "operations computed:"), printed: readout(`${side}-printed`, "printed:"),
  }));

  function restart() { at = 0; show(); }

  function show() {
    const options = { ...data, limit, length, node: node.input.checked, prints: prints.input.checked, unused: unused.input.checked };
    const both = [defined(options), recorded(options)];
    const count = Math.max(...both.map((actions) => actions.length));
    steps.set(at, count);
    lengths.input.disabled = options.node;
    wanted.set(String(asked(options)));
    both.forEach((actions, i) => fill(sides[i], actions.slice(0, at), actions.length, ["Defined, then run", "Run, and so defined"][i]));
    announce(stage, both.map((actions, i) => `${["left", "right"][i]}: ${at ? actions[Math.min(at, actions.length) - 1].says : "nothing yet"}`).join("; "));
  }

  stage.append(row(limits, lengths), row(node, prints, unused), steps, row(wanted),
    h("div", { class: "columns" }, sides.map((side) => side.panel)));
  show();
}

function asked({ start, w, b, limit, most }) {
  let value = start, passes = 0;
  while (value <= limit && passes < most) { value = value * w + b; passes += 1; }
  return passes;
}

// What each machine does, in order. Every action has a phase, a sentence, and what it changes.
function defined({ start, w, b, limit, most, length, node, prints, unused }) {
  const actions = [];
  const act = (phase, says, changes = {}) => actions.push({ phase, says, ...changes });
  const kept = [];
  act("define", "make a symbol h; it has no number", { made: "h" });
  if (node) {
    act("define", "make one node: while h ≤ limit, h·w + b", { made: "while[h ≤ limit: mul, add]" });
    if (prints) act("define", "print(h) ran once, while the body was built", { printed: "Symbol(h)" });
    if (unused) act("define", "add h·100 to the graph", { made: "mul (unused)" });
  } else {
    for (let pass = 1; pass <= length; pass += 1) {
      act("define", `pass ${pass}: add two nodes`, { made: `mul_${pass}, add_${pass}` });
      kept.push(pass);
      if (prints) act("define", "print(h) shows the symbol", { printed: `Symbol(add_${pass})` });
      if (unused) act("define", "add h·100 to the graph", { made: `mul (unused ${pass})` });
    }
  }
  act("look", unused ? "the whole graph is known: nodes without a user are cut out" : "the whole graph is known before any number: it can be rewritten, fused, stored", { cut: unused });
  let value = start;
  const passes = node ? asked({ start, w, b, limit, most }) : length;
  for (let pass = 1; pass <= passes; pass += 1) {
    value = value * w + b;
    act("run", `pass ${pass}: h = ${number(value, 3)}`, { value, computed: 2 });
  }
  act("run", node ? "the node looked at h after every pass and stopped" : passes === asked({ start, w, b, limit, most })
    ? "the number of passes happens to be the one the data ask for"
    : "the graph has run as defined: the data were not asked", { value, ended: node || passes === asked({ start, w, b, limit, most }) ? "right" : "wrong" });
  return actions;
}

function recorded({ start, w, b, limit, most, prints, unused }) {
  const actions = [];
  const act = (says, changes = {}) => actions.push({ phase: "run", says, ...changes });
  let value = start;
  act(`h = ${number(value, 3)}`, { value });
  for (let pass = 1; pass <= asked({ start, w, b, limit, most }); pass += 1) {
    value = value * w + b;
    act(`pass ${pass}: h = ${number(value, 3)}, two nodes recorded`, { value, made: `mul_${pass}, add_${pass}`, computed: 2 });
    if (prints) act("print(h) shows the number", { printed: number(value, 3) });
    if (unused) act("h·100 is computed: nobody knows yet that it will not be used", { made: `mul (unused ${pass})`, computed: 1 });
  }
  act("the loop looked at h after every pass and stopped", { value, ended: "right" });
  return actions;
}

function fill(side, done, total, title) {
  const last = done[done.length - 1] ?? null;
  const values = done.filter((action) => action.value !== undefined);
  const ended = last?.ended;
  side.result.set(values.length === 0 ? "no number yet" : `${number(values[values.length - 1].value, 3)}${ended === "wrong" ? " (not what the data ask for)" : ended === "right" ? " ✓" : ""}`);
  side.done.set(String(done.reduce((sum, action) => sum + (action.computed ?? 0), 0)));
  side.printed.set(done.filter((action) => action.printed).map((action) => action.printed).join(" ") || "nothing");
  const cut = done.some((action) => action.cut);
  const nodes = done.filter((action) => action.made).map((action) => action.made);
  const phase = { define: "defining", look: "looking at the graph", run: "running" }[last?.phase] ?? "not begun";
  side.panel.replaceChildren(
    h("p", {}, h("strong", { text: title }), ` (${done.length} of ${total} actions)`),
    h("p", { text: `phase: ${phase}` }),
    h("p", { class: ended === "wrong" ? "bad" : "accent", text: last ? `▸ ${last.says}` : "Nothing has happened yet." }),
    graph(nodes, cut), h("p", {}, side.printed), h("p", {}, side.done), h("p", {}, side.result));
}

// The nodes made so far, one box each; those cut out of the graph are dashed.
function graph(nodes, cut) {
  const height = Math.max(1, nodes.length) * 26 + 6;
  const boxes_ = nodes.map((name, i) => {
    const gone = cut && name.includes("unused");
    return [
      s("rect", { class: gone ? "line bad dash" : "soft line", x: 4, y: 4 + i * 26, width: 250, height: 22, rx: 4 }),
      s("text", { class: gone ? "bad" : null, x: 12, y: 19 + i * 26, text: gone ? `${name}: cut` : name }),
    ];
  });
  return drawing({ width: 260, height, label: `The graph: ${nodes.join(", ") || "empty"}` },
    nodes.length ? boxes_ : s("text", { class: "muted", x: 8, y: 20, text: "no graph yet" }));
}
