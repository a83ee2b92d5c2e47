"""The figure of accumulating gradients shows what backward passes left in `.grad`."""

import pytest

import dltk
from visuals import accumulation


def square():
    x = dltk.tensor(2.0, requires_grad=True)
    return accumulation(lambda: x**2, {"x": x}), x


def test_the_sums_grow_by_the_gradient_of_each_pass():
    figure, _ = square()
    assert [each["x"] for each in figure.data["alone"]] == [[4.0], [4.0], [4.0]]
    assert [each["x"] for each in figure.data["kept"]] == [[4.0], [8.0], [12.0]]
    assert figure.data["losses"] == [4.0, 4.0, 4.0]


def test_the_leaves_come_back_empty():
    _, x = square()
    assert x.grad is None


def test_a_tensor_of_torch_gives_the_same_figure():
    torch = pytest.importorskip("torch", reason="torch is not installed: nothing to compare with")
    x = torch.tensor(2.0, requires_grad=True)
    assert accumulation(lambda: x**2, {"x": x}).data == square()[0].data


def test_a_leaf_that_the_loss_does_not_use_has_no_gradient():
    x, unused = (dltk.tensor(v, requires_grad=True) for v in (2.0, 1.0))
    figure = accumulation(lambda: x * 3, {"x": x, "unused": unused}, calls=2)
    assert figure.data["kept"] == [{"x": [3.0], "unused": []}, {"x": [6.0], "unused": []}]
    assert "None" in repr(figure)


@pytest.mark.slow
def test_the_stack_grows_and_is_emptied(opened):
    page = opened(square()[0])
    assert page.read("grad-x") == "None"
    for grad in ("None", "4", "4", "8", "8", "12"):
        page.page.get_by_role("button", name="Next").click()
        assert page.read("grad-x") == grad
    page.control("empty .grad after each pass").check()
    page.page.get_by_role("button", name="Next").focus()
    for grad in ("None", "4", "None", "None", "4", "None", "None", "4", "None"):
        page.page.keyboard.press("ArrowRight")
        assert page.read("grad-x") == grad
    assert page.errors == []
    assert page.requests == []
