"""How a defect of the course is told: a file, a line and one sentence, all of them at once."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Defect:
    """Something that must not reach students. `path` is relative to the course's root."""

    path: str
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.sentence}"


class ReleaseError(ValueError):
    """The course cannot be released; the message has one line for each defect."""

    def __init__(self, defects: Iterable[Defect]):
        self.defects = tuple(sorted(set(defects)))
        super().__init__("\n".join(str(defect) for defect in self.defects))


def refuse(defects: Iterable[Defect]) -> None:
    """Raise `ReleaseError` if there is any defect."""
    found = tuple(defects)
    if found:
        raise ReleaseError(found)
