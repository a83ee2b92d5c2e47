// Native controls with their labels: each works by mouse, by touch and by keyboard.

let controlsMade = 0;

function labelled(label, control, after, kind) {
  control.id = `control-${++controlsMade}`;
  return h("div", { class: `control ${kind}` }, h("label", { for: control.id, text: label }), control, after);
}

function row(...controls) {
  return h("div", { class: "row" }, ...controls);
}

function button(label, onclick, attributes = {}) {
  return h("button", { type: "button", text: label, on: { click: onclick }, ...attributes });
}

function slider({ label, min, max, step = 1, value, format = String, oninput }) {
  const shown = h("output", { class: "value", text: format(value) });
  const input = h("input", { type: "range", min, max, step, value });
  const update = () => {
    shown.textContent = format(Number(input.value));
    input.setAttribute("aria-valuetext", shown.textContent);
  };
  input.addEventListener("input", () => { update(); oninput?.(Number(input.value)); });
  const box = labelled(label, input, shown, "slider");
  input.value = value;
  update();
  box.input = input;
  box.set = (x) => { input.value = x; update(); };
  return box;
}

function choice({ label, options, value, onchange }) {
  const select = h("select", {}, options.map(([name, text]) => h("option", { value: name, text })));
  select.value = value;
  select.addEventListener("change", () => onchange?.(select.value));
  const box = labelled(label, select, null, "choice");
  box.input = select;
  box.set = (x) => { select.value = x; };
  return box;
}

function checkbox({ label, checked = false, onchange }) {
  const input = h("input", { type: "checkbox", checked, on: { change: () => onchange?.(input.checked) } });
  const box = labelled(label, input, null, "checkbox");
  box.input = input;
  box.set = (x) => { input.checked = x; };
  return box;
}

function field({ label, value, onchange, kind = "text", size = null }) {
  const input = h("input", { type: kind === "number" ? "number" : "text", value, size, spellcheck: "false",
    autocomplete: "off", step: kind === "number" ? "any" : null });
  const hand = () => onchange?.(kind === "number" ? Number(input.value) : input.value);
  input.addEventListener("change", hand);
  const box = labelled(label, input, null, "field");
  box.input = input;
  box.set = (x) => { input.value = x; };
  return box;
}

// One number or word of the figure, with its name; browser tests read it by `data-read`.
function readout(name, label, value = "") {
  const shown = h("output", { class: "value", dataset: { read: name }, text: value });
  const box = h("span", { class: "readout" }, `${label} `, shown);
  box.set = (x) => { shown.textContent = x; };
  return box;
}

// Through the steps 0 … count by buttons, and by the arrow keys on any of them.
function stepper({ count, at = 0, onstep, label = "step" }) {
  let here = at;
  let last = count;
  const where = h("output", { class: "value" });
  const go = (to) => {
    here = Math.max(0, Math.min(last, to));
    show();
    onstep?.(here);
  };
  const moves = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const keys = (event) => {
    if (event.key in moves) { event.preventDefault(); go(here + moves[event.key]); }
    if (event.key === "Home") { event.preventDefault(); go(0); }
    if (event.key === "End") { event.preventDefault(); go(last); }
  };
  const box = h("div", { class: "row stepper", role: "group", "aria-label": `Go through the ${label}s`, on: { keydown: keys } },
    button("First", () => go(0)), button("Back", () => go(here - 1)), button("Next", () => go(here + 1)),
    button("Last", () => go(last)), where);
  const show = () => { where.textContent = `${label} ${here} of ${last}`; };
  box.set = (to, newCount = last) => { last = newCount; here = Math.max(0, Math.min(last, to)); show(); };
  show();
  return box;
}
