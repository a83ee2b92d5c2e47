// Lines of equal height of a function of [x, y], by marching squares.

function contourPaths(f, x, y, columns = 64, rows = 56) {
  const at = (range, k, count) => range[0] + ((range[1] - range[0]) * k) / count;
  const heights = Array.from({ length: rows + 1 }, (_, j) =>
    Array.from({ length: columns + 1 }, (_, i) => f([at(x, i, columns), at(y, j, rows)])));
  const sorted = heights.flat().filter(Number.isFinite).sort((a, b) => a - b);
  const levels = [0.02, 0.06, 0.13, 0.22, 0.33, 0.46, 0.6, 0.75, 0.9].map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
  return [...new Set(levels)].map((level) => {
    const segments = [];
    for (let j = 0; j < rows; j += 1) {
      for (let i = 0; i < columns; i += 1) segments.push(...crossings(heights, i, j, level));
    }
    return segments.map((segment) => segment.map(([a, b]) => [at(x, a, columns), at(y, b, rows)]));
  });
}

// The pieces of one level inside one cell of the grid, in grid units.
function crossings(heights, i, j, level) {
  const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
  const found = [];
  for (let k = 0; k < 4; k += 1) {
    const [a, b] = [corners[k], corners[(k + 1) % 4]];
    const [low, high] = [heights[a[1]][a[0]] - level, heights[b[1]][b[0]] - level];
    if (low < 0 === high < 0 || !Number.isFinite(low - high)) continue;
    const share = low / (low - high);
    found.push([a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]);
  }
  return found.length === 4 ? [found.slice(0, 2), found.slice(2)] : found.length === 2 ? [found] : [];
}

function drawContours(plot, f, x, y) {
  for (const segments of contourPaths(f, x, y)) {
    const path = segments.map(([a, b]) => `M${plot.px(a[0]).toFixed(1)},${plot.py(a[1]).toFixed(1)}L${plot.px(b[0]).toFixed(1)},${plot.py(b[1]).toFixed(1)}`).join("");
    plot.marks.append(s("path", { class: "line", style: "stroke-width: 0.8; opacity: 0.75", d: path }));
  }
}
