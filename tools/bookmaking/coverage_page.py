"""The page that says where the course treats what: `lectures/coverage.csv` as tables."""

from __future__ import annotations

import csv
import re
from pathlib import Path

TITLE = "# What is taught where"
ABOUT = """
Each row is a matter that the course treats, and the places that treat it. The first table has the
matters themselves. The second has statements that are often read and do not hold: the place says
what is so, and lets you see it.
"""
EMPTY = "The table is not there yet."
KINDS = (("S", "Subjects"), ("E", "Statements that do not hold"))


def page(table: Path) -> str:
    """The page as MyST; without a table it says so."""
    if not table.is_file():
        return f"{TITLE}\n\n{EMPTY}\n"
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = [TITLE, ABOUT]
    for letter, heading in KINDS:
        of_kind = [row for row in rows if row["id"].startswith(letter)]
        lines += [f"## {heading}", "", "| | What | Where |", "| --- | --- | --- |"]
        lines += [
            f"| {row['id']} | {_cell(row['what'])} | {_places(row['where'])} |" for row in of_kind
        ]
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def _places(where: str) -> str:
    return ", ".join(map(_place, where.split()))


def _place(place: str) -> str:
    """A link to a page; a file that is no page is named."""
    is_page = place.partition("#")[0].endswith(".md")
    return f"[{_label(place)}]({_target(place)})" if is_page else f"`{place}`"


def _target(place: str) -> str:
    return place if "/" in place else f"lectures/{place}"


def _label(place: str) -> str:
    """`04-reverse-mode.md#the-diamond` is "Lecture 04, the diamond"."""
    path, _, anchor = place.partition("#")
    number = re.match(r"(\d+)-|lab(\d+)", Path(path).name)
    name = Path(path).stem if number is None else _called(number)
    return f"{name}, {anchor.replace('-', ' ')}" if anchor else name


def _called(number: re.Match[str]) -> str:
    return f"Lecture {number[1]}" if number[1] else f"Lab {number[2]}"
