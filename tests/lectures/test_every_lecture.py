"""What holds for each lecture: its form, its figures, its exercises, and a run wherever it runs."""

import linecache
import re
import sys
import textwrap
import types
from pathlib import Path

import jupytext
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: lectures stand beside it")

ROOT = Path(__file__).parents[2]
LECTURES = sorted(path.stem for path in (ROOT / "lectures").glob("[0-9][0-9]-*.md"))
WORDS_A_MINUTE, SECONDS_A_CODE_LINE = 180, 4
HEADINGS = ("In PyTorch today", "Exercises", "Self-test", "What comes next")


def text_of(name):
    return (ROOT / "lectures" / f"{name}.md").read_text(encoding="utf-8")


def each_lecture(function):
    """The test for each lecture, those of one lecture in one process, which runs it once."""
    groups = {name: pytest.mark.xdist_group(f"lecture-{name[:2]}") for name in LECTURES}
    rows = [pytest.param(name, marks=group) for name, group in groups.items()]
    return pytest.mark.parametrize("name", rows)(function)


@pytest.fixture
def executed(run_lecture, blank_workspace):
    """A lecture's run by its name and place."""

    def run(name, place):
        return run_lecture(ROOT if place == "reference" else blank_workspace, name)

    return run


def html_shown(run):
    outputs = run.outputs("execute_result") + run.outputs("display_data")
    return [out.data["text/html"] for out in outputs if "text/html" in out.data]


def figures_to_operate(run):
    return [name for page in html_shown(run) for name in re.findall(r'data-visual="(\w+)"', page)]


def drawn(run):
    """The images and drawings of a run, without those inside of the figures' own scripts."""
    pages = [page for page in html_shown(run) if "data-visual=" not in page]
    return [tag for page in pages for tag in re.findall(r"<(?:img|svg)\b[^>]*>", page)]


def run_as_a_cell(source, file, module):
    """Execute `source`, whose functions know their lines as those of a notebook do."""
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    exec(compile(source, file, "exec"), module.__dict__)


def folded_solutions(text):
    """The code of each exercise's folded solution."""
    folded = re.findall(r"<summary>Solution</summary>(.*?)</details>", text, re.DOTALL)
    blocks = [re.findall(r"(?:^ {4}.*\n|^\n)+", each, re.MULTILINE) for each in folded]
    return [textwrap.dedent(code) for codes in blocks for code in codes if code.strip()]


def test_there_are_twelve_lectures():
    assert [name[:2] for name in LECTURES] == [f"{number:02}" for number in range(1, 13)]


@each_lecture
def test_a_lecture_has_its_parts(name):
    text = text_of(name)
    assert re.search(rf"^# Lecture {name[:2]} · .+\n\n\*\*.+\?\*\*", text, re.MULTILINE)
    for part in ("**What you'll do**", "**What you'll learn**", "**What you'll need**"):
        assert part in text
    places = [text.find(f"\n## {heading}\n") for heading in HEADINGS]
    assert all(place > 0 for place in places), dict(zip(HEADINGS, places, strict=True))
    assert text.count("**Predict.**") >= 6


@each_lecture
def test_no_code_cell_of_a_lecture_is_taken_for_text(name):
    cells = jupytext.reads(text_of(name), fmt="md:myst").cells
    assert [cell.source for cell in cells if "{code-cell}" in cell.source] == []


@each_lecture
def test_a_lecture_has_five_exercises_with_folded_solutions(name):
    exercises = text_of(name).split("\n## Exercises\n")[1].split("\n## ")[0]
    numbers = re.findall(r"^\*\*(\d+)\.\*\*", exercises, re.MULTILINE)
    assert numbers == [str(k + 1) for k in range(len(numbers))]
    assert len(numbers) >= 5
    assert exercises.count("<summary>Solution</summary>") == len(numbers)


@each_lecture
def test_a_lecture_is_half_an_hour_to_an_hour_of_reading(name):
    cells = jupytext.reads(text_of(name), fmt="md:myst").cells
    words = sum(len(cell.source.split()) for cell in cells if cell.cell_type == "markdown")
    code = [line for cell in cells if cell.cell_type == "code" for line in cell.source.splitlines()]
    minutes = words / WORDS_A_MINUTE + len(code) * SECONDS_A_CODE_LINE / 60
    assert 30 <= minutes <= 60, f"about {minutes:.0f} minutes"


@pytest.mark.slow
@each_lecture
@pytest.mark.parametrize("place", ["reference", "blank workspace"])
def test_a_lecture_runs_from_clean_without_a_complaint(executed, name, place):
    run = executed(name, place)
    assert run.complaints == ""
    assert run.outputs("error") == []
    assert "Warning" not in run.printed


@pytest.mark.slow
@each_lecture
@pytest.mark.parametrize("place", ["reference", "blank workspace"])
def test_a_lecture_has_three_visuals_and_two_to_operate(executed, name, place):
    run = executed(name, place)
    operated = figures_to_operate(run)
    assert len(set(operated)) >= 2
    assert len(operated) + len(drawn(run)) >= 3


@pytest.mark.slow
@each_lecture
def test_every_picture_of_a_lecture_is_described(executed, name):
    run = executed(name, "reference")
    for tag in drawn(run):
        described = re.search(r'(?:alt|aria-label)="([^"]*)"', tag)
        assert described is not None, tag[:80]
        assert len(described[1]) > 40, described[1]
    images = [out for out in run.outputs("display_data") if "image/png" in out.data]
    assert images == []


@pytest.mark.slow
@each_lecture
def test_an_unanswered_self_test_says_so_and_the_solutions_count_as_right(executed, name):
    printed = executed(name, "reference").printed
    asked, right = re.search(r"^(\d+) of (\d+) right$", printed, re.MULTILINE).groups()[::-1]
    assert right == "0"
    assert int(asked) >= 5
    assert printed.count("no answer yet") == int(asked)


@pytest.mark.slow
@each_lecture
def test_the_solutions_of_the_exercises_run_after_the_cells(name, monkeypatch):
    import matplotlib

    matplotlib.use("agg")
    monkeypatch.chdir(ROOT)
    cells = jupytext.reads(text_of(name), fmt="md:myst").cells
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    solutions = folded_solutions(text_of(name))
    assert len(solutions) >= 3
    module = types.ModuleType(f"lecture_{name[:2]}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    for number, source in enumerate([*sources, *solutions]):
        run_as_a_cell(source, f"<{name}, cell {number}>", module)
