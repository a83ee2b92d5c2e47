"""Frames between the grader and the process that runs a submission.

A frame is a four-byte big-endian length and that many bytes of MessagePack. A value is None, a
bool, a 64-bit int, a float, a str, bytes, a NumPy array, or a list or str-keyed dict of those.
Arrays are the one extension type. Bytes from a submission's process are hostile: `decode`
measures them before it allocates anything, gives exact types only, and raises `WireError` on
everything else.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np

ARRAY_EXTENSION = 1
DTYPES = (
    "bool",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "float16",
    "float32",
    "float64",
    "complex64",
    "complex128",
)
_CODE_OF_DTYPE = {np.dtype(name): code for code, name in enumerate(DTYPES)}
_LITTLE_ENDIAN = [np.dtype(name).newbyteorder("<") for name in DTYPES]
_HEADER = struct.Struct(">I")


class WireError(ValueError):
    """A value that cannot be sent, or bytes that are not a frame."""


@dataclass(frozen=True)
class WireLimits:
    """What one frame may hold: bytes in all, items in all, nesting, dimensions of an array."""

    bytes: int = 64 << 20
    items: int = 50_000
    depth: int = 12
    dimensions: int = 32


DEFAULT_LIMITS = WireLimits()


def encode(value: Any, limits: WireLimits = DEFAULT_LIMITS) -> bytes:
    """MessagePack of `value`; `WireError` for a type, size or depth that is not allowed."""
    _check_sendable(value, limits)
    try:
        payload = msgpack.packb(value, default=_pack_array, strict_types=True)
    except (ValueError, TypeError, OverflowError) as error:
        raise WireError(f"the value cannot be sent: {error}") from None
    if len(payload) > limits.bytes:
        raise WireError(f"the value has {len(payload)} bytes; the limit is {limits.bytes}")
    return payload


def decode(payload: bytes, limits: WireLimits = DEFAULT_LIMITS) -> Any:
    """The value in `payload`, of exact types only; `WireError` for any other bytes."""
    if len(payload) > limits.bytes:
        raise WireError(f"the frame has {len(payload)} bytes; the limit is {limits.bytes}")
    _measure(payload, limits)
    try:
        return msgpack.unpackb(
            payload,
            ext_hook=lambda code, data: _unpack_array(code, data, limits),
            raw=False,
            object_hook=_with_str_keys,
        )
    except WireError:
        raise
    except (ValueError, TypeError, OverflowError, msgpack.UnpackException) as error:
        raise WireError(f"the frame is not MessagePack: {error}") from None


def frame(payload: bytes) -> bytes:
    """`payload` with its length before it."""
    return _HEADER.pack(len(payload)) + payload


def frame_length(header: bytes, limits: WireLimits = DEFAULT_LIMITS) -> int:
    """The length that a frame's first four bytes announce; `WireError` above the limit."""
    (length,) = _HEADER.unpack(header)
    if length > limits.bytes:
        raise WireError(f"a frame of {length} bytes was announced; the limit is {limits.bytes}")
    return int(length)


HEADER_BYTES = _HEADER.size


def _check_sendable(value: Any, limits: WireLimits) -> None:
    """Refuses what the decoder would refuse, so that the sender gets the clear sentence."""
    items = size = 0
    waiting = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        items += 1
        kind = type(item)
        if depth > limits.depth:
            raise WireError(f"the value is nested deeper than {limits.depth} levels")
        if kind is dict:
            for key in item:
                if type(key) is not str:
                    raise WireError(f"a dict's keys must be str, not {type(key).__name__}")
            items += len(item)
            waiting.extend((child, depth + 1) for child in item.values())
        elif kind is list or kind is tuple:
            waiting.extend((child, depth + 1) for child in item)
        elif kind is np.ndarray:
            if item.dtype not in _CODE_OF_DTYPE:
                raise WireError(f"an array of dtype {item.dtype} cannot be sent")
            if item.ndim > limits.dimensions:
                raise WireError(f"an array has {item.ndim} dimensions; limit {limits.dimensions}")
            size += item.nbytes
        elif kind is bytes or kind is str:
            size += len(item)
        elif item is not None and kind not in (bool, int, float):
            raise WireError(f"a value of type {kind.__name__} cannot be sent")
        if items + len(waiting) > limits.items:
            raise WireError(f"the value has more than {limits.items} items")
        if size > limits.bytes:
            raise WireError(f"the value has more than {limits.bytes} bytes")


def _pack_array(value: Any) -> Any:
    if type(value) is tuple:
        return list(value)
    if type(value) is not np.ndarray:
        raise WireError(f"a value of type {type(value).__name__} cannot be sent")
    code = _CODE_OF_DTYPE[value.dtype]
    header = struct.pack(f"<BB{value.ndim}Q", code, value.ndim, *value.shape)
    little = value.astype(_LITTLE_ENDIAN[code], copy=False)
    return msgpack.ExtType(ARRAY_EXTENSION, header + little.tobytes("C"))


def _unpack_array(code: int, data: bytes, limits: WireLimits) -> np.ndarray:
    if code != ARRAY_EXTENSION or len(data) < 2:
        raise WireError(f"extension type {code} is not an array")
    dtype_code, dimensions = data[0], data[1]
    start = 2 + 8 * dimensions
    if dtype_code >= len(DTYPES) or dimensions > limits.dimensions or len(data) < start:
        raise WireError("an array has a malformed header")
    shape = struct.unpack(f"<{dimensions}Q", data[2:start])
    dtype = _LITTLE_ENDIAN[dtype_code]
    count = 1
    for extent in shape:
        if extent > limits.bytes:
            raise WireError(f"an array has an extent of {extent}")
        count *= extent
    if count * dtype.itemsize != len(data) - start:
        raise WireError("an array's shape does not agree with its bytes")
    if dtype.kind == "b":
        return (np.frombuffer(data, np.uint8, offset=start) != 0).reshape(shape)
    array = np.frombuffer(data, dtype, offset=start).reshape(shape)
    return array.astype(dtype.newbyteorder("="))


_FIXED_BYTES = {
    0xC0: 0, 0xC2: 0, 0xC3: 0,
    0xCA: 4, 0xCB: 8,
    0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8,
    0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8,
    0xD4: 2, 0xD5: 3, 0xD6: 5, 0xD7: 9, 0xD8: 17,
}  # fmt: skip
# Marker -> (bytes of the length that follows, bytes after the length that it does not count).
_COUNTED_BYTES = {
    0xC4: (1, 0), 0xC5: (2, 0), 0xC6: (4, 0),
    0xC7: (1, 1), 0xC8: (2, 1), 0xC9: (4, 1),
    0xD9: (1, 0), 0xDA: (2, 0), 0xDB: (4, 0),
}  # fmt: skip
_COLLECTIONS = {0xDC: (2, 1), 0xDD: (4, 1), 0xDE: (2, 2), 0xDF: (4, 2)}


_EXTENSIONS = frozenset((0xC7, 0xC8, 0xC9, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8))


def _check_extension(payload: bytes, marker: int, position: int) -> None:
    """Refuses every extension but ours: msgpack would make an object of its own of code -1."""
    if marker in _EXTENSIONS and payload[position : position + 1] != bytes([ARRAY_EXTENSION]):
        raise WireError("the frame holds an extension that is not an array")


def _with_str_keys(value: dict) -> dict:
    for key in value:
        if type(key) is not str:
            raise WireError("the frame holds a dict with a key that is not a str")
    return value


def _measure(payload: bytes, limits: WireLimits) -> None:
    """Walks the markers: bounds items and depth before a decoder allocates for them.

    A byte can announce an empty list of 56 bytes, so the size of a frame alone bounds nothing.
    """
    position, items = 0, 0
    pending = [1]
    end = len(payload)
    while pending:
        if pending[-1] == 0:
            pending.pop()
            continue
        pending[-1] -= 1
        if position >= end:
            raise WireError("the frame ends in the middle of a value")
        items += 1
        marker = payload[position]
        position += 1
        children = None
        if marker <= 0x7F or marker >= 0xE0:
            pass
        elif marker <= 0x8F:
            children = 2 * (marker & 0x0F)
        elif marker <= 0x9F:
            children = marker & 0x0F
        elif marker <= 0xBF:
            position += marker & 0x1F
        elif marker in _FIXED_BYTES:
            _check_extension(payload, marker, position)
            position += _FIXED_BYTES[marker]
        elif marker in _COUNTED_BYTES:
            width, extra = _COUNTED_BYTES[marker]
            length = int.from_bytes(payload[position : position + width], "big")
            _check_extension(payload, marker, position + width)
            position += width + length + extra
        elif marker in _COLLECTIONS:
            width, per_entry = _COLLECTIONS[marker]
            children = per_entry * int.from_bytes(payload[position : position + width], "big")
            position += width
        else:
            raise WireError("the frame holds a byte that begins no value")
        if children is not None:
            if items + children > 2 * limits.items:
                raise WireError(f"the frame has more than {limits.items} items")
            pending.append(children)
            if len(pending) > limits.depth + 1:
                raise WireError(f"the frame is nested deeper than {limits.depth} levels")
        if items > 2 * limits.items:
            raise WireError(f"the frame has more than {limits.items} items")
    if position != end:
        raise WireError("the frame's length does not agree with its value")
