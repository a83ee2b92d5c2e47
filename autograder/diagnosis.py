"""Which misconception a wrong answer shows: the one that gives the same wrong answer."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder import compare
from autograder.checks.spec import Tolerance


@dataclass(frozen=True)
class Answer:
    """What a program gave: a canonical result (`outcome` ok), or the class of the error it raised.

    Other outcomes (`timeout`, `crash`, …) say nothing about the idea behind an answer.
    """

    outcome: str
    result: dict[str, Any] | None = None
    error_class: str | None = None


def explains(
    got: Answer, known: Answer, expected: Mapping[str, Any], tolerance: Tolerance | None = None
) -> bool:
    """Whether a known-wrong answer is what was got, and is wrong."""
    if got.outcome != known.outcome:
        return False
    if got.outcome == "error":
        return got.error_class == known.error_class
    if got.outcome != "ok":
        return False
    return compare.agree(known.result, got.result, tolerance) and not compare.agree(
        expected, known.result, tolerance
    )


def is_wrong(
    known: Answer, expected: Mapping[str, Any], tolerance: Tolerance | None = None
) -> bool:
    """Whether a known-wrong solution fails here; most of them are right in some places."""
    return known.outcome != "ok" or not compare.agree(expected, known.result, tolerance)


def diagnose(
    candidates: Mapping[str, Sequence[str]],
    sentences: Mapping[str, str],
    contradictions: Mapping[str, int] | None = None,
    raised: Collection[str] = (),
) -> dict[str, str | None]:
    """For each failed check of a task a sentence, or None where nothing explains it.

    `candidates` gives for each failed check the misconceptions that explain it. The one that
    explains most of the task's failures is preferred; among equals the one with the fewest
    `contradictions`, checks it would have failed and that passed, and then the one written first.
    In the checks of `raised` an error was compared, of which only the class is known.
    """
    counts = Counter(_each_once(candidates.values()))
    against = contradictions or {}
    order = {name: place for place, name in enumerate(sentences)}
    found: dict[str, str | None] = {}
    for check, names in candidates.items():
        best = min(
            names, key=lambda name: (-counts[name], against.get(name, 0), order[name]), default=None
        )
        found[check] = None if best is None else told(sentences[best], check in raised)
    return found


def told(sentence: str, raised: bool = False) -> str:
    """The sentence a student reads; many mistakes end in one class of error, so it claims less."""
    if raised:
        return f"One way to an error of this kind: {clause(sentence)}."
    return f"Your answer is what you get if {clause(sentence)}."


def clause(sentence: str) -> str:
    """The sentence as the end of "your answer is what you get if …": no capital, no full stop."""
    words = sentence.strip().rstrip(".")
    first = words.partition(" ")[0]
    if first == "A" or (first.istitle() and len(first) > 1):
        return words[:1].lower() + words[1:]
    return words


def _each_once(lists: Iterable[Sequence[str]]) -> Iterable[str]:
    for names in lists:
        yield from set(names)
