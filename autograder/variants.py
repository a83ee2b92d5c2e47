"""Submissions made from the reference: with other bodies, or with some tasks blank."""

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from autograder import running, sandbox, solutions, tree
from autograder.checks.spec import Check
from autograder.course import Course, CourseError
from autograder.diagnosis import Answer
from autograder.misconceptions.spec import Misconception, MisconceptionError


def reference(course: Course, lab_id: str) -> dict[str, bytes]:
    """The solved files of a lab by path, without markers."""
    return {path: _bytes(text, path) for path, text in _texts(course, lab_id).items()}


def with_blanks(
    course: Course, lab_id: str, tasks: Collection[str] | None = None
) -> dict[str, bytes]:
    """The files of a lab with the blanks of `tasks` (all) open and every other one solved."""
    return {
        path: _bytes(solutions.blank(text, tasks, path), path)
        for path, text in _texts(course, lab_id).items()
    }


def with_bodies(course: Course, lab_id: str, bodies: Mapping[str, str]) -> dict[str, bytes]:
    """The files of a lab with other bodies in some blanks, given by qualified name.

    Raises `MarkerError` where the lab has no blank of that name, or two.
    """
    texts = _texts(course, lab_id)
    owners = {
        (region.qualname, path)
        for path, text in texts.items()
        for region in solutions.regions(text, path)
    }
    for qualname, body in bodies.items():
        paths = [path for name, path in owners if name == qualname]
        if len(paths) != 1:
            raise solutions.MarkerError(f"{lab_id} has {len(paths)} blanks named {qualname!r}.")
        texts[paths[0]] = solutions.replace(texts[paths[0]], {qualname: body}, paths[0])
    return {path: _bytes(text, path) for path, text in texts.items()}


def with_misconception(course: Course, item: Misconception) -> dict[str, bytes]:
    """The files of a lab in which one known-wrong (or other right) solution stands."""
    try:
        return with_bodies(course, item.task.partition(".")[0], item.bodies)
    except (solutions.MarkerError, SyntaxError) as problem:
        raise MisconceptionError(f"{item.where}: {item.id} does not fit: {problem}") from None


def answers_of(
    course: Course,
    item: Misconception,
    inputs: Iterable[tuple[Check, dict[str, Any]]],
    level: str | None = None,
) -> dict[str, Answer]:
    """The answers of a misconception to checks of its own task, by the check's id."""
    files = with_misconception(course, item)
    with tree.temporary_folder() as folder:
        tree.build(course, item.task.partition(".")[0], files, Path(folder), trusted=True)
        with sandbox.Worker(Path(folder), level) as worker:
            programs = [running.program(check, values) for check, values in inputs]
            replies = worker.run(item.task, programs)
            return {reply.id: running.answer_of(reply) for reply in replies}


def _texts(course: Course, lab_id: str) -> dict[str, str]:
    if course.is_student:
        raise CourseError("A student course holds no reference to make a submission from.")
    return {
        path: (course.root / path).read_text(encoding="utf-8") for path in course.lab(lab_id).files
    }


def _bytes(text: str, path: str) -> bytes:
    return solutions.strip(text, path).encode("utf-8")
