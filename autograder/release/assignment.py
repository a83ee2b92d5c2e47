"""One lab as an nbgrader assignment: the instructor's folder, and what students fetch of it."""

import os
from pathlib import Path, PurePosixPath

from nbformat import NotebookNode

from autograder.course import COURSE_FILE, Course, Lab
from autograder.release import notebooks, reference, student_course
from autograder.release.defects import refuse
from autograder.release.package import released_package
from autograder.release.recorded import Progress, recorded_answers
from autograder.release.survivors import survivors


def source_files(course: Course, lab: Lab, progress: Progress | None = None) -> dict[str, bytes]:
    """The instructor's folder of a lab: notebook and package with their solutions, and the grader.

    Students can work in what is generated of it: `check()` finds course and recorded answers there.
    """
    notebook = notebooks.lab_notebook(course, lab, solved=True)
    files = {f"{notebook_name(lab)}.ipynb": notebooks.text_of(notebook).encode()}
    for path, file in reference.package_files(course.root).items():
        files[path] = file.read_bytes()
    files.update(student_course.grader_files(course.root))
    for path in (COURSE_FILE, "requirements.txt"):
        files[path] = (course.root / path).read_bytes()
    recorded = recorded_answers(course, (lab.id,), progress)
    files[f"{student_course.RECORDED}/{lab.id}.msgpack"] = recorded[lab.id]
    return files


def notebook_name(lab: Lab) -> str:
    """The name of a lab's notebook without its ending, which is what nbgrader calls it."""
    return PurePosixPath(lab.notebook).stem


def release_files(
    source: Path, release: Path, lab_id: str, solved_before: bool, notebook: NotebookNode
) -> None:
    """Put blanks into the package of a generated assignment and the pristine copy beside it.

    `notebook` is the generated one. `ReleaseError` names every malformed marker of the source and
    every line of a solution that would be handed out.
    """
    course = Course.load(source)
    lab = course.lab(lab_id)
    found, defects = reference.blanks(course)
    refuse(defects or reference.task_defects(course, found))
    solved = tuple(before.id for before in course.before(lab_id)) if solved_before else ()
    handed_out = {f"{notebook_name(lab)}.ipynb": notebooks.text_of(notebook).encode()}
    for path, content in released_package(course, solved).items():
        handed_out[path] = handed_out[f"{student_course.TREE}/{path}"] = content
        _write(release / path, content)
        _write(release / student_course.TREE / path, content)
    for file in sorted(release.rglob("*")):
        path = file.relative_to(release).as_posix()
        if file.is_file() and path not in handed_out:
            handed_out[path] = file.read_bytes()
    secrets = [
        secret
        for owner in course.labs
        if owner.id not in solved
        for secret in reference.secrets(course, owner, found)
    ]
    secrets += notebooks.solution_lines_of(source / f"{notebook_name(lab)}.ipynb")
    refuse(survivors(secrets, handed_out))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        os.chmod(path, 0o644)
    path.write_bytes(content)
