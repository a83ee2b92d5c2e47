"""Reading submissions: what is right is read in every form, what is hostile is refused by name."""

import io
import os
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import intake
from autograder.course import Lab

Files = dict[str, bytes]
Write = Callable[[Path, Files], Path]


def zipped(path: Path, files: Files, **options: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def refused(path: Path, lab: Lab, *words: str) -> None:
    read = intake.read(path, lab)
    assert read.files == {}
    assert read.error is not None
    for word in words:
        assert word in read.error
    assert read.error.endswith(".")
    assert "\n" not in read.error


def test_a_folder_a_zip_and_a_wrapped_one_of_the_same_work_are_the_same(
    tmp_path: Path, write_submission: Write, lab3: Lab, work: Files
) -> None:
    forms = [
        write_submission(tmp_path / "folder", work),
        write_submission(tmp_path / "wrapped" / "my lab", work).parent,
        zipped(tmp_path / "plain.zip", work),
        zipped(tmp_path / "around.zip", {f"lab3/{path}": data for path, data in work.items()}),
        zipped(
            tmp_path / "windows.zip",
            {path.replace("/", "\\"): data for path, data in work.items()},
        ),
    ]
    read = [intake.read(path, lab3) for path in forms]
    assert [each.error for each in read] == [None] * len(forms)
    assert all(each.files == work for each in read)
    assert len({each.digest for each in read}) == 1


def test_a_notebook_and_what_programs_leave_behind_do_not_disturb(
    tmp_path: Path, write_submission: Write, lab3: Lab, work: Files
) -> None:
    around = {
        "labs/lab3-reverse-mode.ipynb": b"{}",
        "__MACOSX/dltk/._engine.py": b"x",
        ".DS_Store": b"x",
        "dltk/autograd/__pycache__/engine.cpython-311.pyc": b"\0",
        ".git/config": b"x",
        "timestamp.txt": b"x",
    }
    folder = write_submission(tmp_path / "folder", work | around)
    archive = zipped(tmp_path / "a.zip", work | around)
    assert intake.read(folder, lab3).files == work
    assert intake.read(archive, lab3).files == work


def test_modules_that_a_student_added_come_along_and_other_files_are_named(
    tmp_path: Path, write_submission: Write, lab3: Lab, work: Files
) -> None:
    more = {"dltk/autograd/helpers.py": b"x = 1\n", "dltk/data.bin": b"\0\1"}
    read = intake.read(write_submission(tmp_path / "folder", work | more), lab3)
    assert set(read.files) == {*work, "dltk/autograd/helpers.py"}
    assert read.left_out == ("dltk/data.bin",)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("../outside.py", "'..'"),
        ("dltk/../../outside.py", "'..'"),
        ("..\\outside.py", "'..'"),
        ("/etc/passwd", "absolute"),
        ("C:/windows/x.py", "absolute"),
        ("dltk/a\x1b[2Jb.py", "control character"),
        ("dltk/" + "a" * 300 + ".py", "longer"),
    ],
)
def test_an_entry_with_a_dangerous_name_is_refused_by_name(
    tmp_path: Path, lab3: Lab, work: Files, name: str, word: str
) -> None:
    refused(zipped(tmp_path / "a.zip", work | {name: b"x"}), lab3, word)


def test_a_null_byte_in_a_name_is_refused(tmp_path: Path, lab3: Lab, work: Files) -> None:
    path = zipped(tmp_path / "a.zip", work | {"dltk/engine_py_x.py": b"x"})
    path.write_bytes(path.read_bytes().replace(b"engine_py_x", b"engine.py\0x"))
    refused(path, lab3, "null byte", "engine.py")


def test_a_link_in_a_zip_is_refused_by_name(tmp_path: Path, lab3: Lab, work: Files) -> None:
    path = zipped(tmp_path / "a.zip", work)
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("dltk/secret.py")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    refused(path, lab3, "dltk/secret.py", "link")


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="symbolic links")
def test_links_in_a_folder_are_refused_by_name(
    tmp_path: Path, write_submission: Write, lab3: Lab, work: Files
) -> None:
    folder = write_submission(tmp_path / "folder", work)
    (folder / "dltk" / "stolen.py").symlink_to("/etc/passwd")
    refused(folder, lab3, "dltk/stolen.py", "link")
    (tmp_path / "linked").symlink_to(tmp_path / "folder")
    refused(tmp_path / "linked", lab3, "linked", "link")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes (os.mkfifo)")
def test_a_pipe_in_a_folder_is_refused_and_not_waited_for(
    tmp_path: Path, write_submission: Write, lab3: Lab, work: Files
) -> None:
    folder = write_submission(tmp_path / "folder", work)
    os.mkfifo(folder / "dltk" / "pipe.py")
    refused(folder, lab3, "dltk/pipe.py")


def test_an_archive_bomb_is_refused_by_name(tmp_path: Path, lab3: Lab, work: Files) -> None:
    bomb = zipped(tmp_path / "a.zip", work | {"dltk/zeros.py": b"0" * (30 << 20)})
    assert bomb.stat().st_size < 100_000
    refused(bomb, lab3, "dltk/zeros.py", "bomb")


def test_a_bomb_that_lies_about_its_size_is_not_unpacked(
    tmp_path: Path, lab3: Lab, work: Files
) -> None:
    path = zipped(tmp_path / "a.zip", {lab3.files[0]: b"0" * (30 << 20)} | {"dltk/x.py": b"x"})
    size = (30 << 20).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (1000).to_bytes(4, "little")))
    read = intake.read(path, lab3)
    assert sum(map(len, read.files.values())) <= intake.LIMITS.file


def test_a_total_and_an_archive_above_the_limit_are_refused(
    tmp_path: Path, lab3: Lab, work: Files
) -> None:
    noise = os.urandom(2 << 20)
    path = zipped(tmp_path / "a.zip", work | {f"x{i}.bin": noise for i in range(3)})
    small = intake.Limits(total=5 << 20)
    assert "unpacks to 6 MB" in str(intake.read(path, lab3, limits=small).error)
    small = intake.Limits(archive=5 << 20)
    assert "The archive has 6 MB" in str(intake.read(path, lab3, limits=small).error)


def test_a_hundred_thousand_files_are_refused(tmp_path: Path, lab3: Lab, work: Files) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(100_000):
            archive.writestr(zipfile.ZipInfo(f"f{number}"), b"")
    refused(path, lab3, "100,000 files")


def test_too_many_files_in_a_folder_are_refused(
    tmp_path: Path, write_submission: Write, lab3: Lab, work: Files
) -> None:
    folder = write_submission(tmp_path / "folder", work)
    for number in range(30):
        (folder / f"f{number}").touch()
    read = intake.read(folder, lab3, limits=intake.Limits(files=20))
    assert read.error == "The submission holds more than 20 files."


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_doubled_entries_and_case_clashes_are_refused_by_name(
    tmp_path: Path, lab3: Lab, work: Files
) -> None:
    path = zipped(tmp_path / "a.zip", work)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(lab3.files[0], b"other")
    refused(path, lab3, lab3.files[0], "twice")
    clash = lab3.files[0].replace("dltk", "DLTK")
    refused(zipped(tmp_path / "b.zip", work | {clash: b"x"}), lab3, "DLTK", "case")


def test_encrypted_broken_and_truncated_archives_are_refused(
    tmp_path: Path, lab3: Lab, work: Files
) -> None:
    whole = zipped(tmp_path / "whole.zip", work).read_bytes()
    encrypted = bytearray(whole)
    place = encrypted.index(b"PK\x01\x02")
    encrypted[place + 8] |= 1
    for name, content, word in (
        ("encrypted.zip", bytes(encrypted), "encrypted"),
        ("truncated.zip", whole[: len(whole) // 2], "broken"),
        ("text.zip", b"not an archive", "broken"),
        ("empty.zip", b"", "broken"),
        ("nothing.zip", _empty_zip(), "empty"),
    ):
        (tmp_path / name).write_bytes(content)
        refused(tmp_path / name, lab3, word)


def _empty_zip() -> bytes:
    stream = io.BytesIO()
    zipfile.ZipFile(stream, "w").close()
    return stream.getvalue()


def test_corrupted_bytes_anywhere_in_an_archive_cost_a_sentence_and_no_exception(
    tmp_path: Path, lab3: Lab, work: Files
) -> None:
    whole = zipped(tmp_path / "whole.zip", work).read_bytes()
    path = tmp_path / "a.zip"
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        read = intake.read(path, lab3)
        assert read.files or read.error


def test_wrong_folders_are_refused_and_what_was_found_is_named(
    tmp_path: Path, write_submission: Write, lab3: Lab, work: Files
) -> None:
    inner = {path.removeprefix("dltk/"): data for path, data in work.items()}
    refused(write_submission(tmp_path / "inner", inner), lab3, "no folder dltk/", "'autograd'")
    deep = {f"a/b/{path}": data for path, data in work.items()}
    refused(write_submission(tmp_path / "deep", deep), lab3, "no folder dltk/", "'a'")
    two = {f"{top}/{path}": data for path, data in work.items() for top in ("old", "new")}
    refused(write_submission(tmp_path / "two", two), lab3, "'new'", "'old'")
    refused(write_submission(tmp_path / "file", {"dltk": b"x"}), lab3, "'dltk'", "file where")
    (tmp_path / "lab" / lab3.files[0]).mkdir(parents=True)
    refused(tmp_path / "lab", lab3, lab3.files[0], "folder where")
    (tmp_path / "nothing").mkdir()
    refused(tmp_path / "nothing", lab3, "empty")
    other = {"dltk/layout/views.py": b"x"}
    refused(write_submission(tmp_path / "other", other), lab3, "no file of lab3")


def test_a_huge_file_of_the_lab_is_refused_and_a_huge_other_file_left_out(
    tmp_path: Path, write_submission: Write, lab3: Lab, work: Files
) -> None:
    huge = b"#" * (2 << 20)
    own = write_submission(tmp_path / "own", work | {lab3.files[0]: huge})
    refused(own, lab3, lab3.files[0], "larger")
    other = write_submission(tmp_path / "other", work | {"dltk/huge.py": huge})
    read = intake.read(other, lab3)
    assert read.files == work
    assert read.left_out == ("dltk/huge.py",)


@pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="byte file names")
def test_a_file_name_that_is_not_utf8_is_refused(
    tmp_path: Path, write_submission: Write, lab3: Lab, work: Files
) -> None:
    folder = write_submission(tmp_path / "folder", work)
    with open(os.fsencode(folder / "dltk") + b"/\xff.py", "wb") as file:
        file.write(b"x")
    refused(folder, lab3, "not UTF-8")


def test_submissions_are_folders_and_archives_and_nothing_else(
    tmp_path: Path, write_submission: Write, lab3: Lab, work: Files
) -> None:
    write_submission(tmp_path / "alice", work)
    zipped(tmp_path / "bob.zip", work)
    (tmp_path / "carol.rar").write_bytes(b"x")
    (tmp_path / "dave.tar.gz").write_bytes(b"x")
    (tmp_path / "notes.txt").write_text("to do")
    (tmp_path / ".hidden").mkdir()
    found = dict(intake.submissions(tmp_path))
    assert list(found) == ["alice", "bob", "carol", "dave"]
    assert intake.loose_files(tmp_path) == ["notes.txt"]
    refused(found["carol"], lab3, "carol.rar", "hand in a zip")


def test_one_students_work_in_place_of_a_class_is_refused(
    tmp_path: Path, write_submission: Write, work: Files
) -> None:
    write_submission(tmp_path / "alice", work)
    with pytest.raises(intake.IntakeError, match="alice holds dltk/, so it is one student's work"):
        intake.submissions(tmp_path / "alice")


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir()])
def test_no_submissions_at_all_is_an_error_that_names_the_folder(
    tmp_path: Path, make: Callable[[Path], None]
) -> None:
    make(tmp_path / "class")
    with pytest.raises(intake.IntakeError, match="class"):
        intake.submissions(tmp_path / "class")
