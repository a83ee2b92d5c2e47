"""The trace stepper ends where dltk and torch end, by mouse and by keyboard."""

import json
import warnings

import numpy as np
import pytest

import dltk
from visuals import trace_stepper
from visuals.expressions import Program, function_of

EXPRESSION = "log(x1) + x1*x2 - sin(x2)"
EXPRESSIONS = [
    (EXPRESSION, (2.0, 5.0)),
    ("x1", (3.0,)),
    ("x1*x1 + x1", (3.0,)),
    ("-x1**2 / 3", (1.5,)),
    ("x1^x2 + 2**x1", (1.5, 2.5)),
    ("tanh(x1*x2) * exp(-x3) + sqrt(x1 + 2*x3)", (0.3, -0.7, 1.2)),
    ("cos(sin(cos(x1))) - (x1 - 1)/(x1 + 1)", (0.4,)),
    ("2*3 - x2 - (x2 - x1)", (0.5, 0.25)),
    ("ln(x9)", (1, 2, 3, 4, 5, 6, 7, 8, 9)),
    ("2 - -x1", (4.0,)),
    ("2**-x1**2", (1.3,)),
]
WRONG = [
    "x1 +",
    "foo(x1)",
    "x1 $ 2",
    "(x1",
    "3",
    "x1 x2",
    "log x1",
    "x0",
    "__import__(x1)",
    "x1.real",
    "log(x1 - x1)",
    "sqrt(x1 - x1)",
    "",
]


def f(x1, x2):
    return dltk.log(x1) + x1 * x2 - dltk.sin(x2)


def gradient_by(lib, text, point):
    inputs = [lib.tensor(x, dtype=lib.float64, requires_grad=True) for x in point]
    result = function_of(text, lib)(*inputs)
    gradients = lib.autograd.grad(result, inputs, allow_unused=True)
    return result.item(), [0.0 if each is None else each.item() for each in gradients]


@pytest.mark.parametrize(("text", "point"), EXPRESSIONS)
def test_a_typed_expression_has_the_value_and_the_gradient_of_dltk(text, point):
    program = Program(text, point)
    value, gradient = gradient_by(dltk, text, point)
    assert program.lines[int(program.result)].value == pytest.approx(value, rel=1e-12)
    adjoints = [line.adjoint for line in program.lines[: program.inputs]]
    assert adjoints == pytest.approx(gradient, rel=1e-12)
    assert program.lines[int(program.result)].tangents == pytest.approx(gradient, rel=1e-12)


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_expression_is_refused_in_one_sentence(text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError, match=r"\w"):
            Program(text, (1.0,))


def test_rows_of_a_run_are_those_of_the_trace():
    visual = trace_stepper(f, (2.0, 5.0), lib=dltk)
    trace = dltk.trace.forward_trace(f, (2.0, 5.0), (1.0, 0.0))
    recorded = visual.data["recorded"]
    assert [row["expression"] for row in recorded["rows"]] == [row.expression for row in trace]
    assert recorded["tangents"][0] == [float(row.tangent) for row in trace]
    assert [step["contribution"] for step in recorded["steps"]] == [
        float(step.contribution) for step in dltk.trace.reverse_trace(f, (2.0, 5.0)).steps
    ]
    assert recorded["origin"] == "Recorded while f ran under dltk."
    json.dumps(visual.figure(), allow_nan=False)


def test_a_run_under_torch_has_the_same_numbers():
    pytest.importorskip("torch")
    from autograder.adapter import through_torch

    ours = trace_stepper(EXPRESSION, (2.0, 5.0), lib=dltk).data["recorded"]
    theirs = trace_stepper(EXPRESSION, (2.0, 5.0), lib=through_torch()).data["recorded"]
    assert theirs["origin"].endswith("ran under torch.")
    assert [row["name"] for row in ours["rows"]] == [row["name"] for row in theirs["rows"]]
    assert np.allclose(ours["tangents"], theirs["tangents"], rtol=1e-12)


def test_the_table_ends_at_the_numbers_of_the_course():
    lines = [line.split() for line in repr(trace_stepper(EXPRESSION)).splitlines()]
    assert lines[-1][-4:] == ["11.652071", "5.500000", "1.716338", "1.000000"]
    assert [line[-1] for line in lines[4:6]] == ["5.500000", "1.716338"]


def test_arrays_and_long_runs_are_refused():
    with pytest.raises(ValueError, match="computes arrays"):
        trace_stepper(lambda x: x.expand(3).sum(), (2.0,), lib=dltk)
    with pytest.raises(ValueError, match="rows; the figure shows"):
        trace_stepper(lambda x: sum((x for _ in range(70)), x), (2.0,), lib=dltk)
    with pytest.raises(ValueError, match="not finite"):
        trace_stepper(lambda x: dltk.log(x), (0.0,), lib=dltk)
    with pytest.raises(ValueError, match="lib=dltk"):
        trace_stepper(f, (2.0, 5.0))


@pytest.mark.slow
def test_it_ends_at_the_numbers_of_the_course_by_mouse(opened):
    figure = opened(trace_stepper(EXPRESSION))
    assert figure.read("y") == "…"
    for _ in range(7):
        figure.page.get_by_role("button", name="Next").click()
    assert figure.read("y") == "11.652071"
    figure.control("pass").select_option("adjoints")
    figure.page.get_by_role("button", name="Last").click()
    assert (figure.read("gradient1"), figure.read("gradient2")) == ("5.500000", "1.716338")
    assert figure.read("y") == "11.652071"
    assert figure.errors == []


@pytest.mark.slow
def test_it_ends_at_the_numbers_of_the_course_by_keyboard_alone(opened):
    figure = opened(trace_stepper(f, (2.0, 5.0), lib=dltk), commit=False)
    keys = figure.page.keyboard
    keys.press("Tab")
    keys.press("Space")
    keys.press("Tab")
    keys.press("Enter")

    def to(name):
        for _ in range(30):
            keys.press("Tab")
            focused = figure.page.evaluate(
                "document.querySelector('.dltk-figure').shadowRoot.activeElement?.textContent ?? ''"
            )
            if focused.startswith(name):
                return
        raise AssertionError(f"{name} cannot be reached")

    to("values, forward")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    to("First")
    for _ in range(9):
        keys.press("ArrowRight")
    assert figure.read("line").endswith("5.500000")
    assert (figure.read("y"), figure.read("gradient1"), figure.read("gradient2")) == (
        "11.652071",
        "5.500000",
        "1.716338",
    )
    keys.press("Home")
    keys.press("End")
    assert figure.read("gradient2") == "1.716338"
    assert figure.errors == []
    assert figure.requests == []


@pytest.mark.slow
def test_what_the_page_computes_is_what_dltk_computes(opened):
    figure = opened(trace_stepper(EXPRESSION))
    for text, point in EXPRESSIONS:
        figure.control("pass").select_option("values")
        figure.control("expression").fill(text)
        figure.control("expression").press("Enter")
        assert figure.page.locator("[role=alert]").count() == 0
        for k, x in enumerate(point, start=1):
            figure.control(f"x{k}").fill(str(x))
            figure.control(f"x{k}").press("Enter")
        for name in ("values", "adjoints", "tangents"):
            figure.control("pass").select_option(name)
            figure.page.get_by_role("button", name="Last").click()
        value, gradient = gradient_by(dltk, text, point)
        assert float(figure.read("y")) == pytest.approx(value, abs=1e-6)
        for k, wanted in enumerate(gradient, start=1):
            assert float(figure.read(f"gradient{k}")) == pytest.approx(wanted, abs=1e-6)
        seed = [
            float(figure.control(f"seed of x{k}").input_value()) for k in range(1, len(point) + 1)
        ]
        assert float(figure.read("tangent")) == pytest.approx(np.dot(seed, gradient), abs=1e-6)
    assert figure.errors == []


@pytest.mark.slow
def test_a_wrong_expression_is_named_and_changes_nothing(opened):
    figure = opened(trace_stepper(EXPRESSION))
    figure.page.get_by_role("button", name="Last").click()
    for text in WRONG:
        figure.control("expression").fill(text)
        figure.control("expression").press("Enter")
        said = figure.page.locator("[role=alert]").inner_text()
        assert said.endswith("The figure stays as it was."), text
        assert figure.read("y") == "11.652071"
    figure.control("expression").fill("x1 + (x2")
    figure.control("expression").press("Enter")
    assert "At character 9" in figure.page.locator("[role=alert]").inner_text()
    assert figure.errors == []


@pytest.mark.slow
def test_a_seed_is_a_direction(opened):
    figure = opened(trace_stepper(f, (2.0, 5.0), lib=dltk, start="tangents"))
    figure.page.get_by_role("button", name="Last").click()
    assert figure.read("tangent") == "5.500000"
    figure.control("seed of x1").fill("2")
    figure.control("seed of x1").press("Tab")
    figure.page.keyboard.type("-1")
    figure.page.keyboard.press("Enter")
    assert figure.read("tangent") == "9.283662"


@pytest.mark.slow
def test_the_sum_of_two_contributions_is_written_out(opened):
    figure = opened(trace_stepper(EXPRESSION, start="adjoints"))
    figure.page.get_by_role("button", name="Last").click()
    current = figure.page.locator("tr[aria-current=true]").inner_text()
    assert "5 + 0.5 = 5.500000" in current


@pytest.mark.slow
def test_ones_own_expression_stands_in_for_the_run_and_goes_again(opened):
    figure = opened(trace_stepper(f, (2.0, 5.0), lib=dltk))
    own = figure.control("your own expression instead")
    own.fill("x1*x1")
    own.press("Enter")
    figure.page.get_by_role("button", name="Last").click()
    assert figure.read("y") == "4.000000"
    own.fill("")
    own.press("Enter")
    assert "Recorded while f ran under dltk" in figure.page.locator(".stage").inner_text()
    figure.page.get_by_role("button", name="Last").click()
    assert figure.read("y") == "11.652071"


@pytest.mark.slow
def test_the_figure_fits_a_narrow_page(opened):
    figure = opened(trace_stepper(EXPRESSION, start="adjoints"), width="narrow", theme="dark")
    figure.page.get_by_role("button", name="Last").click()
    assert figure.page.evaluate("document.documentElement.scrollWidth") <= 400
