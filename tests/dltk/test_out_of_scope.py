"""What dltk leaves out says so where a user of torch would look for it, and gives no number."""

import pytest
import torch
from comparing import both

import dltk
from dltk.lazy_names import OUT_OF_SCOPE
from dltk.ops.scope import ABSENT

NAMES = sorted(name for names in OUT_OF_SCOPE.values() for name in names.split())
# Torch has these in a module of its own, or had them under this name.
ELSEWHERE = {"script"}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_torchs_says_that_it_is_out_of_scope(name):
    with pytest.raises(NotImplementedError, match=f"dltk.{name} is not in dltk's scope"):
        getattr(dltk, name)


@pytest.mark.parametrize("name", sorted(set(NAMES) - ELSEWHERE))
def test_what_is_out_of_scope_is_in_torch(name):
    # `import torch` leaves some of its modules to be imported by hand.
    assert hasattr(torch, name) or name in ("onnx", "ao", "fx", "_inductor", "_dynamo", "smm")


@pytest.mark.parametrize("name", sorted(ABSENT))
def test_a_method_of_torchs_says_that_it_is_out_of_scope(name):
    assert hasattr(torch.Tensor, name)
    with pytest.raises(NotImplementedError, match=f"Tensor.{name} is not in dltk's scope"):
        getattr(dltk.ones(2), name)()


PROGRAMS = {
    "complex numbers": lambda: dltk.tensor(1j),
    "a list of complex numbers": lambda: dltk.tensor([1.0, 1j]),
    "names of dimensions": lambda: dltk.zeros(2, names=("rows",)),
    "names of random dimensions": lambda: dltk.rand(2, names=("rows",)),
    "a sparse layout": lambda: dltk.zeros(2, layout=dltk.sparse_coo),
    "a layout of torch's": lambda: dltk.zeros(2, layout=torch.sparse_coo),
    "channels last": lambda: dltk.ones(1, 2, 3, 3).contiguous(memory_format=torch.channels_last),
    "a copy with channels last": lambda: dltk.ones(2).clone(memory_format=torch.channels_last),
    "moving to channels last": lambda: dltk.ones(2).to(memory_format=torch.channels_last),
    "channels last by its name": lambda: dltk.ones(2).to(memory_format=dltk.channels_last),
    "zeros with channels last": lambda: dltk.zeros_like(
        dltk.ones(2), memory_format=torch.channels_last
    ),
    "page-locked memory": lambda: dltk.zeros(2, pin_memory=True),
    "half precision of another kind": lambda: dltk.ones(2).to(dltk.bfloat16),
    "a view of other bytes": lambda: dltk.ones(2).view(dltk.int32),
    "a vectorizing map": lambda: dltk.func.vmap(lambda x: x),
    "a vectorizing map of the module": lambda: dltk.vmap(lambda x: x),
    "a compiled function": lambda: dltk.compile(lambda x: x),
    "a script": lambda: dltk.jit.script(lambda x: x),
    "einsum by numbers": lambda: dltk.einsum(dltk.ones(2), [0], [0]),
    "Fourier transforms": lambda: dltk.fft.fft(dltk.ones(2)),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_that_needs_it_stops_there(name):
    with pytest.raises(NotImplementedError, match="scope"):
        PROGRAMS[name]()


HARMLESS = {
    "a format that changes nothing": lambda lib: (
        lib.ones(2, 3).t().clone(memory_format=lib.preserve_format)
    ),
    "row-major order": lambda lib: lib.ones(2, 3).t().clone(memory_format=lib.contiguous_format),
    "row-major order of zeros": lambda lib: lib.zeros_like(
        lib.ones(2, 3).t(), memory_format=lib.contiguous_format
    ),
    "a strided layout": lambda lib: lib.zeros(2, layout=lib.strided, pin_memory=False),
    "the real part": lambda lib: lib.ones(2).real,
    "the imaginary part": lambda lib: lib.ones(2).imag,
    "the conjugate": lambda lib: lib.ones(2).conj(),
    "waiting for nothing": lambda lib: lib.ones(2).to(lib.float64, non_blocking=True),
    "no such option": lambda lib: lib.zeros(2, colour=1),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_needs_nothing_of_it_runs_as_in_torch(name):
    def run(lib):
        found = HARMLESS[name](lib)
        return [found.tolist(), tuple(found.stride()), str(found.dtype).split(".")[-1]]

    want, got = both(run)
    assert got == want


def test_a_tensor_answers_that_it_is_none_of_these():
    x, y = dltk.ones(2), torch.ones(2)
    for name in ("is_sparse", "is_quantized", "is_nested", "is_mkldnn", "is_meta"):
        assert getattr(x, name) is getattr(y, name) is False
