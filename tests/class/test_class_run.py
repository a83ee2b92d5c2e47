"""A run over a class: it keeps what it has, grades what changed, and loses nothing."""

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from autograder import session
from autograder.course import Course
from autograder.grade import GradeError, class_run, grade_class

Files = dict[str, bytes]
Write = Callable[[Path, Files], Path]
Grade = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def graded(
    monkeypatch: pytest.MonkeyPatch, record_of: Callable[..., dict[str, Any]]
) -> list[tuple[str, Files]]:
    """Replaces the grading of one submission; the list says who was graded, with what."""
    calls: list[tuple[str, Files]] = []

    def grade(
        course: Course, lab_id: str, files: Files, answers: Any, *, student: str, level: str
    ) -> dict[str, Any]:
        calls.append((student, files))
        if b"fail the grader" in b"".join(files.values()):
            raise RuntimeError("no such thing")
        if b"interrupt" in b"".join(files.values()):
            raise KeyboardInterrupt
        return record_of(student, sandbox=level)

    monkeypatch.setattr(session, "grade", grade)
    monkeypatch.setattr(class_run, "prepare_answers", lambda *arguments: None)
    return calls


@pytest.fixture
def grade(course: Course, graded: list[tuple[str, Files]], tmp_path: Path) -> Grade:
    """Grades `tmp_path/class` into `tmp_path/out` in a thread."""

    def run(submissions: str = "class", **options: Any) -> list[dict[str, Any]]:
        with ThreadPoolExecutor(1) as executor:
            return grade_class(
                course,
                options.pop("lab", "lab3"),
                tmp_path / submissions,
                tmp_path / "out",
                jobs=1,
                level="plain",
                executor=executor,
                **options,
            )

    return run


@pytest.fixture
def three(tmp_path: Path, work: Files, write_submission: Write) -> Path:
    for student in ("alice", "bob", "carol"):
        write_submission(tmp_path / "class" / student, work)
    return tmp_path / "class"


def names(graded: list[tuple[str, Files]]) -> list[str]:
    return sorted(student for student, _ in graded)


def test_every_submission_has_a_record_and_every_file_is_written(
    three: Path, grade: Grade, tmp_path: Path
) -> None:
    (three / "dave.zip").write_bytes(b"no zip")
    records = grade()
    assert [record["student"] for record in records] == ["alice", "bob", "carol", "dave"]
    assert [record["points"] for record in records] == [90, 90, 90, 0]
    assert "broken" in records[3]["error"]
    assert records[3]["max_points"] == 90
    assert json.loads((tmp_path / "out/grades.json").read_text()) == records
    assert (tmp_path / "out/grades.csv").read_text().count("\n") == 5
    for student in ("alice", "bob", "carol", "dave"):
        assert (tmp_path / f"out/feedback/{student}.html").is_file()
        assert json.loads((tmp_path / f"out/gradescope/{student}.json").read_text())["tests"]


def test_grading_again_grades_only_what_is_new_or_changed(
    three: Path, grade: Grade, graded: list[tuple[str, Files]], write_submission: Write, work: Files
) -> None:
    first = grade()
    assert names(graded) == ["alice", "bob", "carol"]
    graded.clear()
    assert grade() == first
    assert graded == []
    path = next(iter(work))
    write_submission(three / "bob", {path: b"changed = 1\n"})
    write_submission(three / "dave", work)
    assert len(grade()) == 4
    assert names(graded) == ["bob", "dave"]


def test_a_run_that_was_stopped_goes_on_where_it_was(
    three: Path, grade: Grade, graded: list[tuple[str, Files]], write_submission: Write, work: Files
) -> None:
    path = next(iter(work))
    write_submission(three / "carol", {path: b"interrupt = 1\n"})
    with pytest.raises(KeyboardInterrupt):
        grade()
    assert names(graded) == ["alice", "bob", "carol"]
    graded.clear()
    write_submission(three / "carol", work)
    assert [record["points"] for record in grade()] == [90, 90, 90]
    assert names(graded) == ["carol"]


@pytest.mark.parametrize(
    "broken", ['{"key": "x", "rec', '{"record": {"student": "bob"}}', '{"key": 1, "record": {}}']
)
def test_a_record_that_a_crash_broke_is_made_again(
    three: Path, grade: Grade, graded: list[tuple[str, Files]], tmp_path: Path, broken: str
) -> None:
    grade()
    graded.clear()
    (tmp_path / "out/rounds/first/records/bob.json").write_text(broken)
    assert [record["points"] for record in grade()] == [90, 90, 90]
    assert names(graded) == ["bob"]


def test_a_failure_of_the_grader_costs_one_clear_record_and_is_tried_again(
    three: Path, grade: Grade, graded: list[tuple[str, Files]], write_submission: Write, work: Files
) -> None:
    write_submission(three / "bob", {next(iter(work)): b"# fail the grader\n"})
    alice, bob, carol = grade()
    assert (alice["points"], bob["points"], carol["points"]) == (90, 0, 90)
    assert bob["error"].startswith("The grader itself failed: RuntimeError: no such thing")
    graded.clear()
    grade()
    assert names(graded) == ["bob"]


def test_a_round_keeps_its_secret_and_another_has_its_own(
    three: Path, grade: Grade, graded: list[tuple[str, Files]], tmp_path: Path
) -> None:
    grade()
    secret = tmp_path / "out/rounds/first/secret"
    before = secret.read_text()
    assert len(bytes.fromhex(before)) == 32
    assert stat.S_IMODE(secret.stat().st_mode) & 0o077 == 0
    grade()
    assert secret.read_text() == before
    grade(round="late")
    assert (tmp_path / "out/rounds/late/secret").read_text() != before


def test_a_late_round_grades_what_the_first_did_not_and_both_are_in_the_grades(
    three: Path,
    grade: Grade,
    graded: list[tuple[str, Files]],
    write_submission: Write,
    work: Files,
    tmp_path: Path,
) -> None:
    first = {record["student"]: record for record in grade()}
    graded.clear()
    write_submission(tmp_path / "late" / "alice", work | {next(iter(work)): b"better = 1\n"})
    write_submission(tmp_path / "late" / "zoe", work)
    late = {record["student"]: record for record in grade("late", round="late")}
    assert names(graded) == ["alice", "zoe"]
    assert late["alice"]["round"] != first["alice"]["round"]
    written = json.loads((tmp_path / "out/grades.json").read_text())
    assert {record["student"]: record["round"] for record in written} == {
        "alice": late["alice"]["round"],
        "bob": first["bob"]["round"],
        "carol": first["carol"]["round"],
        "zoe": late["zoe"]["round"],
    }


def test_feedback_shows_the_secret_only_after_the_round_is_closed(
    three: Path, grade: Grade, tmp_path: Path
) -> None:
    grade()
    secret = (tmp_path / "out/rounds/first/secret").read_text().strip()
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert not [path for path in written if path.name != "secret" and secret in path.read_text()]
    grade(close=True)
    assert secret in (tmp_path / "out/feedback/alice.html").read_text()


def test_a_closed_round_takes_nothing_new(
    three: Path, grade: Grade, write_submission: Write, work: Files
) -> None:
    grade(close=True)
    grade()
    write_submission(three / "dave", work)
    with pytest.raises(GradeError, match=r"'first' is closed.*'dave'.*new round"):
        grade()


def test_a_round_in_which_the_grader_failed_stays_open(
    three: Path, grade: Grade, write_submission: Write, work: Files, tmp_path: Path
) -> None:
    write_submission(three / "bob", {next(iter(work)): b"# fail the grader\n"})
    assert grade(close=True)[1]["grader_failed"]
    secret = (tmp_path / "out/rounds/first/secret").read_text().strip()
    assert secret not in (tmp_path / "out/feedback/alice.html").read_text()
    write_submission(three / "bob", work)
    assert [record["points"] for record in grade(close=True)] == [90, 90, 90]
    assert secret in (tmp_path / "out/feedback/bob.html").read_text()


def test_who_returns_to_older_work_in_a_later_round_is_graded_on_it(
    three: Path,
    grade: Grade,
    graded: list[tuple[str, Files]],
    write_submission: Write,
    work: Files,
    tmp_path: Path,
) -> None:
    grade()
    write_submission(tmp_path / "late" / "alice", {next(iter(work)): b"another = 1\n"})
    grade("late", round="late")
    write_submission(tmp_path / "late" / "alice", work)
    graded.clear()
    records = grade("late", round="late")
    assert names(graded) == ["alice"]
    written = json.loads((tmp_path / "out/grades.json").read_text())
    assert [record for record in written if record["student"] == "alice"] == records


def test_every_module_that_decides_about_points_is_part_of_what_is_graded_by(
    course: Course,
) -> None:
    names = "session, answers.round, oracle, misconceptions, variants, worker.main"
    script = (
        "import sys\n"
        + "".join(f"import autograder.{name}\n" for name in names.split(", "))
        + "print(*(module.__file__ for name, module in sys.modules.items()"
        " if name.startswith('autograder.')), sep='\\n')"
    )
    command = [sys.executable, "-c", script]
    printed = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=True)
    deciding = {Path(line).resolve() for line in printed.stdout.splitlines()}
    known = {path for pattern in class_run._GRADED_BY for path in course.root.glob(pattern)}
    assert deciding - known == set()


def test_two_labs_do_not_share_a_folder(three: Path, grade: Grade) -> None:
    grade()
    with pytest.raises(GradeError, match="holds grades of lab3"):
        grade(lab="lab1")


@pytest.mark.parametrize("name", ["../x", "", "A", "a b"])
def test_a_round_has_a_name_that_is_a_folder(three: Path, grade: Grade, name: str) -> None:
    with pytest.raises(GradeError, match="no name for a round"):
        grade(round=name)


def test_hostile_student_names_stay_inside_the_output(
    tmp_path: Path, grade: Grade, write_submission: Write, work: Files
) -> None:
    students = ["Alice", "alice", "<b>eve", "=cmd", "CON", "a b", "é" * 40, "-rf", "..x"]
    for student in students:
        write_submission(tmp_path / "class" / student, work)
    records = grade()
    shown = [student for student in students if not student.startswith(".")]
    assert sorted(record["student"] for record in records) == sorted(shown)
    pages = [path.name for path in (tmp_path / "out/feedback").iterdir()]
    assert len({page.casefold() for page in pages}) == len(shown)
    assert all(page.isascii() and not page.startswith(("-", ".")) for page in pages)
    assert "CON.html" not in pages


def test_two_submissions_of_one_student_are_refused_and_both_forms_named(
    three: Path, grade: Grade
) -> None:
    (three / "bob.zip").write_bytes(b"")
    _, bob, _ = grade()
    assert bob["points"] == 0
    assert "more than one submission" in bob["error"]


def test_a_folder_and_a_zip_of_the_same_work_are_not_graded_twice(
    three: Path, grade: Grade, graded: list[tuple[str, Files]], work: Files
) -> None:
    from autograder.files import zip_bytes

    grade()
    graded.clear()
    for path in sorted((three / "bob").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    (three / "bob").rmdir()
    (three / "bob.zip").write_bytes(zip_bytes(work))
    grade()
    assert graded == []


def test_a_sandbox_that_is_not_there_is_refused_by_name(
    course: Course, three: Path, tmp_path: Path
) -> None:
    with pytest.raises(GradeError, match=r"'jail' is not available here; available: .*plain"):
        grade_class(course, "lab3", three, tmp_path / "out", level="jail")
