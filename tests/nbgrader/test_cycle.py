"""nbgrader's cycle, run for real: generate, release, fetch, submit, collect, autograde, export."""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from autograder import misconceptions, sandbox, variants
from autograder.course import Course
from autograder.grade import grade_class
from autograder.nbgrader import init_course
from autograder.nbgrader.gradebook import write_records

pytestmark = pytest.mark.slow
LAB, NOTEBOOK = "lab1", "lab1-tensors.ipynb"
WRITTEN = 10


@dataclass(frozen=True)
class Class:
    """A course directory after `nbgrader autograde` and `generate_feedback`."""

    course: Course
    folder: Path
    run: Callable[..., subprocess.CompletedProcess[str]]

    def grade(self, student: str, name: str) -> float:
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            return gradebook.find_grade(name, NOTEBOOK.removesuffix(".ipynb"), LAB, student).score

    def tasks(self, student: str) -> float:
        names = [task.id.replace(".", "-") for task in self.course.lab(LAB).automatic_tasks]
        return sum(self.grade(student, name) for name in names)

    def notebook(self, student: str) -> NotebookNode:
        return nbformat.read(self.folder / "autograded" / student / LAB / NOTEBOOK, as_version=4)


def solve(course: Course, folder: Path, files: dict[str, bytes] | None = None) -> None:
    for path, content in (files or variants.reference(course, LAB)).items():
        (folder / path).write_bytes(content)


def edit_notebook(folder: Path, change: Callable[[NotebookNode], None]) -> None:
    path = folder / NOTEBOOK
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def position(notebook: NotebookNode, name: str) -> int:
    names = [part.metadata.get("nbgrader", {}).get("grade_id") for part in notebook.cells]
    return names.index(name)


def answer(notebook: NotebookNode) -> None:
    notebook.cells[position(notebook, "lab1-written")].source = "The strides do not fit."


def delete(notebook: NotebookNode) -> None:
    for name in ("lab1-index", "lab1-view", "lab1-written"):
        del notebook.cells[position(notebook, name)]


def double(notebook: NotebookNode) -> None:
    answer(notebook)
    for name in ("lab1-index", "lab1-written"):
        place = position(notebook, name)
        notebook.cells.insert(0, nbformat.from_dict(notebook.cells[place]))


def warn(notebook: NotebookNode) -> None:
    for part in notebook.cells:
        if part.cell_type == "code":
            part.outputs = [
                nbformat.v4.new_output("stream", name="stderr", text="UserWarning: beware\n")
            ]


def forge(notebook: NotebookNode) -> None:
    for part in notebook.cells:
        if "nbgrader" in part.metadata:
            part.metadata.nbgrader.update(points=1000, locked=False, solution=True)
        if part.cell_type == "code":
            part.source = "1000.0"
            part.outputs = [
                nbformat.v4.new_output(
                    "execute_result", data={"text/plain": "1000.0"}, execution_count=1
                )
            ]


def attack(notebook: NotebookNode) -> None:
    notebook.cells[position(notebook, "lab1-written")].source = "<script>EVIL()</script> mine"
    notebook.cells.append(
        nbformat.v4.new_code_cell(
            "1", outputs=[nbformat.v4.new_output("display_data", {"text/html": "<i>EVIL()</i>"})]
        )
    )
    notebook.metadata["title"] = "</title><script>EVIL()</script>"


def submissions(course: Course, released: Path, submitted: Path) -> None:
    """What is collected beside the one submission that goes through the exchange."""
    half = variants.with_blanks(course, LAB, ["lab1.view", "lab1.write"])
    wrong = next(
        item for item in misconceptions.load(LAB) if item.task == "lab1.index" and not item.right
    )
    students: dict[str, tuple[dict[str, bytes] | None, Callable[[NotebookNode], None] | None]] = {
        "blank": ({}, None),
        "half": (half, None),
        "wrong": (variants.with_misconception(course, wrong), warn),
        "deleted": (None, delete),
        "doubled": (None, double),
        "forged": ({}, forge),
        "hostile": (None, attack),
        "unreadable": (None, None),
    }
    for student, (files, change) in students.items():
        folder = submitted / student / LAB
        shutil.copytree(released, folder)
        if files is None or files:
            solve(course, folder, files)
        if change is not None:
            edit_notebook(folder, change)
    (submitted / "unreadable" / LAB / NOTEBOOK).write_bytes(b"\xff{ no notebook")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory, small_reference: ModuleType) -> Class:
    """A class of nine, one of which fetched and submitted through the exchange."""
    if sys.platform == "win32":
        pytest.skip("nbgrader's exchange does not run on Windows")
    if sandbox.strongest() == "plain":
        pytest.skip("no sandbox stronger than 'plain' on this machine")
    top = tmp_path_factory.mktemp("nbgrader") / "a course"
    root = small_reference.copy_of_reference(top / "reference", recorded=(LAB,))
    course = Course.load(root)
    exchange, folder, home = top / "exchange", top / "course", top / "student"
    for made in (exchange, home):
        made.mkdir()
    exchange.chmod(0o777)
    variables = {
        **os.environ,
        "PATH": str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"],
        "HOME": str(home),
    }

    def run(*arguments: str, where: Path = folder, fails: bool = False):
        ran = subprocess.run(
            [sys.executable, "-m", "nbgrader", *arguments],
            cwd=where,
            env=variables,
            capture_output=True,
            text=True,
        )
        assert (ran.returncode != 0) == fails, ran.stdout + ran.stderr
        return ran

    init_course(root, folder, [LAB], exchange)
    as_student = [f"--Exchange.root={exchange}", "--course=dltk"]
    run("generate_assignment", LAB)
    run("release_assignment", LAB)
    run("fetch_assignment", LAB, *as_student, where=home)
    solve(course, home / LAB)
    edit_notebook(home / LAB, answer)
    run("submit", LAB, *as_student, where=home)
    run("collect", LAB)
    collected = next((folder / "submitted").iterdir())
    collected.rename(collected.with_name("alice"))
    submissions(course, folder / "release" / LAB, folder / "submitted")
    run("autograde", LAB)
    run("generate_feedback", LAB)
    return Class(course, folder, run)


def test_students_get_blanks_and_no_solution(graded: Class) -> None:
    released = graded.folder / "release" / LAB
    for path in graded.course.lab(LAB).files:
        text = (released / path).read_text()
        assert 'raise NotImplementedError("lab1.' in text
        assert "SOLUTION" not in text
        assert text == (released / "course" / "tree" / path).read_text()
    notebook = (released / NOTEBOOK).read_text()
    assert "SOLUTION" not in notebook
    assert "prediction_of_the_author" not in notebook
    assert "*Write your answer here.*" in notebook
    assert "...  # your code here" in notebook


def test_the_gradebook_has_the_scores_of_grades_json(graded: Class, tmp_path: Path) -> None:
    shutil.copytree(
        graded.folder / "grades" / LAB / "rounds" / "first",
        tmp_path / "out" / "rounds" / "first",
        ignore=shutil.ignore_patterns("records"),
    )
    for student in (graded.folder / "submitted").iterdir():
        shutil.copytree(student / LAB / "dltk", tmp_path / "handed in" / student.name / "dltk")
    grade_class(graded.course, LAB, tmp_path / "handed in", tmp_path / "out")
    records = json.loads((tmp_path / "out" / "grades.json").read_text())
    assert len(records) == 9
    for record in records:
        for task in record["tasks"]:
            name = task["id"].replace(".", "-")
            assert graded.grade(record["student"], name) == task["points"], (record, task)
    fractions = [task["points"] % 1 for record in records for task in record["tasks"]]
    assert any(fractions)


@pytest.mark.parametrize("student", ["alice", "deleted", "doubled", "hostile", "unreadable"])
def test_whatever_became_of_the_notebook_solved_tasks_have_full_points(
    graded: Class, student: str
) -> None:
    assert graded.tasks(student) == graded.course.lab(LAB).automatic_points


def test_a_blank_and_a_forged_notebook_have_no_points(graded: Class) -> None:
    for student in ("blank", "forged"):
        assert graded.tasks(student) == 0


def test_a_notebook_that_prints_warnings_is_graded_like_any_other(graded: Class) -> None:
    assert 0 <= graded.grade("wrong", "lab1-index") < 14
    assert graded.grade("wrong", "lab1-strides") == 8


def test_open_tasks_cost_their_points(graded: Class) -> None:
    assert graded.grade("half", "lab1-view") == graded.grade("half", "lab1-write") == 0
    assert graded.tasks("half") == graded.course.lab(LAB).automatic_points - 16 - 14


def test_an_answer_has_full_marks_and_none_has_none_until_a_person_decides(graded: Class) -> None:
    for student in ("alice", "doubled", "hostile"):
        assert graded.grade(student, "lab1-written") == WRITTEN
    for student in ("blank", "deleted", "unreadable", "half"):
        assert graded.grade(student, "lab1-written") == 0
    with Gradebook(f"sqlite:///{graded.folder / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("lab1-written", NOTEBOOK[:-6], LAB, "doubled")
        assert not grade.needs_manual_grade
        grade.manual_score = 4
        gradebook.db.commit()
    graded.run("autograde", LAB, "--force", "--student=doubled")
    assert graded.grade("doubled", "lab1-written") == 4


def test_each_cell_shows_its_report_and_pages_show_nothing_that_runs(graded: Class) -> None:
    notebook = graded.notebook("wrong")
    outputs = notebook.cells[position(notebook, "lab1-index")].outputs
    assert float(outputs[0].data["text/plain"]) == graded.grade("wrong", "lab1-index")
    records = json.loads((graded.folder / "grades" / LAB / "grades.json").read_text())
    told = [
        check["diagnosis"]
        for record in records
        for task in record["tasks"]
        for check in task["checks"]
        if record["student"] == "wrong" and task["id"] == "lab1.index" and check["diagnosis"]
    ]
    assert told
    assert any(diagnosis in outputs[1].text for diagnosis in told)
    feedback = (graded.folder / "feedback" / "hostile" / LAB / NOTEBOOK).with_suffix(".html")
    for html in (feedback.read_text(), formgrader_page(graded, "hostile")):
        assert "<script>EVIL" not in html
        assert "<i>EVIL" not in html
        assert "&lt; script&gt;EVIL()&lt; /script&gt; mine" in html


def formgrader_page(graded: Class, student: str) -> str:
    """What formgrader shows of a submission, by the exporter and template its server uses."""
    settings = Config()
    settings.HTMLExporter.template_name = "formgrade"
    settings.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    page, _ = HTMLExporter(config=settings).from_filename(
        str(graded.folder / "autograded" / student / LAB / NOTEBOOK),
        resources={"index": 0, "total": 1, "base_url": "", "student": student},
    )
    return page


def test_export_has_a_row_for_each_student(graded: Class) -> None:
    graded.run("export")
    with (graded.folder / "grades.csv").open() as stream:
        rows = {row["student_id"]: row for row in csv.DictReader(stream)}
    assert len(rows) == 9
    assert float(rows["alice"]["score"]) == graded.course.lab(LAB).points


def test_records_go_into_the_gradebook_without_a_notebook(graded: Class) -> None:
    records = json.loads((graded.folder / "grades" / LAB / "grades.json").read_text())
    lost = {**next(r for r in records if r["student"] == "half"), "student": "lost-notebook"}
    assert write_records(graded.folder, [lost]) == 1
    assert graded.tasks("lost-notebook") == graded.tasks("half")


def test_a_defect_in_the_source_stops_generate_and_leaves_no_release(graded: Class) -> None:
    path = graded.folder / "source" / LAB / "dltk" / "layout" / "strides.py"
    text = path.read_text()
    path.write_text(text.replace("    # END SOLUTION\n", ""))
    try:
        ran = graded.run("generate_assignment", LAB, "--force", fails=True)
    finally:
        path.write_text(text)
    assert "dltk/layout/strides.py:" in ran.stderr
    assert "the solution of lab1.strides does not end" in ran.stderr
    assert not (graded.folder / "release" / LAB / NOTEBOOK).exists()
