"""Every name that is promised is there, as a function, a method, a twin and with `out=`.

"There" means wherever torch has it: torch is asked, not a list.
"""

import inspect
import re
import types

import pytest
import torch

import dltk

PROMISED = {
    "dtypes": """
        float16 float32 float64 int8 int16 int32 int64 uint8 bool result_type promote_types can_cast
        finfo iinfo get_default_dtype set_default_dtype
    """,
    "creation": """
        tensor as_tensor from_numpy from_dlpack zeros ones full empty arange linspace logspace eye
        rand randn randint randperm zeros_like ones_like full_like empty_like rand_like randn_like
        randint_like manual_seed Generator
    """,
    "attributes": """
        shape size dim ndim numel dtype device stride storage_offset data_ptr is_contiguous
        contiguous T mT item tolist numpy __array__ __dlpack__ clone detach requires_grad
        requires_grad_ is_leaf grad grad_fn retain_grad register_hook backward to cpu type float
        double half long int bool
    """,
    "views and shape": """
        view reshape squeeze unsqueeze permute transpose t movedim expand expand_as flatten
        unflatten narrow select split chunk unbind diagonal as_strided unfold cat stack hstack
        vstack repeat repeat_interleave tile flip roll where gather scatter scatter_add index_select
        take masked_fill masked_select tril triu
    """,
    "pointwise": """
        add sub mul div floor_divide remainder pow abs neg exp expm1 log log1p log2 sqrt rsqrt
        square reciprocal sin cos tan asin acos atan sinh cosh tanh sigmoid relu erf floor ceil
        round trunc sign clamp minimum maximum lerp addcmul addcdiv isnan isinf isfinite eq ne lt le
        gt ge logical_and logical_or logical_xor logical_not bitwise_and bitwise_or bitwise_xor
        bitwise_not bitwise_left_shift bitwise_right_shift copy_ zero_ fill_ t_ uniform_ normal_
    """,
    "reductions": """
        sum mean var std prod amax amin max min argmax argmin all any cumsum cumprod logsumexp norm
        median sort argsort topk unique bincount
    """,
    "matrices": """
        matmul mm bmm mv dot outer einsum diag diagonal trace cholesky
    """,
    "comparison": "allclose equal isclose",
    "modes": "no_grad enable_grad set_grad_enabled inference_mode",
    "used by whole programs": """
        broadcast_to index_add index_copy index_fill index_put masked_scatter kthvalue clamp_min
        clamp_max copysign scatter_reduce cummax cummin logcumsumexp nansum nanmean count_nonzero
        softmax log_softmax exponential_ addmm baddbmm bernoulli multinomial is_floating_point
        is_tensor numel meshgrid tensordot atleast_2d nan_to_num new_zeros new_ones new_full
        new_tensor type_as view_as reshape_as resize_ ndimension nelement element_size is_nonzero
        sum_to_size fill_diagonal_ argwhere ravel diff quantile clip absolute multiply subtract
        divide true_divide negative isin aminmax rot90 searchsorted bucketize
    """,
}
NAMES = [name for group in PROMISED.values() for name in group.split()]
LINALG = [
    "det", "inv", "solve", "norm", "slogdet", "cholesky", "vector_norm", "matrix_norm",
    "matrix_power", "multi_dot",
]  # fmt: skip

# Nobody can write to a tensor that the call itself makes; of the last two torch refuses it.
NO_OUT = [
    "empty_like", "full_like", "ones_like", "rand_like", "randint_like", "randn_like", "zeros_like",
    "std_mean", "var_mean",
]  # fmt: skip


def _functions():
    """All functions that torch and dltk both have, by name."""
    return [
        name
        for name in sorted({*dir(dltk), *NAMES})
        if not name.startswith("_")
        and callable(getattr(torch, name, None))
        and not isinstance(getattr(torch, name), type)
        and callable(getattr(dltk, name, None))
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_promised_name_is_there_wherever_torch_has_it(name):
    places = [("torch", torch, dltk), ("Tensor", torch.ones(1, 1), dltk.ones(1, 1))]
    if isinstance(getattr(torch, name, None), types.ModuleType):
        places = places[1:]
    expected = [place for place, theirs, _ in places if hasattr(theirs, name)]
    assert expected, f"torch has no {name}"
    missing = [
        place for place, theirs, ours in places if hasattr(theirs, name) > hasattr(ours, name)
    ]
    assert missing == []


@pytest.mark.parametrize("name", LINALG)
def test_a_promised_name_of_linear_algebra_is_there(name):
    assert callable(getattr(torch.linalg, name))
    assert callable(getattr(dltk.linalg, name))


def test_every_function_is_a_method_where_torch_has_one():
    missing = [
        name
        for name in _functions()
        if hasattr(torch.Tensor, name) and not hasattr(dltk.Tensor, name)
    ]
    assert missing == []


def test_every_method_has_its_in_place_twin():
    missing = [
        name + "_"
        for name in sorted(dir(dltk.Tensor))
        if not name.endswith("_")
        and hasattr(torch.Tensor, name + "_")
        and not hasattr(dltk.Tensor, name + "_")
    ]
    assert missing == []


def _takes_out(name):
    """Whether torch writes the results of a function into `out=`."""
    packet = getattr(torch.ops.aten, name, None)
    if packet is None or not re.search(r"out=None|out: ", getattr(torch, name).__doc__ or ""):
        return False
    overloads = [getattr(packet, each) for each in packet.overloads()]
    return any(argument.is_out for each in overloads for argument in each._schema.arguments)


def test_every_function_takes_out_where_torch_documents_it():
    missing = [
        name
        for name in _functions()
        if _takes_out(name)
        and name not in NO_OUT
        and "out" not in inspect.signature(getattr(dltk, name), follow_wrapped=False).parameters
    ]
    assert missing == []
