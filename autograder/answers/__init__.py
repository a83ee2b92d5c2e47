"""The right answers to grade by, and what each misconception gives instead.

A `Round` draws inputs from a secret and asks torch; a `Recorded` holds what a round found, so that
it can be used again without torch, by another process, or years later.
"""

import importlib.util
import secrets

from autograder.answers.recorded import Answers, AnswersError, Recorded, recorded_path
from autograder.answers.round import SECRET_BYTES, Round, generator
from autograder.course import Course
from autograder.diagnosis import Answer

__all__ = [
    "Answer",
    "Answers",
    "AnswersError",
    "Recorded",
    "Round",
    "generator",
    "local",
    "recorded_path",
]


def local(course: Course, lab_id: str) -> list[Answers]:
    """What a check on one's own machine uses: the recorded answers, then fresh ones from torch.

    Either may be missing, not both.
    """
    found: list[Answers] = []
    if recorded_path(course, lab_id).is_file():
        found.append(Recorded.load(course, lab_id))
    if importlib.util.find_spec("torch"):
        found.append(Round(course, lab_id, secrets.token_bytes(SECRET_BYTES)))
    if not found:
        raise AnswersError(
            f"There is nothing to compare {lab_id} with: no recorded answers in "
            f"{recorded_path(course, lab_id)}, and torch is not installed."
        )
    return found
