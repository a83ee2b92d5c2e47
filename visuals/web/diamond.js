// A tower of diamonds, walked back in two ways side by side, with every visit counted.

const TALLEST_DRAWN = 4;
const IMPATIENT = [
  ["paths", "pass on at once what arrives"],
  ["first", "visit each node once, at its first share"],
];

function draw(stage, data) {
  let depth = data.depth, way = "paths", walks, pictures;
  const left = h("div", {}), right = h("div", {}), says = h("p", {});
  const steps = stepper({ count: 1, label: "visit", onstep: (at) => { show(at); announce(stage, says.textContent); } });
  const depths = slider({ label: "diamonds", min: 1, max: data.deepest, value: depth, oninput: (n) => { depth = n; build(); } });
  const ways = choice({ label: "the first walk", options: IMPATIENT, value: way, onchange: (name) => { way = name; build(); } });
  const reads = {
    naive: [readout("naive-visits", "visits:"), readout("naive-gradient", "slope found:")],
    engine: [readout("engine-visits", "visits:"), readout("engine-gradient", "slope found:")],
    totals: [readout("naive-total", "visits of the first walk in all:"), readout("engine-total", "of the second:")],
  };
  const plot = visitsPlot(data);
  const pictured = h("div", { class: "columns" },
    h("div", {}, h("p", { class: "accent2", text: "First walk: without waiting" }), row(...reads.naive), left),
    h("div", {}, h("p", { class: "accent", text: "Second walk: after all users" }), row(...reads.engine), right));
  const totals = row(...reads.totals);
  stage.append(row(depths, ways), steps, says, pictured, totals, plot.element);

  function build() {
    const drawn = depth <= TALLEST_DRAWN;
    for (const box of [steps, pictured]) box.style.display = drawn ? "" : "none";
    if (drawn) {
      walks = { naive: way === "paths" ? everyPath(depth) : firstCome(depth), engine: eachOnce(depth) };
      pictures = [towerPicture(depth, "walked without waiting"), towerPicture(depth, "each node visited once")];
      left.replaceChildren(pictures[0].element);
      right.replaceChildren(pictures[1].element);
      steps.set(0, Math.max(walks.naive.visits.length, walks.engine.visits.length));
      show(0);
    }
    const total = way === "paths" ? countPaths(depth) : 3 * depth + 1;
    reads.totals[0].set(grouped(total));
    reads.totals[1].set(grouped(3 * depth + 1));
    if (!drawn) says.textContent = countedOnly(depth, way, total);
    plot.at(depth, total);
  }

  function show(at) {
    [walks.naive, walks.engine].forEach((walk, side) => {
      const seen = walk.visits.slice(0, at), last = walk.visits[Math.min(at, walk.visits.length) - 1];
      const counts = new Map();
      for (const { node } of seen) counts.set(node, (counts.get(node) ?? 0) + 1);
      for (const node of towerNodes(depth)) pictures[side].note(node, visitsOf(counts.get(node) ?? 0));
      pictures[side].mark(new Set(at && at <= walk.visits.length ? [last.node] : []));
      const [visits, slope] = side ? reads.engine : reads.naive;
      visits.set(seen.length);
      slope.set(at >= walk.visits.length ? walk.slope : "\u2026");
    });
    says.textContent = sentenceOf(walks, at, depth);
  }

  build();
}

function visitsOf(count) {
  return count === 1 ? "1 visit" : `${count} visits`;
}

function grouped(count) {
  return count.toLocaleString("en-US");
}

function sentenceOf({ naive, engine }, at, depth) {
  const [now, then] = [naive.visits[at - 1], engine.visits[at - 1]];
  const end = Math.max(naive.visits.length, engine.visits.length);
  if (!at) return "Both walks begin at the top, with the gradient 1.";
  if (at === end) {
    const wrong = naive.slope === engine.slope ? "Both find it, at a different price." : "The first walk is wrong: shares that came late were not passed on.";
    return `The slope of ${depth === 1 ? "one diamond" : `${depth} diamonds`} is ${engine.slope}. ${wrong}`;
  }
  const told = (visit) => `${visit.node} ${visit.node === "y0" ? "receives" : "passes on"} ${visit.gradient}`;
  return `First walk: ${now ? told(now) : "done"}. Second walk: ${then ? told(then) : "done"}.`;
}

function countedOnly(depth, way, total) {
  if (way === "first") return `Each node is visited once, and the slope comes out as 3 instead of ${grouped(3 ** depth)}.`;
  return `Too many to step through: at a million visits a second ${grouped(total)} visits take ${(total / 1e6).toPrecision(3)} seconds, ` +
    `and ${grouped(3 * depth + 1)} take ${((3 * depth + 1) / 1e6).toPrecision(2)}.`;
}

// The tower: y of each level is a + b, with a = y below and b = 2 y below.
function towerNodes(depth) {
  return [...Array.from({ length: depth }, (_, k) => depth - k).flatMap((n) => [`y${n}`, `a${n}`, `b${n}`]), "y0"];
}

function operandsOf(node) {
  const level = Number(node.slice(1));
  if (node[0] === "y") return level ? [[`a${level}`, 1], [`b${level}`, 1]] : [];
  return [[`y${level - 1}`, node[0] === "a" ? 1 : 2]];
}

function towerPicture(depth, how) {
  const edges = towerNodes(depth).flatMap((node) => operandsOf(node).map(([below]) => [node, below]));
  const shapes = towerNodes(depth).map((node) => ({ key: node, kind: node === "y0" ? "variable" : "operation", noted: 9, label: labelOf(node) }));
  return graphPicture({ shapes, edges, label: `A tower of ${depth} diamonds, ${how}` });
}

function labelOf(node) {
  const level = Number(node.slice(1));
  if (node === "y0") return "y0";
  return node[0] === "y" ? `${node} = a + b` : node[0] === "a" ? `a = y${level - 1}` : `b = 2 y${level - 1}`;
}

function everyPath(depth) {
  const visits = [];
  let slope = 0;
  const visit = (node, gradient) => {
    visits.push({ node, gradient });
    if (node === "y0") slope += gradient;
    for (const [below, factor] of operandsOf(node)) visit(below, gradient * factor);
  };
  visit(`y${depth}`, 1);
  return { visits, slope };
}

function firstCome(depth) {
  const visits = [], arrived = new Map(), done = new Set();
  const arrive = (node, gradient) => {
    arrived.set(node, (arrived.get(node) ?? 0) + gradient);
    if (done.has(node)) return;
    done.add(node);
    const sum = arrived.get(node);
    visits.push({ node, gradient: sum });
    for (const [below, factor] of operandsOf(node)) arrive(below, sum * factor);
  };
  arrive(`y${depth}`, 1);
  return { visits, slope: arrived.get("y0") };
}

// From the top, level by level, every node stands after all its users.
function eachOnce(depth) {
  const arrived = new Map([[`y${depth}`, 1]]);
  const visits = towerNodes(depth).map((node) => {
    for (const [below, factor] of operandsOf(node)) arrived.set(below, (arrived.get(below) ?? 0) + factor * arrived.get(node));
    return { node, gradient: arrived.get(node) };
  });
  return { visits, slope: arrived.get("y0") };
}

function countPaths(depth) {
  let visits = 1;
  for (let level = 0; level < depth; level += 1) visits = 1 + 2 * (1 + visits);
  return visits;
}

function visitsPlot({ deepest, counted }) {
  const depths = Array.from({ length: deepest }, (_, k) => k + 1);
  const plot = axes({ x: [0, deepest + 1], y: [1, 1e9], logy: true, xlabel: "diamonds", ylabel: "visits", label: "Visits against the number of diamonds" });
  const legend = h("p", { class: "muted", text: "Solid: every path. Dashed: each node once." +
    (counted.length ? " Small dots: counted in your run." : "") });
  return {
    element: h("div", {}, plot.svg, legend),
    at: (depth, total) => {
      plot.clear();
      plot.line(depths.map((n) => [n, countPaths(n)]), "accent2");
      plot.line(depths.map((n) => [n, 3 * n + 1]), "accent dash");
      for (const [n, visits] of counted) plot.dot(n, visits, "", 3);
      plot.dot(depth, total, "accent2", 5);
      plot.dot(depth, 3 * depth + 1, "accent", 5);
    },
  };
}
