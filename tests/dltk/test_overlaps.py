"""An operand that lies in part of the memory written to is refused exactly where torch does."""

import itertools

import pytest
import torch
from comparing import LIBRARIES, outcome

VIEWS = {
    "all": lambda x: x,
    "a row": lambda x: x.view(1, 6),
    "2 by 3": lambda x: x.view(2, 3),
    "2 by 3, columns first": lambda x: x.view(3, 2).t(),
    "3 by 2, columns first": lambda x: x.view(2, 3).t(),
    "the first half": lambda x: x[:3],
    "the second half": lambda x: x[3:],
    "the middle": lambda x: x[1:4],
    "a row of two": lambda x: x.view(2, 3)[1],
    "one column": lambda x: x.view(2, 3)[:, 1],
    "every other": lambda x: x[::2],
}
WRITES = {
    "add_": lambda target, operand: target.add_(operand),
    "copy_": lambda target, operand: target.copy_(operand),
    "lerp_": lambda target, operand: target.lerp_(operand, 0.5),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize(("target", "operand"), list(itertools.product(VIEWS, VIEWS)))
def test_overlapping_memory_is_refused_as_by_torch(target, operand, write):
    def run(lib):
        x = lib.arange(6.0) + 1
        WRITES[write](VIEWS[target](x), VIEWS[operand](x))
        return x.tolist()

    theirs, ours = (outcome(lib, lambda lib=lib: run(lib)) for lib in LIBRARIES.values())
    assert isinstance(ours, str) == isinstance(theirs, str)
    if isinstance(theirs, str) or not _is_read_while_written(target, operand):
        assert ours == theirs


def _is_read_while_written(target, operand):
    """Whether torch's result depends on the order in which it writes."""
    x = torch.arange(6)
    cells, others = (VIEWS[each](x) for each in (target, operand))
    shared = set(cells.flatten().tolist()) & set(others.flatten().tolist())
    return bool(shared) and cells.tolist() != others.tolist()
