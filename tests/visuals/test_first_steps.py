"""The lengths of first steps: the same in dltk, in torch and in the figure."""

import pytest

import dltk
from visuals import first_steps
from visuals.figures.first_steps import lengths


def test_adams_first_steps_are_of_the_length_of_the_rate():
    for gradient in (1e-3, 1.0, 1e3):
        assert lengths(dltk, "Adam", gradient, 0.1, 3) == pytest.approx([0.1] * 3, rel=2e-5)


def test_rmsprops_first_steps_are_those_of_the_course():
    assert lengths(dltk, "RMSprop", 1.0, 0.1, 3) == pytest.approx([1.0, 0.7089, 0.5802], abs=1e-4)


def test_sgd_goes_in_proportion_to_the_gradient():
    assert lengths(dltk, "SGD", 1000.0, 0.1, 2) == pytest.approx([100.0, 100.0])


def test_dltk_and_torch_take_the_same_steps():
    torch = pytest.importorskip("torch", reason="torch is not installed: nothing to compare with")
    ours, theirs = (first_steps(lib).data["recorded"] for lib in (dltk, torch))
    for name, runs in ours.items():
        for mine, other in zip(runs, theirs[name], strict=True):
            assert mine == pytest.approx(other, rel=1e-9)


@pytest.mark.slow
def test_the_figure_takes_the_steps_that_dltk_takes(opened):
    figure = opened(first_steps(dltk))
    assert figure.read("difference") == "0.000000000"
    for n in (1, 2, 3, 20):
        figure.drag("number of the step", n)
        for exponent, gradient in ((-3, 1e-3), (0, 1.0), (1.5, 10**1.5), (3, 1e3)):
            figure.drag("gradient", exponent)
            for name in ("SGD", "momentum", "RMSprop", "Adam"):
                wanted = lengths(dltk, name, gradient, 0.1, n)[-1]
                assert float(figure.read(f"{name}.step")) == pytest.approx(wanted, abs=1e-6)
    assert figure.errors == []


@pytest.mark.slow
def test_without_its_corrections_adam_begins_with_another_length(opened):
    figure = opened(first_steps(dltk), theme="dark", width="narrow")
    assert figure.read("Adam, uncorrected.step") == "0.316228"
    figure.control("learning rate").press("ArrowRight")
    assert figure.read("Adam.step") == "1.000000"
    assert float(figure.read("Adam, uncorrected.step")) == pytest.approx(10**0.5, abs=1e-5)
    lines = figure.page.locator("svg polyline.good")
    assert lines.count() == 2
    figure.control("Adam").uncheck()
    assert lines.count() == 0
