"""Passes of both modes are counted for any number of inputs and outputs."""

import numpy as np
import pytest

from visuals import sweeps

MATRIX = np.arange(15.0).reshape(3, 5)


def test_the_shape_of_a_matrix_decides():
    data = sweeps(jacobian=MATRIX).data
    assert (data["inputs"], data["outputs"]) == (5, 3)
    assert data["jacobian"] == MATRIX.tolist()


def test_too_many_inputs_are_refused():
    with pytest.raises(ValueError, match="13 inputs and 3 outputs"):
        sweeps(13)


@pytest.mark.slow
def test_a_pass_fills_a_column_or_a_row_with_the_numbers_of_the_run(opened):
    figure = opened(sweeps(jacobian=MATRIX))
    figure.page.get_by_role("button", name="Next").click()
    forward, reverse = (
        figure.page.locator(f"svg[aria-label='The Jacobian in {mode} mode']").inner_html()
        for mode in ("forward", "reverse")
    )
    assert all(f">{x:.2f}<" in forward for x in MATRIX[:, 0])
    assert all(f">{x:.2f}<" in reverse for x in MATRIX[0])
    assert f">{MATRIX[0, 1]:.2f}<" not in forward
    figure.page.get_by_role("button", name="Last").click()
    assert figure.read("forward") == "5 of 5 passes"
    assert figure.read("reverse") == "3 of 3 passes"
    assert figure.errors == []


@pytest.mark.slow
def test_the_mode_with_fewer_passes_is_named(opened):
    figure = opened(sweeps(), width="narrow", theme="dark")
    for inputs, outputs, fewer in (
        (12, 1, "reverse mode"),
        (2, 9, "forward mode"),
        (4, 4, "the same"),
    ):
        figure.drag("inputs", inputs)
        figure.drag("outputs", outputs)
        assert figure.read("fewer") == fewer
        assert figure.read("forward") == f"0 of {inputs} passes"
    figure.control("inputs").focus()
    figure.page.keyboard.press("End")
    assert figure.read("forward") == "0 of 12 passes"
    assert figure.page.evaluate("document.documentElement.scrollWidth") <= 400
    assert figure.errors == []
