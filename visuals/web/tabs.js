// Programs in tabs, with a second one beside on request.

const NOBODY = "nothing";

function draw(stage, { programs }) {
  let here = 0;
  const left = h("div", { role: "tabpanel", id: "tabs-panel", tabindex: "0" });
  const right = h("div", {});
  const tabs = programs.map((program, at) =>
    h("button", { type: "button", role: "tab", "aria-controls": "tabs-panel", text: program.name, on: { click: () => go(at) } }));
  const list = h("div", { class: "row", role: "tablist", "aria-label": "Programs", on: { keydown: keys } }, tabs);
  const beside = choice({
    label: "beside it", value: NOBODY,
    options: [[NOBODY, "nothing"], ...programs.map((program, at) => [String(at), program.name])], onchange: show,
  });
  const name = readout("name", "shown:");
  const lines = readout("lines", "lines that are not empty:");
  const difference = readout("difference", "more than beside it:");

  function keys(event) {
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: programs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    go((to + programs.length) % programs.length);
    tabs[here].focus();
  }

  function go(to) {
    here = to;
    show();
    announce(stage, `${programs[here].name}, ${programs[here].lines} lines`);
  }

  function show() {
    tabs.forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(at === here));
      tab.tabIndex = at === here ? 0 : -1;
    });
    const other = beside.input.value === NOBODY ? null : programs[Number(beside.input.value)];
    left.replaceChildren(...program(programs[here]));
    right.replaceChildren(...(other ? program(other) : []));
    right.hidden = other === null;
    difference.hidden = other === null;
    name.set(programs[here].name);
    lines.set(String(programs[here].lines));
    if (other) difference.set(number(programs[here].lines - other.lines, 0));
  }

  stage.append(list, row(beside), row(name, lines, difference), h("div", { class: "columns" }, left, right));
  show();
}

function program({ name, code, output, facts }) {
  const known = facts.filter(([, text]) => text !== "");
  return [
    h("p", {}, h("strong", { text: name })),
    known.length ? h("p", { text: known.map(([fact, text]) => `${fact}: ${text}`).join(" · ") }) : null,
    h("pre", { tabindex: "0", "aria-label": `Program of ${name}` }, h("code", { text: code })),
    output ? h("p", { text: "It printed:" }) : null,
    output ? h("pre", { tabindex: "0", "aria-label": `Output of ${name}` }, h("samp", { text: output })) : null,
  ].filter(Boolean);
}
