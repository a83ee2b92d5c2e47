"""Landlock by raw system calls: what this process and its children may still open.

Needs no privilege and no package. ABI 4 (Linux 6.7) is the least accepted: it also refuses TCP.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1

_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE = 1 << 4, 1 << 5
_MAKE_DIR, _MAKE_REGULAR, _MAKE_SYMLINK = 1 << 7, 1 << 8, 1 << 12
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_ALL_UP_TO_ABI_4 = (1 << 15) - 1
_IOCTL_DEVICE = 1 << 15
_BIND_AND_CONNECT_TCP = 3
_SCOPE_ABSTRACT_SOCKETS, _SCOPE_SIGNALS = 1, 2
_SCRATCH = (
    _WRITE_FILE
    | _READ_FILE
    | _READ_DIR
    | _REMOVE_DIR
    | _REMOVE_FILE
    | _MAKE_DIR
    | _MAKE_REGULAR
    | _MAKE_SYMLINK
    | _REFER
    | _TRUNCATE
)

LEAST_ABI = 4
DEVICE_IOCTLS = 5
SCOPES = 6


def abi() -> int:
    """The kernel's Landlock version; 0 where there is none."""
    libc = ctypes.CDLL(None, use_errno=True)
    return max(0, int(libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION)))


def restrict(readable: list[str], listable: list[str], scratch: str) -> None:
    """From here on: `readable` can be read, `listable` listed, `scratch` written, nothing else.

    TCP is refused. Raises `OSError` where the kernel cannot do that.
    """
    version = abi()
    if version < LEAST_ABI:
        raise OSError(f"Landlock ABI {LEAST_ABI} is needed; this kernel has {version}")
    files = _ALL_UP_TO_ABI_4 | (_IOCTL_DEVICE if version >= DEVICE_IOCTLS else 0)
    scopes = _SCOPE_ABSTRACT_SOCKETS | _SCOPE_SIGNALS if version >= SCOPES else 0
    ruleset = _ruleset(files, _BIND_AND_CONNECT_TCP, scopes)
    for path in readable:
        _allow(ruleset, path, _READ_FILE | _READ_DIR)
    for path in listable:
        _allow(ruleset, path, _READ_DIR)
    _allow(ruleset, scratch, _SCRATCH)
    _enforce(ruleset)


def scope_signals() -> None:
    """From here on signals reach only this process and its children (ABI 6)."""
    _enforce(_ruleset(0, 0, _SCOPE_SIGNALS))


def _ruleset(files: int, network: int, scopes: int) -> int:
    attributes = struct.pack("=QQQ", files, network, scopes)
    return _call(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes) if scopes else 16), 0)


def _allow(ruleset: int, path: str, access: int) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            access &= _READ_FILE | _WRITE_FILE | _TRUNCATE
        _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("=Qi", access, descriptor), 0)
    finally:
        os.close(descriptor)


def _enforce(ruleset: int) -> None:
    _call(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _call(*arguments) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    result = int(libc.syscall(*arguments))
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"Landlock was refused: {os.strerror(code)}")
    return result
