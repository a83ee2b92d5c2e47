"""Making a course directory: what is refused, and that nothing is written over."""

from pathlib import Path
from types import ModuleType

import nbformat
import pytest

from autograder import files as files_module
from autograder.course import Course, CourseError
from autograder.nbgrader import course_directory, init_course
from autograder.nbgrader.course_directory import CourseDirectoryError
from autograder.release import ReleaseError


@pytest.fixture
def reference(tmp_path: Path, small_reference: ModuleType) -> Path:
    return small_reference.copy_of_reference(tmp_path / "reference")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, small_reference: ModuleType) -> Path:
    """A folder with a reference and a course directory `course` made from it."""
    top = tmp_path_factory.mktemp("made")
    root = small_reference.copy_of_reference(top / "reference", recorded=("lab1",))
    assert init_course(root, top / "course", ["lab1"]).made == ("lab1",)
    return top


def test_a_folder_with_other_things_is_refused(reference: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "a.tex").write_text("precious")
    with pytest.raises(CourseDirectoryError, match="is not empty and is no course directory"):
        init_course(reference, tmp_path / "thesis")
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["a.tex"]


def test_an_unknown_lab_is_refused_by_name(reference: Path, tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="no lab 'lab99'"):
        init_course(reference, tmp_path / "course", ["lab99"])
    assert not (tmp_path / "course").exists()


def test_a_defect_of_the_reference_is_refused_before_anything_is_written(
    reference: Path, tmp_path: Path
) -> None:
    path = reference / "dltk/layout/strides.py"
    path.write_text(path.read_text().replace("    # END SOLUTION\n", ""))
    with pytest.raises(ReleaseError, match=r"dltk/layout/strides\.py:\d+: "):
        init_course(reference, tmp_path / "course")
    assert not (tmp_path / "course").exists()


def test_an_assignment_that_is_there_stays(made: Path) -> None:
    folder = made / "course"
    notebook = folder / "source" / "lab1" / "lab1-tensors.ipynb"
    notebook.write_text(notebook.read_text().replace("The end.", "The instructor's own end."))
    (folder / "nbgrader_config.py").write_text("# mine\n")
    report = init_course(made / "reference", folder, ["lab1"])
    assert (report.made, report.kept) == ((), ("lab1",))
    assert "The instructor's own end." in notebook.read_text()
    assert (folder / "nbgrader_config.py").read_text() == "# mine\n"


def test_an_assignment_whose_making_was_interrupted_is_made_again(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made / "interrupted"
    files = {"lab1-tensors.ipynb": b"whole", "dltk/layout/strides.py": b"whole"}
    monkeypatch.setattr(course_directory, "source_files", lambda *arguments: files)
    real, written = files_module.write_atomically, []

    def interrupted(path: Path, content: bytes | str) -> None:
        written.append(path.name)
        if len(written) == 3:
            raise KeyboardInterrupt
        real(path, content)

    monkeypatch.setattr(course_directory, "write_atomically", interrupted)
    with pytest.raises(KeyboardInterrupt):
        init_course(made / "reference", folder, ["lab1"])
    assert init_course(made / "reference", folder, ["lab1"]).made == ("lab1",)
    source = folder / "source" / "lab1"
    assert {path: (source / path).read_bytes() for path in files} == files
    assert [path.name for path in (folder / "source").iterdir()] == ["lab1"]


def test_points_of_the_source_are_those_of_course_toml(made: Path) -> None:
    path = made / "course" / "source" / "lab1" / "lab1-tensors.ipynb"
    notebook = nbformat.read(path, as_version=4)
    points = {
        cell.metadata.task: cell.metadata.nbgrader.points
        for cell in notebook.cells
        if "task" in cell.metadata
    }
    assert points == {
        task.id: task.points for task in Course.load(made / "reference").lab("lab1").tasks
    }
