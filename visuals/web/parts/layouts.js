// Sizes, strides and an offset: arithmetic and drawings that the figures on memory share.

function numbersIn(text) {
  const parts = text.replace(/[()[\]]/g, " ").split(/[,\s]+/).filter((part) => part !== "");
  return parts.every((part) => /^-?\d+$/.test(part)) ? parts.map(Number) : null;
}

function tuple(numbers) {
  return numbers.length === 1 ? `(${numbers[0]},)` : `(${numbers.join(", ")})`;
}

function countOf(sizes) {
  return sizes.reduce((all, size) => all * size, 1);
}

function rowMajor(sizes) {
  const strides = [];
  let step = 1;
  for (const size of [...sizes].reverse()) {
    strides.unshift(step);
    step *= Math.max(size, 1);
  }
  return strides;
}

// The index of the element with this number, counted row after row.
function indexOf(sizes, at) {
  const index = [];
  for (const size of [...sizes].reverse()) {
    index.unshift(at % size);
    at = Math.floor(at / size);
  }
  return index;
}

function numberOf(sizes, index) {
  return index.reduce((at, i, d) => at * sizes[d] + i, 0);
}

function cellOf(walk, index) {
  return index.reduce((cell, i, d) => cell + i * walk.strides[d], walk.offset);
}

function cellsOf(walk) {
  return Array.from({ length: countOf(walk.sizes) }, (_, at) => cellOf(walk, indexOf(walk.sizes, at)));
}

// "0 + 2·4 + 1·1": how a cell is found.
function formulaOf(walk, index) {
  return [walk.offset, ...index.map((i, d) => `${i}\u00b7${walk.strides[d]}`)].join(" + ");
}

// A tensor of up to three dimensions as a grid; planes stand side by side.
// `look(at)` gives the text of an element and whether it is current, soft, dashed.
function grid(sizes, look, label, onpick) {
  const full = [1, 1, 1, ...sizes].slice(-3);
  const [planes, rows, columns] = full;
  const wide = 36, high = 28, gap = 18, left = 20, top = 18;
  const planeWidth = columns * wide + gap + (planes > 1 ? 8 : 0);
  const width = left + planes * planeWidth;
  const parts = [];
  for (let at = 0; at < countOf(full); at++) {
    const [plane, i, j] = indexOf(full, at);
    const { text, current, soft, dashed } = look(at);
    const x = left + plane * planeWidth + j * wide, y = top + i * high;
    parts.push(s("g", { on: onpick ? { click: () => onpick(at) } : {} },
      s("rect", { x, y, width: wide, height: high, class: current ? "mark" : soft ? "soft" : "paper" }),
      s("rect", { x: x + 1, y: y + 1, width: wide - 2, height: high - 2,
        class: current ? "line accent2 thick" : dashed ? "line dots" : "line" }),
      s("text", { x: x + wide / 2, y: y + high / 2 + 4.5, "text-anchor": "middle",
        class: current ? "strong" : dashed ? "muted" : "", text })));
  }
  for (let plane = 0; plane < planes; plane++) {
    const x = left + plane * planeWidth;
    if (planes > 1) parts.push(s("text", { class: "muted small", x: x - 2, y: 11, text: `[${plane}]` }));
    else for (let j = 0; j < columns && sizes.length > 0; j++) {
      parts.push(s("text", { class: "muted small", x: x + (j + 0.5) * wide, y: 12, "text-anchor": "middle", text: j }));
    }
  }
  for (let i = 0; i < rows && sizes.length > 1; i++) {
    parts.push(s("text", { class: "muted small", x: left - 5, y: top + (i + 0.5) * high + 4, "text-anchor": "end", text: i }));
  }
  return drawing({ width, height: top + rows * high + 4, label }, parts);
}

// The line of memory, broken every twelve cells; `look(cell)` as for a grid.
function memoryLine(length, look, label, onpick) {
  const wide = 28, high = 26, turn = 12, between = 46, left = 4;
  const lines = Math.ceil(length / turn);
  const parts = [];
  for (let cell = 0; cell < length; cell++) {
    const x = left + (cell % turn) * wide, y = 4 + Math.floor(cell / turn) * between;
    const { text, current, soft } = look(cell);
    parts.push(s("g", { on: onpick ? { click: () => onpick(cell) } : {} },
      s("rect", { x, y, width: wide, height: high, class: current ? "mark" : soft ? "soft" : "paper" }),
      s("rect", { x: x + 0.7, y: y + 0.7, width: wide - 1.4, height: high - 1.4,
        class: current ? "line accent2 thick" : soft ? "line" : "line dots" }),
      s("text", { x: x + wide / 2, y: y + 17.5, "text-anchor": "middle",
        class: current ? "strong" : soft ? "" : "muted", text }),
      s("text", { x: x + wide / 2, y: y + high + 13, "text-anchor": "middle",
        class: current ? "small strong accent2" : "small muted", text: cell })));
  }
  return drawing({ width: left * 2 + Math.min(length, turn) * wide, height: lines * between + 2, label }, parts);
}
