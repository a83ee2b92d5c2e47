"""Known-wrong solutions of every task, each one idea in one sentence, and other right ones."""

from pathlib import Path

from autograder import sources
from autograder.course import Course
from autograder.misconceptions.spec import Misconception, MisconceptionError

__all__ = ["Misconception", "MisconceptionError", "load"]


def load(lab_id: str, course: Course | None = None, package: str = __name__) -> list[Misconception]:
    """Every misconception of a lab, in the order of its tasks; `MisconceptionError` names the line.

    A student course ships without them: there the list is empty.
    """
    course = Course.find(Path(__file__).parent) if course is None else course
    order = {task.id: place for place, task in enumerate(course.lab(lab_id).automatic_tasks)}
    found: list[Misconception] = []
    for module in sources.modules(f"{package}.{lab_id}"):
        for name, line in sources.repeated_functions(Path(str(module.__file__))):
            raise MisconceptionError(
                f"{module.__file__}:{line}: a second function is named {name}."
            )
        found += [value for value in vars(module).values() if isinstance(value, Misconception)]
    ids = [item.id for item in found]
    for item in found:
        if item.task not in order:
            raise MisconceptionError(f"{item.where}: {lab_id} has no task {item.task!r}.")
        if ids.count(item.id) > 1:
            raise MisconceptionError(f"{item.where}: two misconceptions have the id {item.id}.")
    return sorted(found, key=lambda item: order[item.task])
