// A recorded loop, line by line: where its tensors are, and what has crossed the link.

// The picture is as wide as it is; the program, whose lines are long, has the rest or a line of its own.
const BESIDE = { code: "1 1 480px", picture: "0 1 340px" };

function draw(stage, data) {
  let run = data.runs[0], at = 0;
  const which = choice({
    label: "loop", options: data.runs.map(({ name }, k) => [String(k), name]), value: "0",
    onchange: (k) => { run = data.runs[Number(k)]; at = 0; steps.set(0, run.steps.length); show(); },
  });
  const steps = stepper({ count: run.steps.length, onstep: (to) => { at = to; show(); } });
  const read = {
    copiesIn: readout("copies-in", "copies to the device:"), bytesIn: readout("bytes-in", "bytes:"),
    copiesOut: readout("copies-out", "copies back:"), bytesOut: readout("bytes-out", "bytes:"),
    kernels: readout("kernels", "kernels on the device:"),
  };
  const code = h("div", { style: `flex: ${BESIDE.code}` }), picture = h("div", { style: `flex: ${BESIDE.picture}` });
  const nothing = { line: -1, places: {}, counters: { copies_in: 0, bytes_in: 0, copies_out: 0, bytes_out: 0, kernels: 0 } };
  const after = (k) => (k ? run.steps[k - 1] : nothing);

  function show() {
    const now = after(at), before = after(Math.max(0, at - 1));
    read.copiesIn.set(now.counters.copies_in);
    read.bytesIn.set(grouped(now.counters.bytes_in));
    read.copiesOut.set(now.counters.copies_out);
    read.bytesOut.set(grouped(now.counters.bytes_out));
    read.kernels.set(now.counters.kernels);
    code.replaceChildren(listing(run.code, now.line));
    const moved = {
      in: now.counters.bytes_in - before.counters.bytes_in,
      out: now.counters.bytes_out - before.counters.bytes_out,
    };
    picture.replaceChildren(drawMemories(now.places, moved));
    announce(stage, moved.in || moved.out ? `${moved.in} bytes to the device, ${moved.out} bytes back` : "nothing crossed the link");
  }

  stage.append(row(which), row(steps), h("div", { class: "columns" }, code, picture),
    h("p", {}, read.copiesIn, read.bytesIn), h("p", {}, read.copiesOut, read.bytesOut), h("p", {}, read.kernels));
  show();
}

function grouped(x) {
  return String(x).replace(/\B(?=(\d{3})+$)/g, ",");
}

function listing(lines, current) {
  return scrolling("The loop; the line that has just run is marked", h("pre", {}, lines.map((text, k) =>
    h("div", { class: k === current ? "mark" : null, "aria-current": k === current ? "true" : null }, `${k === current ? "\u25b6" : " "} ${text}`))));
}

function drawMemories(places, moved) {
  const WIDTH = 340, box = 130, top = 28;
  const names = Object.entries(places);
  const here = names.filter(([, device]) => device === "cpu"), there = names.filter(([, device]) => device !== "cpu");
  const high = 14 + 22 * Math.max(5, here.length, there.length);
  const memory = (x, words, held) => [
    s("text", { class: "strong", x: x + box / 2, y: 18, "text-anchor": "middle", text: words }),
    s("rect", { class: "line paper", x, y: top, width: box, height: high }),
    held.map(([name], k) => s("text", { x: x + 8, y: top + 20 + 22 * k, text: name.length > 17 ? `${name.slice(0, 16)}\u2026` : name })),
  ];
  const middle = top + high / 2, left = box + 6, right = WIDTH - box - 6;
  const arrow = (y, from, to, bytes) => [
    s("line", { class: bytes ? "line thick accent2" : "line dots", x1: from, x2: to, y1: y, y2: y }),
    s("path", { class: bytes ? "fill accent2" : "fill muted", d: `M${to} ${y} l${to > from ? -9 : 9} -5 v10 z` }),
    bytes ? s("text", { class: "small strong accent2", x: WIDTH / 2, y: y - 8, "text-anchor": "middle", text: `${grouped(bytes)} B` }) : null,
  ];
  return drawing({ width: WIDTH, height: top + high + 8,
    label: `In the host's memory ${here.map(([name]) => name).join(", ") || "nothing yet"}; in the device's ${there.map(([name]) => name).join(", ") || "nothing yet"}` },
    memory(2, "host", here), memory(WIDTH - box - 2, "device", there),
    arrow(middle - 18, left, right, moved.in), arrow(middle + 26, right, left, moved.out));
}
