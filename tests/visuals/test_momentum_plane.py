"""The plane of learning rate and momentum: its border, its rates, and the run of a point."""

import numpy as np
import pytest

import dltk
from visuals import momentum_plane
from visuals.figures.momentum_plane import best_point, loss_after, rate

CURVATURES = (1.0, 25.0)
DRAWN = [(0.01, 0.3), (0.05, 0.0), (0.079, 0.0), (0.12, 0.6), (0.1, 0.9), (0.16, 0.5), (0.02, 0.05)]


@pytest.mark.parametrize(("lr", "momentum"), DRAWN)
def test_the_rate_is_the_spectral_radius_of_a_step(lr, momentum):
    radii = [
        max(abs(np.linalg.eigvals([[1 + momentum - lr * c, -momentum], [1, 0]])))
        for c in CURVATURES
    ]
    assert rate(CURVATURES, lr, momentum) == pytest.approx(max(radii))


@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9])
def test_the_border_is_two_times_one_plus_momentum_by_the_largest_curvature(momentum):
    border = 2 * (1 + momentum) / 25
    assert rate(CURVATURES, 0.999 * border, momentum) < 1
    assert rate(CURVATURES, 1.001 * border, momentum) > 1
    assert loss_after(dltk, CURVATURES, (0.0, 1.0), 1.01 * border, momentum, 800) > 1e3


def test_no_point_of_a_grid_is_faster_than_the_best_one():
    best = rate(CURVATURES, *best_point(CURVATURES))
    assert best == pytest.approx(2 / 3)
    grid = [(lr, mu) for lr in np.linspace(0.005, 0.17, 60) for mu in np.linspace(0, 0.98, 50)]
    assert min(rate(CURVATURES, lr, mu) for lr, mu in grid) >= best


def test_curvatures_that_are_not_positive_are_refused():
    with pytest.raises(ValueError, match="positive curvatures"):
        momentum_plane(dltk, (1.0, 0.0))


def measured(figure):
    return float(figure.read("rate")), float(figure.read("loss"))


@pytest.mark.slow
@pytest.mark.parametrize(("lr", "momentum"), DRAWN[:5])
def test_the_run_of_a_point_is_the_one_of_dltk(opened, lr, momentum):
    figure = opened(momentum_plane(dltk, CURVATURES))
    figure.drag("learning rate", lr)
    figure.drag("momentum", momentum)
    found_rate, found_loss = measured(figure)
    assert found_rate == pytest.approx(rate(CURVATURES, lr, momentum), abs=6e-5)
    wanted = loss_after(dltk, CURVATURES, (-2.0, 0.8), lr, momentum, 60)
    assert found_loss == pytest.approx(wanted, rel=1e-3)
    assert figure.errors == []


@pytest.mark.slow
def test_a_point_is_dragged_in_the_plane_and_moved_by_keys(opened):
    figure = opened(momentum_plane(dltk), width="narrow")
    plane = figure.page.locator("svg[aria-label^='The plane of']")
    box = plane.bounding_box()
    figure.page.mouse.move(box["x"] + 80, box["y"] + 200)
    figure.page.mouse.down()
    figure.page.mouse.move(box["x"] + 200, box["y"] + 150, steps=4)
    figure.page.mouse.up()
    lr = float(figure.control("learning rate").input_value())
    momentum = float(figure.control("momentum").input_value())
    assert 0.06 < lr < 0.09
    assert 0.4 < momentum < 0.5
    figure.control("learning rate").press("ArrowRight")
    moved = float(figure.control("learning rate").input_value())
    assert moved == pytest.approx(lr + 0.0001)
    assert measured(figure)[0] == pytest.approx(rate((1.0, 25.0), moved, momentum), abs=6e-5)


@pytest.mark.slow
def test_beyond_the_border_the_figure_says_so_and_the_button_finds_the_best(opened):
    figure = opened(momentum_plane(dltk))
    figure.drag("learning rate", 0.1)
    figure.drag("momentum", 0)
    assert figure.read("verdict") == "diverges"
    assert figure.read("limit") == "0.0800"
    figure.drag("momentum", 0.9)
    assert figure.read("limit") == "0.1520"
    assert figure.read("verdict") == "converges"
    figure.page.get_by_role("button", name="Best point").click()
    assert figure.read("rate") == "0.6667"


@pytest.mark.slow
def test_a_finger_scrolls_the_page_over_the_plane_and_a_tap_selects(opened):
    figure = opened(momentum_plane(dltk), width="narrow")
    plane = figure.page.locator("svg[aria-label^='The plane of']")
    assert plane.evaluate("svg => getComputedStyle(svg).touchAction") == "pan-y"
    box = plane.bounding_box()
    place = {"clientX": box["x"] + 200, "clientY": box["y"] + 150, "pointerType": "touch"}
    plane.evaluate("svg => { svg.setPointerCapture = () => {}; }")
    before = figure.read("rate")
    plane.dispatch_event("pointerdown", place)
    assert figure.read("rate") == before
    plane.dispatch_event("pointerup", place)
    assert figure.read("rate") != before
