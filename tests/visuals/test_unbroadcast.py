"""A gradient is folded in the figure as dltk and NumPy fold it."""

import numpy as np
import pytest

import dltk
from visuals import unbroadcast
from visuals.figures.unbroadcast import shares

CASES = [((3, 4), (4,)), ((3, 4), (3, 1)), ((2, 3, 4), (3, 1)), ((2, 3), ()), ((2, 3), (2, 3))]


def gradient_in_dltk(values, shape):
    operand = dltk.zeros(shape, dtype=dltk.float64, requires_grad=True)
    (operand + dltk.zeros(values.shape, dtype=dltk.float64)).backward(dltk.tensor(values))
    return np.array(operand.grad.tolist())


@pytest.mark.parametrize(("result", "operand"), CASES)
def test_the_shares_add_up_to_the_gradient_of_dltk(result, operand):
    values = np.random.default_rng(1).normal(size=result)
    folded = np.array([sum(parts) for parts in shares(values, operand).values()]).reshape(operand)
    assert np.allclose(folded, gradient_in_dltk(values, operand), rtol=1e-12)


def test_tensors_arrays_and_lists_are_taken():
    for gradient in (dltk.ones(2, 3), np.ones((2, 3)), [[1, 1, 1], [1, 1, 1]]):
        visual = unbroadcast(gradient, (3,))
        assert visual.data["values"] == [1.0] * 6
        assert repr(visual).splitlines()[-1].split() == ["(2,)", "1", "+", "1", "2.000000"]


def test_what_cannot_be_folded_or_drawn_is_refused():
    with pytest.raises(ValueError, match="is not broadcast to"):
        unbroadcast(np.ones((2, 3)), (2,))
    with pytest.raises(ValueError, match="is not broadcast to"):
        unbroadcast(np.ones(3), (1, 3))
    with pytest.raises(ValueError, match="up to 3 dimensions of 1 to 6"):
        unbroadcast(np.ones((2, 7)), (7,))


@pytest.mark.slow
def test_every_fold_keeps_the_sum(opened):
    figure = opened(unbroadcast(np.arange(24.0).reshape(2, 3, 4), (3, 1)))
    shapes = [figure.read("shape")]
    for _ in range(2):
        figure.page.get_by_role("button", name="Next").click()
        shapes.append(figure.read("shape"))
        assert figure.read("sum") == "276"
    assert shapes == ["(2, 3, 4)", "(3, 4)", "(3, 1)"]
    assert figure.errors == []


@pytest.mark.slow
@pytest.mark.parametrize(("result", "operand"), CASES)
def test_each_element_is_that_of_dltk_for_shapes_typed_in(opened, result, operand):
    figure = opened(unbroadcast(np.ones((2, 2)), (2,)))
    for label, shape in (("shape of the gradient", result), ("shape of the operand", operand)):
        figure.control(label).fill(str(shape))
        figure.control(label).press("Enter")
    assert figure.page.locator("[role=alert]").count() == 0
    values = np.arange(1.0, np.prod(result) + 1).reshape(result)
    wanted = gradient_in_dltk(values, operand).ravel()
    figure.control("element of the operand").focus()
    for number in wanted:
        assert float(figure.read("element").rpartition("= ")[2]) == number
        figure.page.keyboard.press("ArrowRight")


@pytest.mark.slow
def test_a_wrong_shape_is_named_and_changes_nothing(opened):
    figure = opened(unbroadcast(np.ones((2, 3)), (3,)), width="narrow")
    for text in ("(2,)", "(7,)", "abc", "(1, 2, 3, 4)", "(0,)"):
        figure.control("shape of the operand").fill(text)
        figure.control("shape of the operand").press("Enter")
        said = figure.page.locator("[role=alert]").inner_text()
        assert said.endswith("The figure stays as it was."), text
        assert figure.read("shape") == "(2, 3)"
    assert figure.page.evaluate("document.documentElement.scrollWidth") <= 400
