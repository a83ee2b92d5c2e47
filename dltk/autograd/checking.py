"""`gradcheck`: a backward pass against central differences, input by input, output by output."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dltk.autograd.forward_ad import dual_level, make_dual, unpack_dual
from dltk.autograd.grad_modes import enable_grad, no_grad
from dltk.autograd.gradcheck import agree, numerical_column
from dltk.autograd.passes import grad
from dltk.backends.registry import kernel_view
from dltk.core import dtypes
from dltk.core.tensor import Tensor, from_array, wrap


class GradcheckError(RuntimeError):
    """A backward pass and the differences of its function do not agree."""


def gradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
) -> bool:
    """Whether the backward pass of `func` agrees with small differences.

    `inputs` should be float64; they are as they were afterwards. As `torch.autograd.gradcheck`.

    Args:
        nondet_tol: by how much two backward passes may differ from each other.
        check_forward_ad: whether forward mode is checked too.
        check_undefined_grad, check_grad_dtypes, fast_mode: accepted. Every output is checked alone,
            with nothing arriving at the others; gradients have their input's dtype; and all
            elements are always looked at.

    Raises:
        GradcheckError: they differ and `raise_exception` is true; also, as in torch, a
            `ValueError` where no input requires a gradient.
    """
    if check_batched_grad or check_batched_forward_grad or masked:
        raise NotImplementedError(
            "gradcheck of batched gradients and of masked inputs is not in dltk's scope"
        )
    if not check_backward_ad and not check_forward_ad:
        raise AssertionError(
            "Expected at least one of check_forward_ad or check_backward_ad to be True"
        )
    arguments = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    chosen = _checked_inputs(arguments)
    outputs = _differentiable(func(*arguments))
    try:
        for number, output in enumerate(outputs):
            for position, x in enumerate(chosen):
                where = f"output {number} with respect to input {position}"
                numerical = _numerical(func, arguments, x, number, eps)
                if check_backward_ad:
                    analytical = _analytical(output, x)
                    _compare("Jacobian", numerical, analytical, atol, rtol, where)
                    _check_repeats(analytical, _analytical(output, x), nondet_tol)
                if check_forward_ad:
                    analytical = _forward(func, arguments, x, number)
                    _compare(
                        "Jacobian computed with forward mode",
                        numerical,
                        analytical,
                        atol,
                        rtol,
                        where,
                    )
    except GradcheckError:
        if raise_exception:
            raise
        return False
    return True


def _checked_inputs(arguments: tuple) -> list[Tensor]:
    """The inputs that are differentiated; `ValueError` if there are none."""
    chosen = []
    for number, each in enumerate(arguments):
        if not isinstance(each, Tensor) or not each.requires_grad:
            continue
        if each.dtype is not dtypes.float64:
            warnings.warn(
                f"Input #{number} requires gradient and is not a double precision floating point "
                "or complex. This check will likely fail if all the inputs are not of double "
                "precision floating point or complex. ",
                stacklevel=3,
            )
        if any(
            step == 0 and size > 1
            for step, size in zip(each._layout_strides(), each._raw.shape, strict=True)
        ):
            raise RuntimeError(
                f"The {number}th input has a dimension with stride 0. gradcheck only supports "
                "inputs that are non-overlapping. Call .contiguous() on the input before."
            )
        chosen.append(each)
    if not chosen:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of the "
            "them have requires_grad=True."
        )
    return chosen


def _compare(
    what: str, numerical: Tensor, analytical: Tensor, atol: float, rtol: float, where: str
) -> None:
    if not agree(numerical, analytical, atol, rtol):
        raise GradcheckError(
            f"{what} mismatch for {where},\nnumerical:{numerical}\nanalytical:{analytical}\n"
        )


def _check_repeats(first: Tensor, second: Tensor, tolerance: float) -> None:
    difference = np.abs(first._raw - second._raw).max(initial=0.0)
    if difference > tolerance:
        raise GradcheckError(
            "Backward is not reentrant, i.e., running backward with same input and grad_output "
            f"multiple times gives values that differ by {difference}. The tolerance for "
            f"nondeterminism was {tolerance}."
        )


def gradgradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    grad_outputs: Tensor | Sequence[Tensor] | None = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-5,
    rtol: float = 1e-3,
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
) -> bool:
    """`gradcheck` of the gradients of `func`. As `torch.autograd.gradgradcheck`.

    Args:
        grad_outputs: what the backward pass starts with, drawn if not given;
            `gen_non_contig_grad_outputs` says that it should not be contiguous.
        check_fwd_over_rev, check_rev_over_rev: which modes the gradients are differentiated in.
    """
    arguments = (inputs,) if isinstance(inputs, Tensor) else tuple(inputs)
    if grad_outputs is None:
        seeds = tuple(
            _drawn_like(each, gen_non_contig_grad_outputs)
            for each in _differentiable(func(*arguments))
        )
    else:
        seeds = (grad_outputs,) if isinstance(grad_outputs, Tensor) else tuple(grad_outputs)

    def gradients(*values: Any) -> tuple[Tensor, ...]:
        found, given = values[: len(arguments)], values[len(arguments) :]
        targets = [each for each in found if isinstance(each, Tensor) and each.requires_grad]
        # Also while differences are taken, when nothing else is recorded.
        with enable_grad():
            return grad(
                _differentiable(func(*found)),
                targets,
                given,
                create_graph=True,
                allow_unused=True,
                materialize_grads=True,
            )

    return gradcheck(
        gradients,
        (*arguments, *seeds),
        eps=eps,
        atol=atol,
        rtol=rtol,
        raise_exception=raise_exception,
        nondet_tol=nondet_tol,
        check_undefined_grad=check_undefined_grad,
        check_grad_dtypes=check_grad_dtypes,
        check_batched_grad=check_batched_grad,
        check_forward_ad=check_fwd_over_rev,
        check_backward_ad=check_rev_over_rev,
        fast_mode=fast_mode,
        masked=masked,
    )


def _drawn_like(output: Tensor, with_gaps: bool) -> Tensor:
    """Numbers from -1 to 1 to start a backward pass from, drawn where torch draws them."""
    drawn = from_array(np.empty(output._raw.shape, output._raw.dtype)).uniform_(-1, 1)
    drawn = drawn.to(output.device)
    if with_gaps:
        drawn = drawn.repeat_interleave(2).view(*drawn.shape, 2).select(-1, 0)
    return drawn.requires_grad_()


def _differentiable(result: Any) -> list[Tensor]:
    outputs = list(result) if isinstance(result, tuple | list) else [result]
    return [each for each in outputs if each.dtype.is_floating_point]


def _numerical(func: Callable, arguments: tuple, x: Tensor, number: int, eps: float) -> Tensor:
    """The Jacobian of output `number` by columns: one row an element of `x`."""

    def compute() -> Tensor:
        return _differentiable(func(*arguments))[number].detach().clone().reshape(-1)

    columns = []
    with no_grad():
        for index in itertools.product(*map(range, x._raw.shape)):
            columns.append(numerical_column(compute, x.data, index, eps))
    return _stacked([kernel_view(each._raw) for each in columns])


def _analytical(output: Tensor, x: Tensor) -> Tensor:
    """The Jacobian of `output` by rows of the backward pass, one row an element of `x`."""
    columns = []
    if not output.requires_grad:
        return _stacked([np.zeros((output._raw.size, x._raw.size))]).reshape(x._raw.size, -1)
    for index in itertools.product(*map(range, output._raw.shape)):
        seed = output.new_zeros(output.shape)
        seed[index] = 1
        (gradient,) = grad(output, x, seed, retain_graph=True, allow_unused=True)
        columns.append(
            np.zeros(x._raw.size) if gradient is None else kernel_view(gradient._raw).reshape(-1)
        )
    return _stacked([np.stack(columns, 1)]).reshape(x._raw.size, -1)


def _forward(func: Callable, arguments: tuple, x: Tensor, number: int) -> Tensor:
    """The Jacobian of output `number` by forward passes, one row an element of `x`."""
    rows = []
    for index in itertools.product(*map(range, x._raw.shape)):
        direction = x.new_zeros(x.shape)
        direction[index] = 1
        with dual_level():
            dual = make_dual(x, direction)
            result = func(*[dual if each is x else each for each in arguments])
            output, tangent = unpack_dual(_differentiable(result)[number])
        raw = (
            np.zeros(output._raw.size) if tangent is None else np.asarray(kernel_view(tangent._raw))
        )
        rows.append(raw.reshape(-1))
    return _stacked(rows)


def _stacked(parts: list) -> Tensor:
    return wrap(np.stack(parts).astype(np.float64), dtypes.float64)
