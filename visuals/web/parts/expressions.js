// Typed expressions: read once, then a program of one operation a line.

const FUNCTIONS_OF_ONE = { log: "log", ln: "log", exp: "exp", sin: "sin", cos: "cos", tanh: "tanh", sqrt: "sqrt" };
const MOST_OPERATIONS = 60;

// A trace needs, for each operation: its value, how it is written, and its derivative by each operand
// as a number and as text; `a` and `b` are the operands, `z` is the result.
const OPERATIONS = {
  neg: { text: "-{a}", value: (a) => -a, slopes: [() => -1], rules: ["-1"] },
  add: { text: "{a} + {b}", value: (a, b) => a + b, slopes: [() => 1, () => 1], rules: ["1", "1"] },
  sub: { text: "{a} - {b}", value: (a, b) => a - b, slopes: [() => 1, () => -1], rules: ["1", "-1"] },
  mul: { text: "{a} * {b}", value: (a, b) => a * b, slopes: [(a, b) => b, (a) => a], rules: ["{b}", "{a}"] },
  div: { text: "{a} / {b}", value: (a, b) => a / b, slopes: [(a, b) => 1 / b, (a, b, z) => -z / b], rules: ["1 / {b}", "(-{z} / {b})"] },
  log: { text: "ln {a}", value: Math.log, slopes: [(a) => 1 / a], rules: ["1 / {a}"] },
  exp: { text: "exp {a}", value: Math.exp, slopes: [(a, z) => z], rules: ["{z}"] },
  sin: { text: "sin {a}", value: Math.sin, slopes: [Math.cos], rules: ["cos {a}"] },
  cos: { text: "cos {a}", value: Math.cos, slopes: [(a) => -Math.sin(a)], rules: ["(-sin {a})"] },
  tanh: { text: "tanh {a}", value: Math.tanh, slopes: [(a, z) => 1 - z * z], rules: ["(1 - {z}^2)"] },
  sqrt: { text: "sqrt {a}", value: Math.sqrt, slopes: [(a, z) => 1 / (2 * z)], rules: ["1 / (2 * {z})"] },
  pow: { text: "{a}^{b}", value: (a, b) => a ** b, slopes: [(a, b) => b * a ** (b - 1), (a, b, z) => z * Math.log(a)],
    rules: ["{b} * {a}^({b} - 1)", "{z} * ln {a}"] },
};

// The lines of an expression: { inputs, rows: [{ name, operation, operands, constants, expression }] }.
// Throws an Error whose message is one sentence naming the place.
function programOf(text) {
  const tree = parsed(text);
  const order = [];
  let inputs = 0;
  const visit = (part) => {
    if ("input" in part) inputs = Math.max(inputs, part.input);
    if (!part.operation) return 0;
    part.level = 1 + Math.max(...part.operands.map(visit));
    order.push(part);
    return part.level;
  };
  visit(tree);
  if (!inputs) throw new Error("The expression uses none of x1, x2 … x9, so there is nothing to differentiate by.");
  if (order.length > MOST_OPERATIONS) {
    throw new Error(`The expression has ${order.length} operations; this figure shows ${MOST_OPERATIONS} at most.`);
  }
  order.sort((a, b) => a.level - b.level).forEach((part, at) => { part.name = `v${at + 1}`; });
  const named = (part) => part.name ?? ("input" in part ? `v${part.input - inputs}` : shortNumber(part.constant));
  const rows = Array.from({ length: inputs }, (_, at) => ({ name: `v${at + 1 - inputs}`, operation: "", operands: [], expression: `x${at + 1}` }));
  for (const part of order) {
    const operands = part.operands.map(named);
    const constants = part.operands.map((operand) => operand.constant ?? null);
    rows.push({ name: part.name, operation: part.operation, operands, constants, expression: written(part.operation, operands) });
  }
  return { inputs, rows, result: named(tree) };
}

function written(operation, operands) {
  return filled(OPERATIONS[operation].text, operands, "");
}

function filled(template, [a, b], z) {
  return template.replaceAll("{a}", a).replaceAll("{b}", b).replaceAll("{z}", z);
}

// As short as a number is read inside of a rule: 5, 0.693147.
function shortNumber(x) {
  return String(Number(x.toPrecision(6)));
}

// The expression as a tree: { operation, operands }, { input } or { constant }.
function parsed(text) {
  const tokens = tokensOf(text);
  let at = 0;
  const next = () => tokens[at];
  const take = (...signs) => (signs.includes(next().text) ? tokens[at++] : null);

  function sum() {
    let left = product();
    for (let sign = take("+", "-"); sign; sign = take("+", "-")) left = operation(sign.text === "+" ? "add" : "sub", left, product());
    return left;
  }

  function product() {
    let left = signed();
    for (let sign = take("*", "/"); sign; sign = take("*", "/")) left = operation(sign.text === "*" ? "mul" : "div", left, signed());
    return left;
  }

  function signed() {
    if (take("-")) return operation("neg", signed());
    if (take("+")) return signed();
    const base = atom();
    return take("**", "^") ? operation("pow", base, signed()) : base;
  }

  function atom() {
    const token = next();
    if (token.kind === "number") { at += 1; return { constant: Number(token.text) }; }
    if (token.kind === "name") { at += 1; return named(token); }
    if (take("(")) {
      const inside = sum();
      expect(")");
      return inside;
    }
    throw wrong(token, "a number, a name x1 … x9, a function or “(”");
  }

  function named(token) {
    const input = token.text.match(/^x([1-9])$/);
    if (input) return { input: Number(input[1]) };
    if (!Object.keys(FUNCTIONS_OF_ONE).includes(token.text)) {
      throw new Error(`At character ${token.at + 1}: “${token.text}” is none of x1 … x9 and none of ${Object.keys(FUNCTIONS_OF_ONE).join(", ")}.`);
    }
    expect("(");
    const inside = sum();
    expect(")");
    return operation(FUNCTIONS_OF_ONE[token.text], inside);
  }

  function expect(sign) {
    if (!take(sign)) throw wrong(next(), `“${sign}”`);
  }

  const tree = sum();
  if (next().kind !== "end") throw wrong(next(), "an operation or the end");
  return tree;
}

// Constants are worked out at once: only what depends on an input becomes a line.
function operation(name, ...operands) {
  if (operands.every((operand) => "constant" in operand)) {
    return { constant: OPERATIONS[name].value(...operands.map((operand) => operand.constant)) };
  }
  return { operation: name, operands };
}

function wrong(token, wanted) {
  const found = token.kind === "end" ? "the expression ends" : `there is “${token.text}”`;
  return new Error(`At character ${token.at + 1}: expected ${wanted}, but ${found}.`);
}

function tokensOf(text) {
  const pattern = /(?<number>\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<sign>\*\*|[-+*/^()])|(?<other>\S)/g;
  const tokens = [];
  for (const found of text.matchAll(pattern)) {
    const kind = Object.keys(found.groups).find((name) => found.groups[name] !== undefined);
    if (kind === "other") throw new Error(`At character ${found.index + 1}: “${found[0]}” has no meaning in an expression.`);
    tokens.push({ kind, text: found[0], at: found.index });
  }
  return [...tokens, { kind: "end", text: "", at: text.length }];
}
