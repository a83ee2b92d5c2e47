// A stack of contributions for the `.grad` of each leaf, pass by pass.

const BLOCK = { width: 150, height: 34, gap: 20, top: 26 };

function draw(stage, data) {
  const calls = data.losses.length;
  let emptied = false;
  const shown = h("div", {});
  const code = h("pre", {});
  const holds = data.leaves.map((name) => readout(`grad-${name}`, `${name}.grad holds`));
  const loss = readout("loss", "loss of this pass");

  // Each pass has a forward step, a backward step and, where asked for, one that empties `.grad`.
  const stepsOf = () => (emptied ? 3 : 2);
  const steps = stepper({ count: 2 * calls, onstep: show });
  const toggle = checkbox({
    label: "empty .grad after each pass",
    onchange: (on) => { emptied = on; steps.set(0, stepsOf() * calls); show(0); },
  });

  function show(at) {
    const pass = Math.max(0, Math.ceil(at / stepsOf()));
    const part = at === 0 ? 0 : ((at - 1) % stepsOf()) + 1;
    const gone = emptied && part === 3;
    const arrived = part >= 2 ? pass : pass - 1;
    const from = emptied ? (gone ? pass + 1 : pass) : 1;
    code.replaceChildren(...codeLines(calls, emptied, part));
    loss.set(at === 0 ? "none yet" : compact(data.losses[pass - 1]));
    data.leaves.forEach((name, i) => holds[i].set(total(name, from, arrived)));
    shown.replaceChildren(stacks(data, from, arrived, calls, total));
    announce(stage, sentence(part, pass, data.leaves.map((name) => `${name}.grad is ${total(name, from, arrived)}`)));
  }

  function total(name, from, arrived) {
    if (arrived < from) return "None";
    const numbers = (emptied ? data.alone : data.kept)[arrived - 1][name];
    return numbers.length ? numbers.map(compact).join(", ") : "None";
  }

  stage.append(row(toggle), steps, h("div", { class: "columns" }, h("div", {}, code, row(loss)), shown), row(...holds));
  show(0);
}

function codeLines(calls, emptied, part) {
  const lines = [`for call in range(${calls}):`, "    loss = program()", "    loss.backward()",
    ...(emptied ? ["    leaf.grad = None"] : [])];
  return lines.map((line, i) => {
    const here = part > 0 && i === part;
    return h("span", { class: here ? "mark" : null, style: "display: block", "aria-current": here ? "true" : null, text: `${here ? "▸" : " "} ${line}` });
  });
}

function stacks(data, from, arrived, calls, total) {
  const width = Math.max(200, data.leaves.length * (BLOCK.width + BLOCK.gap) + BLOCK.gap);
  const bottom = BLOCK.top + calls * BLOCK.height + 8;
  const columns = data.leaves.map((name, i) => {
    const left = BLOCK.gap + i * (BLOCK.width + BLOCK.gap);
    const blocks = [];
    for (let pass = from; pass <= arrived; pass += 1) {
      const y = bottom - 4 - (pass - from + 1) * BLOCK.height;
      const sent = data.alone[pass - 1][name];
      blocks.push(s("rect", { class: `soft line ${["accent", "accent2", "accent3"][(pass - 1) % 3]}`, x: left + 6, y, width: BLOCK.width - 12, height: BLOCK.height - 4, rx: 3 }),
        s("text", { x: left + BLOCK.width / 2, y: y + 19, "text-anchor": "middle", text: `pass ${pass}: ${signed(sent)}` }));
    }
    const empty = arrived < from
      ? s("text", { class: "muted", x: left + BLOCK.width / 2, y: bottom - 14, "text-anchor": "middle", text: "None" }) : null;
    return [
      s("text", { class: "strong", x: left + BLOCK.width / 2, y: 16, "text-anchor": "middle", text: `${name}.grad` }),
      s("path", { class: "line thick", d: `M${left},${BLOCK.top} V${bottom} H${left + BLOCK.width} V${BLOCK.top}` }),
      blocks, empty,
      s("text", { x: left + BLOCK.width / 2, y: bottom + 20, "text-anchor": "middle", text: `= ${shortened(total(name, from, arrived))}` }),
    ];
  });
  return drawing({ width, height: bottom + 30, label: "A stack for the gradient that each leaf holds" }, columns);
}

function signed(numbers) {
  if (!numbers.length) return "nothing";
  const words = shortened(numbers.map(compact).join(", "));
  return numbers.length === 1 && numbers[0] >= 0 ? `+${words}` : words;
}

function shortened(text) {
  return text.length > 16 ? `${text.slice(0, 15)}…` : text;
}

function compact(x) {
  return number(x, 6).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
}

function sentence(part, pass, grads) {
  const did = ["Nothing has run yet", `Pass ${pass} ran forward: a new graph, .grad unchanged`,
    `Pass ${pass} ran backward`, `After pass ${pass} .grad was emptied`][part];
  return `${did}; ${grads.join(", ")}.`;
}
