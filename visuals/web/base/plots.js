// Drawings with a description, and plots with axes.

// As much room as a digit at an axis takes, in pixels; more in wide fonts.
const LETTER = 8.5;

function drawing({ width, height, label }, ...children) {
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label }, ...children);
  return scrolling(label, svg);
}

// As wide as there is room in the page for a drawing, and at most `widest`.
function roomIn(stage, widest) {
  return Math.max(300, Math.min(widest, stage.clientWidth || widest));
}

// A plot: `px` and `py` turn numbers into places, `line` and `dot` draw, `clear` takes all of it away.
function axes({ width = 340, height = 220, x, y, xlabel, ylabel, logx = false, logy = false, label = `${ylabel} against ${xlabel}` }) {
  const left = 62, right = 12, top = 10, bottom = 42;
  const scale = (from, to, low, high, logarithmic) => {
    const map = logarithmic ? Math.log10 : (v) => v;
    return (v) => low + ((map(v) - map(from)) / (map(to) - map(from))) * (high - low);
  };
  const px = scale(x[0], x[1], left, width - right, logx);
  const py = scale(y[0], y[1], height - bottom, top, logy);
  const inside = s("clipPath", { id: `clip-${++plotsMade}` },
    s("rect", { x: left, y: top, width: width - left - right, height: height - top - bottom }));
  const marks = s("g", { "clip-path": `url(#clip-${plotsMade})` });
  const grid = s("g", {});
  for (const at of ticks(x, logx)) {
    grid.append(s("line", { class: "grid", x1: px(at), x2: px(at), y1: top, y2: height - bottom }),
      s("text", { x: Math.min(px(at), width - LETTER * tick(at).length / 2), y: height - bottom + 16, "text-anchor": "middle", text: tick(at) }));
  }
  for (const at of ticks(y, logy)) {
    grid.append(s("line", { class: "grid", x1: left, x2: width - right, y1: py(at), y2: py(at) }),
      s("text", { x: left - 6, y: py(at) + 4, "text-anchor": "end", text: tick(at) }));
  }
  const frame = s("rect", { class: "line", x: left, y: top, width: width - left - right, height: height - top - bottom });
  const names = [
    s("text", { x: (left + width - right) / 2, y: height - 6, "text-anchor": "middle", text: xlabel }),
    s("text", { x: 0, y: 0, "text-anchor": "middle", transform: `translate(13 ${(top + height - bottom) / 2}) rotate(-90)`, text: ylabel }),
  ];
  const box = drawing({ width, height, label }, inside, grid, frame, marks, names);
  return {
    svg: box, px, py, marks,
    line: (points, kind = "accent") => {
      const drawn = points.filter(([a, b]) => Number.isFinite(a) && Number.isFinite(b) && (!logx || a > 0) && (!logy || b > 0));
      marks.append(s("polyline", { class: `line ${kind}`, points: drawn.map(([a, b]) => `${px(a).toFixed(1)},${clampPixel(py(b))}`).join(" ") }));
    },
    dot: (a, b, kind = "accent", radius = 4) => { marks.append(s("circle", { class: `fill ${kind}`, cx: px(a), cy: clampPixel(py(b)), r: radius })); },
    text: (a, b, words, kind = "") => { marks.append(s("text", { class: kind, x: px(a) + 5, y: clampPixel(py(b)) - 5, text: words })); },
    clear: () => marks.replaceChildren(),
  };
}

let plotsMade = 0;

// Far outside of the plot a line is cut anyway; SVG refuses places without end.
function clampPixel(place) {
  return Math.max(-5000, Math.min(5000, place)).toFixed(1);
}

function ticks([from, to], logarithmic) {
  if (logarithmic) {
    const low = Math.ceil(Math.log10(from) - 1e-9), high = Math.floor(Math.log10(to) + 1e-9);
    const every = Math.max(1, Math.ceil((high - low) / 6));
    return Array.from({ length: Math.floor((high - low) / every) + 1 }, (_, k) => 10 ** (low + k * every));
  }
  const rough = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((k) => k * power).find((candidate) => candidate >= rough - 1e-12);
  const first = Math.ceil(from / step - 1e-9);
  return Array.from({ length: Math.floor(to / step + 1e-9) - first + 1 }, (_, k) => (first + k) * step);
}

function tick(at) {
  const text = at !== 0 && (Math.abs(at) >= 1e5 || Math.abs(at) < 1e-3) ? at.toExponential(0) : String(Number(at.toPrecision(6)));
  return text.replaceAll("-", "\u2212").replace("e+", "e");
}
