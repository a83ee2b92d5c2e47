"""What `make bench` shows of dltk beside torch: tables, a Markdown page with the plot, and JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import goals
from measure import LIBRARIES
from plot import draw
from rich.table import Table
from rich.text import Text
from training_steps import IMPORTED, NOT_COMPILED

MILLISECOND, MEBIBYTE = 1e-3, 2**20
CLOCKS = {"process_time": "CPU time", "perf_counter": "wall time"}
JSON_NAME, PLOT_NAME, PAGE_NAME = "dltk-torch.json", "dltk-torch.png", "dltk-torch.md"


def tables(results: dict[str, Any]) -> list[tuple[str, list[str], list[list[str]]]]:
    """Title, column names and rows of each table there is."""
    found = []
    if results.get("steps"):
        found.append(_steps(results))
    if "memory" in results:
        found.append(_memory(results["memory"]))
    if "over_numpy" in results.get("import", {}):
        found.append(_imports(results["import"]))
    return found


def rich_tables(results: dict[str, Any]) -> list[Table]:
    drawn = []
    for title, columns, rows in tables(results):
        # `Text`, since rich takes brackets in a string for its own marks.
        table = Table(title=Text(title), title_justify="left")
        for column in columns:
            table.add_column(column, no_wrap=True)
        for row in rows:
            table.add_row(*map(Text, row))
        drawn.append(table)
    return drawn


def write(results: dict[str, Any], folder: Path, command: str) -> list[Path]:
    """Write the numbers, and a page with the tables and the plot; gives the files' paths."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers, plot, page = (folder / name for name in (JSON_NAME, PLOT_NAME, PAGE_NAME))
    numbers.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    timed = {name: found for name, found in results["steps"].items() if "failed" not in found}
    picture = ""
    if timed:
        draw(timed, plot, f"dltk / torch, {_how(results)}")
        picture = f"![{alternative_text(timed)}]({PLOT_NAME})"
    else:
        # One of an earlier run would stand beside numbers that are not its own.
        plot.unlink(missing_ok=True)
    page.write_text(_page(results, command, picture), encoding="utf-8")
    return [path for path in (numbers, plot, page) if path.exists()]


def alternative_text(timed: dict[str, Any]) -> str:
    """The plot in words."""
    words = [
        f"{name} {each['ratio']:.2f}, in one process {each['in_one_process']['ratio']:.2f}, "
        f"goal {each['goal']:g}"
        for name, each in timed.items()
    ]
    return (
        "A bar for each training step: the time of dltk divided by that of torch, with a line at "
        "1, where both take the same time, a mark where the ratio is with both in one process, "
        f"and one at the goal. {'; '.join(words)}."
    )


def _how(results: dict[str, Any]) -> str:
    threads = results["threads"]
    clock = CLOCKS["process_time" if threads == 1 else "perf_counter"]
    return f"{clock} at {threads} thread{'s' if threads > 1 else ''}"


def _steps(results: dict[str, Any]) -> tuple[str, list[str], list[list[str]]]:
    rows = []
    for name, found in results["steps"].items():
        title = f"{name} {found['name']}"
        if "failed" in found:
            rows.append([title, "", "", "failed", "", ""])
            continue
        lower, upper = found["ratio_quartiles"]
        rows.append(
            [
                title,
                *[f"{found[library]['median'] / MILLISECOND:.2f}" for library in LIBRARIES],
                f"{found['ratio']:.2f} [{lower:.2f}, {upper:.2f}]",
                f"{found['in_one_process']['ratio']:.2f}",
                f"{found['goal']:g}",
            ]
        )
    title = f"A training step: medians [quartiles] of {results['rounds']} rounds, {_how(results)}"
    return title, ["step", "torch ms", "dltk ms", "ratio", "together", "goal"], rows


def _interval(found: dict[str, Any]) -> str:
    lower, upper = (value / MILLISECOND for value in found["quartiles"])
    return f"{found['median'] / MILLISECOND:.2f} [{lower:.2f}, {upper:.2f}]"


def _memory(memory: dict[str, Any]) -> tuple[str, list[str], list[list[str]]]:
    peak, growth = memory["peak"], memory["growth"]
    rows = []
    if "failed" in peak:
        rows.append(["peak", "", "", "failed", ""])
    else:
        cells = [f"{peak[name]['bytes'] / MEBIBYTE:.1f} MiB" for name in LIBRARIES]
        rows.append(["peak", *cells, f"{peak['ratio']:.2f}", f"{peak['goal']:g}"])
    if "failed" in growth:
        rows.append(["growth", "", "", "failed", ""])
    else:
        cells = [f"{growth[name]['bytes'] / 1024:.0f} KiB" for name in LIBRARIES]
        what = f"growth over {growth['dltk']['steps']:,} steps"
        rows.append([what, *cells, "", f"{growth['goal_bytes'] / 1024:.0f} KiB"])
    title = f"Memory of training step {memory['workload']}"
    return title, ["", *LIBRARIES, "ratio", "goal"], rows


def _imports(imports: dict[str, Any]) -> tuple[str, list[str], list[list[str]]]:
    base = imports["numpy"]["median"]
    rows = []
    for name in (*IMPORTED, NOT_COMPILED):
        over = (imports[name]["median"] - base) / MILLISECOND
        goal = f"{imports['goal'] / MILLISECOND:.0f}" if name == "dltk" else ""
        rows.append(
            [name, _interval(imports[name]), "" if name == "numpy" else f"{over:.0f}", goal]
        )
    title = f"Import in a fresh interpreter: medians [quartiles] of {imports['runs']}, CPU time"
    return title, ["", "ms", "beyond numpy", "goal"], rows


def _page(results: dict[str, Any], command: str, picture: str) -> str:
    machine, versions = results["machine"], results["versions"]
    lines = [
        "# dltk beside torch",
        "",
        f"`{command}` on {results['date']}: {machine['cpu']}, {machine['cores']} cores, "
        f"{machine['system']}; " + ", ".join(f"{k} {v}" for k, v in versions.items() if v) + ".",
    ]
    if picture:
        lines += ["", picture]
    for name, found in results["steps"].items():
        lines += ["", f"{name}: {found['what']}."]
    for sentence in goals.failures(results):
        lines += ["", f"Not measured: {sentence}."]
    for title, columns, rows in tables(results):
        lines += ["", f"## {title}", ""]
        lines += [_row(columns), _row(["---"] * len(columns)), *[_row(row) for row in rows]]
    return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
