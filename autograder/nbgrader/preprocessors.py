"""The steps of `nbgrader autograde` and `generate_assignment` that the course replaces.

nbgrader runs a submitted notebook in a kernel that holds the tests. Here nothing of the submission
runs in that process: the tasks are graded by `autograder.session` in its sandbox, and the score of
each goes into the output of its cell, where nbgrader looks for it.
"""

import json
from pathlib import Path
from typing import Any, TextIO
from weakref import WeakKeyDictionary

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from traitlets import Unicode

from autograder.course import Course, Lab
from autograder.nbgrader import grading, submitted
from autograder.nbgrader.grading import Record
from autograder.nbgrader.submitted import Managed
from autograder.release.assignment import release_files

Resources = dict[str, Any]
_RECORDS: WeakKeyDictionary[Any, dict[str, Record]] = WeakKeyDictionary()


class SubmissionExporter(NotebookExporter):
    """Reads submitted notebooks so that none makes nbgrader fail; its own it reads as they are."""

    def from_file(
        self, file_stream: TextIO, resources: Resources | None = None, **options: Any
    ) -> Any:
        if self.parent is None or not self.parent._sanitizing:
            return super().from_file(file_stream, resources=resources, **options)
        notebook = submitted.read(file_stream)
        return self.from_notebook_node(notebook, resources=resources, **options)


class Restore(NbGraderPreprocessor):
    """Every graded cell once and in its released form; everything else harmless to look at."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        source = source_notebook(self.parent.parent.coursedir, resources)
        described = resources["nbgrader"]
        with Gradebook(described["db_url"]) as gradebook:
            managed = _managed(gradebook, source, described["notebook"], described["assignment"])
        nb = submitted.restored(nb, managed, source.cells)
        nb.metadata = NotebookNode(source.metadata)
        return nb, resources


class TaskExecute(NbGraderPreprocessor):
    """Grades the tasks outside of the kernel and writes score and report into their cells."""

    course = Unicode(help="The folder of the course: the reference and its checks.").tag(
        config=True
    )
    grades = Unicode("grades", help="Where rounds and records are kept.").tag(config=True)
    round = Unicode("first", help="The name of the grading round.").tag(config=True)
    level = Unicode("", help="The level of the sandbox; the strongest there is if empty.").tag(
        config=True
    )

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        converter = self.parent.parent
        coursedir, described = converter.coursedir, resources["nbgrader"]
        course = Course.load(Path(self.course))
        lab = course.lab(described["assignment"])
        records = _RECORDS.setdefault(converter, {})
        if described["student"] not in records:
            self.log.info("Grading the tasks of %s", lab.id)
            submissions = grading.submissions_of(coursedir, lab.id)
            out = Path(coursedir.root) / self.grades / lab.id
            records |= grading.records(course, lab, submissions, out, self.round, self.level)
        record = records[described["student"]]
        tasks = _tasks_by_grade_id(source_notebook(coursedir, resources))
        for cell in nb.cells:
            if cell.cell_type == "code" and utils.is_grade(cell) and not utils.is_solution(cell):
                task = tasks.get(cell.metadata.nbgrader["grade_id"])
                if task is not None:
                    _write_score(cell, record, task, lab)
        return nb, resources


class SaveScores(SaveAutoGrades):
    """Saves the scores; a written answer has full marks unless nothing was written.

    An instructor's own mark stands above it.
    """

    def _add_score(self, cell: NotebookNode, resources: Resources) -> None:
        super()._add_score(cell, resources)
        if not utils.is_solution(cell):
            return
        name = cell.metadata.nbgrader["grade_id"]
        released = self.gradebook.find_source_cell(name, self.notebook_id, self.assignment_id)
        grade = self.gradebook.find_grade(
            name, self.notebook_id, self.assignment_id, self.student_id
        )
        answered = submitted.is_answered(cell.source, released.source)
        grade.auto_score = grade.max_score if answered else 0
        grade.needs_manual_grade = grade.manual_score is not None
        self.gradebook.db.commit()


class Strip(NbGraderPreprocessor):
    """Puts blanks into the Python files of a generated assignment, or refuses the release."""

    solved_before = Unicode(
        "", help="'reference': the labs before an assignment are handed out solved; or 'blank'."
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        converter = self.parent.parent
        lab_id = resources["nbgrader"]["assignment"]
        release_files(
            source=Path(converter._format_source(lab_id, ".")),
            release=Path(converter._format_dest(lab_id, ".")),
            lab_id=lab_id,
            solved_before=self.solved_before == "reference",
            notebook=nb,
        )
        return nb, resources


def source_notebook(coursedir: Any, resources: Resources) -> NotebookNode:
    """The instructor's notebook, the only place that says which cell is which task's."""
    described = resources["nbgrader"]
    folder = coursedir.format_path(coursedir.source_directory, ".", described["assignment"])
    path = Path(folder) / f"{described['notebook']}.ipynb"
    return nbformat.read(path, as_version=4)


def _tasks_by_grade_id(source: NotebookNode) -> dict[str, str]:
    return {
        cell.metadata["nbgrader"]["grade_id"]: cell.metadata["task"]
        for cell in source.cells
        if "task" in cell.metadata and "nbgrader" in cell.metadata
    }


def _managed(
    gradebook: Gradebook, source: NotebookNode, notebook: str, assignment: str
) -> list[Managed]:
    """The cells nbgrader keeps, as they were released, in the order of the notebook."""
    kept = gradebook.find_notebook(notebook, assignment)
    released = {cell.name: cell for cell in kept.source_cells}
    points = {cell.name: float(cell.max_score) for cell in kept.grade_cells}
    tasks = _tasks_by_grade_id(source)
    managed = []
    for cell in source.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name not in released:
            continue
        metadata = {**cell.metadata["nbgrader"], "checksum": released[name].checksum}
        if name in points:
            metadata["points"] = points[name]
        managed.append(
            Managed(
                name,
                released[name].cell_type,
                released[name].source,
                json.loads(json.dumps(metadata)),
                released[name].locked,
                tasks.get(name),
            )
        )
    return managed


def _write_score(cell: NotebookNode, record: Record, task_id: str, lab: Lab) -> None:
    """The score first and as a plain number: nbgrader takes anything else for full marks."""
    task = next((task for task in record["tasks"] if task["id"] == task_id), None)
    points = 0.0 if task is None else float(task["points"])
    most = float(cell.metadata.nbgrader["points"])
    score = min(max(points, 0.0), most)
    cell["execution_count"] = 1
    cell["outputs"] = [
        new_output("execute_result", {"text/plain": repr(score)}, execution_count=1),
        new_output("stream", name="stdout", text=grading.report(record, task_id, lab)),
    ]
