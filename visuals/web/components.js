// Five components in a stack; the line of the step that runs lights up those it uses.

const BOX = { width: 250, height: 40, gap: 8, left: 4 };

function draw(stage, { stack, lines, missing }) {
  let at = 0;
  let removed = "";
  const current = readout("line", "line:");
  const lit = readout("lit", "lit:");
  const elapsed = readout("elapsed", "milliseconds so far:");
  const pile = h("div", {});
  const code = h("div", {});
  const remark = h("p", {});
  const loss = h("p", { class: "bad", role: "status", dataset: { read: "missing" } });
  const steps = stepper({ count: lines.length, label: "line", onstep: (to) => { at = to; show(); } });
  const remove = choice({
    label: "take away", value: "",
    options: [["", "nothing"], ...stack.filter(([name]) => name in missing)],
    onchange: (name) => { removed = name; at = 0; show(); },
  });

  function lastLine() {
    const stop = removed && missing[removed].fails_at;
    return stop === null || stop === "" || stop === undefined ? lines.length : stop + 1;
  }

  function show() {
    at = Math.min(at, lastLine());
    steps.set(at, lastLine());
    const line = at === 0 ? null : lines[at - 1];
    const fails = removed !== "" && missing[removed].fails_at === at - 1;
    const used = line ? line.uses : [];
    pile.replaceChildren(boxes(stack, used, removed, fails));
    code.replaceChildren(h("pre", {}, lines.map((each, i) => codeLine(each, i, at, fails))));
    remark.textContent = line ? line.says : "Nothing has run yet.";
    loss.textContent = removed ? missing[removed].says : "";
    current.set(line ? line.text.trim() : "none");
    lit.set(used.filter((name) => name !== removed).join(", ") || "none");
    elapsed.set(fails ? "stopped" : number(lines.slice(0, at).reduce((sum, each) => sum + each.milliseconds, 0), 3));
    announce(stage, line ? `${line.text.trim()} uses ${used.join(", ")}${fails ? " and fails" : ""}` : "Nothing has run yet");
  }

  stage.append(row(remove), steps, h("div", { class: "columns" }, pile, h("div", {}, code, remark, loss)), row(current, lit, elapsed));
  show();
}

function codeLine(line, i, at, fails) {
  const here = i === at - 1;
  const sign = here ? (fails ? "✗" : "▸") : " ";
  return h("div", { "aria-current": here ? "true" : null, class: here && fails ? "bad" : here ? "accent" : null, text: `${sign} ${line.text}` });
}

function boxes(stack, used, removed, fails) {
  const height = stack.length * (BOX.height + BOX.gap) + 6;
  const drawn = stack.map(([name, text], i) => {
    const y = 3 + i * (BOX.height + BOX.gap);
    const gone = name === removed, on = used.includes(name) && !gone;
    const kind = gone ? "line bad dash" : on ? "mark line accent thick" : "soft line";
    const words = gone ? `${text}: gone` : on ? `● ${text}` : text;
    return [
      s("rect", { class: kind, x: BOX.left, y, width: BOX.width, height: BOX.height, rx: 5 }),
      s("text", { class: gone ? "bad" : on ? "strong" : null, x: BOX.left + 10, y: y + 25, text: words }),
      gone && fails && used.includes(name) ? s("text", { class: "bad strong", x: BOX.left + BOX.width - 18, y: y + 25, text: "✗" }) : null,
    ];
  });
  return drawing({ width: BOX.width + 10, height, label: `The stack; lit: ${used.join(", ") || "none"}` }, drawn);
}
