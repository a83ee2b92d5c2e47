"""Making tensors."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from dltk.autograd.modes import check_leaf_dtype
from dltk.autograd.state import tracking
from dltk.backends import registry
from dltk.backends.use import use
from dltk.core import dtypes
from dltk.core.device import CPU
from dltk.core.dtypes import DType, get_default_dtype
from dltk.core.operands import element, is_number, laid_out_like
from dltk.core.random_stream import Stream
from dltk.core.tensor import Tensor, wrap
from dltk.devices.selected import selected
from dltk.ops.convert import from_numpy
from dltk.ops.options import check_options, contiguous_format
from dltk.ops.out import takes_out
from dltk.ops.shape import sizes_of

default_generator = Stream()


def manual_seed(seed: int) -> Stream:
    """Start the stream of random numbers anew: a seed gives torch's numbers."""
    return default_generator.manual_seed(seed)


def made(raw: Any, requires_grad: bool, device: Any, place: Any = registry.created) -> Tensor:
    """A leaf around a fresh array."""
    # Arithmetic on a NumPy scalar is several times cheaper than on an array without dimensions.
    result = wrap(raw if raw.ndim else raw[()])
    if device is not None or selected.defaults:
        where = registry.resolved(device or registry.default_device())
        if where.type != "cpu":
            result._raw = place(result._raw, where)
    return require_grad(result) if requires_grad else result


def require_grad(input: Tensor, requires_grad: bool = True) -> Tensor:
    """Ask for gradients of a leaf, or no longer. As `torch.Tensor.requires_grad_`.

    Raises:
        RuntimeError: the dtype has no gradients, or the tensor is not a leaf.
    """
    if requires_grad:
        tracking.on = True
        if not input.requires_grad:
            check_leaf_dtype(input.dtype)
    elif not input.is_leaf:
        raise RuntimeError(
            "you can only change requires_grad flags of leaf variables. If you want to use a "
            "computed variable in a subgraph that doesn't require differentiation use "
            "var_no_grad = var.detach()."
        )
    input._requires_grad = requires_grad
    return input


def _elements(data: Any, dtype: DType | None) -> np.ndarray:
    """A fresh row-major array of what `data` holds, in torch's dtype for it."""
    if isinstance(data, Tensor):
        raw = registry.moved(data._raw, CPU) if use.elsewhere else data._raw
        return np.array(raw, (dtype or data.dtype).numpy, order="C")
    if isinstance(data, np.ndarray | np.generic):
        if data.dtype.kind == "c":
            raise NotImplementedError("complex numbers are not in dltk's scope")
        found = dtypes.from_numpy(np.asarray(data).dtype)
        return np.array(data, (dtype or found).numpy, order="C")
    if _holds(data, Tensor):
        data = _plain(data)
    try:
        array = np.array(data)
    except ValueError as error:
        raise ValueError(f"expected sequence of equal length at each dimension: {error}") from error
    if array.dtype.kind == "S":
        raise TypeError("new(): invalid data type 'bytes'")
    if array.dtype.kind == "c":
        raise NotImplementedError("complex numbers are not in dltk's scope")
    if isinstance(data, str):
        raise TypeError(f"new(): invalid data type 'str': a tensor holds numbers, got {data!r:.40}")
    if array.dtype.kind == "U":
        raise ValueError(f"too many dimensions 'str': a tensor holds numbers, got {data!r:.40}")
    if array.dtype in (object, np.uint64):
        odd = [each for each in array.flat if not is_number(each)]
        if odd:
            raise RuntimeError(f"Could not infer dtype of {type(odd[0]).__name__}")
        raise ValueError("Overflow when unpacking long long")
    if dtype is None:
        if (
            array.dtype.kind == "f" and not isinstance(_first(data), np.generic)
        ) or array.size == 0:
            dtype = get_default_dtype()
        else:
            dtype = dtypes.from_numpy(array.dtype)
    if dtype.category == dtypes.INTEGER and array.size:
        for extreme in (array.min(), array.max()):
            element(extreme, dtype)
    return np.array(array, dtype.numpy, order="C")


def _holds(data: Any, kind: type) -> bool:
    if isinstance(data, list | tuple):
        return any(_holds(each, kind) for each in data)
    return isinstance(data, kind)


def _plain(data: Any) -> Any:
    if isinstance(data, list | tuple):
        return [_plain(each) for each in data]
    return data.tolist() if isinstance(data, Tensor) else data


def _first(data: Any) -> Any:
    while isinstance(data, list | tuple) and data:
        data = data[0]
    return data


def tensor(
    data: Any, *, dtype: DType | None = None, device: Any = None, requires_grad: bool = False
) -> Tensor:
    """A leaf with a copy of `data`: a number, nested lists, an array. As `torch.tensor`.

    Raises:
        ValueError: lists of unequal length, or text.
        TypeError: something that is not numbers.
    """
    if isinstance(data, Tensor):
        device = device_like(data, device)
    return made(_elements(data, dtype), requires_grad, device, registry.moved)


def as_tensor(data: Any, dtype: DType | None = None, device: Any = None) -> Tensor:
    """`data` as a tensor, sharing memory where that is possible. As `torch.as_tensor`."""
    if isinstance(data, Tensor):
        return data.to(dtype=dtype, device=device)
    if isinstance(data, np.ndarray):
        place = registry.default_device() if device is None else device
        return from_numpy(data).to(dtype=dtype, device=place)
    return tensor(data, dtype=dtype, device=device)


@takes_out
def full(
    size: Sequence[int],
    fill_value: Any,
    *,
    dtype: DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """A tensor of `size` with the same value everywhere. As `torch.full`."""
    if isinstance(fill_value, Tensor):
        fill_value = fill_value.item()
    if dtype is None:
        found = dtypes.PYTHON_TYPES[type(fill_value)]
        dtype = get_default_dtype() if found.is_floating_point else found
    raw = np.full(tuple(size), element(fill_value, dtype), dtype.numpy)
    return made(raw, requires_grad, device)


def filled(
    size: Sequence[int],
    fill_value: Any,
    *,
    dtype: DType,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """`full` with a value that nobody checks, as torch's `new_full`: 1e6 in float16 is infinite."""
    return made(np.full(tuple(size), fill_value, dtype.numpy), requires_grad, device)


def _of_size(make: Any, name: str, text: str) -> Any:
    def create(
        *size: Any,
        dtype: DType | None = None,
        device: Any = None,
        requires_grad: bool = False,
        out: Tensor | None = None,
        **options: Any,
    ) -> Tensor:
        if options:
            check_options(name, options)
        if "size" in size:
            raise TypeError(f"{name}() takes sizes, got {size}")
        sizes = sizes_of(size)
        if any(each < 0 for each in sizes):
            raise RuntimeError(
                f"Trying to create tensor with negative dimension {min(sizes)}: {list(sizes)}"
            )
        result = made(make(sizes, (dtype or get_default_dtype()).numpy), requires_grad, device)
        if out is None:
            return result
        from dltk.core.inplace import into

        return into(out, result)

    create.__name__ = create.__qualname__ = name
    create.__doc__ = f"{text} As `torch.{name}`."
    return create


zeros = _of_size(np.zeros, "zeros", "Zeros of a size, given as numbers or as one sequence.")
ones = _of_size(np.ones, "ones", "Ones of a size, given as numbers or as one sequence.")
# Zeros where torch leaves whatever is in memory: a forgotten initialization is easier to see.
empty = _of_size(np.zeros, "empty", "Elements that nobody should rely on; here they are zeros.")


def device_like(input: Tensor, device: Any) -> Any:
    """`device`, or where `input` is if none is given."""
    return input.device if device is None and (use.elsewhere or selected.defaults) else device


def _like_made(input: Tensor, raw: Any, dtype: DType, requires_grad: bool, device: Any) -> Tensor:
    """A leaf around `raw`, laid out as `input` is, on `device` or where `input` is."""
    if use.elsewhere or device is not None:
        raw = registry.created(raw, registry.resolved(input.device if device is None else device))
    result = laid_out_like(input, raw, dtype)
    return require_grad(result) if requires_grad else result


def _like(make: Any, name: str) -> Any:
    def create(
        input: Tensor, *, dtype: DType | None = None, device: Any = None, requires_grad=False,
        **options: Any,
    ) -> Tensor:  # fmt: skip
        check_options(name, options)
        if options.get("memory_format") is contiguous_format:
            input = input.contiguous()
        chosen = dtype or input.dtype
        raw = make(tuple(input._raw.shape), chosen.numpy)
        return _like_made(input, raw, chosen, requires_grad, device)

    create.__name__ = create.__qualname__ = name
    create.__doc__ = f"Of the shape and dtype of `input`. As `torch.{name}`."
    return create


zeros_like, ones_like = _like(np.zeros, "zeros_like"), _like(np.ones, "ones_like")
empty_like = _like(np.zeros, "empty_like")


def full_like(
    input: Tensor,
    fill_value: Any,
    *,
    dtype: DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """One value in the shape and dtype of `input`. As `torch.full_like`."""
    chosen = dtype or input.dtype
    raw = np.full(tuple(input._raw.shape), element(fill_value, chosen), chosen.numpy)
    return _like_made(input, raw, chosen, requires_grad, device)


@takes_out
def arange(
    start: Any = 0,
    end: Any = None,
    step: Any = 1,
    *,
    dtype: DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Numbers from `start` up to, not including, `end`. As `torch.arange`."""
    first, last = (0, start) if end is None else (start, end)
    numbers = [each.item() if isinstance(each, Tensor) else each for each in (first, last, step)]
    if not all(math.isfinite(each) for each in numbers[:2]):
        raise RuntimeError(f"unsupported range: {numbers[0]} -> {numbers[1]}")
    if dtype is None:
        floats = any(isinstance(each, float) for each in numbers)
        dtype = get_default_dtype() if floats else dtypes.int64
    _refuse_booleans("arange", dtype)
    whole = [int(each) for each in numbers] if dtype.category == dtypes.INTEGER else numbers
    if whole[2] == 0:
        # Torch looks at the step before it is cut to an integer, and after that.
        raise (ValueError if numbers[2] else RuntimeError)("step must be nonzero")
    if (numbers[1] - numbers[0]) * numbers[2] < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    # Torch cuts the numbers to integers before it counts only where that keeps large ones exact.
    first, last, step = whole if dtype is dtypes.int64 else numbers
    count = math.ceil((last - first) / step)
    raw = (whole[0] + np.arange(count) * whole[2]).astype(dtype.numpy)
    return made(raw, requires_grad, device)


def _refuse_booleans(name: str, dtype: DType | None) -> None:
    if dtype is dtypes.bool_:
        raise NotImplementedError(f"\"{name}_cpu\" not implemented for 'Bool'")


def _evenly_spaced(name: str, start: Any, end: Any, steps: int, dtype: DType | None) -> np.ndarray:
    if steps < 0:
        raise RuntimeError(f"{name}(): number of steps must be non-negative, got {steps}")
    _refuse_booleans(name, dtype)
    return np.linspace(float(start), float(end), steps)


@takes_out
def linspace(
    start: float,
    end: float,
    steps: int,
    *,
    dtype: DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """`steps` evenly spaced numbers from `start` to `end`, both included. As `torch.linspace`."""
    raw = _evenly_spaced("linspace", start, end, steps, dtype)
    return made(raw.astype((dtype or get_default_dtype()).numpy), requires_grad, device)


@takes_out
def logspace(
    start: float,
    end: float,
    steps: int,
    base: float = 10.0,
    *,
    dtype: DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """`base` to the power of evenly spaced numbers. As `torch.logspace`."""
    raw = np.power(base, _evenly_spaced("logspace", start, end, steps, dtype))
    return made(raw.astype((dtype or get_default_dtype()).numpy), requires_grad, device)


@takes_out
def eye(
    n: int,
    m: int | None = None,
    *,
    dtype: DType | None = None,
    device: Any = None,
    requires_grad: bool = False,
) -> Tensor:
    """Ones on the diagonal, zeros elsewhere. As `torch.eye`."""
    if n < 0 or (m or 0) < 0:
        raise RuntimeError(f"n and m must be greater or equal to 0, got {n} and {m}")
    return made(np.eye(n, m, dtype=(dtype or get_default_dtype()).numpy), requires_grad, device)
