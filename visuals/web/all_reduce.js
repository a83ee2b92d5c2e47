// A ring all-reduce: n − 1 steps that add, n − 1 steps that hand on.

// The state before each step: who holds what, and what is sent next.
function ringStates(gradients) {
  const n = gradients.length;
  const held = gradients.map((numbers, worker) => numbers.slice(0, n).map((value) => ({ sum: value, from: [worker] })));
  const states = [];
  for (let step = 0; step < 2 * (n - 1); step++) {
    const adding = step < n - 1;
    const turn = adding ? step : step - (n - 1);
    const sends = held.map((parts, worker) => {
      const part = (worker - turn + (adding ? 0 : 1) + 2 * n) % n;
      return { worker, to: (worker + 1) % n, part, ...parts[part] };
    });
    states.push({ held: held.map((parts) => [...parts]), sends, adding });
    for (const { to, part, sum, from } of sends) {
      const own = held[to][part];
      held[to][part] = adding ? { sum: own.sum + sum, from: [...from, ...own.from].sort() } : { sum, from };
    }
  }
  states.push({ held: held.map((parts) => [...parts]), sends: [], adding: false });
  return states;
}

function ringPicture(n, sends) {
  const width = 340, height = 250, radius = 88;
  const place = (worker) => {
    const turn = (worker / n) * 2 * Math.PI - Math.PI / 2;
    return [width / 2 + radius * Math.cos(turn), height / 2 + radius * Math.sin(turn)];
  };
  const arrows = sends.map(({ worker, to, part }) => {
    const [x1, y1] = place(worker), [x2, y2] = place(to);
    const length = Math.hypot(x2 - x1, y2 - y1);
    const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
    // Two workers send both ways at once: each arrow keeps to its right.
    const [ox, oy] = n === 2 ? [-uy * 16, ux * 16] : [0, 0];
    const from = [x1 + 26 * ux + ox, y1 + 26 * uy + oy], end = [x2 - 28 * ux + ox, y2 - 28 * uy + oy];
    return [
      s("line", { class: "line accent2 thick", x1: from[0], y1: from[1], x2: end[0], y2: end[1], "marker-end": "url(#sent)" }),
      s("text", { class: "accent2 strong", "text-anchor": "middle", x: (from[0] + end[0]) / 2 + (n === 2 ? ox : 22 * uy),
        y: (from[1] + end[1]) / 2 + (n === 2 ? oy : -22 * ux) + 4, text: `part ${part}` }),
    ];
  });
  const workers = Array.from({ length: n }, (_, worker) => {
    const [x, y] = place(worker);
    return [s("circle", { class: "line paper", cx: x, cy: y, r: 22 }),
      s("text", { class: "strong", "text-anchor": "middle", x, y: y + 5, text: String(worker) })];
  });
  const head = s("marker", { id: "sent", viewBox: "0 0 10 10", refX: 8, refY: 5, markerWidth: 6, markerHeight: 6, orient: "auto" },
    s("path", { class: "fill accent2", d: "M0 0 L10 5 L0 10 z" }));
  const label = sends.length ? sends.map(({ worker, to, part }) => `worker ${worker} sends part ${part} to worker ${to}`).join("; ")
    : "nothing is sent any more";
  return drawing({ width, height, label }, s("defs", {}, head), arrows, workers);
}

// So many decimals that the largest number has three digits that count.
function threeDigits(numbers) {
  const largest = Math.max(...numbers.map(Math.abs));
  return largest > 0 ? Math.max(0, Math.min(9, 2 - Math.floor(Math.log10(largest)))) : 0;
}

function draw(stage, { gradients }) {
  let count = Math.min(4, gradients.length), states = [], at = 0;
  const digits = gradients.flat().every(Number.isInteger) ? 0 : threeDigits(gradients.flat());
  const sentence = h("p", {});
  const picture = h("div", {}), holdings = h("div", {});
  const sent = readout("sent", "sent by each worker so far, in parts of the whole:");
  const first = readout("first", "worker 0, part 0, divided by the workers in it:");
  const steps = stepper({ count: 1, onstep: (to) => { at = to; show(); } });
  const workers = slider({ label: "workers", min: 2, max: gradients.length, value: count, oninput: (n) => { count = n; start(); } });

  function start() {
    states = ringStates(gradients.slice(0, count).map((numbers) => numbers.slice(0, count)));
    at = 0;
    steps.set(0, states.length - 1);
    show();
  }

  function show() {
    const { held, sends, adding } = states[at];
    picture.replaceChildren(ringPicture(count, sends));
    const cell = ({ sum, from }) => h("span", { class: from.length === count ? "good" : "" },
      number(sum, digits), h("span", { class: "muted", style: "display: block", text: `from\u00a0${from.join("+")}` }));
    holdings.replaceChildren(table(["worker", ...held.map((_, part) => `part ${part}`)],
      held.map((parts, worker) => [`worker\u00a0${worker}`, ...parts.map(cell)]), { caption: "The sums that each worker holds" }));
    sent.set(`${at} × 1/${count} = ${number(at / count, 2)}`);
    first.set(number(held[0][0].sum / held[0][0].from.length, digits + 2));
    sentence.textContent = !sends.length ? "Every part is complete everywhere. Each worker divides by the number of workers: that is the mean."
      : adding ? "Adding: every worker sends one part to the right, and the neighbor adds it to its own."
        : "Handing on: every worker sends a complete part to the right, and the neighbor keeps it.";
    announce(stage, sentence.textContent);
  }

  stage.append(row(workers), steps, sentence, picture, holdings, sent, first);
  start();
}
