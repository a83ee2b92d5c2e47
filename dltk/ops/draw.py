"""Random numbers from torch's stream: new tensors of them, and tensors filled with them."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.core import dtypes
from dltk.core.dispatch import finish
from dltk.core.inplace import in_place
from dltk.core.located import located
from dltk.core.primitive import Primitive
from dltk.core.random_stream import Stream
from dltk.core.tensor import Tensor, wrap
from dltk.ops import create
from dltk.ops.options import check_options
from dltk.ops.out import takes_out
from dltk.ops.shape import sizes_of

_bernoulli = Primitive("bernoulli", "x", lambda ops, x: x, "BernoulliBackward0")

# The integers from 0 on that a float holds without a gap end at two to these powers.
_WHOLE = {"float16": 11, "float32": 24, "float64": 53}


def _random(method: str, name: str, text: str) -> Any:
    def drawn(
        *size: Any,
        generator: Stream | None = None,
        dtype: dtypes.DType | None = None,
        device: Any = None,
        requires_grad: bool = False,
        **options: Any,
    ) -> Tensor:
        check_options(name, options)
        draw = getattr(generator or create.default_generator, method)
        raw = draw(sizes_of(size), (dtype or dtypes.get_default_dtype()).numpy)
        return create.made(np.asarray(raw), requires_grad, device)

    drawn.__name__ = drawn.__qualname__ = name
    drawn.__doc__ = f"{text} As `torch.{name}`."
    return takes_out(drawn)


rand = _random("rand", "rand", "Random numbers, uniform on [0, 1).")
randn = _random("randn", "randn", "Random numbers, normal with mean 0 and standard deviation 1.")


def _random_like(draw: Any, kernel: str, text: str) -> Any:
    name = f"{draw.__name__}_like"

    def drawn_like(
        input: Tensor,
        *,
        dtype: dtypes.DType | None = None,
        device: Any = None,
        requires_grad: bool = False,
    ) -> Tensor:
        chosen = dtype or input.dtype
        if not chosen.is_floating_point:
            raise NotImplementedError(
                f"\"{kernel}\" not implemented for '{dtypes.TITLES[chosen.name]}'"
            )
        place = create.device_like(input, device)
        shape = tuple(input._raw.shape)
        return draw(shape, dtype=chosen, device=place, requires_grad=requires_grad)

    drawn_like.__name__ = drawn_like.__qualname__ = name
    drawn_like.__doc__ = f"{text} in the shape of `input`. As `torch.{name}`."
    return drawn_like


rand_like = _random_like(rand, "check_uniform_bounds", "Uniform random numbers")
randn_like = _random_like(randn, "normal_kernel_cpu", "Normal random numbers")


@takes_out
def randint(
    *args: Any,
    generator: Stream | None = None,
    dtype: dtypes.DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """`randint(low, high, size)`: random integers from `low`, 0 if left out, below `high`."""
    *bounds, size = args
    low, high = (0, *bounds) if len(bounds) == 1 else bounds
    if low >= high:
        raise RuntimeError(f"random_ expects 'from' to be less than 'to', but got {low} >= {high}")
    raw = (generator or create.default_generator).randint(low, high, sizes_of((size,)))
    found = np.asarray(raw).astype((dtype or dtypes.int64).numpy)
    return create.made(found, requires_grad, device)


def randint_like(
    input: Tensor,
    *bounds: int,
    dtype: dtypes.DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """`randint` in the shape of `input`. As `torch.randint_like`."""
    shape = tuple(input._raw.shape)
    place = create.device_like(input, device)
    chosen = dtype or input.dtype
    return randint(*bounds, shape, dtype=chosen, device=place, requires_grad=requires_grad)


@takes_out
def randperm(n: int, *, generator: Stream | None = None, device: Any = None) -> Tensor:
    """The numbers below `n` in random order. As `torch.randperm`."""
    drawn = (generator or create.default_generator).randperm(n)
    return create.made(np.asarray(drawn, np.int64), False, device)


@takes_out
def normal(
    mean: Any,
    std: Any = 1.0,
    size: Any = None,
    *,
    generator: Stream | None = None,
    device: Any = None,
) -> Tensor:
    """Normal numbers, each with its own mean or deviation where these are tensors.

    As `torch.normal`.
    """
    stream = generator or create.default_generator
    if isinstance(mean, Tensor) or isinstance(std, Tensor):
        given = [each for each in (mean, std) if isinstance(each, Tensor)]
        shape = np.broadcast_shapes(*[each._raw.shape for each in given])
        drawn = wrap(np.asarray(stream.normal(shape, 0.0, 1.0, given[0].dtype.numpy)))
        return drawn * std + mean
    if size is None:
        raise TypeError("normal() needs a size where mean and std are numbers")
    dtype = dtypes.get_default_dtype()
    raw = np.asarray(stream.normal(tuple(size), mean, std, dtype.numpy))
    return create.made(raw, False, device)


@takes_out
def multinomial(
    input: Tensor,
    num_samples: int,
    replacement: bool = False,
    *,
    generator: Stream | None = None,
) -> Tensor:
    """Places drawn with the probabilities that `input` is proportional to.

    With replacement, torch's places for a seed. As `torch.multinomial`.
    """
    weights = np.asarray(input._raw, np.float64)
    if input.ndim not in (1, 2):
        raise RuntimeError("prob_dist must be 1 or 2 dim")
    if not input.dtype.is_floating_point:
        raise RuntimeError("multinomial only supports floating-point dtypes for input")
    if num_samples <= 0:
        raise RuntimeError("cannot sample n_sample <= 0 samples")
    if not replacement and num_samples > weights.shape[-1]:
        raise RuntimeError(
            "cannot sample n_sample > prob_dist.size(-1) samples without replacement"
        )
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if (weights.sum(-1) <= 0).any():
        raise RuntimeError("invalid multinomial distribution (sum of probabilities <= 0)")
    stream = generator or create.default_generator
    rows = np.atleast_2d(weights)
    if not len(rows):
        return wrap(np.zeros((0, num_samples), np.int64), dtypes.int64)
    if replacement:
        found = [_with_replacement(stream, row, num_samples) for row in rows]
    else:
        # The smallest of exponential waiting times, one for each place, in order.
        waiting = -np.log1p(-stream.rand(rows.shape, "float64"))
        with np.errstate(divide="ignore"):
            found = list(np.argsort(waiting / rows, axis=1, kind="stable")[:, :num_samples])
    places = np.ascontiguousarray(np.stack(found), np.int64)
    return wrap(places if input.ndim == 2 else places[0], dtypes.int64)


def _with_replacement(stream: Stream, weights: np.ndarray, count: int) -> np.ndarray:
    bounds = np.cumsum(weights) / weights.sum()
    bounds[-1] = 1.0
    return np.searchsorted(bounds, stream.rand((count,), "float64"))


@takes_out
def bernoulli(input: Tensor, *, generator: Stream | None = None) -> Tensor:
    """1 with the probability that each element names, else 0. As `torch.bernoulli`."""
    if not input.dtype.is_floating_point:
        raise NotImplementedError(f'"bernoulli_tensor_cpu_p_" not implemented for {input.dtype}')
    raw = np.asarray(input._raw)
    if not ((raw >= 0) & (raw <= 1)).all():
        raise RuntimeError("Expected p_in >= 0 && p_in <= 1 to be true, but got false.")
    drawn = (generator or create.default_generator).rand(raw.shape, raw.dtype)
    return finish(_bernoulli, (input,), (), wrap((drawn < raw).astype(raw.dtype), input.dtype))


@located
def bernoulli_(self: Tensor, p: float = 0.5, *, generator: Stream | None = None) -> Tensor:
    """1 with probability `p`, else 0, in place. As `torch.Tensor.bernoulli_`."""
    if not 0 <= p <= 1:
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p}")
    drawn = (generator or create.default_generator).rand(self._raw.shape, "float64")
    return in_place(lambda x: wrap((drawn < p).astype(x.dtype.numpy), x.dtype), self)


@located
def random_(self: Tensor, *bounds: int, generator: Stream | None = None) -> Tensor:
    """Integers from the first bound, or 0, below the last, in place. As `torch.Tensor.random_`.

    Without bounds, all integers from 0 on that the dtype holds without a gap.
    """
    name = self.dtype.name
    if len(bounds) == 2:
        low, high = bounds
    elif bounds:
        low, high = 0, bounds[0]
    elif self.dtype.is_floating_point:
        low, high = 0, 2 ** _WHOLE[name] + 1
    else:
        low, high = 0, 2 if name == "bool" else int(np.iinfo(self.dtype.numpy).max) + 1
    stream = generator or create.default_generator
    if name == "int32" and not bounds:
        # Without bounds torch spends one word on each number, though the range is wide.
        wide = (stream.random_raw(self.numel()) % np.uint32(high)).reshape(self._raw.shape)
    else:
        wide = stream.randint(low, high, tuple(self._raw.shape))
    return in_place(lambda x: wrap(np.asarray(wide.astype(x.dtype.numpy)), x.dtype), self)


@located
def exponential_(self: Tensor, lambd: float = 1.0, *, generator: Stream | None = None) -> Tensor:
    """Exponential waiting times of rate `lambd`, in place. As `torch.Tensor.exponential_`."""
    if not self.dtype.is_floating_point:
        raise RuntimeError(f"Exponential distribution is a continuous one, got {self.dtype}")
    if lambd <= 0:
        raise RuntimeError(f"exponential_ expects lambda > 0.0, but found lambda={lambd}")
    drawn = (generator or create.default_generator).rand(self._raw.shape, "float64")
    times = (-np.log1p(-drawn) / lambd).astype(self.dtype.numpy)
    return in_place(lambda x: wrap(np.asarray(times), x.dtype), self)
