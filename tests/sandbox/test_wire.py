"""The wire carries exact values, and hostile bytes only ever raise WireError."""

import pickle
import struct

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder import wire

ARRAYS = st.sampled_from(wire.DTYPES).flatmap(
    lambda name: hnp.arrays(name, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(max_size=20)
    | st.binary(max_size=20)
)
VALUES = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=10,
)


def same(left, right) -> bool:
    if type(left) is not type(right):
        return False
    if isinstance(left, np.ndarray):
        equal = left.shape == right.shape and left.tobytes() == right.tobytes()
        return equal and left.dtype == right.dtype
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    return left == right or (left != left and right != right)


@settings(max_examples=80, deadline=None)
@given(VALUES)
def test_a_value_comes_back_with_its_exact_types_and_bytes(value):
    assert same(wire.decode(wire.encode(value)), value)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_give_a_value_or_a_wire_error(data):
    try:
        value = wire.decode(data)
    except wire.WireError:
        return
    wire.encode(value)


@settings(max_examples=80, deadline=None)
@given(VALUES, st.data())
def test_a_damaged_frame_gives_a_value_or_a_wire_error(value, data):
    payload = bytearray(wire.encode(value))
    at = data.draw(st.integers(0, len(payload) - 1))
    payload[at] = data.draw(st.integers(0, 255))
    try:
        wire.decode(bytes(payload))
    except wire.WireError:
        return


def array_bytes(code: int, shape: tuple[int, ...], data: bytes) -> bytes:
    header = struct.pack(f"<BB{len(shape)}Q", code, len(shape), *shape)
    return msgpack.packb(msgpack.ExtType(wire.ARRAY_EXTENSION, header + data))


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(array_bytes(11, (1 << 62, 4), b""), id="a huge shape"),
        pytest.param(array_bytes(11, (0, 1 << 63), b""), id="a huge extent beside a zero"),
        pytest.param(array_bytes(11, (2,), b"x" * 15), id="too few bytes"),
        pytest.param(array_bytes(99, (1,), b"x" * 8), id="an unknown dtype"),
        pytest.param(array_bytes(11, (1,) * 40, b"x" * 8), id="forty dimensions"),
        pytest.param(msgpack.packb(msgpack.ExtType(1, b"\x0b\x05")), id="a cut header"),
        pytest.param(msgpack.packb(msgpack.ExtType(2, b"\x00\x00")), id="another extension"),
        pytest.param(msgpack.packb(msgpack.Timestamp(1, 1)), id="a timestamp"),
        pytest.param(b"\x91" * 500 + b"\xc0", id="deep nesting"),
        pytest.param(b"\xdd\xff\xff\xff\xff" + b"\x90" * 100, id="a list of four billion"),
        pytest.param(b"\xdf\xff\xff\xff\xff", id="a dict of four billion"),
        pytest.param(b"\xdc\xff\xff" + b"\x90" * 65535, id="many small lists"),
        pytest.param(b"\xc6\xff\xff\xff\xff", id="four gigabytes of bytes"),
        pytest.param(msgpack.packb({1: 2}), id="a key that is no str"),
        pytest.param(msgpack.packb({b"a": 2}), id="a key of bytes"),
        pytest.param(b"\xa2\xff\xfe", id="a str that is not UTF-8"),
        pytest.param(b"\xa3\xed\xa0\x80", id="a surrogate"),
        pytest.param(b"\xc1", id="the unused marker"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xc0\xc0", id="two values"),
        pytest.param(pickle.dumps({"outcome": "ok"}), id="a pickle"),
    ],
)
def test_hostile_bytes_raise_a_wire_error(payload):
    with pytest.raises(wire.WireError):
        wire.decode(payload, wire.WireLimits(items=20_000))


def test_an_array_of_bool_holds_only_zero_and_one():
    array = wire.decode(array_bytes(0, (3,), b"\x00\x02\xff"))
    assert array.tobytes() == b"\x00\x01\x01"


class Loud(np.ndarray):
    """An ndarray of another class."""


@pytest.mark.parametrize(
    "value",
    [
        np.array([object()]),
        np.array(["text"]),
        np.array(["2026-11-20"], dtype="datetime64[D]"),
        np.zeros(3).view(Loud),
        np.float64(1.0),
        np.zeros(3, dtype=[("a", "f8")]),
        {1: 2},
        {"a": {3}},
        2**64,
        "\ud800",
        object(),
        [[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]],
    ],
    ids=lambda value: str(type(value).__name__),
)
def test_what_is_no_value_is_not_sent(value):
    with pytest.raises(wire.WireError):
        wire.encode(value)


def test_sizes_are_limited_on_both_sides():
    limits = wire.WireLimits(bytes=1000, items=50)
    with pytest.raises(wire.WireError, match="1000"):
        wire.encode(np.zeros(1000), limits)
    with pytest.raises(wire.WireError, match="50"):
        wire.encode(list(range(60)), limits)
    with pytest.raises(wire.WireError, match="1000"):
        wire.decode(wire.encode(np.zeros(1000)), limits)
    with pytest.raises(wire.WireError, match="4294967295"):
        wire.frame_length(b"\xff\xff\xff\xff", limits)


def test_a_big_endian_or_strided_array_arrives_with_its_values():
    array = np.arange(12, dtype=">f8").reshape(3, 4)
    with pytest.raises(wire.WireError):
        wire.encode(array)
    strided = np.arange(12.0).reshape(3, 4).T[::2]
    assert np.array_equal(wire.decode(wire.encode(strided)), strided)
