"""The flow that the figure computes is what a framework computes from the same random numbers."""

import math

import numpy as np
import pytest

import dltk
from visuals import flow
from visuals.figures.flow import measured_flow

UNITS, SAMPLES = 64, 32


def uniform(seed):
    """The figures' generator of numbers in [0, 1), in Python."""
    state, low = seed, 0xFFFFFFFF
    while True:
        state = (state + 0x6D2B79F5) & low
        mixed = (state ^ (state >> 15)) * (1 | state) & low
        mixed = ((mixed + ((mixed ^ (mixed >> 7)) * (61 | mixed) & low)) & low) ^ mixed
        yield (mixed ^ (mixed >> 14)) / 2**32


def normal(numbers):
    while True:
        radius = math.sqrt(-2 * math.log(1 - next(numbers)))
        angle = 2 * math.pi * next(numbers)
        yield radius * math.cos(angle)
        yield radius * math.sin(angle)


def computed(activation, scale, depth, seed=1):
    """Sizes at the last layer's output and of the gradient at the first layer's, by dltk."""
    numbers = normal(uniform(seed))

    def draw(rows, factor=1.0):
        values = [factor * next(numbers) for _ in range(rows * UNITS)]
        return dltk.tensor(np.reshape(values, (rows, UNITS)))

    output = draw(SAMPLES)
    outputs = []
    for _ in range(depth):
        output = activation(output @ draw(UNITS, scale).T)
        output.requires_grad_() if not output.requires_grad else output.retain_grad()
        outputs.append(output)
    output.backward(draw(SAMPLES))
    return [float((each**2).mean().item()) ** 0.5 for each in (output.detach(), outputs[0].grad)]


def as_number(text):
    return float(text.replace("\N{MINUS SIGN}", "-"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("activation", "init", "scale", "depth"),
    [
        ("sigmoid", "xavier", 1 / math.sqrt(UNITS), 20),
        ("tanh", "default", 1 / math.sqrt(3 * UNITS), 7),
        ("relu", "he", math.sqrt(2 / UNITS), 20),
        ("linear", "large", 1.0, 3),
    ],
)
def test_the_figure_computes_what_dltk_computes(opened, activation, init, scale, depth):
    functions = {"linear": lambda z: z} | {
        name: getattr(dltk, name) for name in ("sigmoid", "tanh", "relu")
    }
    page = opened(flow(activation=activation, init=init, depth=depth))
    top, first = computed(functions[activation], scale, depth)
    assert as_number(page.read("top")) == pytest.approx(top, rel=5e-3)
    assert as_number(page.read("first")) == pytest.approx(first, rel=5e-3)


@pytest.mark.slow
def test_it_is_operated_by_mouse_and_keyboard(opened):
    page = opened(flow())
    assert as_number(page.read("first")) < 1e-9
    page.control("activation").select_option("relu")
    page.control("initial weights").select_option("he")
    assert 0.1 < as_number(page.read("first")) < 10
    before = page.read("first")
    page.page.get_by_role("button", name="Draw other weights").click()
    assert page.read("first") != before
    page.control("layers").focus()
    page.page.keyboard.press("Home")
    assert page.read("factor") == "–"
    assert page.errors == []


def network(lib):
    lib.manual_seed(0)
    layers = [lib.nn.Linear(8, 8), lib.nn.Sigmoid(), lib.nn.Linear(8, 8), lib.nn.Sigmoid()]
    return lib.nn.Sequential(*layers), lib.randn(16, 8)


def test_a_model_is_measured_at_each_innermost_module():
    model, batch = network(dltk)
    found = measured_flow(model, batch)
    assert [each["layer"] for each in found] == ["0 Linear", "1 Sigmoid", "2 Linear", "3 Sigmoid"]
    assert found[-1]["gradient"] == 1.0
    assert found[0]["gradient"] < found[1]["gradient"] < found[3]["gradient"]
    assert all(parameter.grad is None for parameter in model.parameters())
    assert "0 Linear" in repr(flow(model, batch))


def test_a_model_of_torch_has_the_same_flow():
    torch = pytest.importorskip("torch", reason="torch is not installed: nothing to compare with")
    for ours, theirs in zip(
        measured_flow(*network(dltk)), measured_flow(*network(torch)), strict=True
    ):
        assert ours["activation"] == pytest.approx(theirs["activation"], rel=1e-5)
        assert ours["gradient"] == pytest.approx(theirs["gradient"], rel=1e-4)


@pytest.mark.slow
def test_the_own_model_is_drawn_beside_the_computed_one(opened):
    page = opened(flow(*network(dltk)))
    dotted = page.page.locator("polyline.dots")
    assert dotted.count() == 2
    page.control("draw my model too (dotted)").uncheck()
    assert dotted.count() == 0
