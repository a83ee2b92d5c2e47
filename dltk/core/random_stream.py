"""Torch's stream of random numbers on the CPU, number for number, over NumPy's MT19937.

The engine is the Mersenne Twister seeded with 32 bits of the seed. What this file adds is how torch
turns its 32-bit words into numbers: how many words a draw takes, which bits count, in which order.
Everything is exact except normal numbers in blocks of 16, whose logarithm and sine come from
another library: nine in ten agree, nearly all to one unit in the last place, all to four.
"""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Sequence

import numpy as np

# torch starts its generators from this seed; a generator is random only after `seed()`.
DEFAULT_SEED = 67280421310721

WORD = 1 << 32
BLOCK = 16
# From this range on an integer takes two words.
WIDE_RANGE = 1 << 28
MANTISSA = {np.dtype("float16"): 24, np.dtype("float32"): 24, np.dtype("float64"): 53}

# The layout of torch's `get_rng_state()`: 5056 bytes.
STATE = np.dtype(
    {
        "names": ["seed", "left", "seeded", "next", "words", "normal", "has_normal"],
        "formats": ["<u8", "<i4", "<i4", "<u8", ("<u8", 624), "<f8", "<i4"],
        "offsets": [0, 8, 12, 16, 24, 5016, 5040],
        "itemsize": 5056,
    }
)


def _in_64_bits(seed: int) -> int:
    seed = int(seed)
    if not -(1 << 63) <= seed < 1 << 64:
        raise ValueError(f"a seed lies between -2**63 and 2**64 - 1, got {seed}")
    return seed % (1 << 64)


class Stream:
    """A generator whose draws are those of a `torch.Generator` on the CPU with the same seed."""

    def __init__(self, seed: int = DEFAULT_SEED) -> None:
        self._initial_seed = _in_64_bits(seed)
        self._spare_normal: float | None = None

    @functools.cached_property
    def _engine(self) -> np.random.MT19937:
        # Made for the first draw, since NumPy imports its random part when it is first named: a
        # third of what `import dltk` would take.
        engine = np.random.MT19937()
        engine._legacy_seeding(self._initial_seed % WORD)
        return engine

    @functools.cached_property
    def _words(self) -> np.random.Generator:
        return np.random.Generator(self._engine)

    def manual_seed(self, seed: int) -> Stream:
        """Begin again from `seed`, from -2**63 to 2**64 - 1; `ValueError` outside."""
        self._initial_seed = _in_64_bits(seed)
        self._engine._legacy_seeding(self._initial_seed % WORD)
        self._spare_normal = None
        return self

    def seed(self) -> int:
        """Begin again from a seed of the operating system, and return it."""
        self.manual_seed(int.from_bytes(os.urandom(8), "little"))
        return self._initial_seed

    def initial_seed(self) -> int:
        return self._initial_seed

    def get_state(self) -> np.ndarray:
        """The state as 5056 bytes that `torch.set_rng_state` reads."""
        twister = self._engine.state["state"]
        state = np.zeros((), STATE)
        state["seed"] = self._initial_seed
        state["seeded"] = 1
        state["words"] = twister["key"]
        # torch marks a fresh engine by next 0 and one word left; NumPy by a position past the end.
        state["left"] = 625 - twister["pos"]
        state["next"] = twister["pos"] % 624
        state["has_normal"] = self._spare_normal is not None
        state["normal"] = self._spare_normal or 0.0
        return np.frombuffer(state.tobytes(), np.uint8).copy()

    def set_state(self, state: np.ndarray) -> Stream:
        """Go on from a state of `get_state`, ours or torch's; `RuntimeError` if it is not one."""
        data = np.asarray(state)
        if data.dtype != np.uint8 or data.shape != (STATE.itemsize,):
            raise RuntimeError(
                f"a generator's state is {STATE.itemsize} numbers of dtype uint8, "
                f"got shape {data.shape} of dtype {data.dtype}"
            )
        read = np.frombuffer(data.tobytes(), STATE)[0]
        if not read["seeded"] or not 1 <= read["left"] <= 624:
            raise RuntimeError("these bytes are not the state of a generator")
        self._initial_seed = int(read["seed"])
        self._engine.state = {
            "bit_generator": "MT19937",
            "state": {"key": read["words"].astype(np.uint32), "pos": 625 - int(read["left"])},
        }
        self._spare_normal = float(read["normal"]) if read["has_normal"] else None
        return self

    def random_raw(self, count: int) -> np.ndarray:
        """The next `count` words of the engine, uint32."""
        return self._words.integers(0, WORD, count, dtype=np.uint32)

    def random64(self) -> int:
        """The next 64 bits: two words, the first one high."""
        return int(self._doubles(1)[0])

    def _doubles(self, count: int) -> np.ndarray:
        words = self.random_raw(2 * count).astype(np.uint64)
        return (words[0::2] << np.uint64(32)) | words[1::2]

    def rand(self, shape: Sequence[int], dtype: str | np.dtype = "float32") -> np.ndarray:
        """Uniform numbers of [0, 1)."""
        return self.uniform(shape, 0.0, 1.0, dtype)

    def uniform(
        self,
        shape: Sequence[int],
        low: float = 0.0,
        high: float = 1.0,
        dtype: str | np.dtype = "float32",
    ) -> np.ndarray:
        """Uniform numbers of [low, high); `RuntimeError` where low > high."""
        if low > high:
            raise RuntimeError(
                f"uniform_ expects to return a [from, to) range, but found from={low} > to={high}"
            )
        dtype = _floating(dtype)
        compute = np.dtype("float64") if dtype.itemsize == 8 else np.dtype("float32")
        numbers = self._unit_interval(math.prod(shape), dtype)
        if (low, high) != (0, 1):
            start, stop = compute.type(low), compute.type(high)
            numbers = _multiply_add(numbers, float(stop - start), float(start))
        numbers = numbers.astype(dtype, copy=False)
        numbers[numbers == dtype.type(high)] = low
        return numbers.reshape(shape)

    def _unit_interval(self, count: int, dtype: np.dtype) -> np.ndarray:
        bits = MANTISSA[dtype]
        if bits == 53:
            return (self._doubles(count) & np.uint64((1 << bits) - 1)) * 2.0**-bits
        words = self.random_raw(count) & np.uint32((1 << bits) - 1)
        return words.astype(np.float32) * np.float32(2.0**-bits)

    def randn(self, shape: Sequence[int], dtype: str | np.dtype = "float32") -> np.ndarray:
        """Normal numbers of mean 0 and standard deviation 1."""
        return self.normal(shape, 0.0, 1.0, dtype)

    def normal(
        self,
        shape: Sequence[int],
        mean: float = 0.0,
        std: float = 1.0,
        dtype: str | np.dtype = "float32",
        contiguous: bool = True,
    ) -> np.ndarray:
        """Normal numbers; `RuntimeError` where std < 0.

        contiguous: whether the target's memory is; torch fills other targets one by one.
        """
        if std < 0:
            raise RuntimeError(f"normal expects std >= 0.0, but found std {std}")
        dtype = _floating(dtype)
        count = math.prod(shape)
        if count < BLOCK or not contiguous:
            numbers = np.array([self._one_normal() for _ in range(count)], np.float64)
            numbers = _multiply_add(numbers, std, mean)
        else:
            numbers = self._normal_blocks(count, dtype, mean, std)
        return numbers.astype(dtype, copy=False).reshape(shape)

    def _one_normal(self) -> float:
        """Box and Muller's method makes two numbers; the second waits for the next call."""
        if self._spare_normal is not None:
            number, self._spare_normal = self._spare_normal, None
            return number
        angle, radius = self._unit_interval(2, np.dtype("float64")).tolist()
        angle *= 2.0 * math.pi
        radius = math.sqrt(-2.0 * math.log1p(-radius))
        self._spare_normal = radius * math.sin(angle)
        return radius * math.cos(angle)

    def _normal_blocks(self, count: int, dtype: np.dtype, mean: float, std: float) -> np.ndarray:
        """Blocks of 16; where the last is incomplete, the last 16 numbers are drawn once more."""
        whole = count - count % BLOCK
        # Only float16 leaves the incomplete block's own words in the stream.
        first = self._unit_interval(whole if dtype.itemsize == 2 else count, dtype)
        numbers = np.empty(count, first.dtype)
        numbers[:whole] = _box_muller(first[:whole], mean, std)
        if whole < count:
            numbers[-BLOCK:] = _box_muller(self._unit_interval(BLOCK, dtype), mean, std)
        return numbers

    def randint(
        self, low: int, high: int, shape: Sequence[int], dtype: str | np.dtype = "int64"
    ) -> np.ndarray:
        """Integers of [low, high); `RuntimeError` where that is empty or does not fit the dtype."""
        if low >= high:
            raise RuntimeError(
                f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
            )
        dtype = np.dtype(dtype)
        if dtype.kind in "iu":
            limits = np.iinfo(dtype)
            if low < limits.min:
                raise RuntimeError(f"from is out of bounds for {dtype}")
            if high - 1 > limits.max:
                raise RuntimeError(f"to - 1 is out of bounds for {dtype}")
        return (self._remainders(high - low, math.prod(shape)) + low).astype(dtype).reshape(shape)

    def _remainders(self, size: int, count: int) -> np.ndarray:
        if size >= WIDE_RANGE:
            return (self._doubles(count) % np.uint64(size)).astype(np.int64)
        return (self.random_raw(count) % np.uint32(size)).astype(np.int64)

    def randperm(self, n: int) -> np.ndarray:
        """The numbers 0 to n - 1 in random order, int64; `RuntimeError` where n < 0."""
        if n < 0:
            raise RuntimeError(f"randperm needs a number of elements >= 0, got {n}")
        order = list(range(n))
        # The last element has nothing left to change places with.
        count = max(n - 1, 0)
        steps = self.random_raw(count) % np.arange(n, n - count, -1, dtype=np.uint32)
        for i, step in enumerate(steps.tolist()):
            order[i], order[i + step] = order[i + step], order[i]
        return np.array(order, dtype=np.int64)


def _floating(dtype: str | np.dtype) -> np.dtype:
    dtype = np.dtype(dtype)
    if dtype not in MANTISSA:
        raise NotImplementedError(f"random real numbers need a floating-point dtype, got {dtype}")
    return dtype


def _multiply_add(numbers: np.ndarray, factor: float, summand: float) -> np.ndarray:
    """`numbers * factor + summand` with one rounding, as a processor's fused instruction has it."""
    x, a, b = numbers.astype(np.float64), np.float64(factor), np.float64(summand)
    product = x * a
    if numbers.dtype.itemsize < 8:
        return (product + b).astype(numbers.dtype)
    # Dekker's exact error of the product and Knuth's of the sum.
    x_high, x_low = _halves(x)
    a_high, a_low = _halves(a)
    lost = ((x_high * a_high - product) + x_high * a_low + x_low * a_high) + x_low * a_low
    total = product + b
    b_seen = total - product
    lost += (product - (total - b_seen)) + (b - b_seen)
    return total + lost


def _halves(x: np.ndarray | np.float64) -> tuple[np.ndarray, np.ndarray]:
    """Two numbers of 26 bits each whose sum is x."""
    shifted = x * (2.0**27 + 1.0)
    high = shifted - (shifted - x)
    return np.asarray(high), np.asarray(x - high)


def _box_muller(numbers: np.ndarray, mean: float, std: float) -> np.ndarray:
    """Normal numbers from uniform ones, in blocks of 16: eight radii, then eight angles."""
    blocks = numbers.reshape(-1, 2, BLOCK // 2)
    # NumPy's logarithm of float32 is the one function here that is looser than torch's.
    logarithm = np.log((1 - blocks[:, 0]).astype(np.float64)).astype(numbers.dtype)
    radius = np.sqrt(-2 * logarithm)
    angle = numbers.dtype.type(2 * math.pi) * blocks[:, 1]
    pairs = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    if (mean, std) != (0, 1):
        pairs = _multiply_add(
            pairs, float(numbers.dtype.type(std)), float(numbers.dtype.type(mean))
        )
    return pairs.reshape(-1)
