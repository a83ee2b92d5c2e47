// The dtype of a result: two operands to choose, and the rule that decided.

const CATEGORIES = ["bool", "integer", "float"];

function draw(stage, data) {
  const chosen = { a: { kind: data.kinds[0], dtype: "int8" }, b: { kind: data.kinds[2], dtype: "float64" } };
  const menus = { a: h("div", { class: "row" }), b: h("div", { class: "row" }) };
  const answer = readout("result", "result");
  const why = h("p", { dataset: { read: "why" } });
  const place = h("div", {});
  const swap = button("Exchange a and b", () => { [chosen.a, chosen.b] = [chosen.b, chosen.a]; furnishMenus(); show(); });

  const said = (kind, dtype) => kind === data.kinds[2] ? data.words[dtype] : dtype;

  function furnishMenus() {
    for (const name of ["a", "b"]) {
      const one = chosen[name];
      if (!data.dtypes[one.kind].includes(one.dtype)) one.dtype = data.dtypes[one.kind].at(-1);
      menus[name].replaceChildren(
        choice({ label: `${name} is a`, options: data.kinds.map((kind) => [kind, kind]), value: one.kind,
          onchange: (kind) => { one.kind = kind; furnishMenus(); show(); } }),
        choice({ label: one.kind === data.kinds[2] ? `the number ${name}` : `dtype of ${name}`,
          options: data.dtypes[one.kind].map((dtype) => [dtype, said(one.kind, dtype)]), value: one.dtype,
          onchange: (dtype) => { one.dtype = dtype; show(); } }));
    }
  }

  function show() {
    const { a, b } = chosen;
    const answers = data.answers[`${a.kind}|${b.kind}`];
    const result = answers[`${a.dtype}|${b.dtype}`];
    answer.set(result);
    why.textContent = reason(data, a, b, result);
    const columns = data.dtypes[b.kind];
    const rows = data.dtypes[a.kind].map((x) => [h("strong", { text: said(a.kind, x) }),
      ...columns.map((y) => h("span", { class: x === a.dtype && y === b.dtype ? "mark accent2 value" : x === a.dtype || y === b.dtype ? "soft" : "",
        "aria-current": x === a.dtype && y === b.dtype ? "true" : null,
        text: x === a.dtype && y === b.dtype ? `\u25b8 ${answers[`${x}|${y}`]}` : answers[`${x}|${y}`] }))]);
    place.replaceChildren(table(["a \\ b", ...columns.map((y) => said(b.kind, y))], rows,
      { caption: `Rows: a, a ${a.kind}. Columns: b, a ${b.kind}.` }));
    announce(stage, `The result is ${result}. ${why.textContent}`);
  }

  stage.append(menus.a, menus.b, row(swap, answer), why, place);
  furnishMenus();
  show();
}

function category(dtype) {
  return dtype === "bool" ? 0 : dtype.startsWith("float") ? 2 : 1;
}

function reason(data, a, b, result) {
  const rank = (one) => data.kinds.indexOf(one.kind);
  const [ca, cb] = [category(a.dtype), category(b.dtype)];
  if (rank(a) !== rank(b)) {
    const [upper, lower] = rank(a) < rank(b) ? [a, b] : [b, a];
    const [names, other] = upper === a ? ["a", "b"] : ["b", "a"];
    if (category(lower.dtype) <= category(upper.dtype)) {
      return `${names} counts first, and the category of ${other} (${CATEGORIES[category(lower.dtype)]}) is not higher: ${result} stays.`;
    }
    const brought = rank(lower) === 2 && category(lower.dtype) === 2 ? `a Python float brings the default, ${data.default}` : `its dtype ${result} is taken`;
    return `${names} counts first, but the category of ${other} is higher (${CATEGORIES[category(lower.dtype)]}): ${brought}.`;
  }
  if (rank(a) === 2 && Math.max(ca, cb) === 2) return `Two numbers, one of them a float: the default, ${data.default}.`;
  if (ca !== cb) return `Both count alike. The higher category wins: ${CATEGORIES[Math.max(ca, cb)]}, so ${result}.`;
  if (a.dtype === b.dtype) return "Both have the same dtype.";
  if (result !== a.dtype && result !== b.dtype) return `Neither holds all values of both, so the next larger one does: ${result}.`;
  return `Both count alike and are of one category. The larger one wins: ${result}.`;
}
