"""The student course: every file of it, derived from the reference."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath

from autograder.course import COURSE_FILE, Course
from autograder.release import notebooks, reference
from autograder.release.defects import Defect, ReleaseError, refuse
from autograder.release.package import released_package, solved_labs
from autograder.release.survivors import Secret, survivors

TREE = "course/tree"
RECORDED = "course/recorded"
MANIFEST = "course/manifest.json"
HANDED_OUT = {
    **{
        path: path
        for path in (
            "LICENSE",
            "conftest.py",
            "environment.yml",
            "labs/LICENSE",
            "lectures/LICENSE",
            "requirements.txt",
            "tools/course_setup.py",
        )
    },
    "Makefile": "tools/student/Makefile",
    "pyproject.toml": "tools/student/pyproject.toml",
}
# What the lectures show and load, handed out whole.
_WHOLE_FOLDERS = ("comparison", "lectures/data", "visuals")
_AUTHORS_ONLY = ("autograder/release/", "autograder/nbgrader/")
_MISCONCEPTIONS = "autograder/misconceptions"
_TEMPLATES = Path(__file__).parent / "templates"

Files = dict[str, bytes]


def refuse_defects(course: Course) -> None:
    """Raise `ReleaseError` that names every defect of the reference and of its notebooks."""
    found, defects = reference.blanks(course)
    if not defects:
        defects += reference.task_defects(course, found)
    defects += notebooks.stray_notebooks(course.root)
    try:
        _notebooks(course)
    except ReleaseError as problem:
        defects += problem.defects
    refuse(defects)


def student_course(
    course: Course, from_lab: str | None, recorded: Callable[[], Mapping[str, bytes]]
) -> Files:
    """The bytes of every file of the student course by path.

    `recorded` computes the recorded answers by lab. `ReleaseError` names every defect of the
    reference, or every line of a solution that would be handed out.
    """
    refuse_defects(course)
    solved = solved_labs(course, from_lab)
    package = released_package(course, solved)
    files = dict(package)
    files.update({f"{TREE}/{path}": content for path, content in package.items()})
    files.update(grader_files(course.root))
    files.update(_whole_folders(course.root))
    files.update(_own_files(course))
    files.update(_notebooks(course))
    files["README.md"] = _readme(course).encode()
    hidden = secrets(course, solved)
    refuse(survivors(hidden, files))
    answers = {f"{RECORDED}/{lab}.msgpack": content for lab, content in recorded().items()}
    refuse(survivors(hidden, answers))
    files.update(answers)
    return dict(sorted(files.items()))


def secrets(course: Course, solved: tuple[str, ...] = ()) -> list[Secret]:
    """Every line that only the reference may hold: solutions and answers of unsolved labs."""
    found, _ = reference.blanks(course)
    lines: list[Secret] = []
    for lab in course.labs:
        if lab.id not in solved:
            lines += reference.secrets(course, lab, found)
            lines += reference.other_solutions(course, lab)
        lines += notebooks.solution_lines(course, lab.notebook)
    return lines


def grader_files(root: Path) -> Files:
    """The grader as students get it: no misconception, and nothing that makes a course."""
    return {
        path: (root / path).read_bytes()
        for path in _below(root, "autograder")
        if not path.startswith(_AUTHORS_ONLY)
        and (
            not path.startswith(_MISCONCEPTIONS)
            or str(PurePosixPath(path).parent) == _MISCONCEPTIONS
        )
    }


def _whole_folders(root: Path) -> Files:
    return {
        path: (root / path).read_bytes()
        for folder in _WHOLE_FOLDERS
        for path in _below(root, folder)
    }


def manifest(files: Mapping[str, bytes], made_from: str) -> bytes:
    """The hash of each file, by which a changed one is known, and that of what it was made from."""
    hashes = {path: hashlib.sha256(content).hexdigest() for path, content in sorted(files.items())}
    return (json.dumps({"made_from": made_from, "files": hashes}, indent=1) + "\n").encode()


def fingerprint(root: Path, from_lab: str | None) -> str:
    """A hash of everything the student course is made from."""
    digest = hashlib.sha256(f"{from_lab}\n".encode())
    folders = ("dltk", "autograder", "labs", "lectures", *_WHOLE_FOLDERS)
    paths = [path for folder in folders for path in _below(root, folder)]
    paths += [path for path in HANDED_OUT.values() if (root / path).is_file()]
    for path in sorted(set(paths)):
        content = (root / path).read_bytes()
        digest.update(f"{path}\n{len(content)}\n".encode() + content)
    return digest.hexdigest()


def _own_files(course: Course) -> Files:
    """What is handed out as it stands in the reference."""
    missing = [path for path in HANDED_OUT.values() if not (course.root / path).is_file()]
    refuse(
        Defect(path, 1, "the student course needs this file and it is not there.")
        for path in missing
    )
    sources = {COURSE_FILE: COURSE_FILE, **HANDED_OUT}
    return {path: (course.root / source).read_bytes() for path, source in sources.items()}


def _notebooks(course: Course) -> Files:
    """Every notebook as students get it; `ReleaseError` names the defects of all of them."""
    made: Files = {}
    defects: list[Defect] = []
    labs = {lab.notebook: lab for lab in course.labs}
    lectures = [f"lectures/{path.name}" for path in (course.root / "lectures").glob("*.md")]
    for path in [*labs, *sorted(lectures)]:
        try:
            if path in labs:
                notebook = notebooks.lab_notebook(course, labs[path], solved=False)
            else:
                notebook = notebooks.lecture_notebook(course, path)
            made[_as_ipynb(path)] = notebooks.text_of(notebook).encode()
        except ReleaseError as problem:
            defects += problem.defects
    refuse(defects)
    return made


def _as_ipynb(path: str) -> str:
    return str(PurePosixPath(path).with_suffix(".ipynb"))


def _readme(course: Course) -> str:
    rows = [
        f"| [{lab.title}]({_as_ipynb(lab.notebook)}) | {lab.points} | "
        + ", ".join(f"`{path}`" for path in lab.files)
        + " |"
        for lab in course.labs
    ]
    text = (_TEMPLATES / "README.md").read_text(encoding="utf-8")
    return text.replace("{{ labs }}", "\n".join(rows)).replace("{{ lab }}", course.labs[-1].id)


def _below(root: Path, folder: str) -> list[str]:
    """The files under a folder by path, without what Python and Jupyter leave behind."""
    return sorted(
        path.relative_to(root).as_posix()
        for path in (root / folder).rglob("*")
        if path.is_file()
        and path.suffix not in (".pyc", ".ipynb")
        and not any(part.startswith((".", "__pycache__")) for part in path.relative_to(root).parts)
    )
