"""Tables of a trace: aligned text, and HTML for a notebook."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import numpy as np

from dltk.trace.notation import UNWRITTEN, partial, product, total
from dltk.trace.rows import Row, Step, number

NUMBER_STYLE = "text-align: right; font-variant-numeric: tabular-nums"
TEXT_STYLE = "text-align: left"
DOT, BAR = "\N{COMBINING DOT ABOVE}", "\N{COMBINING MACRON}"
MINUS = "\N{MINUS SIGN}"
SIGNS = {"-": MINUS, "*": "\N{MIDDLE DOT}"}


class Table:
    """Columns of text under headers; prints aligned, and shows as a table in a notebook.

    `numeric` names the headers whose columns are aligned at the right.
    """

    def __init__(
        self,
        headers: Sequence[str],
        rows: Sequence[Sequence[str]],
        caption: str,
        numeric: Sequence[str] = (),
    ) -> None:
        self.headers = list(headers)
        self.rows = [list(row) for row in rows]
        self.caption = caption
        self.numeric = set(numeric)

    def with_column(self, header: str, values: Sequence[object]) -> Table:
        """A copy with one more column of numbers; `ValueError` if it is not as long as the table.

        None leaves a cell empty.
        """
        if len(values) != len(self.rows):
            raise ValueError(f"{header}: {len(values)} values for a table of {len(self.rows)} rows")
        rows = [[*row, cell(value)] for row, value in zip(self.rows, values, strict=True)]
        return Table([*self.headers, header], rows, self.caption, [*self.numeric, header])

    def __str__(self) -> str:
        columns = list(zip(self.headers, *self.rows, strict=True))
        widths = [max(map(len, column)) for column in columns]
        rule = "  ".join("-" * width for width in widths)
        lines = [self._line(self.headers, widths), rule]
        lines += [self._line(row, widths) for row in self.rows]
        return "\n".join(line.rstrip() for line in lines)

    __repr__ = __str__

    def _line(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        return "  ".join(
            text.rjust(width) if header in self.numeric else text.ljust(width)
            for text, width, header in zip(cells, widths, self.headers, strict=True)
        )

    def _repr_html_(self) -> str:
        head = "".join(
            f'<th scope="col" style="{self._style(header)}">{marked_up(header)}</th>'
            for header in self.headers
        )
        body = "".join(f"<tr>{self._cells(row)}</tr>" for row in self.rows)
        return (
            '<div style="overflow-x: auto"><table>'
            f'<caption style="{TEXT_STYLE}">{marked_up(self.caption)}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def _cells(self, row: Sequence[str]) -> str:
        cells = [f'<th scope="row" style="{TEXT_STYLE}">{marked_up(row[0])}</th>']
        for text, header in zip(row[1:], self.headers[1:], strict=True):
            cells.append(f'<td style="{self._style(header)}">{marked_up(text)}</td>')
        return "".join(cells)

    def _style(self, header: str) -> str:
        return NUMBER_STYLE if header in self.numeric else TEXT_STYLE


class Shown:
    """Something that prints, and shows in a notebook, as its table."""

    def table(self) -> Table:
        raise NotImplementedError

    def __repr__(self) -> str:
        return str(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def cell(value: object) -> str:
    """A number with six digits after the point, a small array in brackets, None as nothing."""
    if value is None or isinstance(value, str):
        return value or ""
    array = np.asarray(value)
    if array.ndim == 0:
        return f"{float(array):.6f}"
    if array.size > 9:
        return f"{array.dtype}{list(array.shape)}"
    return np.array2string(array, precision=4, separator=", ").replace("\n", "")


def marked_up(text: str) -> str:
    """Names as one writes them: v-1 with its index below, a tangent dotted, an adjoint barred."""
    text = html.escape(text)
    text = re.sub(r"\bbar (v-?\d+)", lambda found: _letter(found[1], BAR), text)
    text = re.sub(r"\bd(v-?\d+)\b", lambda found: _letter(found[1], DOT), text)
    text = re.sub(r"\bv-?\d+\b", lambda found: _letter(found[0], ""), text)
    text = re.sub(r" ([-*]) ", lambda found: f" {SIGNS[found[1]]} ", text)
    return re.sub(r"(^|[\s(])-(?=[\d<v])", "\\1" + MINUS, text)


def _letter(name: str, accent: str) -> str:
    return f"<i>v{accent}</i><sub>{name[1:].replace('-', MINUS)}</sub>"


def forward_table(rows: Sequence[Row]) -> Table:
    """Node, expression and value; and, where the run carried tangents, their rule and numbers."""
    plain = [[row.name, row.expression, cell(row.value)] for row in rows]
    if all(row.tangent is None for row in rows):
        return Table(["node", "expression", "value"], plain, "Forward trace", ["value"])
    by_name = {row.name: row for row in rows}
    full = [[*cells, *_tangent_cells(row, by_name)] for cells, row in zip(plain, rows, strict=True)]
    headers = ["node", "expression", "value", "tangent rule", "in numbers", "tangent"]
    return Table(headers, full, "Forward trace with tangents", ["value", "tangent"])


def _tangent_cells(row: Row, by_name: dict[str, Row]) -> list[str]:
    if not row.operation:
        return [f"d{row.name} = d{row.expression}", "seed", cell(row.tangent)]
    moving = [i for i, name in enumerate(row.operands) if name in by_name]
    terms = [
        product(f"d{row.operands[i]}", partial(row.operation, i, row.operands, row.name))
        for i in moving
    ]
    rule = f"d{row.name} = {total(terms)}"
    return [rule, _tangent_numbers(row, moving, by_name), cell(row.tangent)]


def _tangent_numbers(row: Row, moving: Sequence[int], by_name: dict[str, Row]) -> str:
    """The rule with numbers for names; nothing where something is an array or has no short rule."""
    involved = [by_name[row.operands[i]] for i in moving]
    if any(each.value.ndim for each in [row, *involved]):
        return ""
    values = [number(by_name[name].value) if name in by_name else name for name in row.operands]
    terms = []
    for i in moving:
        local = partial(row.operation, i, values, number(row.value))
        if UNWRITTEN in local:
            return ""
        terms.append(product(number(by_name[row.operands[i]].tangent), local))
    return total(terms)


def adjoint_table(steps: Sequence[Step]) -> Table:
    """One line for each contribution, with the sum of what has arrived."""
    seen: dict[str, int] = {}
    rows = []
    for position, step in enumerate(steps, start=1):
        sign = "+=" if step.name in seen else "="
        seen[step.name] = 1
        rows.append(
            [
                str(position),
                f"bar {step.name} {sign} {step.rule}",
                step.numbers,
                cell(step.contribution),
                cell(step.adjoint),
            ]
        )
    headers = ["step", "rule", "in numbers", "contribution", "adjoint so far"]
    numeric = ["contribution", "adjoint so far"]
    return Table(headers, rows, "Adjoint trace, in execution order", numeric)
