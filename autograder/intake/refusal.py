"""Why a submission is not read: the limits, and the one sentence that names what is wrong."""

from dataclasses import dataclass

_SHOWN_CHARACTERS = 80


class IntakeError(Exception):
    """A submission cannot be read; the message is one sentence that names the culprit."""


@dataclass(frozen=True)
class Limits:
    """What a submission may be at most; sizes in bytes."""

    files: int = 2_000
    file: int = 1 << 20
    total: int = 64 << 20
    archive: int = 32 << 20
    ratio: int = 200
    ratio_floor: int = 1 << 20
    path_characters: int = 200


LIMITS = Limits()


def shown(name: str) -> str:
    """A hostile name, safe to print: escaped, cut, in quotes."""
    text = ascii(name)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[: _SHOWN_CHARACTERS - 2]}…'"


def megabytes(size: int) -> str:
    """A size in words: whole megabytes, as the limits are."""
    return f"{size / (1 << 20):,.0f} MB"
