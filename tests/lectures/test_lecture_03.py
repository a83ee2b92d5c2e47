"""Lecture 03 runs on the reference and in a blank workspace, with the numbers it teaches."""

import re
import textwrap
import warnings
from pathlib import Path

import matplotlib
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the lecture stands beside it")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lecture-03")]

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "lectures" / "03-graphs-and-traces.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def on_the_reference(run_lecture):
    return run_lecture(ROOT, "03-graphs-and-traces")


@pytest.fixture(scope="module")
def in_a_blank_workspace(run_lecture, blank_workspace):
    return run_lecture(blank_workspace, "03-graphs-and-traces")


@pytest.fixture(params=["on_the_reference", "in_a_blank_workspace"])
def executed(request):
    return request.getfixturevalue(request.param)


def test_it_runs_without_a_complaint(executed):
    assert executed.complaints == ""


def test_it_ends_at_the_value_and_the_gradient_of_the_course(executed):
    last = executed.printed.splitlines()[-1]
    assert last == "y = 11.652071, gradient = (5.500000, 1.716338)"


def test_dltk_and_torch_print_the_same_numbers(executed):
    ours = re.findall(r"^dltk: +(.*)$", executed.printed, re.MULTILINE)
    theirs = re.findall(r"^torch: +(.*)$", executed.printed, re.MULTILINE)
    assert ours == theirs
    assert ours == ["11.652071, 5.500000", "11.652071, 1.716338", "(5.500000, 1.716338)"]


def test_every_line_of_the_traces_is_shown(executed):
    tables = [data["text/plain"] for data in executed.shown]
    tangents = [table for table in tables if "tangent rule" in table]
    adjoints = [table for table in tables if "adjoint so far" in table]
    assert [table.splitlines()[-1].split()[-1] for table in tangents] == ["5.500000", "1.716338"]
    assert len(adjoints) == 1
    assert len(adjoints[0].splitlines()) == 11
    assert adjoints[0].splitlines()[-1].split()[-1] == "5.500000"


def test_the_figures_hold_the_run_of_the_lecture(executed):
    pages = [data.get("text/html", "") for data in executed.shown]
    operated = [name for page in pages for name in re.findall(r'data-visual="(\w+)"', page)]
    assert operated == ["trace_stepper", "trace_stepper", "sweeps"]
    stepper = next(data for data in executed.shown if "trace_stepper" in data.get("text/html", ""))
    assert re.search(r"Recorded while f ran under (dltk|torch)\.", stepper["text/html"])
    last_rows = stepper["text/plain"].splitlines()[-7:]
    assert [row.split()[-1] for row in last_rows[:2]] == ["5.500000", "1.716338"]
    assert last_rows[-1].split()[-4] == "11.652071"


def test_the_hessian_is_the_one_of_the_course(executed):
    assert "column of the Hessian: [-0.25, 1.0]" in executed.printed
    assert "column of the Hessian: [1.0, -0.958924]" in executed.printed


def test_both_modes_fill_the_same_jacobian(executed):
    assert "both Jacobians are equal: True" in executed.printed


def test_every_picture_is_described(executed):
    pages = [data["text/html"] for data in executed.shown if "text/html" in data]
    pages = [page for page in pages if "data-visual=" not in page]
    images = [tag for page in pages for tag in re.findall(r"<(?:img|svg) [^>]*>", page)]
    assert len(images) == 4
    for tag in images:
        description = re.search(r'(?:alt|aria-label)="([^"]*)"', tag)
        assert description is not None
        assert len(description[1]) > 40
    assert not any("image/png" in data for data in executed.shown)


def test_forward_mode_grows_with_the_inputs_and_reverse_mode_does_not(executed):
    slower = int(re.search(r"forward mode takes (\d+) times", executed.printed)[1])
    growth = float(re.search(r"reverse mode grows by a factor of ([\d.]+)", executed.printed)[1])
    assert slower > 50
    assert growth < 30


def test_it_says_what_computes(on_the_reference, in_a_blank_workspace):
    assert "Computed by dltk." in on_the_reference.printed
    assert "Computed through torch: lab1.strides" in in_a_blank_workspace.printed


def test_it_asks_before_it_shows():
    assert TEXT.count("**Predict.**") >= 7
    assert len(re.findall(r"^\*\*\d+\.\*\*", TEXT, re.MULTILINE)) >= 5


def test_the_solutions_of_the_exercises_run():
    """Each folded solution's code, after the lecture's own definitions."""
    import dltk

    matplotlib.use("agg")
    folded = re.findall(r"<summary>Solution</summary>(.*?)</details>", TEXT, re.DOTALL)
    codes = [
        code for text in folded for code in re.findall(r"(?:^ {4}.*\n|^\n)+", text, re.MULTILINE)
    ]
    codes = [textwrap.dedent(code) for code in codes if code.strip()]
    assert len(codes) >= 4

    def f(x1, x2):
        return dltk.log(x1) + x1 * x2 - dltk.sin(x2)

    names = {"dltk": dltk, "f": f}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for code in codes:
            exec(code, names)
    adjoints = dltk.trace.reverse_trace(names["g"], (2.0, 5.0, 3.0)).adjoints
    assert adjoints["v-2"] == pytest.approx(16.5)
    assert adjoints["v-1"] == pytest.approx(5.149013, abs=1e-6)
    assert adjoints["v0"] == pytest.approx(11.652071, abs=1e-6)
    assert len(dltk.trace.forward_trace(names["g"], (2.0, 5.0, 3.0)).rows) == 9
    steps = dltk.trace.reverse_trace(lambda x: (x + x) * x, (3.0,)).steps
    assert sorted(float(step.contribution) for step in steps if step.name == "v0") == [
        3.0,
        3.0,
        6.0,
    ]
    jacobian = names["jacobian_forward"](
        lambda x: dltk.stack([x[0] * x[1], dltk.sin(x[1])]),
        dltk.tensor([2.0, 5.0], dtype=dltk.float64),
    )
    assert jacobian.tolist() == [[5.0, 2.0], [0.0, pytest.approx(0.283662, abs=1e-6)]]
