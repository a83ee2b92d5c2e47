"""What a worker answers: one reply for each program, with an outcome that says what happened."""

import importlib.util
import shutil
from pathlib import Path

import numpy as np
import pytest
from tiny_submission import LIMITS, as_program, ask, honest, write_tree

import autograder
from autograder import sandbox
from autograder.sandbox import compiled


def test_a_result_arrives_as_exact_arrays_and_plain_values(worker):
    def program(lib, x):
        print("working")
        kind = lib.float32
        return {"t": lib.tensor(x * 2), "list": (1, 2.5, None, True, "s"), "dtype": kind}

    reply = ask(worker, program, x=np.arange(3.0))
    assert reply.outcome == "ok"
    assert reply.message == ""
    assert type(reply.result["t"]) is np.ndarray
    assert reply.result["t"].tolist() == [0.0, 2.0, 4.0]
    assert reply.result["list"] == [1, 2.5, None, True, "s"]
    assert reply.result["dtype"] == "float32"
    assert reply.printed == "working\n"
    assert reply.package_path == str(worker.tree / "dltk" / "__init__.py")
    assert 0 < reply.seconds < 2


def test_an_input_that_a_program_changes_is_a_copy(worker):
    def program(lib, x):
        x += 100.0
        return {"x": x}

    x = np.zeros(2)
    replies = worker.run("t", [as_program(program, x=x), as_program(honest, x=x)])
    assert replies[0].result["x"].tolist() == [100.0, 100.0]
    assert replies[1].result["y"].tolist() == [1.0, 1.0]
    assert x.tolist() == [0.0, 0.0]


def test_an_error_has_its_built_in_class_and_its_sentence(worker):
    def program(lib):
        class SpecialError(ZeroDivisionError):
            pass

        raise SpecialError("nothing to divide by")

    reply = ask(worker, program)
    assert (reply.outcome, reply.error_class) == ("error", "ZeroDivisionError")
    assert reply.message == "SpecialError: nothing to divide by"


def test_an_error_in_the_package_names_file_line_and_function(worker):
    def program(lib):
        return {"x": lib.tensor(0).missing()}

    def inside(lib):
        lib.Tensor.numpy = None
        return {"x": lib.blank(1, 2)}

    assert "AttributeError" in ask(worker, program).message
    assert ask(worker, inside).error_class == "TypeError"


def test_an_error_below_a_file_of_the_student_names_that_line_too(tmp_path):
    files = {
        "dltk/given.py": "def fail():\n    raise ValueError('deep inside')\n",
        "dltk/mine.py": "from dltk.given import fail\n\n\ndef go():\n    fail()\n",
        "dltk/__init__.py": "from dltk.mine import go\n",
    }
    with sandbox.Worker(write_tree(tmp_path, files), "plain", LIMITS, own=["dltk/mine.py"]) as mine:
        reply = ask(mine, calls_go)
    inner, own = "dltk/given.py, line 2, in fail", "dltk/mine.py, line 5, in go"
    assert reply.message == f"ValueError: deep inside ({inner}; called from {own})"


def calls_go(lib):
    return {"x": lib.go()}


def test_touching_a_blank_names_its_task(worker):
    def direct(lib):
        return {"x": lib.blank()}

    def through_the_kit(lib, kit):
        return {"x": kit.raises(lib.blank)}

    def behind_another_error(lib, kit):
        def wrapped():
            try:
                lib.blank()
            except RuntimeError as error:
                raise ValueError("hidden") from error

        return {"x": kit.raises(wrapped)}

    for program in (direct, through_the_kit, behind_another_error):
        reply = ask(worker, program)
        assert (reply.outcome, reply.blank) == ("blank", "lab3.engine")
        assert reply.result is None


def test_the_kit_gives_error_classes_warnings_events_and_a_folder(worker):
    def program(lib, kit):
        import warnings

        def unsupported():
            raise NotImplementedError("not for complex numbers")

        kit.event("visit", 1, 2)
        with open(kit.folder + "/file", "wb") as file:
            file.write(b"bytes")
        return {
            "zero": kit.raises(lambda: 1 // 0),
            "none": kit.raises(lambda: 1),
            "apart": kit.raises(unsupported),
            "warnings": kit.warns(warnings.warn, "careful", FutureWarning),
            "events": kit.events,
            "file": open(kit.folder + "/file", "rb").read(),
        }

    assert ask(worker, program).result == {
        "zero": "ZeroDivisionError",
        "none": None,
        "apart": "NotImplementedError",
        "warnings": ["FutureWarning"],
        "events": [["visit", 1, 2]],
        "file": b"bytes",
    }


def test_tasks_share_no_state_and_programs_of_a_task_do(worker):
    def leave(lib, kit):
        import builtins

        builtins.left = 1
        open(kit.folder + "/../left", "w").close()
        return {"x": 1}

    def look(lib, kit):
        import builtins
        import os

        return {"left": hasattr(builtins, "left"), "file": os.path.exists(kit.folder + "/../left")}

    programs = [as_program(leave), as_program(look)]
    assert worker.run("a", programs)[1].result == {"left": True, "file": True}
    assert ask(worker, look).result == {"left": False, "file": False}


def test_every_program_gets_a_reply_in_its_place(worker):
    def dies(lib):
        import os

        os._exit(0)

    def raises(lib):
        raise KeyError("k")

    x = np.zeros(1)
    order = [as_program(honest, x=x), as_program(dies), as_program(raises)]
    relaxed = sandbox.Program("relaxed", order[0].source, {"x": x}, processes=True)
    last = sandbox.Program("last", order[0].source, {"x": x})
    replies = worker.run("t", [relaxed, *order, last])
    assert [reply.id for reply in replies] == ["relaxed", "honest", "dies", "raises", "last"]
    assert [reply.outcome for reply in replies] == ["ok", "ok", "crash", "error", "ok"]
    assert "exit status 0" in replies[2].message


def test_after_two_time_outs_the_rest_of_the_task_is_not_run(worker):
    def forever(lib):
        import time

        time.sleep(60)

    slow = [
        sandbox.Program(f"slow{number}", as_program(forever).source.strip(), {}, seconds=0.1)
        for number in range(2)
    ]
    programs = [slow[0], as_program(honest, x=np.zeros(1)), slow[1]]
    late = sandbox.Program("late", programs[1].source, {"x": np.zeros(1)})
    replies = worker.run("t", [*programs, late])
    assert [reply.outcome for reply in replies] == ["timeout", "ok", "timeout", "not_run"]
    assert "2 checks of this task" in replies[3].message
    assert ask(worker, honest, x=np.zeros(1)).outcome == "ok"


def test_a_result_that_is_not_a_dict_is_an_error(worker):
    def program(lib):
        return 3

    assert ask(worker, program).message == "TypeError: the program returned a int, not a dict"


def test_the_strongest_available_level_is_the_default(tree):
    with sandbox.Worker(tree, limits=LIMITS) as worker:
        assert worker.level == sandbox.strongest() == sandbox.available()[0]
        assert ask(worker, honest, x=np.zeros(1)).outcome == "ok"


def test_an_unknown_level_is_refused_by_name(tree):
    with pytest.raises(sandbox.SandboxError, match="bubblewrap, landlock, plain"):
        sandbox.Worker(tree, "docker")


def test_without_fork_each_task_starts_an_interpreter(tree, monkeypatch):
    from autograder.sandbox import processes

    monkeypatch.setattr(processes, "FORKS", False)

    def crash(lib):
        import os

        os._exit(7)

    with sandbox.Worker(tree, "plain", LIMITS) as worker:
        replies = worker.run(
            "t",
            [
                as_program(honest, x=np.zeros(1)),
                as_program(crash),
                as_program(prints, x=np.ones(1)),
            ],
        )
    assert [reply.outcome for reply in replies] == ["ok", "crash", "ok"]
    assert "exit status 7" in replies[1].message
    assert replies[2].printed == "printed\n"


def prints(lib, x):
    print("printed")
    return {"y": lib.tensor(x)}


def test_files_compiled_beforehand_are_used_only_for_the_same_source(tmp_path):
    given = "value = 1\n"
    tree = write_tree(tmp_path, {"dltk/given.py": given})
    sandbox.precompile({"dltk/given.py": given.encode()})

    def program(lib):
        from dltk import given

        return {"value": given.value, "file": given.__file__.endswith("dltk/given.py")}

    with sandbox.Worker(tree, "plain", LIMITS) as worker:
        assert ask(worker, program).result == {"value": 1, "file": True}
    (tree / "dltk/given.py").write_text("value = 2\n")
    with sandbox.Worker(tree, "plain", LIMITS) as worker:
        assert ask(worker, program).result == {"value": 2, "file": True}


@pytest.mark.parametrize("may_write", [True, False])
def test_the_workers_own_code_is_compiled_beforehand_where_python_may_write(
    may_write, tmp_path, monkeypatch
):
    package = tmp_path / "autograder"
    shutil.copytree(
        Path(autograder.__file__).parent / "worker",
        package / "worker",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copy(Path(autograder.__file__).with_name("wire.py"), package)
    monkeypatch.setattr("sys.dont_write_bytecode", not may_write)
    compiled.compile_worker(package)
    for source in [package / "wire.py", *(package / "worker").glob("*.py")]:
        assert Path(importlib.util.cache_from_source(str(source))).exists() == may_write


def test_a_given_module_is_found_by_its_name_and_one_that_was_added_by_its_file(tmp_path):
    given = {"dltk/core/__init__.py": "value = 1\n", "dltk/core/given.py": "value = 2\n"}
    tree = write_tree(tmp_path, {**given, "dltk/core/added.py": "value = 3\n"})
    sandbox.precompile({path: source.encode() for path, source in given.items()})

    def program(lib):
        import dltk.core
        from dltk.core import added, given

        modules = (dltk.core, given, added)
        return {"values": [m.value for m in modules], "path": len(dltk.core.__path__)}

    with sandbox.Worker(tree, "plain", LIMITS) as worker:
        assert ask(worker, program).result == {"values": [1, 2, 3], "path": 1}
