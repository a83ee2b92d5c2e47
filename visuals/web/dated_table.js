// A table of dated statements under a slider of years.

const NOT_YET = "–";
const LONG_NAME = 15;

function draw(stage, { rows, columns, first, now, start, statements }) {
  let year = start;
  const valid = (r, c, by) => statements
    .filter(([at, column, since]) => at === r && column === c && since <= by)
    .reduce((best, each) => (best === null || each[2] >= best[2] ? each : best), null);
  const years = slider({ label: "year", min: first, max: now, value: year, oninput: (x) => { year = x; show(); } });
  const today = checkbox({ label: `beside it: ${now}`, checked: true, onchange: show });
  const asked = choice({ label: "sources of the row", value: "0", options: rows.map((name, at) => [String(at), name]), onchange: show });
  const changed = readout("changed", "cells that say something else today:");
  const shown = readout("year", "shown:");
  const place = h("div", {});
  const sources = h("div", {});
  const step = row(button("Earlier change", () => jump(-1)), button("Next change", () => jump(1)));

  function jump(direction) {
    const dates = [...new Set(statements.map(([, , since]) => since))].sort((a, b) => a - b);
    const to = direction > 0 ? dates.find((date) => date > year) : dates.reverse().find((date) => date < year);
    if (to === undefined) return;
    year = to;
    years.set(year);
    show();
  }

  function cell(said, other) {
    if (said === null) return h("span", { class: "muted", text: NOT_YET });
    const since = h("small", { class: "muted", text: `(${said[2]})` });
    return h("span", {}, breakable(said[3]), " ", since, other && other !== said ? h("strong", { class: "accent2", text: " changed" }) : null);
  }

  function show() {
    let count = 0;
    const beside = today.input.checked && year < now;
    const header = [""].concat(columns.flatMap((name) => (beside ? [`${name}, ${year}`, `${name}, ${now}`] : [`${name}, ${year}`])));
    const body = rows.map((name, r) => [h("strong", { text: name })].concat(columns.flatMap((_, c) => {
      const then = valid(r, c, year), latest = valid(r, c, now);
      if (then !== latest) count += 1;
      return beside ? [cell(then), cell(latest, then)] : [cell(then, latest)];
    })));
    place.replaceChildren(table(header, body, { caption: `As of ${year}`, current: Number(asked.input.value) }));
    const mine = statements.filter(([r]) => r === Number(asked.input.value)).sort((a, b) => a[2] - b[2]);
    sources.replaceChildren(h("p", {}, h("strong", { text: `Sources: ${rows[Number(asked.input.value)]}` })),
      h("ul", { style: "overflow-wrap: anywhere; padding-left: 1.2rem" }, mine.map(([, c, since, says, source]) => h("li", { text: `${since}, ${columns[c]}: ${says}. ${source}.` }))));
    shown.set(String(year));
    changed.set(String(count));
    announce(stage, `${year}: ${count} cells say something else today`);
  }

  stage.append(row(years, today), step, row(shown, changed), place, row(asked), sources);
  show();
}

// Long names may go on in the next line, after a dot or before a capital: four columns do not fit a page otherwise.
function breakable(text) {
  return text.split(" ").flatMap((word, at) => {
    const parts = word.length < LONG_NAME ? [word] : word.split(/(?<=[a-z]\.)(?=[a-z])|(?<=[a-z])(?=[A-Z])/);
    return [at ? " " : "", ...parts.flatMap((part, k) => (k ? [h("wbr"), part] : [part]))];
  });
}
