"""A workspace is made once; what a person changed in it is never written over."""

from pathlib import Path

import pytest

from autograder.release import folders
from autograder.release.folders import FolderError, refresh
from autograder.release.student_course import manifest

FIRST = {"dltk/given.py": b"given 1", "dltk/owned.py": b"blank", "labs/lab.ipynb": b"notebook"}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "my workspace"
    refresh(folder, FIRST, manifest(FIRST, "a"))
    return folder


def test_it_holds_every_file_and_what_it_was_made_from(workspace: Path) -> None:
    assert {path: (workspace / path).read_bytes() for path in FIRST} == FIRST
    assert folders.made_from(workspace) == "a"


def test_made_again_it_keeps_a_changed_file(workspace: Path) -> None:
    (workspace / "dltk/owned.py").write_bytes(b"my work")
    report = refresh(workspace, FIRST, manifest(FIRST, "a"))
    assert (workspace / "dltk/owned.py").read_bytes() == b"my work"
    assert report.kept == report.updated == ()


def test_a_newer_given_file_arrives_and_a_changed_one_stays_and_is_named(workspace: Path) -> None:
    (workspace / "dltk/owned.py").write_bytes(b"my work")
    newer = {**FIRST, "dltk/given.py": b"given 2", "dltk/owned.py": b"blank 2"}
    report = refresh(workspace, newer, manifest(newer, "b"))
    assert report.updated == ("dltk/given.py",)
    assert report.kept == ("dltk/owned.py",)
    assert (workspace / "dltk/given.py").read_bytes() == b"given 2"
    assert (workspace / "dltk/owned.py").read_bytes() == b"my work"


def test_a_kept_file_stays_through_every_later_update(workspace: Path) -> None:
    (workspace / "dltk/owned.py").write_bytes(b"my work")
    for number in (2, 3):
        newer = {**FIRST, "dltk/owned.py": b"blank %d" % number}
        refresh(workspace, newer, manifest(newer, str(number)))
    assert (workspace / "dltk/owned.py").read_bytes() == b"my work"


def test_a_file_no_longer_in_the_course_goes_unless_changed(workspace: Path) -> None:
    (workspace / "labs/lab.ipynb").write_bytes(b"with my answers")
    fewer = {"dltk/owned.py": b"blank"}
    report = refresh(workspace, fewer, manifest(fewer, "b"))
    assert report.removed == ("dltk/given.py",)
    assert (workspace / "labs/lab.ipynb").read_bytes() == b"with my answers"


def test_a_deleted_file_comes_back(workspace: Path) -> None:
    (workspace / "dltk/given.py").unlink()
    report = refresh(workspace, FIRST, manifest(FIRST, "a"))
    assert report.written == ("dltk/given.py",)


def test_a_file_of_ones_own_is_never_touched(workspace: Path) -> None:
    (workspace / "dltk/mine.py").write_bytes(b"mine")
    newer = {**FIRST, "dltk/given.py": b"given 2"}
    refresh(workspace, newer, manifest(newer, "b"))
    assert (workspace / "dltk/mine.py").read_bytes() == b"mine"


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(FolderError, match="is not empty and holds no course"):
        refresh(tmp_path, FIRST, manifest(FIRST, "a"))
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_broken_manifest_is_said_and_nothing_is_written(workspace: Path) -> None:
    (workspace / "course/manifest.json").write_text("{")
    (workspace / "dltk/owned.py").write_bytes(b"my work")
    with pytest.raises(FolderError, match=r"manifest\.json cannot be read"):
        refresh(workspace, FIRST, manifest(FIRST, "b"))
    assert (workspace / "dltk/owned.py").read_bytes() == b"my work"
