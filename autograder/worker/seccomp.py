"""The seccomp filters, assembled by hand as classic BPF for x86_64 and aarch64.

A refused call fails with EPERM, which Python shows as PermissionError; a call this table does not
know fails with ENOSYS, so that the C library falls back; another architecture's calls kill.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterable

from autograder.worker import syscalls

_LOAD_WORD, _AND, _RETURN = 0x20, 0x54, 0x06
_JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_ANY_BIT = 0x15, 0x35, 0x45
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER_OFFSET, _ARCH_OFFSET, _ARGUMENTS_OFFSET = 0, 4, 16
_REFUSED = _ERRNO | errno.EPERM
_UNKNOWN = _ERRNO | errno.ENOSYS
_X32_BIT = 0x40000000

_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}

_CLONE_THREAD = 0x00010000
_CLONE_PARENT_OR_NEW_NAMESPACE = 0x7E028000
_AF_UNIX, _SOCK_STREAM, _SOCK_TYPE_MASK = 1, 1, 0x0F
_IOCTLS = (0x5412, 0x541C, 0x8901, 0x8902)  # TIOCSTI, TIOCLINUX, FIOSETOWN, SIOCSPGRP
_FCNTLS = (8, 10, 15, 1026)  # F_SETOWN, F_SETSIG, F_SETOWN_EX, F_NOTIFY

_ALWAYS = (
    syscalls.OTHER_PROCESSES,
    syscalls.NETWORK,
    syscalls.SHARED_MEMORY_AND_QUEUES,
    syscalls.WATCHING_FILES,
    syscalls.NAMESPACES_AND_MOUNTS,
    syscalls.IDENTITY,
    syscalls.KERNEL,
)
_IN_TASKS = (
    syscalls.NEW_PROGRAMS,
    syscalls.NEW_SESSIONS,
    syscalls.SIGNALS,
    syscalls.MODES_OWNERS_AND_NODES,
)

_PR_SET_SECCOMP = 22
_FILTER_MODE = 2


def warm_filter(machine: str = "") -> bytes:
    """For the worker's first process, which must exec itself, fork and end its tasks."""
    assembly = _Assembly(machine)
    assembly.refuse(_ALWAYS)
    assembly.when("clone3", [(_RETURN, 0, 0, _UNKNOWN)])
    assembly.when("clone", _refuse_bits(0, _CLONE_PARENT_OR_NEW_NAMESPACE))
    return assembly.finish()


def task_filter(processes: bool, signals: bool, machine: str = "", pid: int = 0) -> bytes:
    """For a task's process `pid` (default: this one).

    With `processes` it may fork, never exec; with `signals` it may signal other processes. It can
    never leave its process group, so that killing the group ends every descendant.
    """
    own = pid or os.getpid()
    assembly = _Assembly(machine)
    assembly.refuse(_ALWAYS + _IN_TASKS)
    assembly.when("clone3", [(_RETURN, 0, 0, _UNKNOWN)])
    clone = _refuse_bits(0, _CLONE_PARENT_OR_NEW_NAMESPACE)
    if not processes:
        assembly.refuse((syscalls.NEW_PROCESSES,))
        clone += _require_bits(0, _CLONE_THREAD)
    assembly.when("clone", clone)
    if not signals:
        assembly.when("kill", _require(0, (own,)))
        assembly.when("tgkill", _require(0, (own,)))
    assembly.when("prlimit64", _require(0, (0, own)))
    # A datagram socket of a pair could still be sent to an abstract address.
    stream = _require(1, (_SOCK_STREAM,), mask=_SOCK_TYPE_MASK)
    assembly.when("socketpair", _require(0, (_AF_UNIX,)) + stream)
    assembly.when("ioctl", _refuse_values(1, _IOCTLS))
    assembly.when("fcntl", _refuse_values(1, _FCNTLS))
    return assembly.finish()


def install(program: bytes) -> None:
    """Puts this process under `program`, for good; needs no_new_privs. `OSError` on refusal."""
    libc = ctypes.CDLL(None, use_errno=True)
    data = ctypes.create_string_buffer(program, len(program))
    header = _Header(len(program) // 8, ctypes.addressof(data))
    if libc.prctl(_PR_SET_SECCOMP, _FILTER_MODE, ctypes.byref(header), 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"the seccomp filter was refused: {os.strerror(code)}")


class _Header(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


_Instruction = tuple[int, int, int, int]


class _Assembly:
    def __init__(self, machine: str) -> None:
        name = machine or platform.machine()
        if name not in _ARCHITECTURES:
            raise OSError(errno.ENOSYS, f"there is no seccomp filter for {name}")
        architecture, self.column = _ARCHITECTURES[name]
        self.instructions: list[_Instruction] = [
            (_LOAD_WORD, 0, 0, _ARCH_OFFSET),
            (_JUMP_EQUAL, 1, 0, architecture),
            (_RETURN, 0, 0, _KILL_PROCESS),
            (_LOAD_WORD, 0, 0, _NUMBER_OFFSET),
            (_JUMP_GREATER_EQUAL, 0, 1, min(_X32_BIT, syscalls.FIRST_UNKNOWN)),
            (_RETURN, 0, 0, _UNKNOWN),
        ]

    def refuse(self, groups: Iterable[syscalls.Numbers]) -> None:
        for group in groups:
            for numbers in group.values():
                number = numbers[self.column]
                if number is not None:
                    self.instructions.append((_JUMP_EQUAL, 0, 1, number))
                    self.instructions.append((_RETURN, 0, 0, _REFUSED))

    def when(self, name: str, block: list[_Instruction]) -> None:
        """Runs `block` for one call; it is allowed when the block comes to its end."""
        number = syscalls.BY_ARGUMENTS[name][self.column]
        assert number is not None
        block = [*block, (_RETURN, 0, 0, _ALLOW)]
        self.instructions.append((_JUMP_EQUAL, 0, len(block), number))
        self.instructions += block

    def finish(self) -> bytes:
        self.instructions.append((_RETURN, 0, 0, _ALLOW))
        return b"".join(struct.pack("=HBBI", *each) for each in self.instructions)


def _argument(index: int) -> _Instruction:
    return (_LOAD_WORD, 0, 0, _ARGUMENTS_OFFSET + 8 * index)


def _refuse_bits(index: int, bits: int) -> list[_Instruction]:
    return [_argument(index), (_JUMP_ANY_BIT, 0, 1, bits), (_RETURN, 0, 0, _REFUSED)]


def _require_bits(index: int, bits: int) -> list[_Instruction]:
    return [_argument(index), (_JUMP_ANY_BIT, 1, 0, bits), (_RETURN, 0, 0, _REFUSED)]


def _refuse_values(index: int, values: tuple[int, ...]) -> list[_Instruction]:
    tests = [
        step for value in values for step in ((_JUMP_EQUAL, 0, 1, value), (_RETURN, 0, 0, _REFUSED))
    ]
    return [_argument(index), *tests]


def _require(index: int, values: tuple[int, ...], mask: int = 0) -> list[_Instruction]:
    masked = [(_AND, 0, 0, mask)] if mask else []
    tests = [(_JUMP_EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [_argument(index), *masked, *tests, (_RETURN, 0, 0, _REFUSED)]
