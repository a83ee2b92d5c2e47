// Formulas in x and y: parsed once, then evaluated together with their gradient in forward mode.
// A number on the way is a triple: value, derivative by x, derivative by y.

const FUNCTIONS = {
  sin: ([v, ...d]) => chain(Math.sin(v), Math.cos(v), d),
  cos: ([v, ...d]) => chain(Math.cos(v), -Math.sin(v), d),
  exp: ([v, ...d]) => chain(Math.exp(v), Math.exp(v), d),
  log: ([v, ...d]) => chain(Math.log(v), 1 / v, d),
  sqrt: ([v, ...d]) => chain(Math.sqrt(v), 0.5 / Math.sqrt(v), d),
};

const OPERATIONS = {
  "+": (a, b) => a.map((part, i) => part + b[i]),
  "-": (a, b) => a.map((part, i) => part - b[i]),
  "*": (a, b) => [a[0] * b[0], a[1] * b[0] + a[0] * b[1], a[2] * b[0] + a[0] * b[2]],
  "/": (a, b) => OPERATIONS["*"](a, chain(1 / b[0], -1 / (b[0] * b[0]), b.slice(1))),
};

function chain(value, slope, tangents) {
  return [value, ...tangents.map((tangent) => slope * tangent)];
}

function power(a, exponent) {
  if (exponent === 0) return [1, 0, 0];
  return chain(a[0] ** exponent, exponent * a[0] ** (exponent - 1), a.slice(1));
}

// A function of [x, y] that gives [value, by x, by y]; throws a sentence where it cannot be read.
function formula(text) {
  const tokens = text.match(/\d+\.?\d*(?:e[+-]?\d+)?|\.\d+|[a-z]+|\*\*|[-+*/^()]|\S/g) ?? [];
  let at = 0;
  const next = () => tokens[at];
  const take = (token) => next() === token && ((at += 1), true);

  function sum() {
    let left = product();
    while (next() === "+" || next() === "-") left = both(tokens[at++], left, product());
    return left;
  }

  function product() {
    let left = signed();
    while (next() === "*" || next() === "/") left = both(tokens[at++], left, signed());
    return left;
  }

  function signed() {
    if (take("-")) return both("*", () => [-1, 0, 0], signed());
    if (take("+")) return signed();
    const base = atom();
    if (!take("**") && !take("^")) return base;
    const exponent = signed();
    const constant = exponent([NaN, NaN])[0];
    if (Number.isNaN(constant)) throw new Error("An exponent must be a number.");
    return (point) => power(base(point), constant);
  }

  function atom() {
    const token = next();
    at += 1;
    if (token === "(") return closed(sum());
    if (token === "x") return ([x]) => [x, 1, 0];
    if (token === "y") return ([, y]) => [y, 0, 1];
    if (Object.hasOwn(FUNCTIONS, token ?? "")) {
      if (!take("(")) throw new Error(`${token} needs a parenthesis after it.`);
      const inner = closed(sum());
      return (point) => FUNCTIONS[token](inner(point));
    }
    if (/^[\d.]/.test(token ?? "")) return () => [Number(token), 0, 0];
    if (token === undefined) throw new Error("The formula ends too early.");
    throw new Error(`There is no “${token}” here: use x, y, + − * / **, sin cos exp log sqrt.`);
  }

  function closed(inner) {
    if (!take(")")) throw new Error("A parenthesis is not closed.");
    return inner;
  }

  function both(sign, left, right) {
    return (point) => OPERATIONS[sign](left(point), right(point));
  }

  const whole = sum();
  if (at < tokens.length) throw new Error(`“${next()}” is one too many.`);
  return whole;
}
