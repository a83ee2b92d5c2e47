"""An index or a mask that is written to after it was used is noticed by the backward pass."""

import numpy as np
import pytest
from comparing import both

import dltk

USES = {
    "an index": lambda lib, x, i: x[i],
    "an index beside a slice": lambda lib, x, i: x[:, i],
    "gather": lambda lib, x, i: x.gather(0, i.unsqueeze(0)),
    "index_select": lambda lib, x, i: x.index_select(0, i),
    "take": lambda lib, x, i: x.take(i),
    "scatter": lambda lib, x, i: (x * 1).scatter(0, i.unsqueeze(0), x[:1] * 2),
    "scatter of a number": lambda lib, x, i: (x * 1).scatter(0, i.unsqueeze(0), 3.0),
    "scatter_add": lambda lib, x, i: (x * 1).scatter_add(0, i.unsqueeze(0), x[:1] * 2),
    "index_add": lambda lib, x, i: (x * 1).index_add(0, i, x[:2] * 2),
    "index_copy": lambda lib, x, i: (x * 1).index_copy(0, i, x[:2] * 2),
    "index_fill": lambda lib, x, i: (x * 1).index_fill(0, i, 3.0),
    "embedding": lambda lib, x, i: lib.nn.functional.embedding(i, x),
    "nll_loss": lambda lib, x, i: lib.nn.functional.nll_loss(x[:2], i),
    "cross_entropy": lambda lib, x, i: lib.nn.functional.cross_entropy(x[:2], i),
}
MASKS = {
    "where": lambda lib, x, m: lib.where(m, x, 0.0),
    "masked_fill": lambda lib, x, m: x.masked_fill(m, 2.0),
    "masked_select": lambda lib, x, m: x.masked_select(m),
    "a mask as index": lambda lib, x, m: x[m],
    "masked_scatter": lambda lib, x, m: (x * 1).masked_scatter(m, x * 2),
}


def gradient(lib, use, read, write):
    x = lib.arange(6.0).reshape(3, 2).requires_grad_()
    y = use(lib, x, read)
    if write:
        read[0] = read[1]
    y.sum().backward()
    return x.grad.tolist()


@pytest.mark.parametrize("write", [False, True], ids=["kept", "written to"])
@pytest.mark.parametrize("name", USES)
def test_an_index_may_not_change_between_the_passes(name, write):
    want, got = both(lambda lib: gradient(lib, USES[name], lib.tensor([1, 0]), write))
    if write:
        assert got == want == "raises RuntimeError"
    else:
        assert np.allclose(got, want)


@pytest.mark.parametrize("write", [False, True], ids=["kept", "written to"])
@pytest.mark.parametrize("name", MASKS)
def test_a_mask_may_not_change_between_the_passes(name, write):
    def run(lib):
        mask = lib.tensor([[True, False], [False, False], [True, True]])
        return gradient(lib, MASKS[name], mask, write)

    want, got = both(run)
    assert got == want
    assert (want == "raises RuntimeError") == write


def test_the_refusal_names_the_tensor_and_the_operation():
    index = dltk.tensor([1, 0])
    y = dltk.ones(3, 2, requires_grad=True).index_select(0, index)
    index[0] = 2
    with pytest.raises(RuntimeError, match=r"int64 \[2\]\], saved by IndexSelectBackward0"):
        y.sum().backward()
