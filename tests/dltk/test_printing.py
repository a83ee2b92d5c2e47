"""Tensors print as in torch, whatever they hold."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import dltk
from dltk.core import printing

torch = pytest.importorskip(
    "torch", reason="torch is not installed: it is what prints are compared with"
)

DTYPES = ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool"]


@pytest.fixture(autouse=True)
def default_options():
    yield
    printing.set_printoptions(profile="default")
    torch.set_printoptions(profile="default")


def ours(array: np.ndarray, requires_grad: bool = False) -> str:
    dtype = f"torch.{array.dtype}"
    suffixes = printing.suffixes_for(
        array.shape,
        dtype,
        default_dtype="torch.float32",
        implied=("torch.int64", "torch.bool"),
        requires_grad=requires_grad,
    )
    return printing.tensor_str(array, suffixes=suffixes)


def theirs(array: np.ndarray, requires_grad: bool = False) -> str:
    return str(torch.from_numpy(array.copy()).requires_grad_(requires_grad))


def both_set(**changes):
    printing.set_printoptions(**changes)
    torch.set_printoptions(**changes)


def arrays(dtypes=tuple(DTYPES), max_dims=4, max_side=5):
    shapes = hnp.array_shapes(min_dims=0, max_dims=max_dims, min_side=0, max_side=max_side)
    return st.sampled_from(dtypes).flatmap(lambda dtype: hnp.arrays(dtype, shapes))


@settings(max_examples=250, deadline=None)
@given(arrays())
def test_any_array_prints_as_in_torch(array):
    assert ours(array) == theirs(array)


tame = st.one_of(
    st.floats(-10, 10, width=32),
    st.floats(-2000, 2000, width=32),
    st.integers(-1000, 1000).map(float),
    st.sampled_from([0.0, -0.0, math.nan, math.inf, -math.inf, 0.5]),
)


@settings(max_examples=250, deadline=None)
@given(
    hnp.arrays("float64", hnp.array_shapes(min_dims=0, max_dims=3, max_side=12), elements=tame),
    st.sampled_from(["float16", "float32", "float64"]),
    st.booleans(),
)
def test_everyday_numbers_with_nan_and_inf_print_as_in_torch(array, dtype, requires_grad):
    array = array.astype(dtype)
    assert ours(array, requires_grad) == theirs(array, requires_grad)


@settings(max_examples=120, deadline=None)
@given(
    arrays(max_dims=3, max_side=7),
    st.fixed_dictionaries(
        {
            "precision": st.integers(0, 8),
            "threshold": st.integers(0, 60),
            "edgeitems": st.integers(0, 4),
            "linewidth": st.integers(10, 120),
            "sci_mode": st.sampled_from([None, True, False]),
        }
    ),
)
def test_every_option_means_what_it_means_in_torch(array, changes):
    both_set(**changes)
    assert ours(array) == theirs(array)


@pytest.mark.parametrize(
    "shape",
    [(1001,), (1000,), (40, 30), (2, 1000), (7, 7, 30), (3, 2, 500), (1200, 1), (1, 1, 1001)],
)
@pytest.mark.parametrize("dtype", ["float32", "int64", "bool", "float64"])
def test_large_tensors_are_summarized_as_in_torch(shape, dtype):
    array = (np.random.RandomState(0).normal(size=shape) * 3).astype(dtype)
    assert ours(array) == theirs(array)


@pytest.mark.parametrize("profile", ["default", "short", "full"])
def test_profiles_are_those_of_torch(profile):
    both_set(profile=profile)
    array = np.random.RandomState(1).normal(size=(33, 32)).astype("float32")
    assert ours(array) == theirs(array)
    assert printing.get_printoptions() == torch._tensor_str.get_printoptions()


@pytest.mark.parametrize("shape", [(0,), (0, 3), (2, 0, 4), (0, 0)])
@pytest.mark.parametrize("dtype", DTYPES)
def test_an_empty_tensor_shows_its_size(shape, dtype):
    array = np.empty(shape, dtype)
    assert ours(array) == theirs(array)


def test_the_dtype_is_left_out_only_where_the_elements_tell_it():
    assert ours(np.array([1.5], "float32")) == "tensor([1.5000])"
    assert ours(np.array([1.5], "float64")) == "tensor([1.5000], dtype=torch.float64)"
    assert ours(np.array([1], "int64")) == "tensor([1])"
    assert ours(np.empty(0, "int64")) == "tensor([], dtype=torch.int64)"


def test_a_long_suffix_moves_to_a_line_of_its_own():
    array = np.linspace(0, 1, 9).astype("float64")
    made = torch.from_numpy(array).requires_grad_() * 1
    suffixes = ["dtype=torch.float64", "grad_fn=<MulBackward0>"]
    assert printing.tensor_str(array, suffixes=suffixes) == str(made)


def test_options_of_a_with_block_end_with_it():
    with printing.printoptions(precision=2):
        assert ours(np.float32([1.23456])) == "tensor([1.23])"
    assert ours(np.float32([1.23456])) == "tensor([1.2346])"


def test_a_summary_reads_only_what_it_shows():
    huge = np.broadcast_to(np.float32(0.5), (10**6, 10**6))
    assert printing.tensor_str(huge).count("0.5000") == 36


@pytest.mark.parametrize("name", ["float16", "float32", "float64", "int8", "int64", "uint8"])
def test_the_limits_of_a_dtype_print_as_torchs(name):
    limits = "iinfo" if "int" in name else "finfo"
    got, want = [repr(getattr(lib, limits)(getattr(lib, name))) for lib in (dltk, torch)]
    assert got == want
