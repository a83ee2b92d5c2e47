"""Joining into a tensor given as `out=` does what torch does, overlaps included."""

import pytest
from comparing import assert_same, both


def _into(lib, join, start, stop):
    line = lib.arange(10.0)
    getattr(lib, join)([line[:2], line[2:4]], out=line[start:stop])
    return line


OVERLAPS = {
    "cat over its operands": lambda lib: _into(lib, "cat", 0, 4),
    "cat beside its operands": lambda lib: _into(lib, "cat", 4, 8),
    "cat over a part": lambda lib: _into(lib, "cat", 3, 7),
    "cat into integers": lambda lib: lib.cat([lib.ones(2)], out=lib.zeros(2, dtype=lib.int64)),
    "stack into integers": lambda lib: lib.stack(
        [lib.ones(2)], out=lib.zeros(1, 2, dtype=lib.int64)
    ),
    "cat into nothing": lambda lib: lib.cat([lib.ones(2), lib.ones(1)], out=lib.empty(0)),
    "stack": lambda lib: lib.stack([lib.ones(2), lib.zeros(2)], out=lib.empty(2, 2)),
    "stack with gradients": lambda lib: lib.stack(
        [lib.ones(2, requires_grad=True)], out=lib.empty(1, 2)
    ),
}


@pytest.mark.parametrize("name", OVERLAPS)
def test_out_of_a_join_is_torchs(name):
    want, got = both(lambda lib: OVERLAPS[name](lib).numpy())
    assert_same(got, want, 1e-9)
