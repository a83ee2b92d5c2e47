"""What a browser meets on a page: requests, errors, accessibility, what sticks out."""

from dataclasses import dataclass, field
from importlib.metadata import files
from pathlib import Path

MILLISECONDS_AT_MOST = 60_000
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = "axe-playwright-python"
WIDE = {"width": 1280, "height": 1000}
NARROW = {"width": 400, "height": 900}

COMMIT_ALL = """() => {
    for (const figure of document.querySelectorAll(".dltk-figure")) {
        const shadow = figure.shadowRoot;
        const radio = shadow.querySelector(".prediction input[type=radio]");
        if (!radio) continue;
        radio.click();
        shadow.querySelector(".prediction button.commit").click();
    }
}"""
OPEN_ALL = "() => document.querySelectorAll('details').forEach((each) => { each.open = true; })"
WAIT_FOR_MATH = "() => window.MathJax?.startup?.promise"
WAIT_FOR_FONTS = "() => document.fonts.ready.then(() => true)"
STICKS_OUT = """() => {
    const page = document.documentElement;
    return page.scrollWidth > page.clientWidth ? page.scrollWidth : 0;
}"""
RUN_AXE = """async (only) => {
    const options = { runOnly: only, resultTypes: ["violations"], preload: false };
    const found = await axe.run(document, options);
    return found.violations.flatMap((rule) =>
        rule.nodes.map((node) => `${rule.id}: ${node.target.join(" ")}`));
}"""
EVERY_RULE = {"type": "tag", "values": STANDARDS}
# What a theme can change.
OF_COLORS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
TURN_DARK = """() => {
    document.documentElement.dataset.mode = document.documentElement.dataset.theme = "dark";
}"""
BROKEN_MATH = "() => document.querySelectorAll('mjx-merror, [data-mjx-error]').length"
UNDRAWN = """() => [...document.querySelectorAll(".dltk-visual")].filter((each) =>
    !each.querySelector(".dltk-figure")?.shadowRoot?.querySelector(".stage")?.childElementCount
).map((each) => each.dataset.visual)"""
THEMES = """() => [...document.querySelectorAll(".dltk-figure")].map((each) =>
    each.shadowRoot.querySelector("figure").dataset.theme)"""


@dataclass
class Visit:
    """One page, opened once: light, then dark, then on a narrow screen."""

    requests: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    undrawn: list[str] = field(default_factory=list)
    themes: list[tuple[str, str]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    violations_in_the_dark: list[str] = field(default_factory=list)
    weight: int = 0
    broken_math: int = 0
    sticks_out: int = 0


def axe() -> str:
    """The text of axe, which looks for what shuts people out."""
    script = next(file for file in files(AXE) or [] if file.name == "axe.min.js")
    return Path(str(script.locate())).read_text(encoding="utf-8")


def visit(browser, url: str, rules: str) -> Visit:
    """Open a page with nothing cached, commit every prediction, unfold everything, and look."""
    seen = Visit()
    context = browser.new_context(viewport=WIDE, color_scheme="light", reduced_motion="reduce")
    page = context.new_page()
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("requestfailed", lambda request: seen.failed.append(request.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("response", lambda answer: _weigh(seen, answer))
    try:
        page.goto(url, wait_until="load", timeout=MILLISECONDS_AT_MOST)
        _unfold(page)
        seen.undrawn = page.evaluate(UNDRAWN)
        seen.broken_math = page.evaluate(BROKEN_MATH)
        light = page.evaluate(THEMES)
        page.evaluate(rules)
        seen.violations = page.evaluate(RUN_AXE, EVERY_RULE)
        page.evaluate(TURN_DARK)
        page.wait_for_timeout(200)
        seen.violations_in_the_dark = page.evaluate(RUN_AXE, OF_COLORS)
        seen.themes = list(zip(light, page.evaluate(THEMES), strict=True))
        seen.sticks_out = _sticks_out(page, url, anew=bool(light))
    finally:
        context.close()
    return seen


def _sticks_out(page, url: str, anew: bool) -> int:
    """How wide a page is on a narrow screen, if wider than it; figures are drawn anew there."""
    if anew:
        page = page.context.new_page()
    page.set_viewport_size(NARROW)
    if anew:
        page.goto(url, wait_until="load", timeout=MILLISECONDS_AT_MOST)
        _unfold(page)
    return page.evaluate(STICKS_OUT)


def _unfold(page) -> None:
    page.evaluate(WAIT_FOR_MATH)
    page.evaluate(COMMIT_ALL)
    page.evaluate(OPEN_ALL)
    page.evaluate(WAIT_FOR_FONTS)


def _weigh(seen: Visit, answer) -> None:
    if answer.status >= 400:
        seen.failed.append(f"{answer.status} {answer.url}")
    seen.weight += int(answer.headers.get("content-length", 0))
