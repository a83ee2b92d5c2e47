"""A copy of the reference with notebooks small enough to break in a test."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from autograder.course import COURSE_FILE, Course
from autograder.release.recorded import CACHE, recorded_answers
from autograder.release.student_course import HANDED_OUT

ROOT = Path(__file__).parents[2]
HEADER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
  display_name: Python 3
---

"""


def small_notebook(course: Course, lab_id: str) -> str:
    """A lab's notebook with its graded cells, one prediction and one plot."""
    lab = course.lab(lab_id)
    parts = [f"# {lab.title}\n\nWorth {{{{ {lab_id}.points }}}} points."]
    parts.append("```{code-cell} ipython3\nfrom autograder.notebook import check\n```")
    for task in lab.automatic_tasks:
        parts.append(f"## {{{{ {task.id}.title }}}}")
        parts.append(f'```{{code-cell}} ipython3\ncheck("{task.id}")\n```')
    parts.append(
        "```{code-cell} ipython3\n:tags: [hide-input]\n\n# BEGIN SOLUTION\n"
        "prediction_of_the_author = 40 + 2  # a guess\n# END SOLUTION\n```"
    )
    for task in lab.tasks:
        if not task.automatic:
            parts.append(
                f'**Question.** Why?\n\n+++ {{"tags": ["task:{task.id}"]}}\n\n'
                "<!-- BEGIN SOLUTION -->\nBecause the author of the reference says so.\n"
                "<!-- END SOLUTION -->\n\n+++\n\nThe end."
            )
    return HEADER + "\n\n".join(parts) + "\n"


def copy_of_reference(folder: Path, *, recorded: Sequence[str] = ()) -> Path:
    """The reference in `folder`, its labs' notebooks replaced by small ones.

    The recorded answers of the labs named in `recorded` come along; they are computed once, in the
    repository itself, for every test that asks.
    """
    if recorded:
        recorded_answers(Course.load(ROOT), tuple(recorded))
    leave_out = shutil.ignore_patterns("__pycache__", "*.pyc", ".ipynb_checkpoints", "*.ipynb")
    for name in ("dltk", "autograder"):
        shutil.copytree(ROOT / name, folder / name, ignore=leave_out)
    for path in (COURSE_FILE, *HANDED_OUT.values()):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, folder / path)
    if recorded:
        (folder / CACHE).mkdir(parents=True)
        for path in (ROOT / CACHE).glob("*.msgpack"):
            shutil.copy(path, folder / CACHE)
    (folder / "lectures" / "00-welcome.md").write_text(HEADER + "# Welcome\n")
    course = Course.load(folder)
    for lab in course.labs:
        (folder / lab.notebook).write_text(small_notebook(course, lab.id), encoding="utf-8")
    return folder


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """A reference that a test may break."""
    return copy_of_reference(tmp_path / "reference of the course")


@pytest.fixture
def edit(reference: Path) -> Callable[[str, str, str], None]:
    """Replace a text in a file of the copy; the text must be there."""

    def replace(path: str, old: str, new: str) -> None:
        file = reference / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{path} has no {old!r}"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders of a reference and of the student course made from it; do not change them."""
    from autograder import release

    root = copy_of_reference(
        tmp_path_factory.mktemp("made") / "reference", recorded=("lab1", "lab3")
    )
    release.make(root, root.parent / "student")
    return root, root.parent / "student"
