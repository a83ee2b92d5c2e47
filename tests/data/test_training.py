"""Pictures become tensors, and a model is trained and judged as by a loop of torch."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import dltk
from dltk.training import evaluate, fit
from dltk.transforms import Compose, Lambda, Normalize, ToTensor


def test_a_black_pixel_is_normalized_by_its_channels_statistics():
    picture = np.zeros((2, 3, 3), np.uint8)
    picture[1, 2] = 255
    result = Compose([ToTensor(), Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])])(picture)
    assert tuple(result.shape) == (3, 2, 3)
    assert result.dtype is dltk.float32
    assert result[0, 0, 0].item() == pytest.approx(-2.117904, abs=1e-6)
    assert result[2, 1, 2].item() == pytest.approx((1 - 0.406) / 0.225, abs=1e-6)


def test_pixels_keep_their_places_and_floats_their_scale():
    bytes_ = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    assert ToTensor()(bytes_)[1, 1, 2].item() == pytest.approx(bytes_[1, 2, 1] / 255)
    assert ToTensor()(bytes_.astype(np.float64)).max().item() == 23
    assert tuple(ToTensor()(bytes_[:, :, 0]).shape) == (1, 2, 4)


def test_transforms_refuse_what_they_cannot_do():
    with pytest.raises(TypeError):
        ToTensor()([[1]])
    with pytest.raises(ValueError, match="dimensions"):
        ToTensor()(np.zeros(3))
    with pytest.raises(TypeError):
        Normalize([0], [1])(dltk.ones(1, 2, 2, dtype=dltk.int64))
    with pytest.raises(ValueError, match="std"):
        Normalize([0], [0])(dltk.ones(1, 2, 2))
    with pytest.raises(TypeError):
        Lambda(3)


def test_normalizing_leaves_the_picture_and_composing_keeps_the_order():
    picture = dltk.ones(1, 2, 2)
    steps = [Lambda(lambda x: x + 1), Normalize([0.5], [2.0])]
    assert Compose(steps)(picture).tolist() == [[[0.75, 0.75], [0.75, 0.75]]]
    Normalize([0.5], [2.0])(picture)
    assert picture.sum().item() == 4


class Scores(dltk.nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = dltk.nn.Linear(2, 2)
        self.recorded = []

    def forward(self, x):
        self.recorded.append((self.training, x.requires_grad))
        return x


def test_accuracy_counts_samples_and_leaves_every_mode_as_it_was():
    model = Scores()
    model.train()
    model.inner.eval()
    one = dltk.tensor([[0.0, 1.0]]).requires_grad_()
    three = dltk.tensor([[0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    loader = [(three, dltk.tensor([1, 1, 0])), (one, dltk.tensor([0]))]
    assert evaluate(model, loader) == 0.75
    assert [training for training, _ in model.recorded] == [False, False]
    assert model.training
    assert not model.inner.training
    assert evaluate(model, []) == 0


def problem(lib):
    lib.manual_seed(3)
    model = lib.nn.Linear(4, 3)
    x = lib.randn(50, 4)
    data = lib.utils.data.TensorDataset(x, (x[:, 0] > 0).long() + (x[:, 1] > 0).long())
    loader = lib.utils.data.DataLoader(data, batch_size=8, shuffle=True)
    return model, loader, lib.utils.data.DataLoader(data, batch_size=16)


def test_the_first_losses_are_those_of_torch():
    ours = theirs = None
    model, loader, _ = problem(dltk)
    optimizer = dltk.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    ours, _ = fit(model, optimizer, dltk.nn.functional.cross_entropy, loader, 3)
    model, loader, _ = problem(torch)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    theirs = []
    for _ in range(3):
        for x, y in loader:
            optimizer.zero_grad()
            loss = torch.nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            theirs.append(loss.item())
    assert len(ours) == 21
    np.testing.assert_allclose(ours, theirs, rtol=1e-4)


def test_the_state_that_stays_is_the_best_one():
    model, loader, held_out = problem(dltk)
    optimizer = dltk.optim.SGD(model.parameters(), lr=5.0)
    _, accuracies = fit(
        model, optimizer, dltk.nn.functional.cross_entropy, loader, 5, held_out=held_out
    )
    assert len(accuracies) == 5
    assert accuracies[-1] < max(accuracies)
    assert evaluate(model, held_out) == max(accuracies)
