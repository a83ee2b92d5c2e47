"""Docstrings as reStructuredText.

They are plain text with `names` in backticks, indented code, and the sections Args, Attributes,
Raises, Returns and Yields. Whatever else reStructuredText would read in them is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from textwrap import dedent

LABELS = ("Args", "Attributes", "Raises", "Returns", "Yields")
_SPECIAL = re.compile(r"([\\*|_])")
_ENTRY = re.compile(r"(\*{0,2}\w[\w.*]*(?:, \*{0,2}\w[\w.*]*)*): (.*)", re.DOTALL)


def inline(text: str) -> str:
    """One line of reStructuredText that shows `text`, what stands in backticks as code."""
    parts = re.split(r"(`+)([^`]+)\1", " ".join(text.split()))
    shown = []
    for place in range(0, len(parts), 3):
        shown.append(_SPECIAL.sub(r"\\\1", parts[place].replace("`", r"\`")))
        if place + 2 < len(parts):
            shown.append(rf"\ ``{parts[place + 2].strip()}``\ ")
    return "".join(shown).strip()


def as_rst(doc: str) -> list[str]:
    """The lines of a docstring."""
    lines: list[str] = []
    for block in _blocks(doc):
        label = block[0].removesuffix(":")
        if label in LABELS and block[0].endswith(":"):
            lines += _section(label, dedent("\n".join(block[1:])).split("\n"))
        elif block[0].startswith("    "):
            lines += ["::", "", *block]
        else:
            lines += [inline(" ".join(block))]
        lines.append("")
    return lines


def first_sentence(doc: str) -> str:
    """The first paragraph up to its first full stop."""
    paragraph = " ".join(doc.split("\n\n")[0].split())
    return re.split(r"(?<=\.)\s", paragraph)[0]


def _blocks(doc: str) -> Iterator[list[str]]:
    """Paragraphs and pieces of code; a section is one block up to what is not indented."""
    block: list[str] = []
    in_section = False
    for line in [*doc.split("\n"), ""]:
        if in_section and (line.startswith(" ") or not line.strip()):
            block.append(line)
            continue
        begins_section = line.endswith(":") and line.removesuffix(":") in LABELS
        if block and (in_section or begins_section or not line.strip()):
            yield _trimmed(block)
            block = []
        in_section = begins_section
        if line.strip():
            block.append(line)
    if block:
        yield _trimmed(block)


def _trimmed(block: list[str]) -> list[str]:
    while not block[-1].strip():
        block = block[:-1]
    return block


def _section(label: str, lines: list[str]) -> list[str]:
    if label in ("Returns", "Yields"):
        return [f"**{label}.** {inline(' '.join(lines))}"]
    shown = [f"**{label}**", ""]
    for entry in _entries(lines):
        found = _ENTRY.fullmatch(entry)
        if found:
            names = ", ".join(f"``{name}``" for name in found[1].split(", "))
            shown += [names, f"    {inline(found[2])}", ""]
        else:
            shown += [inline(entry), ""]
    return shown


def _entries(lines: Iterable[str]) -> list[str]:
    """Each argument with the indented lines that go on with it."""
    entries: list[str] = []
    for blank, group in groupby(lines, key=lambda line: not line.strip()):
        for line in () if blank else group:
            if line.startswith(" ") and entries:
                entries[-1] += " " + line.strip()
            else:
                entries.append(line.strip())
    return entries
