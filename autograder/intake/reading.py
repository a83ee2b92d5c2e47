"""From a submission on disk to the bytes of the files that are graded."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from autograder.course import PACKAGE, Lab
from autograder.intake import archive, folder
from autograder.intake.entries import Entry, refuse_ambiguity
from autograder.intake.refusal import LIMITS, IntakeError, Limits, shown

_OTHER_ARCHIVES = (".tar", ".tgz", ".gz", ".bz2", ".xz", ".7z", ".rar", ".zst")


class Submission(NamedTuple):
    """Where one student's work lies; `path` is a folder, a zip, or something refused."""

    student: str
    path: Path


@dataclass(frozen=True)
class Intake:
    """What was read: files by path (`dltk/…`), or one sentence why nothing was."""

    student: str
    files: dict[str, bytes]
    error: str | None = None
    left_out: tuple[str, ...] = field(default=())

    @property
    def digest(self) -> str:
        """Equal for equal content, whatever the form it was handed in."""
        value = hashlib.sha256(ascii(self.error).encode())
        for path, content in sorted(self.files.items()):
            value.update(f"{path}\0{len(content)}\0".encode() + content)
        return value.hexdigest()


def submissions(root: Path) -> list[Submission]:
    """The submissions in a folder, by student; other files lying there are no submissions.

    Raises `IntakeError` where `root` is no folder, holds none, or is itself one.
    """
    if not root.is_dir():
        raise IntakeError(f"There is no folder {root}.")
    if (root / PACKAGE).is_dir():
        raise IntakeError(
            f"{root} holds {PACKAGE}/, so it is one student's work; name the folder around it."
        )
    found = [Submission(student, path) for path in _visible(root) if (student := _student(path))]
    if not found:
        raise IntakeError(f"{root} holds no submission: neither a folder nor a zip for a student.")
    return found


def loose_files(root: Path) -> list[str]:
    """The names of the files in a folder of submissions that are none."""
    return [path.name for path in _visible(root) if not _student(path)]


def _visible(root: Path) -> list[Path]:
    return [path for path in sorted(root.iterdir()) if not path.name.startswith((".", "__MACOSX"))]


def _student(path: Path) -> str:
    """Whose submission this is; the empty string where it is no submission."""
    if path.is_dir() or path.is_symlink():
        return path.name
    if path.suffix.lower() == ".zip":
        return path.stem
    return path.stem.removesuffix(".tar") if path.suffix.lower() in _OTHER_ARCHIVES else ""


def read(path: Path, lab: Lab, student: str | None = None, limits: Limits = LIMITS) -> Intake:
    """Read one submission; what is wrong with it becomes `Intake.error`, never an exception."""
    student = path.name.removesuffix(".zip") if student is None else student
    try:
        files, left_out = _read(path, lab, limits)
    except IntakeError as refusal:
        return Intake(student, {}, str(refusal))
    except OSError as problem:
        return Intake(student, {}, f"The submission cannot be read: {problem.strerror}.")
    return Intake(student, files, None, tuple(left_out))


def _read(path: Path, lab: Lab, limits: Limits) -> tuple[dict[str, bytes], list[str]]:
    if path.is_symlink():
        raise IntakeError(f"{shown(path.name)} is a link; hand in the folder or a zip.")
    if path.is_dir():
        return _select(folder.entries(path, limits), lab, limits)
    if path.suffix.lower() != ".zip" or not path.is_file():
        raise IntakeError(f"{shown(path.name)} is neither a folder nor a zip; hand in a zip.")
    with archive.entries(path, limits) as found:
        return _select(found, lab, limits)


def _select(
    entries: Sequence[Entry], lab: Lab, limits: Limits
) -> tuple[dict[str, bytes], list[str]]:
    refuse_ambiguity(entries)
    base = _base(entries)
    depth = len(base)
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    total = 0
    for entry in entries:
        inside = entry.parts[depth:]
        if entry.parts[:depth] != base or inside[:1] != (PACKAGE,):
            continue
        path = "/".join(inside)
        if entry.is_folder:
            if path in lab.files:
                raise IntakeError(f"{shown(path)} is a folder where a file is meant.")
            continue
        if not path.endswith(".py"):
            left_out.append(path)
            continue
        content = entry.read(limits.file)
        if len(content) > limits.file:
            if path in lab.files:
                raise IntakeError(f"{shown(path)} is larger than {limits.file // 1024:,} kB.")
            left_out.append(path)
            continue
        files[path] = content
        total += len(content)
        if total > limits.total:
            raise IntakeError(f"The files under {PACKAGE}/ are too large together.")
    if not any(path in files for path in lab.files):
        raise IntakeError(
            f"The submission holds no file of {lab.id}; it should hold {lab.files[0]}."
        )
    return files, left_out


def _base(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The parts before `dltk/`: nothing, or one wrapping folder."""
    if not entries:
        raise IntakeError("The submission is empty.")
    bases = set()
    for entry in entries:
        for depth in (0, 1):
            if entry.parts[depth : depth + 1] == (PACKAGE,) and (
                len(entry.parts) > depth + 1 or entry.is_folder
            ):
                bases.add(entry.parts[:depth])
    if () in bases:
        return ()
    if len(bases) == 1:
        return bases.pop()
    if bases:
        folders = ", ".join(shown("/".join(base)) for base in sorted(bases))
        raise IntakeError(f"The submission holds {PACKAGE}/ in several folders: {folders}.")
    for entry in entries:
        if entry.parts[-1] == PACKAGE and len(entry.parts) <= 2 and not entry.is_folder:
            raise IntakeError(f"{shown(entry.path)} is a file where a folder is meant.")
    top = sorted({entry.parts[0] for entry in entries})
    raise IntakeError(
        f"The submission has no folder {PACKAGE}/; it holds {', '.join(map(shown, top[:5]))}"
        f"{' …' if len(top) > 5 else ''}. Hand in the folder that contains {PACKAGE}/."
    )
