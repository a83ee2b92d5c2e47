"""A bad call raises torch's class of error, and its message names what was wrong."""

import re

import pytest
from comparing import nearest_builtin

import dltk


def outcome(call, lib):
    try:
        call(lib)
    except Exception as error:
        return nearest_builtin(error), str(error)
    return "nothing raised", ""


def _used_twice(lib):
    x = lib.ones(2, requires_grad=True)
    y = (x * x).sum()
    y.backward()
    y.backward()


def _written_after(write, lib):
    x = lib.ones(2, 3, requires_grad=True)
    y = x * 2
    z = (y * y).sum()
    write(y)
    z.backward()


def _leaf(lib):
    return lib.ones(2, 3, requires_grad=True)


# A call, and a pattern that its message must match: the shape, dtype, argument or value at fault.
BAD = {
    "a size that is no integer": (lambda lib: lib.zeros(2.0), r"float"),
    "a truth value as a size": (lambda lib: lib.ones(True), r"bool"),
    "a shape that is no integer": (lambda lib: lib.ones(3).reshape(3.0), r"float"),
    "a layer of a size that is no integer": (lambda lib: lib.nn.Linear(3.0, 2), r"float"),
    "sum of shapes that differ": (
        lambda lib: lib.ones(2, 3) + lib.ones(2, 4),
        r"3.*4.*dimension 1",
    ),
    "product of matrices that do not fit": (
        lambda lib: lib.ones(2, 3) @ lib.ones(4, 5),
        r"2x3.*4x5",
    ),
    "mm of vectors": (lambda lib: lib.mm(lib.ones(3), lib.ones(3)), r"matri"),
    "mv of shapes that differ": (lambda lib: lib.mv(lib.ones(2, 3), lib.ones(4)), r"2x3.*4"),
    "dot of matrices": (lambda lib: lib.dot(lib.ones(2, 2), lib.ones(2, 2)), r"1D.*2D"),
    "dot of lengths that differ": (lambda lib: lib.dot(lib.ones(2), lib.ones(3)), r"2.*3"),
    "bmm of batches that differ": (
        lambda lib: lib.bmm(lib.ones(2, 3, 4), lib.ones(3, 4, 5)),
        r"2.*3",
    ),
    "matmul of two dtypes": (
        lambda lib: lib.ones(2, 2) @ lib.ones(2, 2, dtype=lib.float64),
        r"float.*double",
    ),
    "matmul with a number": (lambda lib: lib.matmul(lib.ones(2), 3), r"int"),
    "matmul of a 0-d tensor": (lambda lib: lib.ones(2) @ lib.tensor(1.0), r"1D and 0D"),
    "addmm that does not fit": (
        lambda lib: lib.addmm(lib.ones(5), lib.ones(2, 3), lib.ones(3, 4)),
        r"5.*4|\[5\]",
    ),
    "exp of a list": (lambda lib: lib.exp([1.0]), r"'input'.*list"),
    "sin of nothing": (lambda lib: lib.sin(None), r"'input'.*NoneType"),
    "a sum of text": (lambda lib: lib.ones(2) + "a", r"str"),
    "a maximum with a number": (lambda lib: lib.maximum(lib.ones(2), 1), r"'other'.*int"),
    "cat of nothing": (lambda lib: lib.cat([]), r"non-empty"),
    "cat of a tensor": (lambda lib: lib.cat(lib.ones(2)), r"tuple of Tensors, not Tensor"),
    "cat of sizes that differ": (lambda lib: lib.cat([lib.ones(2, 3), lib.ones(2, 4)]), r"3.*4"),
    "cat of numbers": (lambda lib: lib.cat([lib.tensor(1.0)]), r"zero-dimensional"),
    "stack of shapes that differ": (
        lambda lib: lib.stack([lib.ones(2), lib.ones(3)]),
        r"\[2\].*\[3\]",
    ),
    "a view that does not fit": (lambda lib: lib.ones(2, 3).view(4), r"\[4\].*6"),
    "a view of two sizes to find": (lambda lib: lib.ones(6).view(-1, -1), r"only one"),
    "a view of strides that do not fit": (lambda lib: lib.ones(2, 3).t().view(6), r"reshape"),
    "reshape to a negative size": (lambda lib: lib.ones(6).reshape(-2, 3), r"-2"),
    "a permutation of too few": (lambda lib: lib.ones(2, 3).permute(0), r"2.*1"),
    "a permutation with a repeat": (lambda lib: lib.ones(2, 3).permute(0, 0), r"dim"),
    "transpose of no such dimension": (lambda lib: lib.ones(2, 3).transpose(0, 2), r"\[-2, 1\].*2"),
    "expanding a size": (lambda lib: lib.ones(2, 3).expand(4, 3), r"4.*2"),
    "expanding to fewer": (lambda lib: lib.ones(2, 3).expand(3), r"1.*2"),
    "unsqueeze too far": (lambda lib: lib.ones(2).unsqueeze(3), r"\[-2, 1\].*3"),
    "squeeze of no such dimension": (lambda lib: lib.ones(2).squeeze(2), r"\[-1, 0\].*2"),
    "flatten backwards": (lambda lib: lib.ones(2, 3).flatten(1, 0), r"start_dim"),
    "unflatten that does not fit": (lambda lib: lib.ones(6).unflatten(0, (4, 2)), r"6|8"),
    "narrow too far": (lambda lib: lib.ones(3).narrow(0, 2, 2), r"2.*3"),
    "split into wrong sizes": (lambda lib: lib.ones(5).split([2, 2]), r"5.*\[2, 2\]"),
    "chunk into none": (lambda lib: lib.ones(5).chunk(0), r"0"),
    "unfold too wide": (lambda lib: lib.ones(3).unfold(0, 4, 1), r"3.*4"),
    "an index too large": (lambda lib: lib.ones(3)[3], r"3.*size 3"),
    "too many indices": (lambda lib: lib.ones(3)[0, 0], r"dimension 1"),
    "an index of floats": (lambda lib: lib.ones(3)[lib.ones(2)], r"long"),
    "a mask of another shape": (lambda lib: lib.ones(3)[lib.ones(2) > 0], r"\[2\].*\[3\]"),
    "a place too large": (lambda lib: lib.ones(3)[lib.tensor([5])], r"5.*size 3"),
    "a step below one": (lambda lib: lib.ones(3)[::-1], r"step"),
    "an index of a number": (lambda lib: lib.tensor(1.0)[0], r"0-dim"),
    "writing a wrong shape": (lambda lib: lib.ones(2, 3).__setitem__(0, lib.ones(4)), r"4"),
    "writing at a mask": (
        lambda lib: lib.ones(3).__setitem__(lib.ones(3) > 0, lib.ones(2)),
        r"\[2\]|2",
    ),
    "gather out of range": (lambda lib: lib.ones(2, 3).gather(1, lib.tensor([[3]])), r"3.*size 3"),
    "gather of too few dimensions": (lambda lib: lib.ones(2, 3).gather(1, lib.tensor([0])), r"dim"),
    "scatter of another dtype": (
        lambda lib: lib.ones(3).scatter(0, lib.tensor([0]), lib.ones(1, dtype=lib.float64)),
        r"dtype",
    ),
    "index_select out of range": (
        lambda lib: lib.ones(3).index_select(0, lib.tensor([3])),
        r"range",
    ),
    "index_add of a wrong source": (
        lambda lib: lib.ones(3, 2).index_add(0, lib.tensor([0]), lib.ones(2, 2)),
        r"2|source",
    ),
    "a mask of floats": (
        lambda lib: lib.ones(3).masked_fill(lib.ones(3), 1),
        r"bool.*float32|bool",
    ),
    "where of floats": (lambda lib: lib.where(lib.ones(2), 1.0, 0.0), r"bool.*float32"),
    "mean of integers": (lambda lib: lib.tensor([1]).mean(), r"Long"),
    "sum over no such dimension": (lambda lib: lib.ones(2).sum(1), r"\[-1, 0\].*1"),
    "sum over a dimension twice": (lambda lib: lib.ones(2).sum((0, 0)), r"dim 0"),
    "max of nothing": (lambda lib: lib.ones(0).max(), r"numel\(\) == 0|reduction dim"),
    "argmax of nothing": (lambda lib: lib.ones(0).argmax(), r"reduction dim"),
    "norm of integers": (lambda lib: lib.tensor([1]).norm(), r"Long"),
    "var of integers": (lambda lib: lib.tensor([1]).var(), r"floating"),
    "topk of too many": (lambda lib: lib.ones(3).topk(4), r"k"),
    "kthvalue out of range": (lambda lib: lib.ones(3).kthvalue(4), r"k"),
    "inverse of no square": (lambda lib: lib.linalg.inv(lib.ones(2, 3)), r"square|\[2, 3\]"),
    "inverse of a singular matrix": (lambda lib: lib.linalg.inv(lib.zeros(2, 2)), r"[Ss]ingular"),
    "determinant of integers": (lambda lib: lib.linalg.det(lib.tensor([[1]])), r"Long"),
    "solve of shapes that differ": (
        lambda lib: lib.linalg.solve(lib.eye(2), lib.ones(3)),
        r"2, 2.*3",
    ),
    "einsum of a letter too many": (
        lambda lib: lib.einsum("ijk->i", lib.ones(2, 2)),
        r"3.*2|subscripts",
    ),
    "einsum of sizes that differ": (
        lambda lib: lib.einsum("ij,jk->ik", lib.ones(2, 3), lib.ones(4, 5)),
        r"j.*4.*3|subscript",
    ),
    "trace of a vector": (lambda lib: lib.ones(3).trace(), r"dim 1|matrix"),
    "bits of floats": (lambda lib: lib.ones(2) & lib.ones(2), r"bitwise_and|and"),
    "negation of booleans": (lambda lib: -(lib.ones(2) > 0), r"bool"),
    "subtraction of booleans": (lambda lib: (lib.ones(2) > 0) - (lib.ones(2) > 0), r"bool"),
    "integers to a negative power": (lambda lib: lib.tensor([2]) ** -1, r"negative"),
    "integers over zero": (lambda lib: lib.tensor([2]) // 0, r"Zero"),
    "clamp without bounds": (lambda lib: lib.ones(2).clamp(), r"min.*max"),
    "lists of unequal length": (lambda lib: lib.tensor([[1, 2], [3]]), r"equal length"),
    "text as a tensor": (lambda lib: lib.tensor("text"), r"str"),
    "a negative size": (lambda lib: lib.zeros(-1), r"-1"),
    "arange the wrong way": (lambda lib: lib.arange(3, 0), r"step|bound"),
    "arange in steps of nothing": (lambda lib: lib.arange(0, 3, 0), r"step"),
    "numpy of what requires a gradient": (lambda lib: _leaf(lib).numpy(), r"detach"),
    "item of several": (lambda lib: lib.ones(2).item(), r"2"),
    "the truth of several": (lambda lib: bool(lib.ones(2)), r"more than one"),
    "an integer of a float index": (lambda lib: [1, 2][lib.tensor(1.0)], r"integer"),
    "iterating over a number": (lambda lib: list(lib.tensor(1.0)), r"0-d"),
    "floats into integers": (
        lambda lib: lib.tensor([1]).add_(lib.ones(1)),
        r"[Ff]loat.*([Ll]ong|int64)",
    ),
    "a target that is too small": (lambda lib: lib.ones(1).add_(lib.ones(3)), r"\[1\].*\[3\]"),
    "one cell for several elements": (lambda lib: lib.ones(1).expand(3).add_(1), r"single memory"),
    "a result of another dtype": (
        lambda lib: lib.add(lib.ones(2), 1, out=lib.zeros(2, dtype=lib.int64)),
        r"[Ff]loat.*([Ll]ong|int64)",
    ),
    "a result that is no tensor": (lambda lib: lib.exp(lib.ones(2), out=3), r"out"),
    "a part of an operand as result": (
        lambda lib: (lambda x: lib.add(x[:3], 1, out=x[1:]))(lib.ones(4)),
        r"single memory|overlap",
    ),
    "a result that requires a gradient": (
        lambda lib: lib.add(lib.ones(2, 3), 1, out=_leaf(lib)),
        r"out=",
    ),
    "writing to a leaf": (lambda lib: _leaf(lib).add_(1), r"leaf"),
    "writing to a view of a leaf": (lambda lib: _leaf(lib)[0].add_(1), r"view of a leaf"),
    "a gradient for integers": (lambda lib: lib.tensor([1], requires_grad=True), r"floating"),
    "backward of several": (lambda lib: (_leaf(lib) * 2).backward(), r"scalar|gradient"),
    "backward without a history": (lambda lib: lib.ones(1).backward(), r"require grad"),
    "a seed of another shape": (
        lambda lib: (_leaf(lib) * 2).backward(lib.ones(3)),
        r"\[3\].*\[2, 3\]",
    ),
    "backward a second time": (_used_twice, r"second time"),
    "a saved tensor that was written to": (
        lambda lib: _written_after(lambda y: y.add_(1), lib),
        r"\[2, 3\].*version 1.*version 0",
    ),
    "a saved tensor zeroed": (lambda lib: _written_after(lambda y: y.zero_(), lib), r"\[2, 3\]"),
    "gradients of what was not used": (
        lambda lib: lib.autograd.grad(_leaf(lib).sum(), [_leaf(lib)]),
        r"not have been used|unused",
    ),
    "gradients of what requires none": (
        lambda lib: lib.autograd.grad(_leaf(lib).sum(), [lib.ones(1)]),
        r"require grad",
    ),
    "a hook where none can be called": (lambda lib: lib.ones(1).register_hook(print), r"gradient"),
}


@pytest.mark.parametrize("name", BAD)
def test_the_class_of_error_is_torchs(name):
    import torch

    call, _ = BAD[name]
    want, _ = outcome(call, torch)
    got, _ = outcome(call, dltk)
    assert want != "nothing raised"
    assert got == want


@pytest.mark.parametrize("name", BAD)
def test_the_message_names_what_was_wrong(name):
    call, pattern = BAD[name]
    _, message = outcome(call, dltk)
    assert re.search(pattern, message, re.DOTALL), message


WRITES = {
    "tensor": lambda lib, x, number: lib.tensor([0, number], dtype=x.dtype),
    "full": lambda lib, x, number: lib.full((2,), number, dtype=x.dtype),
    "full_like": lambda lib, x, number: lib.full_like(x, number),
    "fill_": lambda lib, x, number: x.fill_(number),
    "clamp": lambda lib, x, number: x.clamp(max=number),
    "masked_fill": lambda lib, x, number: x.masked_fill(x == 1, number),
    "index_fill": lambda lib, x, number: x.index_fill(0, lib.tensor([1]), number),
    "scatter": lambda lib, x, number: x.scatter(0, lib.tensor([1]), number),
    "x[0] =": lambda lib, x, number: x.__setitem__(0, number),
    "x[places] =": lambda lib, x, number: x.__setitem__(lib.tensor([1]), number),
}
TOO_LARGE = [300, 1e10, float("inf"), float("nan")]


@pytest.mark.parametrize("dtype", ["int8", "uint8", "float16"])
@pytest.mark.parametrize("name", WRITES)
@pytest.mark.filterwarnings("ignore:invalid value encountered in cast")
@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
def test_a_number_beyond_the_dtype_is_refused_where_torch_refuses_it(name, dtype):
    import torch

    def attempt(lib, number):
        x = lib.ones(2, dtype=getattr(lib, dtype))
        kind, message = outcome(lambda lib: WRITES[name](lib, x, number), lib)
        return kind, "without overflow" in message

    for number in [-1, -128, 127, 255, -300, *TOO_LARGE]:
        assert attempt(dltk, number) == attempt(torch, number), number
