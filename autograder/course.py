"""What `labs/course.toml` says: the labs, their tasks, points, needs and owned files.

The file is the one place where a point or the owner of a file is written. Everything else asks a
`Course`.
"""

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

COURSE_FILE = "labs/course.toml"
PACKAGE = "dltk"
KINDS = ("code", "tests", "repair", "written")
_LAB_KEYS = {"id", "title", "files", "imports", "lectures", "notebook", "task"}
_TASK_KEYS = {"id", "title", "kind", "points", "needs"}


class CourseError(ValueError):
    """`course.toml` is missing or says something that cannot be; the message is one sentence."""


@dataclass(frozen=True)
class Task:
    """One task of a lab. `needs` are the tasks of the same lab that its checks may use."""

    id: str
    title: str
    kind: str
    points: int
    needs: tuple[str, ...]
    lab: str

    @property
    def automatic(self) -> bool:
        """Whether checks decide the points (a written task is marked by a person)."""
        return self.kind != "written"


@dataclass(frozen=True)
class Lab:
    """One lab: its tasks in order, and the files that belong to it alone."""

    id: str
    title: str
    files: tuple[str, ...]
    imports: tuple[str, ...]
    lectures: tuple[str, ...]
    notebook: str
    tasks: tuple[Task, ...]

    @property
    def automatic_tasks(self) -> tuple[Task, ...]:
        return tuple(task for task in self.tasks if task.automatic)

    @property
    def points(self) -> int:
        """All points, those of the written tasks included."""
        return sum(task.points for task in self.tasks)

    @property
    def automatic_points(self) -> int:
        return sum(task.points for task in self.automatic_tasks)

    def task(self, task_id: str) -> Task:
        """The task of that id; `CourseError` names the tasks there are."""
        for task in self.tasks:
            if task.id == task_id:
                return task
        there_are = ", ".join(task.id for task in self.tasks)
        raise CourseError(f"{self.id} has no task {task_id!r}; it has {there_are}.")


@dataclass(frozen=True)
class Course:
    """The labs of the course whose files lie under `root`."""

    root: Path
    labs: tuple[Lab, ...]

    @classmethod
    def load(cls, root: Path) -> "Course":
        """Read `root/labs/course.toml`; `CourseError` says what is wrong with it."""
        path = Path(root) / COURSE_FILE
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise CourseError(f"There is no {COURSE_FILE} in {root}.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            raise CourseError(f"{path} cannot be read: {problem}.") from None
        labs = tuple(_lab(table, path) for table in data.get("lab", []))
        _refuse_contradictions(labs, path)
        return cls(Path(root).resolve(), labs)

    @classmethod
    def find(cls, start: Path | None = None) -> "Course":
        """The course around `start` (the working directory): the first one upwards."""
        start = Path.cwd() if start is None else Path(start)
        for folder in (start.resolve(), *start.resolve().parents):
            if (folder / COURSE_FILE).is_file():
                return cls.load(folder)
        raise CourseError(
            f"There is no course in {start} nor above it (no {COURSE_FILE}); "
            "change to the folder of the course."
        )

    @cached_property
    def is_student(self) -> bool:
        """Whether this is a student course, which holds a pristine copy of what was released."""
        return (self.root / "course" / "tree").exists()

    @property
    def pristine(self) -> Path:
        """The import root that given files are taken from; nothing a student edits."""
        return self.root / "course" / "tree" if self.is_student else self.root

    def lab(self, lab_id: str) -> Lab:
        """The lab of that id; `CourseError` names the labs there are."""
        for lab in self.labs:
            if lab.id == lab_id:
                return lab
        there_are = ", ".join(lab.id for lab in self.labs)
        raise CourseError(f"The course has no lab {lab_id!r}; it has {there_are}.")

    def task(self, task_id: str) -> Task:
        """The task of that id, such as `lab3.engine`; `CourseError` names what there is."""
        return self.lab(task_id.partition(".")[0]).task(task_id)

    def before(self, lab_id: str) -> tuple[Lab, ...]:
        """The labs before that one, in order."""
        return self.labs[: self.labs.index(self.lab(lab_id))]

    def after(self, lab_id: str) -> tuple[Lab, ...]:
        """The labs after that one, in order."""
        return self.labs[self.labs.index(self.lab(lab_id)) + 1 :]

    def owner(self, path: str) -> Lab | None:
        """The lab that owns a file (`dltk/autograd/engine.py`), or None where it is given."""
        return self._owners.get(path)

    @cached_property
    def _owners(self) -> dict[str, Lab]:
        return {path: lab for lab in self.labs for path in lab.files}


def _lab(table: dict[str, Any], path: Path) -> Lab:
    where = f"{path}, lab {table.get('id', '?')!r}"
    _refuse_keys(table, _LAB_KEYS, where)
    lab_id = _text(table, "id", where)
    return Lab(
        id=lab_id,
        title=_text(table, "title", where),
        files=_texts(table, "files", where),
        imports=_texts(table, "imports", where),
        lectures=_texts(table, "lectures", where),
        notebook=_text(table, "notebook", where),
        tasks=tuple(_task(task, lab_id, where) for task in table.get("task", [])),
    )


def _task(table: dict[str, Any], lab_id: str, where: str) -> Task:
    where = f"{where}, task {table.get('id', '?')!r}"
    _refuse_keys(table, _TASK_KEYS, where)
    task_id = _text(table, "id", where)
    if task_id.partition(".")[0] != lab_id:
        raise CourseError(f"{where}: the id of a task of {lab_id} begins with '{lab_id}.'.")
    kind = _text(table, "kind", where)
    if kind not in KINDS:
        raise CourseError(f"{where}: the kind {kind!r} is none of {', '.join(KINDS)}.")
    points = table.get("points")
    if not isinstance(points, int) or isinstance(points, bool) or points <= 0:
        raise CourseError(f"{where}: points is {points!r} and must be a whole number above 0.")
    return Task(
        task_id, _text(table, "title", where), kind, points, _texts(table, "needs", where), lab_id
    )


def _refuse_keys(table: dict[str, Any], known: set[str], where: str) -> None:
    for key in table.keys() - known:
        raise CourseError(f"{where}: there is no setting {key!r}; there are {sorted(known)}.")


def _text(table: dict[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise CourseError(f"{where}: {key} is missing or not a text.")
    return value


def _texts(table: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    values = table.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise CourseError(f"{where}: {key} is not a list of texts.")
    return tuple(values)


def _refuse_contradictions(labs: tuple[Lab, ...], path: Path) -> None:
    owners: dict[str, str] = {}
    seen: set[str] = set()
    for lab in labs:
        if lab.id in seen:
            raise CourseError(f"{path}: {lab.id} stands there twice.")
        seen.add(lab.id)
        for file in lab.files:
            if file in owners:
                raise CourseError(f"{path}: {file} is owned by {owners[file]} and by {lab.id}.")
            owners[file] = lab.id
        _refuse_task_contradictions(lab, path)


def _refuse_task_contradictions(lab: Lab, path: Path) -> None:
    earlier: set[str] = set()
    for task in lab.tasks:
        if task.id in earlier:
            raise CourseError(f"{path}: {task.id} stands there twice.")
        for need in task.needs:
            if need not in earlier:
                raise CourseError(
                    f"{path}: {task.id} needs {need}, which is no earlier task of {lab.id}."
                )
        earlier.add(task.id)
