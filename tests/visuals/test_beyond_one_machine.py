"""The figures of lecture 12: a ring of workers, weights as integers, members with their data."""

import numpy as np
import pytest

from visuals.figures.all_reduce import EXAMPLE, all_reduce
from visuals.figures.federated import federated
from visuals.figures.quantization import quantization, quantize, scale_and_zero_point

MEMBERS = [
    {"name": "A", "examples": 100, "holds": "0 and 1", "bytes": 6400, "alone": 0.2},
    {"name": "B", "examples": 120, "holds": "2 and 3", "bytes": 7680, "alone": 0.3},
]


def test_the_table_of_the_ring_ends_with_the_mean_of_all_workers():
    table = all_reduce().table
    assert list(table.rows[-1][1:]) == pytest.approx(np.mean(EXAMPLE, axis=0).tolist())


@pytest.mark.parametrize("gradients", [[[1.0]], [[1.0], [2.0]], np.zeros((7, 7)), [1.0, 2.0]])
def test_a_ring_of_the_wrong_size_is_refused(gradients):
    with pytest.raises(ValueError, match="2 to 6 workers"):
        all_reduce(gradients)


@pytest.mark.parametrize("bits", range(1, 9))
def test_zero_is_exact_and_no_weight_is_clipped_when_scale_and_zero_point_fit(bits):
    weights = np.array([-0.31, -0.02, 0.0, 0.11, 0.59])
    scale, zero_point = scale_and_zero_point(weights, bits)
    assert quantize([0.0], bits, scale, zero_point)[0] == zero_point
    back = (quantize(weights, bits, scale, zero_point) - zero_point) * scale
    assert np.abs(back - weights).max() <= scale * (1 + 1e-9)


def test_weights_that_are_all_the_same_cannot_be_drawn():
    with pytest.raises(ValueError, match="two different numbers"):
        quantization(np.ones(5))


def test_a_federation_needs_members_and_a_round():
    with pytest.raises(ValueError, match="2 to 6 members"):
        federated(MEMBERS[:1], [0.1, 0.5], 100)
    with pytest.raises(ValueError, match="0 rounds"):
        federated(MEMBERS, [0.1], 100)


@pytest.mark.slow
@pytest.mark.parametrize("workers", [2, 3, 4, 6])
def test_the_ring_ends_at_the_mean_after_twice_its_length_less_two_steps(opened, workers):
    figure = opened(all_reduce())
    figure.drag("workers", workers)
    figure.page.get_by_role("button", name="Last").click()
    parts = np.array(EXAMPLE)[:workers, 0]
    assert float(figure.read("first")) == pytest.approx(parts.mean(), abs=0.01)
    steps = 2 * (workers - 1)
    assert figure.read("sent") == f"{steps} × 1/{workers} = {steps / workers:.2f}"
    assert figure.errors == []
    assert figure.requests == []


@pytest.mark.slow
def test_the_ring_is_walked_by_the_arrow_keys(opened):
    figure = opened(all_reduce())
    figure.page.get_by_role("button", name="Next").focus()
    for _ in range(6):
        figure.page.keyboard.press("ArrowRight")
    assert float(figure.read("first")) == pytest.approx(np.array(EXAMPLE)[:4, 0].mean(), abs=0.01)


@pytest.mark.slow
def test_the_figure_and_numpy_quantize_alike(opened):
    weights = np.random.default_rng(0).normal(size=200)
    figure = opened(quantization(weights))
    for bits in (8, 4, 2):
        figure.drag("bits", bits)
        scale, zero_point = scale_and_zero_point(weights, bits)
        back = (quantize(weights, bits, scale, zero_point) - zero_point) * scale
        error = np.sqrt(np.mean((back - weights) ** 2))
        assert float(figure.read("error")) == pytest.approx(error, abs=2e-6)
        assert figure.read("bytes") == f"{200 * bits // 8} bytes instead of 800"
        assert figure.read("clipped") == "0.0 %"


@pytest.mark.slow
def test_a_scale_that_is_too_small_clips_and_the_keyboard_moves_it(opened):
    figure = opened(quantization(np.linspace(-1, 1, 50)))
    scale = figure.control("scale")
    scale.focus()
    figure.page.keyboard.press("Home")
    assert float(figure.read("clipped").rstrip(" %")) > 50


@pytest.mark.slow
def test_only_models_cross_the_line(opened):
    figure = opened(federated(MEMBERS, [0.1, 0.4, 0.6], 1000))
    figure.page.get_by_role("button", name="Last").click()
    assert figure.read("crossed") == "8 models, 8000 bytes"
    assert figure.read("data") == "0 of 14080 bytes"
    assert figure.read("accuracy") == "60.0 %"
    figure.page.get_by_role("button", name="Back").click()
    assert figure.read("accuracy") == "40.0 %"
    assert figure.errors == []


@pytest.mark.slow
def test_a_ring_shows_three_digits_of_small_gradients(opened):
    figure = opened(all_reduce([[0.000022, 0.009856], [0.000331, -0.00155]]))
    sums = figure.page.get_by_role("table", name="The sums that each worker holds")
    assert "0.00986" in sums.inner_text()
    assert figure.errors == []


@pytest.mark.slow
def test_five_members_and_their_server_are_seen_at_once_on_a_narrow_page(opened):
    figure = opened(federated(MEMBERS * 2 + MEMBERS[:1], [0.1, 0.4], 1000), width="narrow")
    drawn = figure.page.locator(".scroll:has(svg)").first
    assert drawn.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
