"""The student course: what is in it, what is not, and the same bytes every time."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder import release
from autograder.course import Course
from autograder.release import folders


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_blank_raises_its_tasks_error_and_nothing_else(released: tuple[Path, Path]) -> None:
    course = Course.load(released[0])
    blanks = re.compile(r'^ +raise NotImplementedError\("(lab\d+\.\w+)"\)$', re.MULTILINE)
    for lab in course.labs:
        raised = set()
        for path in lab.files:
            text = (released[1] / path).read_text(encoding="utf-8")
            assert "SOLUTION" not in text
            ast.parse(text)
            raised |= set(blanks.findall(text))
        assert raised == {task.id for task in lab.automatic_tasks}


def test_no_line_of_a_solution_is_in_any_file(released: tuple[Path, Path]) -> None:
    from autograder.release import reference

    course = Course.load(released[0])
    found, _ = reference.blanks(course)
    handed_out = "\n".join(
        content.decode("utf-8", "replace")
        for path, content in files_of(released[1]).items()
        if not path.startswith("course/recorded/")
    )
    long_lines = [
        line.text.strip()
        for lab in course.labs
        for line in reference.secrets(course, lab, found)
        if len(line.text.strip()) > 45 and not line.text.strip().startswith(("#", '"'))
    ]
    assert len(long_lines) > 20
    assert [line for line in long_lines if line in handed_out] == []


def test_no_misconception_and_nothing_of_the_author_is_in_it(released: tuple[Path, Path]) -> None:
    paths = list(files_of(released[1]))
    unwanted = ("autograder/release/", "autograder/nbgrader/", "autograder/misconceptions/lab")
    assert [path for path in paths if path.startswith(unwanted)] == []
    assert [path for path in paths if "__pycache__" in path or path.endswith(".md.orig")] == []
    assert {"README.md", "labs/course.toml", "dltk/__init__.py"} <= set(paths)
    assert Course.load(released[1]).is_student


def test_the_pristine_tree_is_the_package_as_released(released: tuple[Path, Path]) -> None:
    files = files_of(released[1])
    package = {path: content for path, content in files.items() if path.startswith("dltk/")}
    assert package
    for path, content in package.items():
        assert files[f"course/tree/{path}"] == content


def test_two_releases_are_the_same_bytes(released: tuple[Path, Path], tmp_path: Path) -> None:
    release.make(released[0], tmp_path / "again")
    assert files_of(tmp_path / "again") == files_of(released[1])


def test_notebooks_have_no_outputs_and_ids_that_do_not_change(released: tuple[Path, Path]) -> None:
    notebook = nbformat.read(released[1] / "labs" / "lab3-reverse-mode.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    engine = next(cell for cell in notebook.cells if cell.id == "lab3-engine")
    assert engine.source == 'check("lab3.engine")'
    assert engine.metadata.nbgrader.points == Course.load(released[0]).task("lab3.engine").points
    written = next(cell for cell in notebook.cells if cell.id == "lab3-written")
    assert written.source == "*Write your answer here.*"
    assert written.metadata.nbgrader.points == 10
    assert "Worth 100 points." in notebook.cells[0].source
    stub = next(cell for cell in code if "hide-input" in cell.metadata.get("tags", []))
    assert stub.source == "...  # your code here"


def test_from_lab3_hands_out_lab1_solved_and_lab3_blank(
    released: tuple[Path, Path], tmp_path: Path
) -> None:
    report = release.make(released[0], tmp_path / "late", from_lab="lab3")
    assert report.solved == ("lab1",)
    course = Course.load(released[0])
    for path in course.lab("lab1").files:
        text = (tmp_path / "late" / path).read_text(encoding="utf-8")
        assert 'NotImplementedError("lab1' not in text
        assert "SOLUTION" not in text
    for path in course.lab("lab3").files:
        assert 'NotImplementedError("lab3.' in (tmp_path / "late" / path).read_text()


def test_a_student_course_imports_its_package_and_finds_its_answers(
    released: tuple[Path, Path],
) -> None:
    program = (
        "import dltk, autograder, sys\n"
        "from autograder.course import Course\n"
        "from autograder.answers import Recorded\n"
        "course = Course.find()\n"
        "answers = Recorded.load(course, 'lab3')\n"
        "check = answers.checks[0]\n"
        "answers.expected(check), answers.inputs(check)\n"
        "found = len(answers.sentences), 'torch' in sys.modules\n"
        "print(dltk.__file__, autograder.__file__, *found)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program],
        cwd=released[1],
        env={**os.environ, "PYTHONPATH": str(released[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    package, grader, sentences, torch_is_loaded = ran.stdout.strip().rsplit(" ", 3)[0:4]
    assert Path(package).parents[1] == released[1]
    assert Path(grader).parents[1] == released[1]
    assert int(sentences) >= 3
    assert torch_is_loaded == "False"


def test_a_release_replaces_its_own_folder_and_no_other(
    released: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "dist" / "student"
    release.make(released[0], out)
    release.make(released[0], out)
    (out / "dltk" / "mine.py").write_text("x = 1\n")
    with pytest.raises(folders.FolderError, match=r"mine\.py was changed or added"):
        release.make(released[0], out)
    assert (out / "dltk" / "mine.py").exists()


def test_the_manifest_names_every_file(released: tuple[Path, Path]) -> None:
    manifest = json.loads((released[1] / "course" / "manifest.json").read_text())
    assert set(manifest["files"]) | {"course/manifest.json"} == set(files_of(released[1]))


def test_kept_answers_of_other_checks_are_computed_again(
    released: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.release import recorded

    course = Course.load(released[0])
    kept = next((released[0] / recorded.CACHE).glob("lab1-*.msgpack"))
    right = kept.read_bytes()
    assert recorded.recorded_answers(course, ("lab1",))["lab1"] == right
    kept.write_bytes(next((released[0] / recorded.CACHE).glob("lab3-*.msgpack")).read_bytes())

    class Computed(recorded.Round):
        def prepare(self, progress: object = None) -> None:
            """Nothing is computed in this test."""

        def pack(self) -> bytes:
            return b"computed again"

    monkeypatch.setattr(recorded, "Round", Computed)
    assert recorded.recorded_answers(course, ("lab1",))["lab1"] == b"computed again"
    kept.write_bytes(right)
