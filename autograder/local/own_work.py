"""The student's files as they lie in the course, and which of their blanks are still open."""

from hashlib import sha256
from pathlib import Path

from autograder import solutions
from autograder.course import PACKAGE, Course, Lab
from autograder.intake.refusal import LIMITS


def own_files(course: Course) -> dict[str, bytes]:
    """Every module under `dltk/` of the course, by path."""
    return {
        path.relative_to(course.root).as_posix(): path.read_bytes()
        for path in sorted((course.root / PACKAGE).rglob("*.py"))
        if path.is_file() and path.stat().st_size <= LIMITS.file
    }


def digest(course: Course, lab: Lab) -> str:
    """Equal as long as the files of the lab and of those that it stands on are as they were."""
    value = sha256()
    labs = course.labs[: course.labs.index(lab) + 1]
    for path in [path for each in labs for path in each.files]:
        file = course.root / path
        value.update(sha256(file.read_bytes()).digest() if file.is_file() else b"missing")
    return value.hexdigest()


def missing_files(course: Course, lab: Lab) -> list[str]:
    """The lab's files that are not there."""
    return [path for path in lab.files if not (course.root / path).is_file()]


def blank_tasks(course: Course, lab: Lab) -> dict[str, list[str]]:
    """For each task the qualified names that still raise its error.

    A file that is no Python says nothing here; checking it does.
    """
    found: dict[str, list[str]] = {}
    for path in lab.files:
        for task, qualname in _released_blanks(course.root / path, path):
            found.setdefault(task, []).append(qualname)
    return {task.id: found[task.id] for task in lab.tasks if task.id in found}


def syntax_problems(course: Course, lab: Lab) -> list[str]:
    """One sentence for each file of the lab that Python cannot read."""
    problems = []
    for path in lab.files:
        try:
            compile((course.root / path).read_bytes(), path, "exec", dont_inherit=True)
        except FileNotFoundError:
            continue
        except SyntaxError as problem:
            problems.append(f"{path}, line {problem.lineno}: {problem.msg}.")
        except (ValueError, RecursionError, MemoryError) as problem:
            problems.append(f"{path}: {problem}.")
    return problems


def _released_blanks(file: Path, path: str) -> list[tuple[str, str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        marked = {region.qualname for region in solutions.regions(text, path)}
        return [pair for pair in solutions.blanks_in(text, path) if pair[1] not in marked]
    except (OSError, UnicodeDecodeError, solutions.MarkerError, ValueError, RecursionError):
        return []
