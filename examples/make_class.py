"""Make the sample class that `examples/class/class.toml` describes.

It is made from the reference and the recorded solutions, so that it follows them.
"""

import shutil
import tomllib
from pathlib import Path
from typing import Any

from autograder import misconceptions, solutions, variants
from autograder.course import Course
from autograder.files import zip_bytes

DESCRIPTION = Path(__file__).parent / "class" / "class.toml"


def described() -> dict[str, Any]:
    """The class as it is written down: `lab`, and a table for each submission."""
    return tomllib.loads(DESCRIPTION.read_text(encoding="utf-8"))


def make_class(course: Course, out: Path) -> None:
    """Write every submission into the folder `out`, which is emptied first."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    about = described()
    for submission in about["submission"]:
        files = submitted_files(course, about["lab"], submission)
        if "archive" in submission:
            around = submission["archive"]
            folder = f"{around}/" if isinstance(around, str) else ""
            content = {folder + path: data for path, data in files.items()}
            (out / f"{submission['name']}.zip").write_bytes(zip_bytes(content))
        else:
            for path, data in files.items():
                place = out / submission["name"] / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)


def submitted_files(course: Course, lab_id: str, submission: dict[str, Any]) -> dict[str, bytes]:
    """The files of one submission by path."""
    if "solved" in submission:
        lab = course.lab(lab_id)
        blank = {task.id for task in lab.tasks} - set(submission["solved"])
        files = variants.with_blanks(course, lab_id, blank)
    else:
        files = variants.with_bodies(course, lab_id, _bodies(course, lab_id, submission))
    if "bodies_of_lab1" in submission:
        files |= _every_body(course, "lab1", submission["bodies_of_lab1"]["all"])
    if "top" in submission:
        files = {path: f"{submission['top']}\n".encode() + data for path, data in files.items()}
    files |= {path: text.encode() for path, text in submission.get("files", {}).items()}
    return files


def _bodies(course: Course, lab_id: str, submission: dict[str, Any]) -> dict[str, str]:
    recorded = {item.id: item for item in misconceptions.load(lab_id, course)}
    bodies: dict[str, str] = {}
    for name in submission.get("solutions", []):
        bodies |= recorded[name].bodies
    return bodies | submission.get("bodies", {})


def _every_body(course: Course, lab_id: str, body: str) -> dict[str, bytes]:
    """The files of a lab with one and the same body in every function of theirs."""
    blanks = [
        region.qualname
        for path in course.lab(lab_id).files
        for region in solutions.regions((course.root / path).read_text(encoding="utf-8"), path)
    ]
    return variants.with_bodies(course, lab_id, dict.fromkeys(blanks, body))
