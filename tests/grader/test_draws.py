"""Draws: what each promises about its values, and that a seed gives the same ones for ever."""

import hashlib

import numpy as np
import pytest

from autograder import wire
from autograder.checks import draws

EVERY = {
    "normal": draws.normal(2, 3),
    "uniform": draws.uniform(-1, 4, 5, dtype="float32"),
    "integers": draws.integers(0, 3, 4, dtype="float64"),
    "away_from": draws.away_from([0.0, 1.0], 6),
    "nonzero": draws.nonzero(6),
    "distinct": draws.distinct(3, 4),
    "decades": draws.decades(-8, 8, 5),
    "permutation": draws.permutation(6),
    "choice": draws.choice([[1, 2], "three"]),
    "sizes": draws.sizes(3, 1, 4),
    "seed": draws.seed(),
    "number": draws.normal(),
    "whole number": draws.integers(2, 5),
}
FROZEN = "845ab2c2aa818801f7f0eec7691e7922c69e85fe8cebc8503dc9250465876ce9"


@pytest.mark.parametrize("name", EVERY)
def test_a_draw_is_the_same_for_the_same_seed_and_can_be_sent(name):
    one, two = (EVERY[name].draw(np.random.RandomState(7)) for _ in range(2))
    assert wire.encode({"x": one}) == wire.encode({"x": two})
    others = [wire.encode({"x": EVERY[name].draw(np.random.RandomState(n))}) for n in range(20)]
    assert len(set(others)) > 1


def test_the_stream_of_a_seed_never_changes():
    """A round is replayed years later: these bytes were drawn once and for all."""
    stream = np.random.RandomState(2026)
    drawn = wire.encode({name: draw.draw(stream) for name, draw in EVERY.items()})
    assert hashlib.sha256(drawn).hexdigest() == FROZEN


@pytest.mark.parametrize("seed", range(20))
def test_each_draw_keeps_its_promise(seed):
    values = {name: draw.draw(np.random.RandomState(seed)) for name, draw in EVERY.items()}
    assert values["normal"].shape == (2, 3)
    assert values["uniform"].dtype == np.float32
    assert ((values["uniform"] >= -1) & (values["uniform"] < 4)).all()
    assert set(values["integers"]) <= {0.0, 1.0, 2.0}
    assert min(abs(values["away_from"])) >= 0.1
    assert min(abs(values["away_from"] - 1)) >= 0.1
    assert min(abs(values["nonzero"])) >= 0.1
    assert np.diff(np.sort(values["distinct"].reshape(-1))).min() >= 0.1 - 1e-12
    assert ((values["decades"] >= 1e-8) & (values["decades"] < 1e8)).all()
    assert sorted(values["permutation"]) == list(range(6))
    assert values["choice"] in ([1, 2], "three")
    assert all(1 <= size <= 4 for size in values["sizes"])
    assert 0 <= values["seed"] < 2**31 - 1
    assert type(values["number"]) is float
    assert values["whole number"] in (2, 3, 4)
    assert type(values["whole number"]) is int
