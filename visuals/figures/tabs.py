"""The same program in several forms: its text and what it gave, in tabs or side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from visuals.visual import Prediction, Table, Visual


@dataclass(frozen=True)
class Program:
    """One form of a program.

    facts: what is known of it, by name, such as its version or its time; all forms share the names.
    """

    name: str
    code: str
    output: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """Lines that are not empty."""
        return sum(bool(line.strip()) for line in self.code.splitlines())


def tabs(
    programs: Sequence[Program],
    *,
    title: str = "The same program, written differently",
    predict: Prediction | None = None,
) -> Visual:
    """Tabs with a program each, its output and its facts; a second one can be put beside the first.

    Args:
        programs: two or more, with different names.

    Raises:
        ValueError: there are fewer than two programs, or two of one name.
    """
    names = [program.name for program in programs]
    if len(names) < 2 or len(set(names)) < len(names):
        raise ValueError(f"tabs need two programs or more with names of their own, got {names}")
    facts = list(dict.fromkeys(name for program in programs for name in program.facts))
    return Visual(
        "tabs",
        data={
            "programs": [
                {
                    "name": program.name,
                    "code": program.code.strip("\n"),
                    "output": program.output.strip("\n"),
                    "lines": program.lines,
                    "facts": [[name, program.facts.get(name, "")] for name in facts],
                }
                for program in programs
            ]
        },
        title=title,
        description=(
            f"{len(names)} tabs, one for each of {', '.join(names)}. A tab shows the text of the "
            "program, what it printed and how many lines it has; a second program can be chosen "
            "to stand beside it."
        ),
        table=Table(
            ("program", "lines", *facts, "output"),
            [
                (
                    program.name,
                    program.lines,
                    *(program.facts.get(name, "") for name in facts),
                    program.output.strip(),
                )
                for program in programs
            ],
        ),
        predict=predict,
    )
