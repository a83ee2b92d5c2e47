"""Text from a submission, made safe to show: cut, and control characters escaped."""

from __future__ import annotations

import re
from typing import Any

_TASK = re.compile(r"lab\d+\.\w+")
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]"
)
LONGEST_LINE = 2200


def is_task(value: Any) -> bool:
    """Whether `value` is a str of the form of a task's id."""
    return type(value) is str and len(value) < 100 and _TASK.fullmatch(value) is not None


def identifier(value: Any) -> str | None:
    """`value` when it is a str that is an ASCII identifier; else None."""
    good = type(value) is str and len(value) < 100 and value.isascii() and value.isidentifier()
    return value if good else None


def escape(value: str) -> str:
    """`value` with control, direction and surrogate characters as backslash escapes."""
    return _UNSAFE.sub(
        lambda found: found[0].encode("unicode_escape", "surrogatepass").decode(), value
    )


def one_line(value: Any) -> str:
    """`value` when it is a str: escaped, on one line, cut; else empty."""
    if type(value) is not str:
        return ""
    return escape(value[:LONGEST_LINE]).replace("\n", "\\n").replace("\t", " ")


def shown(data: bytes, characters: int, cut: bool) -> str:
    """Printed bytes as text: at most `characters`, with a note where the rest was cut."""
    printed = escape(data.decode("utf-8", "backslashreplace").replace("\r\n", "\n"))
    if cut or len(printed) > characters:
        return printed[:characters] + "\n… (cut: it printed more)"
    return printed
