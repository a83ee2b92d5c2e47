// Bars of frameworks on an axis of years, and the lines between them; zoomed by two sliders.

const LANE = 26, TOP = 34, NAME_WIDTH = 126, APART = 9;
const STROKES = { code: "line thick accent", "built on": "line accent2", ideas: "line accent3 dash", exchange: "line dots" };

function draw(stage, { bars, ties, kinds, first, now }) {
  let from = first, to = now, chosen = bars.find((bar) => bar.name === "PyTorch")?.name ?? bars[0].name;
  const place = h("div", {});
  const claims = h("div", {});
  const start = slider({ label: "from", min: first, max: now - 2, value: from, oninput: (x) => { from = x; to = Math.max(to, from + 2); end.set(to); show(); } });
  const end = slider({ label: "to", min: first + 2, max: now, value: to, oninput: (x) => { to = x; from = Math.min(from, to - 2); start.set(from); show(); } });
  const who = choice({ label: "framework", value: chosen, options: bars.map((bar) => [bar.name, bar.name]), onchange: (name) => { chosen = name; show(); } });
  const all = checkbox({ label: "show the lines of all", checked: false, onchange: show });
  const count = readout("shown", "frameworks in view:");
  const parents = readout("parents", "came from:");
  const children = readout("children", "led to:");
  const life = readout("life", "years:");

  function zoom(factor) {
    const middle = (from + to) / 2, half = Math.max(1, ((to - from) / 2) * factor);
    from = Math.max(first, Math.round(middle - half));
    to = Math.min(now, Math.max(from + 2, Math.round(middle + half)));
    start.set(from); end.set(to); show();
  }

  function show() {
    const seen = bars.filter((bar) => bar.first <= to && (bar.last ?? now) >= from);
    const breadth = Math.max(210, Math.min(620, stage.clientWidth - NAME_WIDTH - 30));
    place.replaceChildren(plot(seen, ties, { from, to, now, breadth, chosen, all: all.input.checked, pick: (name) => { chosen = name; who.set(name); show(); } }), key(kinds));
    const bar = bars.find((each) => each.name === chosen);
    count.set(String(seen.length));
    parents.set([...new Set(ties.filter((tie) => tie[1] === chosen).map((tie) => tie[0]))].join(", ") || "nothing shown");
    children.set([...new Set(ties.filter((tie) => tie[0] === chosen).map((tie) => tie[1]))].join(", ") || "nothing shown");
    life.set(`${bar.first}–${bar.last ?? "today"}${seen.includes(bar) ? "" : ", not in view"}`);
    claims.replaceChildren(
      h("p", {}, h("strong", { text: bar.name }), ` · ${bar.home} (${bar.kind === "both" ? "academia and industry" : bar.kind}) · ${bar.language} · ${bar.idiom}`),
      table(["date", "claim", "source"], bar.claims.map(([date, says, source]) => [date, says, h("span", { style: "overflow-wrap: anywhere", text: source })]), { caption: `All claims about ${bar.name}` }));
    announce(stage, `${chosen}, ${seen.length} frameworks from ${from} to ${to}`);
  }

  stage.append(row(start, end, button("Zoom in", () => zoom(0.6)), button("Zoom out", () => zoom(1.8))), row(count), place,
    row(who, all), row(life), row(parents), row(children), claims);
  show();
}

function plot(seen, ties, { from, to, now, breadth, chosen, all, pick }) {
  const width = NAME_WIDTH + breadth + 20, height = TOP + seen.length * LANE + 8;
  const x = (year) => NAME_WIDTH + ((Math.max(from, Math.min(to + 1, year)) - from) / (to + 1 - from)) * breadth;
  const lane = (name) => TOP + seen.findIndex((bar) => bar.name === name) * LANE + LANE / 2;
  const inView = (name) => seen.some((bar) => bar.name === name);
  const every = Math.max(1, Math.ceil(((to + 1 - from) * 40) / breadth));
  const years = [];
  for (let year = from; year <= to; year += every) {
    years.push(s("line", { class: "grid", x1: x(year), x2: x(year), y1: 22, y2: height }),
      s("text", { x: x(year) + 2, y: 16, text: year }));
  }
  const related = new Set([chosen, ...ties.flatMap(([parent, child]) => (parent === chosen ? [child] : child === chosen ? [parent] : []))]);
  const drawnBars = seen.map((bar) => {
    const y = lane(bar.name), strong = bar.name === chosen;
    const tone = strong ? "accent" : related.has(bar.name) ? "accent2" : "muted";
    const right = bar.last === null ? x(now + 1) : x(bar.last + 0.9);
    return s("g", { style: "cursor: pointer", on: { click: () => pick(bar.name) } },
      s("rect", { x: 0, y: y - LANE / 2, width: NAME_WIDTH, height: LANE, style: "fill: transparent" }),
      s("text", { class: strong ? "strong accent" : related.has(bar.name) ? "strong" : null, x: 4, y: y + 4, text: `${strong ? "▸ " : ""}${bar.name}` }),
      s("rect", { class: `fill ${tone}`, x: x(bar.first), y: y - 4, width: Math.max(4, right - x(bar.first)), height: 8, rx: 2 }),
      bar.last === null ? s("path", { class: `fill ${tone}`, d: `M${right},${y - 7} l8,7 l-8,7 z` })
        : bar.last <= to ? s("line", { class: "line thick", x1: right, x2: right, y1: y - 8, y2: y + 8 }) : null);
  });
  const taken = {};
  const lines = ties.filter(([parent, child, year]) => (all || parent === chosen || child === chosen) && inView(parent) && inView(child) && year >= from && year <= to)
    .map(([parent, child, year, kind]) => {
      taken[year] = (taken[year] ?? -1) + 1;
      const at = x(year + 0.1) + 8 + APART * taken[year], bend = 14;
      const above = lane(parent), below = lane(child), down = below > above ? 1 : -1;
      return s("g", {}, s("path", { class: STROKES[kind], d: `M${at - bend},${above} Q${at},${above} ${at},${above + down * bend} V${below - down * 8}` }),
        s("path", { class: "line", d: `M${at - 4},${below - down * 10} L${at},${below - down * 4} L${at + 4},${below - down * 10}` }));
    });
  return drawing({ width, height, label: `Frameworks from ${from} to ${to}; chosen: ${chosen}` }, years, drawnBars, lines);
}

// What the kinds of lines look like.
function key(kinds) {
  return h("div", { class: "row" }, kinds.map((kind) => h("span", { class: "readout" },
    s("svg", { width: 44, height: 12, viewBox: "0 0 44 12", "aria-hidden": "true", style: "display: inline-block" }, s("line", { class: STROKES[kind], x1: 2, x2: 42, y1: 6, y2: 6 })), ` ${kind}`)));
}
