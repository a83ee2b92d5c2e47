"""Make docs/images/check-result.png: a check in JupyterLab that names a misconception.

python tools/readme_picture.py
"""

import sys
import tempfile
from pathlib import Path

import notebook_browser

from autograder import misconceptions, variants
from autograder.cli import main as autograder
from autograder.course import Course

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "images" / "check-result.png"
TASK = "lab3.unbroadcast"
MOST_BYTES = 150_000


def main() -> int:
    course = Course.find(ROOT)
    lab = course.lab(TASK.partition(".")[0])
    wrong = next(
        item for item in misconceptions.load(lab.id, course) if item.task == TASK and not item.right
    )
    notebook = lab.notebook.replace(".md", ".ipynb")
    with tempfile.TemporaryDirectory() as scratch:
        student = Path(scratch) / "workspace"
        autograder(["release", "--from", lab.id, "--to", str(student)], standalone_mode=False)
        for path, content in variants.with_misconception(course, wrong).items():
            (student / path).write_bytes(content)
        private = Path(scratch) / "jupyter"
        private.mkdir()
        with (
            notebook_browser.jupyterlab(student, private) as address,
            notebook_browser.browser_page() as page,
        ):
            text = notebook_browser.run_check(page, address, student, notebook, TASK)
            notebook_browser.picture_of_check(page, student / notebook, TASK, PICTURE)
    if wrong.sentence.rstrip(".").lower() not in text.lower():
        raise SystemExit(f"The result does not name the misconception:\n{text}")
    if PICTURE.stat().st_size > MOST_BYTES:
        raise SystemExit(f"{PICTURE} has {PICTURE.stat().st_size} bytes, above {MOST_BYTES}.")
    print(f"{PICTURE}: {PICTURE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
