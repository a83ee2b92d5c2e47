"""The tree that is graded: one lab of the student, everything else ours.

Given files and earlier labs come from the reference, later labs are blanks. What the student wrote
comes along for the lab itself, and so do modules the student added.
"""

import functools
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from autograder import imports, sandbox, solutions
from autograder.course import PACKAGE, Course, Lab

Earlier = Literal["reference", "student"]
MOST_BYTES = 256 * 1024
MOST_ADDED = 200
MOST_ADDED_BYTES = 1024 * 1024
_MEMORY, _FREE_BYTES = "/dev/shm", 64 << 20


@dataclass(frozen=True)
class TreeReport:
    """What became of a submission's files.

    `ignored` and `added` are paths; `missing` are owned files that were not handed in. `unusable`
    says for every owned file that cannot be graded why (missing ones too): a blank stands there.
    """

    ignored: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unusable: dict[str, str] = field(default_factory=dict)


def build(
    course: Course,
    lab_id: str,
    student_files: Mapping[str, bytes],
    into: Path,
    earlier: Earlier = "reference",
    *,
    trusted: bool = False,
) -> TreeReport:
    """Write the tree to grade into the folder `into`, so that it holds `dltk/`.

    `student_files` are bytes by path in the course (`dltk/autograd/engine.py`). With
    `earlier="student"` the labs before are the student's own where they were handed in; in a
    student course, which holds no reference, they always are. `trusted` skips the rules on imports
    (for our own misconceptions).
    """
    lab = course.lab(lab_id)
    given = given_files(course, lab_id)
    report = TreeReport()
    files = dict(given)
    readable = {path: data for path, data in student_files.items() if _is_module(path)}
    own = _added(readable, given, lab, report, trusted)
    for path in lab.files:
        problem = _problem(path, readable, lab, trusted, own.left_out)
        if problem is None:
            files[path] = readable[path]
        else:
            report.unusable[path] = problem
            if path not in readable:
                report.missing.append(path)
    files.update(own.files)
    if earlier == "student" or course.is_student:
        for before in course.before(lab_id):
            files.update(_own_files(before, readable, everything=course.is_student))
    _name_ignored(readable, given, course, report)
    _write(files, given, into)
    return report


def temporary_folder() -> tempfile.TemporaryDirectory[str]:
    """A folder to build a tree in, removed with what it holds at the end of its `with`.

    On Linux it stands in memory, where a few hundred small files cost a tenth of the CPU time they
    cost on a disk; elsewhere, or where memory is short or `TMPDIR` names a place, it is the usual.
    """
    in_memory = (
        sys.platform == "linux"
        and "TMPDIR" not in os.environ
        and os.access(_MEMORY, os.W_OK | os.X_OK)
        and shutil.disk_usage(_MEMORY).free >= _FREE_BYTES
    )
    return tempfile.TemporaryDirectory(prefix="graded-", dir=_MEMORY if in_memory else None)


def given_files(course: Course, lab_id: str) -> Mapping[str, bytes]:
    """The tree without a student: earlier labs solved (where the reference is), the rest blank."""
    return _given(course, lab_id, tuple(sorted(_stamps(str(course.pristine / PACKAGE)))))


def _stamps(folder: str) -> Iterator[tuple[str, int, int]]:
    """Path, time and size of every module below a folder: what changes when one is edited."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _stamps(entry.path)
            elif entry.name.endswith(".py"):
                state = entry.stat()
                yield entry.path, state.st_mtime_ns, state.st_size


def has_earlier_work(course: Course, lab_id: str, student_files: Mapping[str, bytes]) -> bool:
    """Whether a submission holds files of earlier labs that are neither the reference nor blank."""
    given = given_files(course, lab_id)
    for lab in course.before(lab_id):
        for path in lab.files:
            data = student_files.get(path)
            if data is None or _lines(data) == _lines(given[path]):
                continue
            released = solutions.blank((course.pristine / path).read_text("utf-8"), path=path)
            if _lines(data) != _lines(released.encode()):
                return True
    return False


@functools.lru_cache(maxsize=8)
def _given(course: Course, lab_id: str, stamp: tuple) -> Mapping[str, bytes]:
    solved = {path for lab in course.before(lab_id) for path in lab.files}
    given: dict[str, bytes] = {}
    for name, _, _ in stamp:
        path = Path(name).relative_to(course.pristine).as_posix()
        data = Path(name).read_bytes()
        if course.owner(path) is not None:
            text = data.decode("utf-8")
            data = (solutions.strip if path in solved else _blank)(text, path).encode()
        given[path] = data
    return given


def _blank(text: str, path: str) -> str:
    return solutions.blank(text, path=path)


def _is_module(path: str) -> bool:
    """Whether a path of a submission may become a module of the package."""
    parts = PurePosixPath(path).parts
    names = [*parts[1:-1], PurePosixPath(path).stem]
    return (
        len(parts) > 1
        and parts[0] == PACKAGE
        and path.endswith(".py")
        and all(name.isidentifier() for name in names)
    )


@dataclass(frozen=True)
class _Added:
    files: dict[str, bytes]
    left_out: dict[str, str]


def _added(
    readable: Mapping[str, bytes],
    given: Mapping[str, bytes],
    lab: Lab,
    report: TreeReport,
    trusted: bool,
) -> _Added:
    """The student's new modules, and by dotted name why some of them stay out."""
    new = sorted(path for path in readable if path not in given)
    left_out: dict[str, str] = {}
    files: dict[str, bytes] = {}
    size = 0
    for path in new:
        size += len(readable[path])
        if shadowed := _shadowed(path, given):
            problem: str | None = f"{path} would stand in front of {shadowed}."
        elif len(files) == MOST_ADDED or size > MOST_ADDED_BYTES:
            problem = (
                f"{path} is more than the {MOST_ADDED} modules of {MOST_ADDED_BYTES} bytes in all "
                "that may be added."
            )
        else:
            problem = None if trusted else _defect(path, readable[path], lab)
        if problem is None:
            files[path] = readable[path]
        else:
            report.ignored.append(path)
            left_out[_dotted(path)] = problem
    report.added.extend(files)
    return _Added(files, left_out)


def _own_files(lab: Lab, readable: Mapping[str, bytes], everything: bool) -> dict[str, bytes]:
    """The student's files of an earlier lab; where the reference can stand in, the sound ones."""
    return {
        path: readable[path]
        for path in lab.files
        if path in readable and (everything or _defect(path, readable[path], lab) is None)
    }


def _shadowed(path: str, given: Mapping[str, bytes]) -> str | None:
    for folder in PurePosixPath(path).parents:
        if f"{folder}.py" in given:
            return f"{folder}.py"
    return None


def _problem(
    path: str,
    readable: Mapping[str, bytes],
    lab: Lab,
    trusted: bool,
    left_out: Mapping[str, str],
) -> str | None:
    """Why an owned file cannot be graded, in one sentence, or None."""
    if path not in readable:
        return f"{path} is missing from the submission."
    problem = None if trusted else _defect(path, readable[path], lab)
    if problem is None and left_out:
        used = imports.imported_modules(readable[path].decode("utf-8-sig"), path)
        for module in sorted(used & left_out.keys()):
            return f"{path} imports {module}, which was left out: {left_out[module]}"
    return problem


def _defect(path: str, data: bytes, lab: Lab) -> str | None:
    if len(data) > MOST_BYTES:
        return f"{path} has {len(data)} bytes; a file may have {MOST_BYTES}."
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        return f"{path} is not UTF-8 text (byte {problem.start}); save it as UTF-8."
    try:
        use = imports.forbidden(text, path, lab)
    except SyntaxError as problem:
        return (
            f"{path}, line {problem.lineno}: {problem.msg}, so the file cannot be read as Python."
        )
    except (RecursionError, MemoryError):
        return f"{path} is nested too deeply to be read as Python."
    except ValueError as problem:
        return f"{path} cannot be read as Python: {problem}."
    return None if use is None else use.sentence


def _name_ignored(
    readable: Mapping[str, bytes], given: Mapping[str, bytes], course: Course, report: TreeReport
) -> None:
    report.ignored.extend(
        path
        for path in sorted(readable)
        if path in given
        and course.owner(path) is None
        and _lines(readable[path]) != _lines(given[path])
    )


def _lines(data: bytes) -> list[bytes]:
    return data.removeprefix(b"\xef\xbb\xbf").rstrip().splitlines()


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _write(files: Mapping[str, bytes], given: Mapping[str, bytes], into: Path) -> None:
    for folder in {PurePosixPath(path).parent for path in files}:
        (into / folder).mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        with open(f"{into}/{path}", "wb") as file:
            file.write(data)
    sandbox.precompile({path: data for path, data in files.items() if data is given.get(path)})
