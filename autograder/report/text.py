"""Text that came from a student's process, made safe for a person's screen."""

import re

LONGEST = 4_000
_ESCAPE_SEQUENCES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_].*?(?:\x07|\x1b\\|\Z)|\x1b[@-Z\\-_]?", re.DOTALL
)
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def clean(text: object, longest: int = LONGEST) -> str:
    """The text without escape sequences and controls, at most `longest` characters of it.

    Line ends and tabs stay; other control, direction and zero-width characters and surrogates,
    with which text can pretend to be another, are shown as a replacement character.
    """
    whole = text if isinstance(text, str) else str(text)
    cut = whole[: longest * 4].replace("\r\n", "\n")
    cut = _ESCAPE_SEQUENCES.sub("", cut)
    cut = _SURROGATES.sub("\ufffd", _CONTROLS.sub("\ufffd", cut))
    if len(cut) <= longest and len(whole) <= longest * 4:
        return cut
    return f"{cut[:longest]}\n… ({len(whole):,} characters, cut)"


def points(value: float) -> str:
    """Points as people write them: `12`, `7.5`, `3.33`."""
    return f"{round(value, 2):g}"
