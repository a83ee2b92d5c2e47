"""`check()` in a notebook: it survives what the checked code does, and refuses other packages."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest

from autograder import notebook
from autograder.course import Course
from autograder.local import client
from autograder.local.client import Helper, HelperError

STAND_IN = Path(__file__).parent / "stand_in_helper.py"


@pytest.fixture
def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Helper]:
    monkeypatch.setattr(client, "_BOOTSTRAP", f"exec(open({str(STAND_IN)!r}).read())")
    helper = Helper(tmp_path)
    yield helper
    helper.stop()


def test_one_process_answers_every_request(helper: Helper) -> None:
    first = helper.ask({"lab": "lab3"}, 30)
    second = helper.ask({"lab": "lab1"}, 30)
    assert first["pid"] == second["pid"]
    assert second["echo"] == {"lab": "lab1"}


def test_a_helper_that_died_between_two_checks_is_replaced(helper: Helper) -> None:
    first = helper.ask({"lab": "lab3"}, 30)["pid"]
    os.kill(first, 9)
    assert helper.ask({"lab": "lab3"}, 30)["pid"] != first


def test_a_helper_that_dies_of_a_check_says_so_and_the_next_check_works(helper: Helper) -> None:
    with pytest.raises(HelperError, match=r"ended twice .*\(OSError: the disk is full\)"):
        helper.ask({"lab": "die"}, 30)
    assert helper.ask({"lab": "lab3"}, 30)["echo"] == {"lab": "lab3"}


def test_a_check_that_does_not_end_is_stopped_and_its_process_with_it(helper: Helper) -> None:
    pid = helper.ask({"lab": "lab3"}, 30)["pid"]
    with pytest.raises(HelperError, match=r"not done within 0\.3 seconds"):
        helper.ask({"lab": "sleep"}, 0.3)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert helper.ask({"lab": "lab3"}, 30)["pid"] != pid


def test_the_helper_ends_with_the_kernel(helper: Helper) -> None:
    pid = helper.ask({"lab": "lab3"}, 30)["pid"]
    process = helper._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(30) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_files_in_the_course_do_not_stand_in_front_of_the_library_in_the_helper(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), "/somewhere/else"]))
    assert client._environment(tmp_path)["PYTHONPATH"] == "/somewhere/else"
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert "PYTHONPATH" not in client._environment(tmp_path)


class Answering:
    """A helper that answers at once with a record."""

    def __init__(self, reply: dict[str, Any]) -> None:
        self.reply = reply
        self.requests: list[dict[str, Any]] = []

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        self.requests.append(request)
        return self.reply


@pytest.fixture
def answered(
    monkeypatch: pytest.MonkeyPatch, course: Course, record_of: Callable[..., dict[str, Any]]
) -> Answering:
    monkeypatch.chdir(course.root / "labs")
    helper = Answering({"record": record_of(), "on": "Checked on recorded inputs."})
    monkeypatch.setattr(notebook, "helper", lambda root: helper)
    monkeypatch.delitem(sys.modules, "dltk", raising=False)
    return helper


def test_the_validate_button_of_nbgrader_finds_the_points_not_full_marks(
    answered: Answering,
) -> None:
    result = notebook.check("lab3.engine")
    assert float(result._repr_mimebundle_()["text/plain"]) == result.points


def test_a_result_is_html_in_a_notebook_and_text_elsewhere(
    answered: Answering, course: Course
) -> None:
    result = notebook.check("lab3.engine")
    assert answered.requests == [{"lab": "lab3", "tasks": ["lab3.engine"]}]
    assert result.passed
    bundle = result._repr_mimebundle_()
    assert str(course.root / "dltk") in str(result) == repr(result)
    assert "--jp-" in bundle["text/html"]
    notebook.check("lab3")
    assert answered.requests[1] == {"lab": "lab3", "tasks": None}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("lab3.engin", "lab3 has no task 'lab3.engin'; it has lab3.record"),
        ("lab7", "The course has no lab 'lab7'; it has lab1, lab3."),
        ("lab3.written", "lab3.written is marked by a person; it has no checks."),
    ],
)
def test_an_unknown_task_gets_a_sentence_and_no_traceback(
    answered: Answering, name: str, sentence: str
) -> None:
    result = notebook.check(name)
    assert sentence in str(result)
    assert not result.passed
    assert result.points == 0
    assert answered.requests == []


def test_a_package_from_elsewhere_is_refused_by_its_path(
    answered: Answering, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = ModuleType("dltk")
    elsewhere.__file__ = str(tmp_path / "dltk" / "__init__.py")
    monkeypatch.setitem(sys.modules, "dltk", elsewhere)
    result = notebook.check("lab3.engine")
    assert str(tmp_path) in str(result)
    assert "which is not in the course" in str(result)
    assert answered.requests == []


@pytest.mark.slow
def test_in_a_real_kernel_edits_count_at_once_and_an_endless_loop_leaves_it_alive(
    course: Course, tmp_path: Path
) -> None:
    nbclient = pytest.importorskip("nbclient", reason="nbclient, which runs a notebook's kernel")
    root = tmp_path / "a course"
    for folder in ("dltk", "labs", "autograder"):
        shutil.copytree(course.root / folder, root / folder)
    shutil.copytree(course.root / "dltk", root / "course" / "tree" / "dltk")
    file = root / "dltk/layout/strides.py"
    marker = "# BEGIN SOLUTION lab1.strides"
    loop = file.read_text().replace(marker, f"{marker}\n    while True:\n        pass")
    cells = [
        "from autograder.notebook import check\nkept = 41",
        "import dltk\nassert check('lab1.strides').passed",
        f"from pathlib import Path\nfile = Path({str(file)!r})\nright = file.read_text()",
        f"file.write_text({loop!r})\nlooping = check('lab1.strides')\nassert not looping.passed",
        "looping",
        "file.write_text(right)\nassert check('lab1.strides').passed\nprint(kept + 1)",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    began = time.monotonic()
    runner = nbclient.NotebookClient(
        book,
        timeout=240,
        kernel_name="python3",
        resources={"metadata": {"path": str(root / "labs")}},
    )
    runner.execute(env=os.environ | {"PYTHONPATH": str(root)})
    assert time.monotonic() - began < 240
    (shown,) = book.cells[4]["outputs"]
    assert shown["data"]["text/plain"] == "0.0"
    assert "seconds" in shown["data"]["text/html"]
    assert book.cells[5]["outputs"][0]["text"] == "42\n"
