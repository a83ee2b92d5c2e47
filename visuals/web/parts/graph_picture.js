// A graph as a drawing, from top to bottom: rectangles are operations, ellipses are variables.
// Each shape has a name and a line below it that can change; shapes and arrows can be marked.

const PICTURE = { letter: 8.1, smallLetter: 6.5, round: 1.1, padding: 12, height: 26, tall: 40, gap: 8, between: 22, margin: 6 };

// `shapes`: { key, label, kind: "variable" | "operation", noted: characters of its second line or 0 }.
function graphPicture({ shapes, edges, label }) {
  const boxes = new Map(shapes.map((shape) => [shape.key, boxOf(shape)]));
  const layout = layered(shapes.map((shape) => shape.key), edges, (key) => boxes.get(key).width + PICTURE.gap);
  const levels = levelsOf(shapes, boxes, layout);
  const left = Math.min(...shapes.map(({ key }) => layout.place.get(key) - boxes.get(key).width / 2));
  const right = Math.max(...shapes.map(({ key }) => layout.place.get(key) + boxes.get(key).width / 2));
  const x = (place) => place - left + PICTURE.margin;
  const bottom = levels[levels.length - 1];
  const height = bottom.middle + bottom.height / 2 + PICTURE.margin;
  const arrows = edges.map(([from, to], at) => {
    const path = layout.paths[at];
    return arrow(path.map(([layer, place], index) => {
      const box = index === 0 ? boxes.get(from) : index === path.length - 1 ? boxes.get(to) : null;
      const below = index === 0 ? 1 : -1;
      return [x(place), levels[layer].middle + (box ? (below * box.height) / 2 : 0)];
    }));
  });
  const drawn = new Map(shapes.map((shape) => [shape.key,
    node(shape, boxes.get(shape.key), x(layout.place.get(shape.key)), levels[layout.layer.get(shape.key)].middle)]));
  const element = drawing({ width: Math.ceil(right - left + 2 * PICTURE.margin), height: Math.ceil(height), label },
    arrows.map((each) => each.element), [...drawn.values()].map((each) => each.element));
  return {
    element,
    shape: (key) => drawn.get(key).element,
    note: (key, text) => drawn.get(key).note(text),
    // `keys` is a set of shapes; `ways` a set of "from>to"; `backward` turns the heads of those around.
    mark: (keys, ways = new Set(), backward = false) => {
      for (const [key, each] of drawn) each.mark(keys.has(key));
      edges.forEach(([from, to], at) => arrows[at].mark(ways.has(`${from}>${to}`), backward));
    },
    // Shapes of the set `keys` get a dotted outline.
    dotted: (keys) => { for (const [key, each] of drawn) each.dotted(keys.has(key)); },
  };
}

function boxOf({ label, kind, noted }) {
  // A combining mark takes no room of its own, and some letters take more than others.
  const letters = label.replace(/\p{M}/gu, "").length + (label.match(/[mwMW]/g) ?? []).length / 2;
  const text = Math.max(letters * PICTURE.letter, (noted ?? 0) * PICTURE.smallLetter);
  const width = text * (kind === "variable" ? PICTURE.round : 1) + PICTURE.padding;
  return { width: Math.max(width, 32), height: noted ? PICTURE.tall : PICTURE.height };
}

function levelsOf(shapes, boxes, layout) {
  const levels = [];
  for (const { key } of shapes) {
    const at = layout.layer.get(key);
    levels[at] = { height: Math.max(levels[at]?.height ?? 0, boxes.get(key).height) };
  }
  let top = PICTURE.margin;
  for (const level of levels) {
    level.middle = top + level.height / 2;
    top += level.height + PICTURE.between;
  }
  return levels;
}

function node({ label, kind, noted }, { width, height }, x, y) {
  const outline = kind === "variable"
    ? s("ellipse", { class: "line paper", cx: x, cy: y, rx: width / 2, ry: height / 2 })
    : s("rect", { class: "line soft", x: x - width / 2, y: y - height / 2, width, height, rx: 2 });
  const resting = outline.getAttribute("class");
  const look = { marked: false, dotted: false };
  const dress = () => outline.setAttribute("class",
    look.marked ? "line accent2 mark thick" : resting + (look.dotted ? " dots" : ""));
  const name = s("text", { x, y: y + (noted ? -3 : 4.5), "text-anchor": "middle", class: "strong", text: label });
  const below = noted ? s("text", { x, y: y + 12, "text-anchor": "middle", class: "small" }) : null;
  return {
    element: s("g", {}, outline, name, below),
    note: (text) => { below.textContent = text; },
    mark: (on) => { look.marked = on; dress(); },
    dotted: (on) => { look.dotted = on; dress(); },
  };
}

function arrow(points) {
  let way = `M${points[0].map((at) => at.toFixed(1))}`;
  points.slice(1).forEach(([x, y], index) => {
    const [fromX, fromY] = points[index], middle = (fromY + y) / 2;
    way += ` C${fromX.toFixed(1)},${middle.toFixed(1)} ${x.toFixed(1)},${middle.toFixed(1)} ${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const line = s("path", { d: way, class: "line" });
  const head = s("polygon", { class: "fill muted" });
  const [first, last] = [points[0], points[points.length - 1]];
  const point = ([x, y], down) => head.setAttribute("points", `${x},${y} ${x - 4},${y - 8 * down} ${x + 4},${y - 8 * down}`);
  point(last, 1);
  return {
    element: s("g", {}, line, head),
    mark: (on, backward) => {
      line.setAttribute("class", on ? "line accent2 thick" : "line");
      head.setAttribute("class", on ? "fill accent2" : "fill muted");
      point(on && backward ? first : last, on && backward ? -1 : 1);
    },
  };
}
