// A program's values, tangents and adjoints, line by line beside its graph.

const PASSES = [["values", "values, forward"], ["tangents", "tangents, forward"], ["adjoints", "adjoints, backward"]];
const TALLEST_TABLE = "25rem";
// Room for both beside each other in a column of a page.
const BESIDE = { rows: "1 1 330px", graph: "2 1 260px" };

function draw(stage, data) {
  const figure = {
    data, pass: data.pass, at: { values: 0, tangents: 0, adjoints: 0 }, reached: { values: 0, adjoints: 0, tangents: 0 },
    point: [...data.point], seed: [...data.seed], text: data.recorded ? "" : data.expression,
    problem: h("div", {}), origin: h("p", { class: "muted" }),
    inputs: row(), results: row(), rows: h("div", { style: `flex: ${BESIDE.rows}` }), graph: h("div", { style: `flex: ${BESIDE.graph}` }), line: h("output", { class: "value", dataset: { read: "line" } }),
  };
  figure.trace = data.recorded ?? traceOf(data.expression, data.point);
  figure.expression = field({ label: data.recorded ? "your own expression instead" : "expression", value: figure.text, size: 30,
    onchange: (text) => tryOut(figure, { text: text.trim() }) });
  figure.steps = stepper({ count: 1, onstep: (at) => goTo(figure, at) });
  const passes = choice({ label: "pass", options: PASSES, value: figure.pass, onchange: (pass) => { figure.pass = pass; showPass(figure); } });
  stage.append(row(figure.expression), figure.problem, figure.origin, figure.inputs, row(passes, figure.steps),
    h("p", {}, figure.line), h("div", { class: "columns" }, figure.rows, figure.graph), figure.results);
  showTrace(figure);
}

// Another expression or point: taken if it can be computed; if not, a sentence says why and nothing changes.
function tryOut(figure, { text = figure.text, point = figure.point }) {
  try {
    const { inputs } = text ? programOf(text) : figure.data.recorded ?? programOf(text);
    const filledUp = Array.from({ length: inputs }, (_, at) => point[at] ?? 1);
    if (filledUp.some((x) => !Number.isFinite(x))) throw new Error("Each input needs a number.");
    figure.trace = text ? traceOf(text, filledUp) : figure.data.recorded;
    figure.text = text;
    figure.point = text ? filledUp : [...figure.data.point];
    figure.seed = Array.from({ length: inputs }, (_, at) => figure.seed[at] ?? 0);
    figure.at = { values: 0, tangents: 0, adjoints: 0 };
    figure.reached = { values: 0, tangents: 0, adjoints: 0 };
    figure.problem.replaceChildren();
    showTrace(figure);
  } catch (problem) {
    figure.problem.replaceChildren(h("p", { class: "bad", role: "alert", text: `${problem.message} The figure stays as it was.` }));
  }
}

function showTrace(figure) {
  const { trace } = figure;
  figure.known = new Map(trace.rows.map((each) => [each.name, each]));
  figure.origin.textContent = figure.text ? "Computed by this figure." : figure.data.recorded.origin;
  figure.readouts = {
    y: readout("y", "y ="), tangent: readout("tangent", "tangent of y ="),
    gradients: Array.from({ length: trace.inputs }, (_, at) => readout(`gradient${at + 1}`, `∂y/∂${readable(trace.rows[at].expression)} =`)),
  };
  figure.results.replaceChildren(figure.readouts.y, figure.readouts.tangent, ...figure.readouts.gradients);
  figure.picture = tracePicture(trace);
  figure.graph.replaceChildren(figure.picture.element);
  figure.picture.element.style.maxHeight = TALLEST_TABLE;
  figure.picture.element.style.overflowY = "auto";
  showPass(figure);
}

function tracePicture({ rows }) {
  const shapes = [], edges = [], names = new Set(rows.map((each) => each.name));
  for (const each of rows) {
    shapes.push({ key: each.name, kind: "variable", noted: 9,
      label: readable(each.operation ? each.name : `${each.name} = ${each.expression}`) });
    if (!each.operation) continue;
    const box = `op ${each.name}`;
    shapes.push({ key: box, kind: "operation", label: signOf(each) });
    const operands = [...new Set(each.operands)].filter((name) => names.has(name));
    edges.push(...operands.map((name) => [name, box]), [box, each.name]);
  }
  const sentences = rows.map((each) => readable(`${each.name} = ${each.expression}`));
  return graphPicture({ shapes, edges, label: `Computational graph: ${sentences.join("; ")}` });
}

// What stands in an operation's box: +, ln, a power with its exponent.
function signOf({ operation, operands }) {
  const signs = { add: "+", sub: "\u2212", neg: "\u2212", mul: "\u00d7", div: "\u00f7", log: "ln" };
  if (operation === "pow") return /^v/.test(operands[1]) ? "a^b" : `( )^${operands[1]}`.replaceAll("-", "\u2212");
  return signs[operation] ?? operation;
}

function showPass(figure) {
  showInputs(figure);
  const count = figure.pass === "adjoints" ? figure.trace.steps.length : figure.trace.rows.length;
  figure.steps.set(figure.at[figure.pass], count);
  goTo(figure, figure.at[figure.pass]);
}

// The fields of the point or the seed; kept while they are the same, so that none loses the focus.
function showInputs(figure) {
  const kind = `${figure.pass === "tangents"} ${figure.trace.inputs} ${Boolean(figure.text)}`;
  if (figure.inputs.dataset.kind === kind) return;
  figure.inputs.dataset.kind = kind;
  const fields = figure.trace.rows.slice(0, figure.trace.inputs).map((each, at) => {
    if (figure.pass === "tangents") {
      return field({ label: `seed of ${each.expression}`, kind: "number", value: figure.seed[at], onchange: (x) => {
        if (Number.isFinite(x)) { figure.seed[at] = x; goTo(figure, figure.at.tangents); }
      } });
    }
    return figure.text ? field({ label: `x${at + 1}`, kind: "number", value: figure.point[at], onchange: (x) =>
      tryOut(figure, { point: Object.assign([...figure.point], { [at]: x }) }) }) : null;
  });
  figure.inputs.replaceChildren(...fields.filter(Boolean));
}

function goTo(figure, at) {
  const { pass, trace } = figure;
  figure.at[pass] = at;
  figure.reached[pass] = Math.max(figure.reached[pass], at);
  const tangents = new Map(trace.rows.map((each, index) =>
    [each.name, trace.tangents.reduce((sum, column, input) => sum + column[index] * figure.seed[input], 0)]));
  const shown = pass === "adjoints" ? adjointView(figure, at) : pass === "tangents" ? tangentView(figure, at, tangents) : valueView(figure, at);
  showRows(figure, shown);
  for (const each of trace.rows) figure.picture.note(each.name, shown.notes.get(each.name) ?? "");
  figure.picture.mark(shown.marked, shown.ways, pass === "adjoints");
  if (shown.current >= 0) keepInView(figure.picture.element, figure.picture.shape(trace.rows[shown.current].name));
  figure.line.textContent = shown.line || "Press Next: each step is one line.";
  showResults(figure, tangents);
}

// A pass that goes down the rows: what is filled so far, and the sentence of the row that was filled last.
function downTo(figure, at, text) {
  const { rows } = figure.trace;
  const row = rows[at - 1];
  const box = row && `op ${row.name}`;
  const operands = row?.operation ? row.operands.filter((name) => figure.known.has(name)) : [];
  return {
    current: at - 1, notes: new Map(rows.slice(0, at).map((each) => [each.name, text(each)])),
    marked: new Set(row ? [row.name, ...(row.operation ? [box] : [])] : []),
    ways: new Set([...operands.map((name) => `${name}>${box}`), `${box}>${row?.name}`]),
  };
}

function valueView(figure, at) {
  const row = figure.trace.rows[at - 1];
  const numbers = row?.operation ? ` = ${readable(inNumbers(row, figure.known))}` : "";
  const line = row ? `${readable(`${row.name} = ${row.expression}`)}${numbers} = ${number(row.value)}` : "";
  return { ...downTo(figure, at, (each) => number(each.value)), line, header: null };
}

function tangentView(figure, at, tangents) {
  const row = figure.trace.rows[at - 1];
  let line = "";
  if (row && !row.operation) line = `${readable(`d${row.name}`)} = ${number(tangents.get(row.name))}, the seed`;
  if (row?.operation) {
    const { rule, numbers } = tangentRule(row, tangents, figure.known);
    line = [readable(`d${row.name}`), readable(rule), readable(numbers), number(tangents.get(row.name))].filter(Boolean).join(" = ");
  }
  return { ...downTo(figure, at, (each) => number(tangents.get(each.name))), line, header: "tangent" };
}

function adjointView(figure, at) {
  const { rows, steps } = figure.trace;
  const arrived = new Map(), notes = new Map();
  for (const step of steps.slice(0, at)) {
    arrived.set(step.name, [...(arrived.get(step.name) ?? []), step.contribution]);
    notes.set(step.name, number(step.adjoint));
  }
  const sums = new Map([...arrived].map(([name, parts]) => [name, parts.length === 1 ? number(parts[0]) : sumOf(parts, notes.get(name))]));
  const step = steps[at - 1];
  const box = step && `op ${step.source}`;
  return {
    current: step ? rows.findIndex((each) => each.name === step.name) : -1, notes, sums, header: "adjoint",
    marked: new Set(step ? [step.name, ...(step.source ? [box] : [])] : []),
    ways: new Set(step ? [`${step.name}>${box}`, `${box}>${step.source}`] : []),
    line: step ? adjointLine(step, arrived.get(step.name).length) : "",
  };
}

// Several contributions and what they come to: "5 + 0.5 = 5.500000".
function sumOf(parts, total) {
  const terms = totalOf(parts.map(shortNumber)).replaceAll("-", "\u2212");
  return h("span", {}, `${terms} `, h("span", { style: "white-space: nowrap", text: `= ${total}` }));
}

function adjointLine(step, count) {
  const name = readable(`bar ${step.name}`);
  if (!step.source) return `${name} = ${number(step.contribution)}, the seed: y reacts to itself one to one`;
  const parts = [`${name} ${count > 1 ? "+=" : "="} ${readable(step.rule)}`, readable(step.numbers), number(step.contribution)];
  const sum = count > 1 ? `; with what was there: ${number(step.adjoint)}` : "";
  return parts.filter(Boolean).join(" = ") + sum;
}

function showRows(figure, { current, notes, sums = notes, header }) {
  const { rows } = figure.trace;
  const valuesKnown = header ? rows.length : figure.at.values;
  const cells = rows.map((each, at) => [readable(each.name), readable(each.expression),
    at < valuesKnown ? number(each.value) : "", ...(header ? [sums.get(each.name) ?? ""] : [])]);
  const made = table(["line", "expression", "value", ...(header ? [header] : [])], cells, { current, caption: "The lines of the program" });
  const before = figure.rows.firstChild;
  const places = before ? [before.scrollLeft, before.scrollTop] : [0, 0];
  for (const cell of made.querySelectorAll("th, td")) cell.style.padding = "0.2rem 0.35rem";
  made.style.maxHeight = TALLEST_TABLE;
  made.style.overflowY = "auto";
  figure.rows.replaceChildren(made);
  [made.scrollLeft, made.scrollTop] = places;
  keepInView(made, made.querySelector("[aria-current]"));
}

// Scrolls the box, and only the box, until the part is in it.
function keepInView(box, part) {
  if (!part) return;
  const [frame, place] = [box.getBoundingClientRect(), part.getBoundingClientRect()];
  if (place.top < frame.top) box.scrollTop += place.top - frame.top;
  if (place.bottom > frame.bottom) box.scrollTop += place.bottom - frame.bottom;
  if (place.left < frame.left) box.scrollLeft += place.left - frame.left;
  if (place.right > frame.right) box.scrollLeft += place.right - frame.right;
}

// A result is shown once its pass has come to the end.
function showResults(figure, tangents) {
  const { trace, reached, readouts } = figure;
  const waiting = "\u2026";
  const finished = figure.pass !== "values" || reached.values === trace.rows.length;
  readouts.y.set(finished ? number(figure.known.get(trace.result).value) : waiting);
  readouts.tangent.set(reached.tangents === trace.rows.length ? number(tangents.get(trace.result)) : waiting);
  const sent = reached.adjoints === trace.steps.length;
  readouts.gradients.forEach((each, at) => {
    const last = trace.steps.filter((step) => step.name === trace.rows[at].name).pop();
    each.set(sent ? number(last?.adjoint ?? 0) : waiting);
  });
}
