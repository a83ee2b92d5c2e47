"""Figures of a lecture with a description for those who cannot see them."""

from __future__ import annotations

import base64
import html
import io
from typing import Any


class Figure:
    """A matplotlib figure that shows as an image with alternative text, and prints as that text."""

    def __init__(self, figure: Any, alt: str) -> None:
        if not alt.strip():
            raise ValueError("a figure needs a description: show(figure, alt=…)")
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=110, bbox_inches="tight", facecolor="white")
        self.png = stream.getvalue()
        self.alt = alt

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png).decode("ascii")
        alt = html.escape(self.alt, quote=True)
        return f'<img alt="{alt}" style="max-width: 100%" src="data:image/png;base64,{data}">'


def show(figure: Any, alt: str) -> Figure:
    """The figure as the result of a cell; `alt` says in words what one sees.

    The figure is closed, so that the notebook does not show it a second time.
    """
    import matplotlib.pyplot as plt

    shown = Figure(figure, alt)
    plt.close(figure)
    return shown
