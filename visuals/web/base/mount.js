// Putting a figure into a page: its words, its prediction, then the figure itself.

// The entry of a widget in JupyterLab.
function render({ model, el }) {
  mount(el, model.get("figure"));
}

// The entry of a page without a kernel.
function mountAll(place, figure) {
  for (const el of document.querySelectorAll(place)) {
    el.dataset.mounted = "";
    mount(el, figure);
  }
}

let figuresMade = 0;

function mount(el, figure) {
  // JupyterLab sees only the host: a letter typed into a field would be a shortcut to it ("dd" cuts cells).
  const host = h("div", { class: "dltk-figure", "data-lm-suppress-shortcuts": "true" });
  const shadow = host.attachShadow({ mode: "open" });
  const title = h("p", { class: "title", id: `title-${++figuresMade}`, text: figure.title });
  const stage = h("div", { class: "stage", tabindex: "-1" });
  const root = h("figure", { class: "visual", "aria-labelledby": title.id }, title,
    figure.predict ? prediction(figure.predict, () => reveal(stage, figure)) : null, stage,
    inWords(figure), h("p", { class: "unseen", "aria-live": "polite" }));
  shadow.append(h("style", { text: STYLE }), root);
  followTheme(root);
  el.append(host);
  if (!figure.predict) reveal(stage, figure);
}

function reveal(stage, figure) {
  try {
    draw(stage, figure.data);
  } catch (problem) {
    stage.replaceChildren(h("p", { class: "bad", role: "alert",
      text: `This figure could not be drawn (${problem.message}). Its content is in the table below.` }));
    console.error(problem);
  }
}

function prediction({ question, choices, answer, because }, onCommit) {
  const name = `prediction-${figuresMade}`;
  const radios = choices.map((text, at) => {
    const radio = h("input", { type: "radio", name, value: at, id: `${name}-${at}`, on: { change: () => { commit.disabled = false; } } });
    return h("div", { class: "option" }, radio, h("label", { for: radio.id, text }));
  });
  const verdict = h("p", { class: "verdict", role: "status" });
  const commit = button("That is my prediction", () => {
    const chosen = Number(radios.map((option) => option.firstChild).find((radio) => radio.checked).value);
    form.disabled = true;
    commit.remove();
    const judged = answer === null ? "Now see." : chosen === answer ? "That is right." : `It is: ${choices[answer]}.`;
    verdict.textContent = `You said: ${choices[chosen]}. ${judged} ${because}`.trim();
    onCommit();
    verdict.parentNode.nextElementSibling?.focus({ preventScroll: true });
  }, { class: "commit", disabled: true });
  const form = h("fieldset", {}, h("legend", { text: `Predict: ${question}` }), radios);
  return h("div", { class: "prediction" }, form, commit, verdict);
}

function inWords({ description, table: content }) {
  return h("details", { class: "words" }, h("summary", { text: "This figure in words and numbers" }),
    h("p", { text: description }), table(content.header, content.rows, { caption: "The same content as a table" }));
}

function followTheme(root) {
  const html = document.documentElement, body = document.body;
  const preferred = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    const inJupyterLab = body.dataset.jpThemeLight;
    const inTheBook = html.dataset.theme;
    const dark = inJupyterLab !== undefined ? inJupyterLab === "false"
      : inTheBook === "dark" || inTheBook === "light" ? inTheBook === "dark" : preferred.matches;
    root.dataset.theme = dark ? "dark" : "light";
  };
  const observer = new MutationObserver(follow);
  observer.observe(html, { attributes: true, attributeFilter: ["data-theme"] });
  observer.observe(body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  preferred.addEventListener("change", follow);
  follow();
}
