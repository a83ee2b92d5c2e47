"""Short self-tests at the end of a lecture, marked where they stand. They give no points."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

TOLERANCE = 1e-3


def mark(answers: Mapping[str, Any], solutions: Mapping[str, Any]) -> None:
    """Print for each question whether the answer is right.

    answers: the reader's, `...` where there is none yet. solutions: what the lecture computed;
    numbers count as right within a thousandth of the larger one, texts in any case of letters.
    """
    right = 0
    for question, solution in solutions.items():
        answer = answers.get(question, ...)
        verdict = "no answer yet" if answer is ... else "not right: have another look"
        if answer is not ... and agrees(answer, solution):
            verdict = "right"
            right += 1
        print(f"{question}: {verdict}")
    print(f"{right} of {len(solutions)} right")


def agrees(answer: Any, solution: Any) -> bool:
    """Whether an answer is the solution, up to rounding and the case of letters."""
    if isinstance(solution, str):
        return isinstance(answer, str) and answer.strip().lower() == solution.lower()
    if isinstance(solution, tuple | list):
        same_kind = isinstance(answer, tuple | list) and len(answer) == len(solution)
        return same_kind and all(map(agrees, answer, solution))
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return False
    return math.isclose(answer, solution, rel_tol=TOLERANCE, abs_tol=1e-9)
