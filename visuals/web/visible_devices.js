// Which devices a program sees after a line in a shell, and under which numbers.

function draw(stage, data) {
  let line = data.line, count = data.count;
  const entry = field({ label: "typed in the shell", value: line, size: 36, onchange: (text) => { line = text; show(); } });
  entry.input.addEventListener("input", () => { line = entry.input.value; show(); });
  const examples = choice({
    label: "or one of these", options: data.lines.map((text) => [text, text]), value: data.lines[0],
    onchange: (text) => { line = text; entry.set(text); show(); },
  });
  const many = slider({ label: "GPUs in the machine", min: 1, max: 6, value: count, oninput: (x) => { count = x; show(); } });
  const seen = readout("count", "devices that the program sees:");
  const first = readout("first", "cuda:0 is");
  const remark = h("output", { dataset: { read: "remark" } });
  const picture = h("div", {});

  function show() {
    const { text, said } = typed(line, data.variable);
    const devices = visible(text, count);
    seen.set(devices.length);
    first.set(devices.length ? `GPU ${devices[0]}` : "nothing");
    remark.textContent = said;
    picture.replaceChildren(drawDevices(count, devices));
    announce(stage, `${devices.length} devices, ${devices.map((old, now) => `cuda:${now} is GPU ${old}`).join(", ")}`);
  }

  stage.append(row(entry, many), row(examples), picture, h("p", {}, seen, first), h("p", {}, remark));
  show();
}

function visible(text, count) {
  if (text === null) return Array.from({ length: count }, (_, k) => k);
  const found = [];
  for (const entry of text.split(",")) {
    const number = entry.match(/^\s*[+-]?\d+/);
    if (!number || Number(number[0]) < 0) break;
    if (found.includes(Number(number[0]))) return [];
    found.push(Number(number[0]));
  }
  const missing = found.findIndex((number) => number >= count);
  return missing < 0 ? found : found.slice(0, missing);
}

function typed(line, variable) {
  const form = line.match(/^\s*(export\s+)?([A-Za-z_]\w*)(\s*)=("[^"]*"|'[^']*'|\S*)(.*)$/);
  if (!form) return { text: null, said: "This sets no variable." };
  const [, exported, name, gap] = form;
  const value = form[4].replace(/^["']|["']$/g, ""), rest = form[5].trim();
  if (gap && exported) return { text: null, said: "bash: export: `=': not a valid identifier. Nothing is set." };
  if (gap) return { text: null, said: `bash: ${name}: command not found. Nothing is set.` };
  if (name !== variable) return { text: null, said: `${name} is set, and nobody reads it. There is no error.` };
  if (exported) {
    const wrong = rest.split(/\s+/).find((word) => word && !/^[A-Za-z_]/.test(word));
    if (wrong) return { text: value, said: `bash: export: \`${wrong}': not a valid identifier. Only '${value}' is set.` };
    return { text: value, said: "Set for every program started from this shell." };
  }
  if (rest) return { text: value, said: "Set for this one program." };
  return { text: null, said: "Set in the shell only: without export no program gets it." };
}

function drawDevices(count, devices) {
  const WIDTH = 358, wide = Math.min(80, (WIDTH - 8) / count), top = 26, bottom = 126, high = 36;
  const x = (k) => 4 + k * wide, middle = (k) => x(k) + (wide - 8) / 2;
  const machine = Array.from({ length: count }, (_, k) => [
    s("rect", { class: `line ${devices.includes(k) ? "mark thick accent2" : "soft dash"}`, x: x(k), y: top, width: wide - 8, height: high }),
    s("text", { class: devices.includes(k) ? "strong" : "muted", x: middle(k), y: top + 23, "text-anchor": "middle", text: `GPU ${k}` }),
  ]);
  const program = devices.map((old, now) => [
    s("line", { class: "line accent2 thick", x1: middle(now), y1: bottom, x2: middle(old), y2: top + high }),
    s("rect", { class: "line paper accent", x: x(now), y: bottom, width: wide - 8, height: high }),
    s("text", { class: "strong", x: middle(now), y: bottom + 23, "text-anchor": "middle", text: `cuda:${now}` }),
  ]);
  return drawing({ width: WIDTH, height: 170, label: devices.length
    ? devices.map((old, now) => `cuda:${now} is GPU ${old}`).join(", ") : "The program sees no device" },
    s("text", { class: "small", x: 4, y: 16, text: "in the machine (dashed: the program does not see it)" }), machine,
    s("text", { class: "small", x: 4, y: 110, text: devices.length ? "" : "in the program: nothing" }), program);
}
