"""The programs of the last lab are right: what each promises holds, under both libraries."""

import ast

import numpy as np
import pytest
import torch
from programs.clinic import CLINIC, function

import dltk

FILES = sorted(path.stem for path in CLINIC.glob("*.py"))
LIBRARIES = pytest.mark.parametrize("lib", [torch, dltk], ids=["torch", "dltk"])


def test_all_of_them_are_there():
    assert FILES == [
        "by_hand",
        "digits",
        "mylayer",
        "port",
        "regression",
        "saturation",
        "schedule",
        "transfer",
    ]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_one_function_of_the_library(name):
    tree = ast.parse((CLINIC / f"{name}.py").read_text(encoding="utf-8"))
    docstring, *rest = tree.body
    assert ast.get_docstring(tree)
    assert isinstance(docstring, ast.Expr)
    (only,) = (each for each in rest if not isinstance(each, ast.Import))
    assert isinstance(only, ast.FunctionDef)
    assert only.name == name
    assert only.args.args[0].arg == "lib"
    imported = {alias.name for each in rest if each is not only for alias in each.names}
    assert imported <= {"math"}


@LIBRARIES
@pytest.mark.parametrize("count", [1, 30])
def test_a_line_is_that_of_least_squares(lib, count):
    lib.manual_seed(0)
    x = lib.randn(count, dtype=lib.float64)
    y = 3 * x + lib.randn(count, dtype=lib.float64)
    found = function("regression")(lib, x, y, steps=200)
    if count == 1:
        assert found["slope"] * x.item() + found["intercept"] == pytest.approx(y.item())
        return
    slope, intercept = np.polyfit(x.numpy(), y.numpy(), 1)
    assert found["slope"] == pytest.approx(slope, abs=1e-6)
    assert found["intercept"] == pytest.approx(intercept, abs=1e-6)


@LIBRARIES
def test_an_update_by_hand_has_the_losses_of_the_lecture(lib):
    x, y = lib.tensor([[1.0, 2.0], [3.0, 4.0]]), lib.tensor([3.0, 7.0])
    w, b = lib.zeros(2), lib.tensor(0.0)
    found = function("by_hand")(lib, x, y, w, b)
    assert found["loss"][:3] == pytest.approx([29.0, 13.5764, 6.364574], rel=1e-6)
    assert found["gradient"][1][0].tolist() == pytest.approx([-16.44, -23.24])
    assert found["leaves"]
    assert w.tolist() == [0, 0]


@LIBRARIES
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("scale", [0.0, 1.0, 100.0])
def test_the_layer_stays_finite_and_is_seeded(lib, bias, scale):
    def run():
        lib.manual_seed(1)
        x, y = scale * lib.randn(10, 3), lib.rand(10, 2)
        return function("mylayer")(lib, x, y, bias=bias, lr=0.05 / max(1, scale**2))

    first, again = run(), run()
    assert np.isfinite(first["loss"]).all()
    assert all(bool(lib.isfinite(each).all()) for each in first["state"].values())
    assert first["loss"] == again["loss"]
    assert first["loss"][-1] < first["loss"][0] or scale == 0


@LIBRARIES
def test_digits_are_learned_in_training_mode_only(lib):
    lib.manual_seed(2)
    images = lib.rand(4, 8, 8, 1)[lib.arange(80) % 4] + 0.1 * lib.randn(80, 8, 8, 1)
    labels = lib.arange(80) % 4
    found = function("digits")(lib, images[:60], labels[:60], images[60:], labels[60:])
    assert found["training"] == [True] * 3
    assert found["accuracy"][-1] >= 0.9
    assert found["loss"][-1] < found["loss"][0]


@LIBRARIES
def test_a_wrong_score_has_a_slope_however_large_it_is(lib):
    z, target = lib.tensor([20.0, -200.0, 200.0]), lib.tensor([0.0, 1.0, 1.0])
    found = function("saturation")(lib, z, target)
    assert found["each"].tolist() == [20, 200, 0]
    assert found["gradient"].tolist() == [1, -1, 0]


@LIBRARIES
def test_rates_fall_by_the_epoch_and_momentum_is_kept(lib):
    lib.manual_seed(3)
    found = function("schedule")(lib, lib.randn(3, 8, 4), lib.randn(3, 8, 2))
    first = [rates[0] for rates in found["rates"]]
    assert first == pytest.approx([0.1, 0.1, 0.01, 0.01, 0.001, 0.001])
    assert [rates[1] for rates in found["rates"]] == pytest.approx([rate / 5 for rate in first])
    assert found["momentum"].abs().sum() > 0


@LIBRARIES
def test_only_the_new_head_moves(lib):
    lib.manual_seed(4)
    images = lib.rand(12, 1, 8, 8)
    found = function("transfer")(lib, images, lib.arange(12) % 2, images, lib.arange(12) % 4)
    assert found["moved"] == ["fc.weight", "fc.bias"]
    assert found["second"][-1] < found["second"][0]
    assert found["state"]["bn.num_batches_tracked"].item() == 6


@LIBRARIES
def test_words_of_any_length_are_spelled(lib):
    lib.manual_seed(5)
    found = function("port")(lib, ["a", "bed", "caterpillar"], epochs=20)
    assert len(found["loss"]) == 60
    assert sum(found["loss"][-3:]) < sum(found["loss"][:3])
    assert [each[0] for each in found["spelled"]] == ["a", "b", "c"]
