"""One figure to operate: its data, its words, and the module that draws it."""

from __future__ import annotations

import functools
import hashlib
import html
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

WEB = Path(__file__).parent / "web"
BASE = ("elements", "controls", "plots", "mount")


@dataclass(frozen=True)
class Prediction:
    """What the reader commits to before the figure shows.

    answer: the right choice, counted from 0; None where the figure itself is the answer.
    because: one sentence that is shown with the verdict.
    """

    question: str
    choices: tuple[str, ...]
    answer: int | None = None
    because: str = ""

    def __post_init__(self) -> None:
        if len(self.choices) < 2:
            raise ValueError(f"a prediction needs two choices or more, got {self.choices!r}")
        if self.answer is not None and not 0 <= self.answer < len(self.choices):
            raise ValueError(f"answer {self.answer} is none of the {len(self.choices)} choices")


@dataclass(frozen=True)
class Table:
    """The content of a figure in rows, for readers without scripts and in plain text."""

    header: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def cells(self) -> list[list[str]]:
        return [[_shown(cell) for cell in row] for row in self.rows]

    def text(self) -> str:
        rows = [list(self.header), *self.cells()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            for row in rows
        ]
        return "\n".join(line.rstrip() for line in lines)

    def html(self) -> str:
        head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in self.header)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.cells()
        )
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


class Visual:
    """A figure that a notebook shows as a widget and a page as a script of its own.

    Args:
        name: of `web/<name>.js`, whose function `draw(stage, data)` draws the figure.
        data: what `draw` is given; anything that JSON holds.
        title: a short line, often a question.
        description: what one sees, for those who do not see it.
        table: the same content in rows.
        predict: the question before the figure; None shows the figure at once.
        scripts: files of `web/parts/` that `web/<name>.js` leans on.
    """

    def __init__(
        self,
        name: str,
        data: dict[str, Any],
        title: str,
        description: str,
        table: Table,
        predict: Prediction | None = None,
        scripts: Sequence[str] = (),
    ) -> None:
        if len(description) < 40:
            raise ValueError(f"the figure {title!r} needs a description of what one sees")
        self.name = name
        self.data = data
        self.title = title
        self.description = description
        self.table = table
        self.predict = predict
        self.module = _module(name, tuple(scripts))

    def figure(self) -> dict[str, Any]:
        """All that the module needs to draw this figure."""
        return {
            "title": self.title,
            "description": self.description,
            "predict": None if self.predict is None else asdict(self.predict),
            "table": {"header": list(self.table.header), "rows": self.table.cells()},
            "data": self.data,
        }

    def __repr__(self) -> str:
        return f"{self.title}\n{self.description}\n\n{self.table.text()}"

    def _repr_html_(self) -> str:
        figure = json.dumps(self.figure(), allow_nan=False)
        key = hashlib.sha256((figure + self.module).encode()).hexdigest()[:12]
        place = f'.dltk-visual[data-key="{key}"]:not([data-mounted])'
        return (
            f'<div class="dltk-visual" data-key="{key}" data-visual="{self.name}">'
            f"<noscript><p><strong>{html.escape(self.title)}</strong> "
            f"{html.escape(self.description)}</p>{self.table.html()}</noscript></div>"
            f'<script type="module">{_in_a_script(self.module)}\n'
            f"mountAll({json.dumps(place)}, {_in_a_script(figure)});</script>"
        )

    def _repr_mimebundle_(self, **options: Any) -> dict[str, Any]:
        bundle = {"text/plain": repr(self), "text/html": self._repr_html_()}
        widget = self._widget()
        return bundle if widget is None else {**widget, **bundle}

    def _widget(self) -> dict[str, Any] | None:
        """The widget's part of the bundle; None where no widget can be made."""
        try:
            import anywidget
            import traitlets
        except ModuleNotFoundError:
            return None
        fields = {
            "_esm": self.module + "\nexport default { render };\n",
            "figure": traitlets.Dict(self.figure()).tag(sync=True),
        }
        self._shown = type(self.name, (anywidget.AnyWidget,), fields)()
        shown = self._shown._repr_mimebundle_()
        bundle = shown[0] if isinstance(shown, tuple) else shown
        return {kind: content for kind, content in (bundle or {}).items() if "widget" in kind}


@functools.cache
def _module(name: str, scripts: tuple[str, ...]) -> str:
    """The text of the module: the base, then what the figure leans on, then the figure."""
    style = (WEB / "base" / "style.css").read_text(encoding="utf-8")
    paths = [*(f"base/{part}" for part in BASE), *(f"parts/{part}" for part in scripts), name]
    texts = [(WEB / f"{path}.js").read_text(encoding="utf-8") for path in paths]
    return f"const STYLE = {json.dumps(style)};\n" + "\n".join(texts)


def _in_a_script(text: str) -> str:
    """`text` so that it cannot end the script that it stands in."""
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")


def _shown(cell: Any) -> str:
    return f"{cell:.6f}".replace("-", "\N{MINUS SIGN}") if isinstance(cell, float) else str(cell)
