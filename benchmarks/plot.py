"""The plot of training steps: a bar for each ratio, its quartiles, its goal, and a line at 1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

BAR, LINE = "0.72", "0.1"


def draw(timed: dict[str, Any], path: Path, label: str) -> None:
    """Draw the ratio of each training step in `timed` into the image at `path`, in grays."""
    figure, axes = plt.subplots(figsize=(7, 1.2 + 0.5 * len(timed)), layout="constrained")
    places = list(range(len(timed)))
    ratios = [each["ratio"] for each in timed.values()]
    goals = [each["goal"] for each in timed.values()]
    beside = [
        [max(0.0, each["ratio"] - each["ratio_quartiles"][0]) for each in timed.values()],
        [max(0.0, each["ratio_quartiles"][1] - each["ratio"]) for each in timed.values()],
    ]
    axes.barh(places, ratios, xerr=beside, color=BAR, edgecolor=LINE, ecolor=LINE, capsize=3)
    axes.axvline(1.0, color=LINE, linewidth=1.2, label="torch")
    beside_dltk = [each["in_one_process"]["ratio"] for each in timed.values()]
    axes.plot(beside_dltk, places, "x", color=LINE, label="in one process")
    axes.plot(goals, places, "D", color="white", markeredgecolor=LINE, label="goal")
    for place, ratio in zip(places, ratios, strict=True):
        axes.annotate(
            f"{ratio:.2f}", (0, place), xytext=(6, 0), textcoords="offset points", va="center"
        )
    axes.set_yticks(places, [f"{name}: {each['name']}" for name, each in timed.items()])
    axes.invert_yaxis()
    uppermost = [*beside_dltk, *(each["ratio_quartiles"][1] for each in timed.values())]
    axes.set_xlim(0, 1.15 * max([1.0, *ratios, *goals, *uppermost]))
    axes.set_xlabel(label)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), frameon=False)
    figure.savefig(path, dpi=150)
    plt.close(figure)
