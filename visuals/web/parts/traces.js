// The three passes over a program: values, tangents, adjoints; with the rules in names and in numbers.

const UNWRITTEN = "\u2202";

// The trace of an expression at a point, in the form in which a recorded run comes: rows with
// values, for each input the tangents of its own seed, and the steps of the backward pass.
function traceOf(text, point) {
  const { inputs, rows, result } = programOf(text);
  const known = new Map();
  rows.forEach((row, at) => {
    row.value = at < inputs ? point[at] : OPERATIONS[row.operation].value(...operandValues(row, known));
    if (!Number.isFinite(row.value)) {
      throw new Error(`At this point ${readable(`${row.name} = ${row.expression}`)} is not a finite number.`);
    }
    known.set(row.name, row);
  });
  const tangents = Array.from({ length: inputs }, (_, input) => tangentsOf(rows, known, inputs, input));
  const steps = adjointSteps(rows, known, result);
  const endless = steps.find((step) => !Number.isFinite(step.adjoint));
  if (endless) throw new Error(`At this point ${readable(endless.rule)}, sent to ${readable(endless.name)}, is not a finite number.`);
  return { inputs, rows, result, tangents, steps };
}

function operandValues(row, known) {
  return row.operands.map((name, at) => known.get(name)?.value ?? row.constants[at]);
}

function slopeOf(row, position, known) {
  return OPERATIONS[row.operation].slopes[position](...operandValues(row, known), row.value);
}

function tangentsOf(rows, known, inputs, input) {
  const tangents = new Map();
  rows.forEach((row, at) => {
    const terms = row.operands.map((name, position) => (known.has(name) ? tangents.get(name) * slopeOf(row, position, known) : 0));
    tangents.set(row.name, at < inputs ? Number(at === input) : terms.reduce((sum, term) => sum + term, 0));
  });
  return rows.map((row) => tangents.get(row.name));
}

function adjointSteps(rows, known, result) {
  const adjoints = new Map(), steps = [];
  const arrive = (name, source, rule, numbers, contribution) => {
    adjoints.set(name, (adjoints.get(name) ?? 0) + contribution);
    steps.push({ name, source, rule, numbers, contribution, adjoint: adjoints.get(name) });
  };
  arrive(result, "", "seed", "", 1);
  for (const row of [...rows].reverse()) {
    if (!row.operation || !adjoints.has(row.name)) continue;
    row.operands.forEach((name, position) => {
      if (!known.has(name)) return;
      const { rule, numbers } = ruleOf(row, position, `bar ${row.name}`, adjoints.get(row.name), known);
      arrive(name, row.name, rule, numbers, adjoints.get(row.name) * slopeOf(row, position, known));
    });
  }
  return steps;
}

// A factor times the derivative of a row by one operand: in names, and in numbers where it is written.
function ruleOf(row, position, factor, factorValue, known) {
  const template = OPERATIONS[row.operation]?.rules[position];
  if (template === undefined) return { rule: `${factor} * ${UNWRITTEN}${row.name}/${UNWRITTEN}${row.operands[position]}`, numbers: "" };
  const numbers = numbersOf(row, known).map(bracketed);
  return {
    rule: productOf(factor, filled(template, row.operands, row.name)),
    numbers: productOf(shortNumber(factorValue), filled(template, numbers, bracketed(shortNumber(row.value)))),
  };
}

// The tangent of a row for any seed, in names and in numbers.
function tangentRule(row, tangents, known) {
  const terms = row.operands.flatMap((name, position) =>
    (known.has(name) ? [ruleOf(row, position, `d${name}`, tangents.get(name), known)] : []));
  return { rule: totalOf(terms.map((term) => term.rule)), numbers: terms.every((term) => term.numbers) ? totalOf(terms.map((term) => term.numbers)) : "" };
}

function productOf(factor, local) {
  if (local === "1") return factor;
  if (local === "-1") return factor.startsWith("-") ? `-(${factor})` : `-${factor}`;
  if (local.startsWith("1 / ")) return `${factor} / ${bracketed(local.slice(4))}`;
  return `${factor} * ${bracketed(local)}`;
}

function bracketed(text) {
  return text.startsWith("-") ? `(${text})` : text;
}

function totalOf(terms) {
  return terms.reduce((text, term) => (term.startsWith("-") ? `${text} - ${term.slice(1)}` : `${text} + ${term}`));
}

// A row with its operands' numbers put in: "0.693147 + 10".
function inNumbers(row, known) {
  const template = OPERATIONS[row.operation]?.text;
  const numbers = numbersOf(row, known);
  if (template === undefined) return `${row.operation}(${numbers.join(", ")})`;
  const first = template.startsWith("{a} ") ? numbers[0] : bracketed(numbers[0]);
  return filled(template, [first, bracketed(numbers[1] ?? "")], "");
}

function numbersOf(row, known) {
  return row.operands.map((name) => (known.has(name) ? shortNumber(known.get(name).value) : name));
}

const LOWERED = Object.fromEntries([..."0123456789"].map((digit, at) => [digit, String.fromCodePoint(0x2080 + at)]).concat([["-", "\u208b"]]));

// Names as one writes them: v-1 with its index lowered, a tangent dotted, an adjoint barred.
function readable(text) {
  const lowered = (digits) => [...digits].map((digit) => LOWERED[digit]).join("");
  return text
    .replace(/\bbar (v)(-?\d+)/g, (_, letter, digits) => `${letter}\u0304${lowered(digits)}`)
    .replace(/\bd(v)(-?\d+)\b/g, (_, letter, digits) => `${letter}\u0307${lowered(digits)}`)
    .replace(/\b([vx])(-?\d+)\b/g, (_, letter, digits) => `${letter}${lowered(digits)}`)
    .replaceAll(" * ", " \u00b7 ").replaceAll(" - ", " \u2212 ")
    .replace(/(^|[\s(=])-(?=[\dv(.])/g, "$1\u2212").replaceAll("^2", "\u00b2");
}
