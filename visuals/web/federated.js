// Federated averaging: four phases a round, with the numbers of a recorded run.

const PHASES = [
  { words: "The server sends the model to every member.", out: true, moves: true },
  { words: "Each member trains it on its own examples. Nothing is sent.", moves: false },
  { words: "Each member sends the changed model back. The examples stay.", out: false, moves: true },
  { words: "The server averages the models, each weighted by its number of examples.", moves: false },
];

const BOX = { width: 130, height: 60, gap: 10 };

function federation(members, phase, accuracy) {
  const width = 346, height = 8 + members.length * (BOX.height + BOX.gap);
  const middle = (height - BOX.height) / 2;
  const box = (x, y, lines, busy) => [
    s("rect", { class: `line ${busy ? "mark" : "soft"}`, x, y, width: BOX.width, height: BOX.height, rx: 5 }),
    lines.map((text, k) => s("text", { "text-anchor": "middle", class: k ? "small" : "strong", x: x + BOX.width / 2, y: y + 18 + 16 * k, text })),
  ];
  const right = width - BOX.width - 4;
  const tops = members.map((_, k) => 4 + k * (BOX.height + BOX.gap));
  const arrows = phase?.moves ? tops.map((y) => {
    const server = [BOX.width + 10, middle + BOX.height / 2], member = [right - 6, y + BOX.height / 2];
    const [from, to] = phase.out ? [server, member] : [member, server];
    return s("line", { class: "line accent2 thick", x1: from[0], y1: from[1], x2: to[0], y2: to[1], "marker-end": "url(#model)" });
  }) : [];
  const head = s("marker", { id: "model", viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 5, markerHeight: 5, orient: "auto" },
    s("path", { class: "fill accent2", d: "M0 0 L10 5 L0 10 z" }));
  const averaging = phase === PHASES[3], training = phase === PHASES[1];
  return drawing({ width, height, label: phase ? phase.words : "The server has a model; the members have examples." },
    s("defs", {}, head), arrows,
    box(4, middle, ["server", "its model:", `${number(100 * accuracy, 1)} % right`], averaging),
    members.map((member, k) => box(right, tops[k], [member.name, `${member.examples} examples`, member.holds], training)));
}

function draw(stage, { members, accuracies, modelBytes }) {
  const rounds = accuracies.length - 1;
  const picture = h("div", {}), sentence = h("p", {});
  const accuracy = readout("accuracy", "shared model, right on unseen images:");
  const crossed = readout("crossed", "models over the line:");
  const data = readout("data", "examples over the line:", `0 of ${members.reduce((bytes, member) => bytes + member.bytes, 0)} bytes`);
  const best = Math.max(...members.map((member) => member.alone));
  const steps = stepper({ count: 4 * rounds, label: "phase", onstep: show });
  const plot = axes({ width: 340, height: 200, x: [0, rounds], y: [0, 1], xlabel: "round", ylabel: "share right" });

  function show(at) {
    const done = Math.floor(at / 4);
    const phase = at === 0 ? null : PHASES[(at - 1) % 4];
    const models = members.length * (2 * done + (at % 4 >= 1 ? 1 : 0) + (at % 4 >= 3 ? 1 : 0));
    picture.replaceChildren(federation(members, phase, accuracies[done]));
    sentence.textContent = at === 0 ? "The server has a model that knows nothing. The members have examples."
      : `Round ${Math.ceil(at / 4)}: ${phase.words}`;
    accuracy.set(`${number(100 * accuracies[done], 1)} %`);
    crossed.set(`${models} models, ${models * modelBytes} bytes`);
    plot.clear();
    plot.line([[0, best], [rounds, best]], "muted dash");
    plot.text(rounds * 0.3, best, "best member alone", "muted");
    plot.line(accuracies.slice(0, done + 1).map((each, k) => [k, each]), "accent thick");
    plot.dot(done, accuracies[done], "accent");
    announce(stage, sentence.textContent);
  }

  stage.append(steps, sentence, h("div", { class: "columns" }, picture, plot.svg), h("div", {}, accuracy, crossed, data));
  show(0);
}
