"""A lecture computes with the reader's dltk where its tasks pass, and through torch until then."""

import importlib
import shutil
import sys
from types import SimpleNamespace

import pytest

from autograder import adapter, solutions
from autograder.course import Course, CourseError
from autograder.local import checking
from autograder.local.progress import remember

torch = pytest.importorskip("torch", reason="torch is not installed: it computes for the reader")

TASKS = ("lab3.unbroadcast", "lab3.engine")


def record(**passed):
    """A record of a check, as the grader gives it: which tasks passed."""
    return {
        "tasks": [
            {
                "id": task.replace("_", "."),
                "points": 9.0 if right else 0.0,
                "max_points": 9.0,
                "checks": [{"passed": right}],
            }
            for task, right in passed.items()
        ]
    }


@pytest.fixture
def workspace(blank_workspace, tmp_path, monkeypatch):
    """A student course of one's own, with labs 1 and 3 written; and no dltk imported before."""
    folder = tmp_path / "workspace"
    shutil.copytree(blank_workspace, folder)
    reference = Course.load(adapter_root())
    for lab in ("lab1", "lab3"):
        for path in reference.lab(lab).files:
            text = (reference.root / path).read_text(encoding="utf-8")
            (folder / path).write_text(solutions.strip(text), encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(adapter, "_imported", {})
    before = {name: sys.modules.pop(name) for name in list(sys.modules) if is_dltk(name)}
    monkeypatch.syspath_prepend(str(folder))
    yield Course.load(folder)
    for name in [name for name in sys.modules if is_dltk(name)]:
        del sys.modules[name]
    sys.modules.update(before)


def is_dltk(name):
    return name.partition(".")[0] == "dltk"


def adapter_root():
    return Course.find(importlib.import_module("autograder").__path__[0]).root


@pytest.fixture
def checks(monkeypatch):
    """Checks that count their runs and say what they are told to."""
    state = SimpleNamespace(runs=[], verdict=True)

    def check_own_work(course, lab, tasks, level=None):
        state.runs.append(list(tasks))
        verdicts = {task.replace(".", "_"): state.verdict for task in tasks}
        return SimpleNamespace(record=record(**verdicts))

    monkeypatch.setattr(checking, "check_own_work", check_own_work)
    return state


def blank(course, path):
    pristine = (course.pristine / path).read_text(encoding="utf-8")
    (course.root / path).write_text(pristine, encoding="utf-8")


def test_the_author_always_gets_dltk(monkeypatch, capsys):
    monkeypatch.chdir(adapter_root())
    assert adapter.framework(*TASKS).__name__ == "dltk"
    assert capsys.readouterr().out == "Computed by dltk.\n"


def test_a_blank_task_is_computed_through_torch_without_a_check(workspace, checks, capsys):
    blank(workspace, "dltk/autograd/engine.py")
    lib = adapter.framework(*TASKS)
    assert lib.tensor is torch.tensor
    assert checks.runs == []
    assert "Computed through torch: lab3.engine is not written yet." in capsys.readouterr().out


def test_the_name_of_a_lab_stands_for_all_its_checked_tasks(workspace, checks, capsys):
    blank(workspace, "dltk/layout/broadcast.py")
    lib = adapter.framework("lab1", *TASKS)
    assert lib.tensor is torch.tensor
    assert "Computed through torch: lab1.broadcast is not written yet." in capsys.readouterr().out
    assert adapter.unfinished(adapter.Course.find(), ["lab3"]) == {}


def test_a_lab_that_is_not_there_is_refused(workspace):
    with pytest.raises(CourseError, match="lab99"):
        adapter.framework("lab99")


def test_written_tasks_are_checked_once_and_then_remembered(workspace, checks, capsys):
    assert adapter.framework(*TASKS).__name__ == "dltk"
    assert adapter.framework(*TASKS).__name__ == "dltk"
    assert checks.runs == [list(TASKS)]
    assert "Computed by the dltk in this course." in capsys.readouterr().out


def test_a_check_in_the_notebook_spares_the_lecture_its_own(workspace, checks):
    remember(workspace, workspace.lab("lab3"), record(lab3_unbroadcast=True, lab3_engine=True))
    assert adapter.framework(*TASKS).__name__ == "dltk"
    assert checks.runs == []


def test_a_task_that_fails_is_computed_through_torch(workspace, checks, capsys):
    checks.verdict = False
    assert adapter.framework("lab3.engine").tensor is torch.tensor
    assert "lab3.engine does not pass yet" in capsys.readouterr().out


def test_a_later_lab_is_checked_anew_when_an_earlier_one_was_edited(workspace, checks, capsys):
    checks.verdict = False
    assert adapter.framework("lab3.engine").tensor is torch.tensor
    strides = workspace.root / "dltk/layout/strides.py"
    strides.write_text(strides.read_text(encoding="utf-8") + "\nMENDED = True\n", encoding="utf-8")
    checks.verdict = True
    assert adapter.framework("lab3.engine").__name__ == "dltk"


def test_an_edit_is_checked_anew_and_imported_anew(workspace, checks):
    first = adapter.framework(*TASKS)
    engine = workspace.root / "dltk/autograd/engine.py"
    engine.write_text(engine.read_text(encoding="utf-8") + "\nEDITED = True\n", encoding="utf-8")
    second = adapter.framework(*TASKS)
    assert len(checks.runs) == 2
    assert second is not first
    assert second.autograd.grad is not first.autograd.grad
    assert importlib.import_module("dltk.autograd.engine").EDITED


def test_unchanged_files_give_the_same_module(workspace, checks):
    assert adapter.framework(*TASKS) is adapter.framework("lab3.engine")


def test_the_package_is_the_one_in_the_course(workspace, checks):
    assert adapter.framework(*TASKS).__file__ == str(workspace.root / "dltk" / "__init__.py")


def test_a_real_check_decides(workspace, capsys):
    assert adapter.unfinished(workspace, ["lab3.unbroadcast"]) == {}
    rules = workspace.root / "dltk/autograd/vjp_rules.py"
    text = rules.read_text(encoding="utf-8")
    wrong = solutions.replace(
        (adapter_root() / "dltk/autograd/vjp_rules.py").read_text(encoding="utf-8"),
        {"unbroadcast": "return g"},
    )
    rules.write_text(solutions.strip(wrong), encoding="utf-8")
    assert text != rules.read_text(encoding="utf-8")
    assert adapter.unfinished(workspace, ["lab3.unbroadcast"]) == {
        "lab3.unbroadcast": "does not pass yet"
    }


def test_a_file_that_is_no_python_is_named_with_its_line(workspace, checks):
    checks.verdict = False
    (workspace.root / "dltk/autograd/engine.py").write_text("def run(:\n", encoding="utf-8")
    with pytest.raises(CourseError, match=r"engine\.py, line 1: .* run this cell again"):
        adapter.framework(*TASKS)


def test_a_task_nobody_has_is_refused_by_name(workspace):
    with pytest.raises(CourseError, match=r"no task 'lab3\.nothing'"):
        adapter.framework("lab3.nothing")


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        (["lab3.a"], "lab3.a is not written yet"),
        (["lab3.a", "lab3.b"], "lab3.a and lab3.b are not finished yet"),
        (["lab3.a", "lab3.b", "lab3.c"], "lab3.a, lab3.b and lab3.c are not finished yet"),
        (
            ["lab3.a", "lab3.b", "lab3.c", "lab3.d"],
            "lab3.a, lab3.b and 2 more are not finished yet",
        ),
    ],
)
def test_the_reason_names_what_is_missing(missing, says):
    assert adapter.reason(dict.fromkeys(missing, "is not written yet")) == says


def test_torch_comes_with_the_traces_of_the_course():
    lib = adapter.through_torch()
    trace = lib.trace.forward_trace(lambda x: lib.log(x) * 2, (2.0,), (1.0,))
    assert trace.tangent == pytest.approx(1.0)
    assert lib.trace.draw(trace).description.endswith("v2 = v1 * 2")
