"""A run begun with one library goes on with the other: files of either are read by both."""

import pytest
import torch

import dltk

LIBRARIES = {"torch": torch, "dltk": dltk}


def _build(lib):
    lib.manual_seed(0)
    nn = lib.nn
    model = nn.Sequential(
        nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.ReLU(), nn.Flatten(), nn.Linear(108, 4)
    )
    optimizer = lib.optim.Adam(
        [{"params": model[0].parameters()}, {"params": model[4].parameters(), "lr": 0.02}],
        lr=0.01,
        weight_decay=0.01,
    )
    schedule = lib.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=6)
    return model, optimizer, schedule


def _train(lib, parts, steps):
    model, optimizer, schedule = parts
    losses = []
    for step in steps:
        lib.manual_seed(100 + step)
        images, labels = lib.randn(8, 1, 8, 8), lib.randint(0, 4, (8,))
        loss = lib.nn.functional.cross_entropy(model(images), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.item())
    return losses


@pytest.mark.parametrize("second", LIBRARIES)
@pytest.mark.parametrize("first", LIBRARIES)
def test_a_run_goes_on_in_the_other_library(tmp_path, first, second):
    begun, continued = LIBRARIES[first], LIBRARIES[second]
    parts = _build(begun)
    losses = _train(begun, parts, range(4))
    names = ("model", "optimizer", "schedule")
    states = {name: part.state_dict() for name, part in zip(names, parts, strict=True)}
    begun.save(states | {"losses": losses, "epoch": 4}, tmp_path / "run.pt")

    loaded = continued.load(tmp_path / "run.pt")
    parts = _build(continued)
    for name, part in zip(names, parts, strict=True):
        part.load_state_dict(loaded[name])
    resumed = loaded["losses"] + _train(continued, parts, range(4, 8))

    whole = _train(torch, _build(torch), range(8))
    assert loaded["epoch"] == 4
    assert resumed == pytest.approx(whole, rel=1e-4)


@pytest.mark.parametrize("reader", LIBRARIES)
@pytest.mark.parametrize("writer", LIBRARIES)
def test_trees_keep_dtypes_strides_and_sharing(tmp_path, writer, reader):
    lib, other = LIBRARIES[writer], LIBRARIES[reader]
    base = lib.arange(12, dtype=lib.float32)
    dtypes = ("float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool")
    tree = {
        "base": base,
        "view": base.view(3, 4).t()[1:],
        "nothing": lib.zeros(0, 3),
        "number": lib.tensor(2.5),
        "leaf": lib.ones(2, requires_grad=True),
        "kinds": [lib.tensor([1, 0]).to(getattr(lib, dtype)) for dtype in dtypes],
        "nested": {"tuple": (1, 2.5, "text", None, True), 3: [[]]},
    }
    lib.save(tree, tmp_path / "tree.pt")
    read = other.load(tmp_path / "tree.pt")
    assert read["view"].tolist() == tree["view"].tolist()
    assert read["view"].stride() == (1, 4)
    assert read["view"].storage_offset() == 1
    read["base"][1] = -1
    assert read["view"][0, 0] == -1
    assert tuple(read["nothing"].shape) == (0, 3)
    assert read["number"].item() == 2.5
    assert read["leaf"].requires_grad
    assert [each.dtype for each in read["kinds"]] == [getattr(other, dtype) for dtype in dtypes]
    assert read["nested"] == tree["nested"]
