"""The checks of each lab: one folder a lab, one module a task."""

from pathlib import Path

from autograder import sources
from autograder.checks.spec import Check, CheckError
from autograder.course import Course

__all__ = ["Check", "CheckError", "load"]


def load(lab_id: str, course: Course | None = None, package: str = __name__) -> list[Check]:
    """Every check of a lab in the order of its tasks, then of the file.

    `CheckError` names file and line where a check belongs to no code task of the lab, or where two
    of a module have one name, so that one would be lost.
    """
    course = Course.find(Path(__file__).parent) if course is None else course
    order = {task.id: place for place, task in enumerate(course.lab(lab_id).automatic_tasks)}
    found: list[Check] = []
    for module in sources.modules(f"{package}.{lab_id}"):
        for name, line in sources.repeated_functions(Path(str(module.__file__))):
            raise CheckError(f"{module.__file__}:{line}: a second function is named {name}.")
        found += [value for value in vars(module).values() if isinstance(value, Check)]
    for item in found:
        if item.task not in order:
            raise CheckError(f"{item.where}: {lab_id} has no task {item.task!r} with checks.")
    ids = [item.id for item in found]
    for item in found:
        if ids.count(item.id) > 1:
            raise CheckError(f"{item.where}: two checks have the id {item.id}.")
    return sorted(found, key=lambda item: order[item.task])
