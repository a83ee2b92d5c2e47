// A host that launches kernels, a device that runs them, and a timer on the host.

function draw(stage, data) {
  let program = data.programs[0][0], count = data.count, launch = data.launch, kernel = data.kernel, part = 1;
  const micro = (x) => `${number(x, x < 10 ? 1 : 0)} \u00b5s`;
  const changed = (set) => (x) => { set(x); show(); };
  const controls = [
    choice({ label: "the program", options: data.programs, value: program, onchange: changed((x) => { program = x; }) }),
    slider({ label: "kernels", min: 1, max: 16, value: count, oninput: changed((x) => { count = x; }) }),
    slider({ label: "one launch takes", min: 1, max: Math.max(100, Math.ceil(launch * 4)), step: 1, value: launch, format: micro, oninput: changed((x) => { launch = x; }) }),
    slider({ label: "one kernel takes", min: 1, max: Math.max(1000, Math.ceil(kernel * 1.5)), step: 1, value: kernel, format: micro, oninput: changed((x) => { kernel = x; }) }),
  ];
  const cursor = slider({ label: "look at the time", min: 0, max: 1, step: 0.01, value: part, format: () => "", oninput: changed((x) => { part = x; }) });
  const timer = readout("timer", "the timer shows");
  const done = readout("done", "the device is done after");
  const ratio = readout("ratio", "work of the device for each \u00b5s of the timer:");
  const idle = readout("idle", "the device waits for work");
  const moment = readout("moment", "at");
  const queue = readout("queue", "kernels in the queue:");
  const doing = readout("doing", "");
  const picture = h("div", {});

  function show() {
    const found = timeline(program, count, launch, kernel);
    const end = Math.max(found.timer, found.done), at = part * end;
    timer.set(micro(found.timer));
    done.set(micro(found.done));
    ratio.set(number((count * kernel) / found.timer, 1));
    idle.set(`${number(100 * (1 - (count * kernel) / found.done), 1)} % of the time`);
    moment.set(micro(at));
    queue.set(queued(found, at));
    doing.set(`the host ${hostDoes(found, at)}, the device ${found.device.some(([a, b]) => a <= at && at < b) ? "works" : "does nothing"}`);
    picture.replaceChildren(drawLanes(found, end, at, roomIn(stage, 640)));
    announce(stage, `the timer shows ${micro(found.timer)}, the device is done after ${micro(found.done)}`);
  }

  stage.append(row(...controls), picture, row(cursor), h("p", {}, moment, queue), h("p", {}, doing),
    h("p", {}, timer, done), h("p", {}, ratio, idle));
  show();
}

function timeline(program, count, launch, kernel) {
  const host = [], device = [];
  let now = 0, done = 0;
  for (let k = 1; k <= count; k++) {
    host.push([now, now + launch, k]);
    now += launch;
    const begin = Math.max(now, done);
    done = begin + kernel;
    device.push([begin, done, k]);
    if ((program === "item each" || (program !== "nothing" && k === count)) && done > now) {
      host.push([now, done, "wait"]);
      now = done;
    }
  }
  return { host, device, timer: now, done };
}

// Launched and not yet begun.
function queued({ host, device }, at) {
  const launched = host.filter(([, end, what]) => what !== "wait" && end <= at).length;
  return launched - device.filter(([begin]) => begin <= at).length;
}

function hostDoes({ host, timer }, at) {
  if (at >= timer) return "has read the timer";
  return host.some(([a, b, what]) => what === "wait" && a <= at && at < b) ? "waits" : "launches";
}

function drawLanes({ host, device, timer }, end, at, width) {
  const left = 56, top = 26, lane = 44, gap = 22;
  const x = (t) => left + (t / end) * (width - left - 16);
  const block = ([begin, until, what], y, kind) => {
    const wide = Math.max(1, x(until) - x(begin));
    return [
      s("rect", { class: what === "wait" ? "line soft dash" : `line ${kind}`, x: x(begin), y, width: wide, height: lane }),
      wide > 15 ? s("text", { class: what === "wait" ? "muted" : "strong", x: x(begin) + wide / 2, y: y + 27, "text-anchor": "middle", text: what === "wait" && wide < 34 ? "" : what }) : null,
    ];
  };
  const second = top + lane + gap, low = second + lane;
  const ticks = (width > 450 ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.5, 1]).map((share) => s("text", { class: "small muted", x: x(share * end), y: low + 18,
    "text-anchor": share === 1 ? "end" : share ? "middle" : "start", text: `${number(share * end, 0)}` }));
  return drawing({ width, height: low + 42, label: `Host and device over ${number(end, 0)} microseconds; the timer stops at ${number(timer, 0)}` },
    s("text", { x: 4, y: top + 27, text: "host" }), s("text", { x: 4, y: second + 27, text: "device" }),
    host.map((each) => block(each, top, "mark accent2")), device.map((each) => block(each, second, "paper accent thick")),
    s("line", { class: "line bad thick", x1: x(timer), x2: x(timer), y1: top - 8, y2: low + 4 }),
    s("text", { class: "strong bad", x: x(timer) + (timer > end / 2 ? -4 : 4), y: top - 11, "text-anchor": timer > end / 2 ? "end" : "start", text: "timer stops" }),
    s("line", { class: "line accent3 dots thick", x1: x(at), x2: x(at), y1: top - 4, y2: low + 4 }), ticks,
    s("text", { class: "small", x: (left + width) / 2, y: low + 36, "text-anchor": "middle", text: "microseconds (dotted: the time you look at)" }));
}
