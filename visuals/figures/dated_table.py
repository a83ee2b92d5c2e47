"""A table whose cells carry dates: what was so in a chosen year, beside what is so now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from visuals.visual import Prediction, Table, Visual


@dataclass(frozen=True)
class Dated:
    """One statement: what a cell of the table says from a year on, and who says so."""

    row: str
    column: str
    since: int
    says: str
    source: str


def dated(records: Sequence[Mapping[str, str]]) -> list[Dated]:
    """The statements of a file with the columns row, column, since, says and source."""
    return [
        Dated(each["row"], each["column"], int(each["since"]), each["says"], each["source"])
        for each in records
    ]


def valid(statements: Sequence[Dated], row: str, column: str, year: int) -> Dated | None:
    """The latest statement on a cell that was made by `year`; None where there is none yet."""
    made = [
        each
        for each in statements
        if (each.row, each.column) == (row, column) and each.since <= year
    ]
    return max(made, key=lambda each: each.since, default=None)


def dated_table(
    statements: Sequence[Dated],
    *,
    now: int,
    title: str = "What was so in which year?",
    start: int | None = None,
    predict: Prediction | None = None,
) -> Visual:
    """A slider of years over a table of dated statements, with today's column beside it.

    Args:
        statements: rows and columns stand in the order in which they first appear.
        now: the last year of the slider, whose table is "today".
        start: the year that is shown first; the earliest one if None.

    Raises:
        ValueError: there is no statement, or one is dated after `now`.
    """
    if not statements:
        raise ValueError("a dated table needs statements")
    first, last = min(each.since for each in statements), max(each.since for each in statements)
    if last > now:
        raise ValueError(f"a statement is dated {last}, after the year {now} that stands for now")
    rows = list(dict.fromkeys(each.row for each in statements))
    columns = list(dict.fromkeys(each.column for each in statements))
    return Visual(
        "dated_table",
        data={
            "rows": rows,
            "columns": columns,
            "first": first,
            "now": now,
            "start": first if start is None else start,
            "statements": [
                [
                    rows.index(each.row),
                    columns.index(each.column),
                    each.since,
                    each.says,
                    each.source,
                ]
                for each in statements
            ],
        },
        title=title,
        description=(
            f"A table with the rows {', '.join(rows)} and the columns {', '.join(columns)}. A "
            f"slider goes through the years {first} to {now}; each cell shows what was so in that "
            "year, and what has changed since is marked. Every statement has a source."
        ),
        table=Table(
            ("row", "column", "since", "statement", "source"),
            [(each.row, each.column, each.since, each.says, each.source) for each in statements],
        ),
        predict=predict,
    )
