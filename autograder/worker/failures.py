"""What an exception says: its nearest built-in class, the blank it marks, where it was raised."""

from __future__ import annotations

import builtins
import errno
import os
import re
import traceback
from collections.abc import Collection
from types import TracebackType

BLANK = re.compile(r"lab\d+\.\w+")
LONGEST_MESSAGE = 2000
_LONGEST_CHAIN = 50
_REFUSED = {errno.EPERM, errno.EACCES, errno.EROFS}


def nearest_builtin_class(kind: type[BaseException]) -> str:
    """The name of the first built-in class among `kind` and its bases."""
    for base in type.mro(kind):
        if getattr(builtins, base.__name__, None) is base:
            return base.__name__
    return "BaseException"


def nearest_builtin(error: BaseException) -> str:
    """The name of the nearest built-in class of `error`; NotImplementedError is one of its own."""
    return nearest_builtin_class(type(error))


def blank_of(error: BaseException) -> str | None:
    """The task whose blank raised `error`, or an error that `error` came from; else None."""
    current: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        if current is None:
            return None
        if isinstance(current, NotImplementedError) and len(current.args) == 1:
            mark = current.args[0]
            if type(mark) is str and BLANK.fullmatch(mark):
                return mark
        current = current.__cause__ or current.__context__
    return None


def outcome_of(error: BaseException) -> str:
    """blank, memory, forbidden (the sandbox refused something) or error."""
    if blank_of(error) is not None:
        return "blank"
    if isinstance(error, MemoryError):
        return "memory"
    if isinstance(error, OSError) and error.errno in _REFUSED:
        return "forbidden"
    return "error"


def describe(error: BaseException, root: str, own: Collection[str] = ()) -> str:
    """One sentence: class, text and the innermost line below the folder `root`.

    Where that is not in one of the files `own`, it is followed by the innermost line that is.
    """
    try:
        text = str(error)
    except BaseException:  # a submission's __str__ may raise anything
        text = ""
    name = type(error).__name__
    place = None
    if isinstance(error, SyntaxError) and error.filename:
        text = error.msg or text
        place = f"{_shown(error.filename, root)}, line {error.lineno}"
    else:
        place = _place(error.__traceback__, root, own)
    sentence = f"{name}: {text}" if text else name
    if place:
        sentence = f"{sentence} ({place})"
    if len(sentence) > LONGEST_MESSAGE:
        sentence = sentence[:LONGEST_MESSAGE] + " …"
    return sentence


def _place(trace: TracebackType | None, root: str, own: Collection[str]) -> str | None:
    place = own_place = None
    for frame, line in traceback.walk_tb(trace):
        code = frame.f_code
        if code.co_filename.startswith(root + os.sep):
            path = _shown(code.co_filename, root)
            where = "" if code.co_name == "<module>" else f", in {code.co_name}"
            place = f"{path}, line {line}{where}"
            own_place = place if path in own else own_place
    return place if own_place in (None, place) else f"{place}; called from {own_place}"


def _shown(path: str, root: str) -> str:
    if path.startswith(root + os.sep):
        return path[len(root) + 1 :].replace(os.sep, "/")
    return os.path.basename(path)
