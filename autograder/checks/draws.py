"""What a check draws its inputs from.

A draw has one method, `draw(rng)`, given a `numpy.random.RandomState`, whose stream NumPy has
frozen: the same seed gives the same inputs years later. Without a shape a draw gives a plain Python
number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np


class Draw(Protocol):
    """Anything that can be drawn: arrays, numbers, texts or lists of those."""

    def draw(self, rng: np.random.RandomState) -> Any: ...


def _shaped(values: np.ndarray, shape: tuple[int, ...], dtype: str) -> Any:
    return values.astype(dtype).reshape(shape) if shape else values.astype(dtype).reshape(()).item()


@dataclass(frozen=True)
class _Normal:
    shape: tuple[int, ...]
    dtype: str

    def draw(self, rng: np.random.RandomState) -> Any:
        return _shaped(np.asarray(rng.standard_normal(self.shape)), self.shape, self.dtype)


@dataclass(frozen=True)
class _Uniform:
    low: float
    high: float
    shape: tuple[int, ...]
    dtype: str

    def draw(self, rng: np.random.RandomState) -> Any:
        values = np.asarray(rng.uniform(self.low, self.high, self.shape))
        return _shaped(values, self.shape, self.dtype)


@dataclass(frozen=True)
class _Integers:
    low: int
    high: int
    shape: tuple[int, ...]
    dtype: str

    def draw(self, rng: np.random.RandomState) -> Any:
        values = np.asarray(rng.randint(self.low, self.high, self.shape, dtype="int64"))
        return _shaped(values, self.shape, self.dtype)


@dataclass(frozen=True)
class _AwayFrom:
    points: tuple[float, ...]
    margin: float
    shape: tuple[int, ...]
    dtype: str

    def draw(self, rng: np.random.RandomState) -> Any:
        values = np.asarray(rng.standard_normal(self.shape)).reshape(-1)
        for place in range(values.size):
            while any(abs(values[place] - point) < self.margin for point in self.points):
                values[place] = rng.standard_normal()
        return _shaped(values, self.shape, self.dtype)


@dataclass(frozen=True)
class _Distinct:
    gap: float
    shape: tuple[int, ...]
    dtype: str

    def draw(self, rng: np.random.RandomState) -> Any:
        count = int(np.prod(self.shape))
        steps = rng.permutation(count) - (count - 1) / 2
        values = self.gap * (2 * steps + rng.uniform(-0.5, 0.5, count))
        return _shaped(values, self.shape, self.dtype)


@dataclass(frozen=True)
class _Decades:
    low: float
    high: float
    shape: tuple[int, ...]
    dtype: str

    def draw(self, rng: np.random.RandomState) -> Any:
        values = np.asarray(10.0 ** rng.uniform(self.low, self.high, self.shape))
        return _shaped(values, self.shape, self.dtype)


@dataclass(frozen=True)
class _Permutation:
    count: int

    def draw(self, rng: np.random.RandomState) -> list[int]:
        return [int(place) for place in rng.permutation(self.count)]


@dataclass(frozen=True)
class _Choice:
    options: tuple[Any, ...]

    def draw(self, rng: np.random.RandomState) -> Any:
        return self.options[rng.randint(len(self.options))]


@dataclass(frozen=True)
class _Sizes:
    ndim: int
    low: int
    high: int

    def draw(self, rng: np.random.RandomState) -> list[int]:
        return [int(size) for size in rng.randint(self.low, self.high + 1, self.ndim)]


@dataclass(frozen=True)
class _Seed:
    def draw(self, rng: np.random.RandomState) -> int:
        return int(rng.randint(2**31 - 1))


def normal(*shape: int, dtype: str = "float64") -> Draw:
    """Standard normal numbers."""
    return _Normal(shape, dtype)


def uniform(low: float, high: float, *shape: int, dtype: str = "float64") -> Draw:
    """Uniform numbers in [low, high)."""
    return _Uniform(low, high, shape, dtype)


def integers(low: int, high: int, *shape: int, dtype: str = "int64") -> Draw:
    """Whole numbers in [low, high), as `torch.randint`; `dtype` may be a float's (ties, say)."""
    return _Integers(low, high, shape, dtype)


def away_from(
    points: Sequence[float], *shape: int, margin: float = 0.1, dtype: str = "float64"
) -> Draw:
    """Standard normal numbers, none nearer than `margin` to any of `points` (kinks, poles)."""
    return _AwayFrom(tuple(points), margin, shape, dtype)


def nonzero(*shape: int, margin: float = 0.1, dtype: str = "float64") -> Draw:
    """Standard normal numbers, none nearer than `margin` to 0."""
    return _AwayFrom((0.0,), margin, shape, dtype)


def distinct(*shape: int, gap: float = 0.1, dtype: str = "float64") -> Draw:
    """Numbers around 0 in random order, any two at least `gap` apart: no ties."""
    return _Distinct(gap, shape, dtype)


def decades(low: float, high: float, *shape: int, dtype: str = "float64") -> Draw:
    """Positive numbers 10**u with u uniform in [low, high): many orders of magnitude at once."""
    return _Decades(low, high, shape, dtype)


def permutation(count: int) -> Draw:
    """The numbers 0 … count - 1 in random order, as a list."""
    return _Permutation(count)


def choice(options: Sequence[Any]) -> Draw:
    """One of the options, which are numbers, texts, or lists of those."""
    return _Choice(tuple(options))


def sizes(ndim: int, low: int, high: int) -> Draw:
    """A random shape as a list of `ndim` sizes, each from `low` to `high`, both included."""
    return _Sizes(ndim, low, high)


def seed() -> Draw:
    """A seed for `lib.manual_seed`: an int in [0, 2**31 - 1)."""
    return _Seed()
