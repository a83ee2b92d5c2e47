// Places for the nodes of a graph without cycles, layer by layer with few crossings: longest-path
// layers, barycenter order within them, stand-ins where an edge passes a layer (Sugiyama's method).

const LAYOUT_SWEEPS = 8;
const STAND_IN_WIDTH = 0.3;

// `nodes` are keys, `edges` pairs of keys, `width(key)` the room that a node takes in its layer.
// Gives `layer` and `place` of each key, and for each edge the [layer, place] of all it passes.
function layered(nodes, edges, width) {
  const layer = longestPaths(nodes, edges);
  const widths = new Map(nodes.map((key) => [key, width(key)]));
  const narrow = STAND_IN_WIDTH * Math.max(...widths.values());
  const chains = edges.map(([from, to], at) => {
    const chain = [from];
    for (let between = layer.get(from) + 1; between < layer.get(to); between += 1) {
      const standIn = `edge ${at} in layer ${between}`;
      layer.set(standIn, between);
      widths.set(standIn, narrow);
      chain.push(standIn);
    }
    return [...chain, to];
  });
  const links = chains.flatMap((chain) => chain.slice(1).map((to, at) => [chain[at], to]));
  const near = neighbors(links);
  const place = places(inOrder(layer, near), near, widths);
  return { layer, place, paths: chains.map((chain) => chain.map((key) => [layer.get(key), place.get(key)])) };
}

function longestPaths(nodes, edges) {
  const layer = new Map(nodes.map((key) => [key, 0]));
  for (let round = 0; round <= nodes.length; round += 1) {
    const late = edges.filter(([from, to]) => layer.get(to) <= layer.get(from));
    if (!late.length) return layer;
    for (const [from, to] of late) layer.set(to, Math.max(layer.get(to), layer.get(from) + 1));
  }
  throw new Error("a computational graph has no cycles, this one has");
}

function neighbors(links) {
  const before = new Map(), after = new Map();
  for (const [from, to] of links) {
    if (!after.has(from)) after.set(from, []);
    if (!before.has(to)) before.set(to, []);
    after.get(from).push(to);
    before.get(to).push(from);
  }
  return { before: (key) => before.get(key) ?? [], after: (key) => after.get(key) ?? [] };
}

// The keys of each layer, sorted again and again by where their neighbors stand.
function inOrder(layer, near) {
  let rows = Array.from({ length: Math.max(...layer.values()) + 1 }, () => []);
  for (const [key, at] of layer) rows[at].push(key);
  let best = rows, fewest = crossings(rows, near);
  for (let sweep = 0; sweep < LAYOUT_SWEEPS && fewest > 0; sweep += 1) {
    const side = sweep % 2 ? near.after : near.before;
    rows = rows.map((row) => [...row]);
    for (const row of sweep % 2 ? [...rows].reverse() : rows) {
      const at = new Map(rows.flatMap((each) => each.map((key, index) => [key, index])));
      const middle = new Map(row.map((key) => [key, mean(side(key).map((other) => at.get(other))) ?? at.get(key)]));
      row.sort((a, b) => middle.get(a) - middle.get(b));
    }
    const count = crossings(rows, near);
    if (count < fewest) [best, fewest] = [rows, count];
  }
  return best;
}

function crossings(rows, near) {
  let count = 0;
  rows.slice(1).forEach((following, above) => {
    const at = new Map(following.map((key, index) => [key, index]));
    const ends = rows[above].flatMap((key) => near.after(key).map((to) => at.get(to)).sort((a, b) => a - b));
    ends.forEach((end, index) => { count += ends.slice(index + 1).filter((later) => later < end).length; });
  });
  return count;
}

// The middle of each key within its layer: near its neighbors', without overlap.
function places(rows, near, widths) {
  const place = new Map();
  for (const row of rows) apart(row.map(() => 0), row, widths).forEach((x, at) => place.set(row[at], x));
  for (let sweep = 0; sweep < LAYOUT_SWEEPS; sweep += 1) {
    for (const row of rows) {
      const wanted = row.map((key) => mean([...near.before(key), ...near.after(key)].map((other) => place.get(other))) ?? place.get(key));
      apart(wanted, row, widths).forEach((x, at) => place.set(row[at], x));
    }
  }
  return place;
}

function apart(wanted, row, widths) {
  const found = [];
  wanted.forEach((x, at) => {
    const least = at ? found[at - 1] + (widths.get(row[at - 1]) + widths.get(row[at])) / 2 : -Infinity;
    found.push(Math.max(x, least));
  });
  const shift = mean(wanted) - mean(found);
  return found.map((x) => x + shift);
}

function mean(numbers) {
  return numbers.length ? numbers.reduce((sum, each) => sum + each, 0) / numbers.length : null;
}
