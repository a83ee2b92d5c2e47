// Elements of HTML and SVG, with their attributes, children and listeners in one call.

function h(tag, attributes, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

function s(tag, attributes, ...children) {
  return furnish(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function furnish(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === "text") {
      element.textContent = value;
    } else if (name === "dataset") {
      Object.assign(element.dataset, value);
    } else if (name === "value" || name === "checked") {
      element[name] = value;
    } else {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// A fixed number of decimals with a true minus sign, and no minus before a zero.
function number(x, digits = 6) {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "\u2212inf";
  const text = Math.abs(x) >= 1e9 ? x.toExponential(3) : x.toFixed(digits);
  if (!/[1-9]/.test(text)) return text.replace("-", "");
  return text.replaceAll("-", "\u2212");
}

// Numbers of [0, 1) that are the same for the same seed (mulberry32).
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function table(header, rows, { caption, current } = {}) {
  const head = h("tr", {}, header.map((name) => h("th", { scope: "col", text: name })));
  const body = rows.map((row, at) =>
    h("tr", { "aria-current": at === current ? "true" : null },
      row.map((cell) => h("td", {}, cell instanceof Node ? cell : String(cell)))));
  return scrolling(caption ?? header.join(", "),
    h("table", {}, caption ? h("caption", { text: caption }) : null, h("thead", {}, head), h("tbody", {}, body)));
}

// A box that scrolls sideways where its content is wider than the page, by keyboard too.
function scrolling(label, ...children) {
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, ...children);
}

function announce(stage, sentence) {
  const root = stage.getRootNode();
  const live = root.querySelector("[aria-live]");
  if (live) live.textContent = sentence;
}
