// A recorded graph: its nodes one by one, and the order in which a backward pass visits them.

function draw(stage, { nodes, order }) {
  const users = nodes.map((_, at) => nodes.flatMap((node, user) => node.next.filter((to) => to === at).map(() => user)));
  const visit = new Map(order.map((at, step) => [at, step + 1]));
  const key = (at) => `node ${at}`;
  const picture = graphPicture({
    shapes: nodes.map((node, at) => ({ key: key(at), label: node.title, kind: node.leaf ? "variable" : "operation", noted: 10 })),
    edges: [...new Set(nodes.flatMap((node, at) => node.next.filter((to) => to !== null).map((to) => `${at}>${to}`)))]
      .map((edge) => edge.split(">").map((at) => key(Number(at)))),
    label: `Backward graph of ${nodes.length} nodes, from ${nodes[order[0]].title} on top to the leaves below`,
  });
  picture.element.style.maxHeight = "32rem";
  picture.element.style.overflowY = "auto";
  const says = h("output", { class: "value", dataset: { read: "says" } });
  const reads = { visited: readout("visited", "visited:"), ready: readout("ready", "ready:"), chosen: readout("node", "node:"),
    users: readout("users", "users:"), left: readout("left", "of them still to come:") };
  for (const each of [reads.ready, reads.users]) each.style.whiteSpace = "normal";
  const details = h("div", {});
  const steps = stepper({ count: order.length, label: "visit", onstep: (to) => { step = to; if (to) chosen = order[to - 1]; show(); } });
  const select = choice({ label: "look at", options: order.map((at) => [at, nodes[at].title]), value: order[0],
    onchange: (at) => { chosen = Number(at); show(); } });
  let step = 0, chosen = order[0];

  nodes.forEach((_, at) => {
    for (const event of ["pointerenter", "click"]) {
      picture.shape(key(at)).addEventListener(event, () => { chosen = at; show(); });
    }
  });

  function show() {
    const done = new Set(order.slice(0, step));
    const left = users.map((each) => each.filter((user) => !done.has(user)).length);
    const ready = order.filter((at) => !done.has(at) && left[at] === 0);
    const now = step ? order[step - 1] : null;
    nodes.forEach((_, at) => picture.note(key(at), done.has(at) ? `visited ${visit.get(at)}` : left[at] ? `${left[at]} to come` : "ready"));
    picture.dotted(new Set([...done].map(key)));
    const sent = now === null ? [] : nodes[now].next.filter((to) => to !== null);
    picture.mark(new Set([key(chosen)]), new Set(sent.map((to) => `${key(now)}>${key(to)}`)));
    says.textContent = now === null ? "Nothing is visited yet. The gradient of the last result waits at the top." : sentence(nodes, now, left);
    reads.visited.set(`${step} of ${order.length}`);
    reads.ready.set(ready.map((at) => nodes[at].title).join(", ") || "none");
    select.set(chosen);
    reads.chosen.set(nodes[chosen].title);
    reads.users.set(users[chosen].map((at) => nodes[at].title).join(", ") || "none, it is the last result's");
    reads.left.set(left[chosen]);
    details.replaceChildren(about(nodes, chosen));
  }

  stage.append(steps, h("p", {}, says), row(reads.visited, reads.ready),
    h("div", { class: "columns" }, picture.element, h("div", { style: "display: grid; gap: 0.4rem; align-content: start" }, select, row(reads.chosen, reads.users, reads.left), details)));
  show();
}

// What a visit does: to whom it sends, and who has everything now.
function sentence(nodes, now, left) {
  const { title, leaf, next } = nodes[now];
  if (leaf) return `${title.replace(".grad", "")} is a leaf: what has arrived is added to ${title}.`;
  const targets = [...new Set(next.filter((to) => to !== null))];
  const told = targets.map((to) => {
    const times = next.filter((each) => each === to).length;
    const state = left[to] ? `which waits for ${left[to]} more` : "which now has everything";
    return `${nodes[to].title}${times > 1 ? ` (${times} shares)` : ""}, ${state}`;
  });
  return `${title} runs once and sends to ${told.join("; and to ")}.`;
}

function about(nodes, at) {
  const { saved, next, leaf } = nodes[at];
  const followers = next.map((to, slot) => [`next function ${slot + 1}`, to === null ? "None: no gradient is needed there" : nodes[to].title]);
  const kept = saved === null ? [["saved", "freed by a backward pass"]]
    : saved.length ? saved.map(([name, what]) => [`saved: ${name}`, what]) : [["saved", leaf ? "nothing; it knows its leaf" : "nothing"]];
  return table(["what", "which"], [...kept, ...followers], { caption: nodes[at].title });
}
