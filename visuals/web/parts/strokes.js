// Strokes that differ by dash as well as by color, and lines drawn with them.

const STROKES = [
  { kind: "accent", dash: null, name: "solid" },
  { kind: "accent2", dash: "7 4", name: "dashed" },
  { kind: "accent3", dash: "2 3", name: "dotted" },
  { kind: "good", dash: "9 3 2 3", name: "dash-dotted" },
  { kind: "bad", dash: "14 4", name: "long dashes" },
  { kind: "", dash: "4 2 1 2 1 2", name: "dash-dot-dotted" },
];

function stroke(at) {
  return STROKES[at % STROKES.length];
}

// A line in a plot of `axes`, with the stroke number `at`.
function trail(plot, points, at, width = 2) {
  const { kind, dash } = stroke(at);
  const far = (place) => clampPixel(place);
  const drawn = points.filter((point) => point.every(Number.isFinite));
  const places = drawn.map(([a, b]) => [plot.px(a), plot.py(b)]).filter((place) => place.every(Number.isFinite));
  plot.marks.append(s("polyline", { class: `line ${kind}`, "stroke-width": width, "stroke-dasharray": dash,
    style: `stroke-width: ${width}`, points: places.map(([a, b]) => `${far(a)},${far(b)}`).join(" ") }));
}

// A short sample of the stroke, to stand before a name.
function sample(at) {
  const { kind, dash, name } = stroke(at);
  return s("svg", { width: 34, height: 12, viewBox: "0 0 34 12", role: "img", "aria-label": `${name} line`, style: "display: inline-block; vertical-align: middle" },
    s("line", { class: `line ${kind}`, style: "stroke-width: 2.4", "stroke-dasharray": dash, x1: 1, x2: 33, y1: 6, y2: 6 }));
}

// Which names are to be shown: a box to tick for each, with its stroke.
function shownNames(names, shown, onchange) {
  return row(...names.map((name, at) => {
    const box = checkbox({ label: name, checked: shown.has(name), onchange: (checked) => {
      if (checked) shown.add(name); else shown.delete(name);
      onchange();
    } });
    return h("span", { class: "row", style: "gap: 0.3rem" }, box, sample(at));
  }));
}

// A readout for a cell of a table.
function cell(name, text) {
  return h("output", { style: "white-space: nowrap", dataset: { read: name }, text });
}

function named(at, name) {
  return h("span", { style: "white-space: nowrap" }, sample(at), ` ${name}`);
}

// Names beside points of a plot, moved apart where two would overlap.
function nameApart(plot, labels) {
  const taken = [];
  const right = plot.svg.querySelector("svg").viewBox.baseVal.width - 16;
  for (const { point, name } of labels) {
    const letters = name.length + (name.match(/[mwMW]/g) ?? []).length / 2;
    const x = Math.min(plot.px(point[0]) + 6, right - 8.4 * letters);
    let y = plot.py(point[1]) - 5;
    while (taken.some((other) => Math.abs(other.x - x) < 8 * Math.max(name.length, other.name.length) && Math.abs(other.y - y) < 13)) y += 13;
    taken.push({ x, y, name });
    plot.marks.append(s("text", { class: "small strong", x, y, text: name, style: "paint-order: stroke; stroke: var(--paper); stroke-width: 3px" }));
  }
}
