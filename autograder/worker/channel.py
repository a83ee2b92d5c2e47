"""Frames over a socket, as both the warm process and a task's process use them."""

from __future__ import annotations

import socket
from typing import Any

from autograder import wire

WITH_DESCRIPTORS = b"D"
_MOST_DESCRIPTORS = 4


def send(channel: socket.socket, value: Any, limits: wire.WireLimits) -> None:
    """Sends one value as a frame."""
    channel.sendall(wire.frame(wire.encode(value, limits)))


def receive(channel: socket.socket, limits: wire.WireLimits) -> Any:
    """The next value; `EOFError` when the other side has closed."""
    length = wire.frame_length(_exactly(channel, wire.HEADER_BYTES), limits)
    return wire.decode(_exactly(channel, length), limits)


def receive_descriptors(channel: socket.socket) -> list[int]:
    """The descriptors sent with the marker byte before a frame; `EOFError` when closed."""
    marker, descriptors, _, _ = socket.recv_fds(channel, 1, _MOST_DESCRIPTORS)
    if marker != WITH_DESCRIPTORS:
        raise EOFError
    return descriptors


def _exactly(channel: socket.socket, count: int) -> bytes:
    chunks = []
    while count:
        chunk = channel.recv(min(count, 1 << 20))
        if not chunk:
            raise EOFError
        chunks.append(chunk)
        count -= len(chunk)
    return b"".join(chunks)
