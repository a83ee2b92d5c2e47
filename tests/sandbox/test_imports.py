"""Importing the graded package: what it may not be mistaken for, and how it fails."""

import importlib.util
import py_compile
import re

import numpy as np
import pytest
from tiny_submission import LIMITS, as_program, ask, honest, write_tree

from autograder import sandbox


def outcome(tree, level="plain"):
    with sandbox.Worker(tree, level, LIMITS) as worker:
        programs = [as_program(honest, x=np.zeros(1))]
        return worker.run("a", programs)[0], worker.run("b", programs)[0]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        pytest.param("def f(:\n", r"SyntaxError: .* \(dltk/part.py, line 1\)", id="syntax"),
        pytest.param(b"x = '\xff'\n", r"dltk/part.py", id="not UTF-8"),
        pytest.param(b"x = 1\x00\n", r"null bytes.*dltk/part.py", id="a null byte"),
        pytest.param("\n1 / 0\n", r"ZeroDivisionError: .*dltk/part.py, line 2", id="an error"),
        pytest.param("import torch\n", r"No module named 'torch'", id="torch"),
        pytest.param("import os\nos._exit(0)\n", r"exit status 0", id="an exit"),
        pytest.param("import sys\nsys.exit()\n", r"SystemExit", id="sys.exit"),
        pytest.param("raise KeyboardInterrupt\n", r"KeyboardInterrupt", id="an interrupt"),
        pytest.param("x = " + "(" * 5000 + "\n", r"dltk/part.py|process", id="deep nesting"),
        pytest.param("import dltk.engine\n", r"No module named 'dltk.engine'", id="missing"),
    ],
)
def test_a_failed_import_is_one_sentence_for_every_program(tmp_path, code, said):
    package = "from dltk import part\nclass Tensor: pass\n"
    tree = write_tree(tmp_path, {"dltk/__init__.py": package, "dltk/part.py": code})
    for reply in outcome(tree):
        assert reply.outcome == "import_error"
        assert reply.result is None
        assert re.search(said, reply.message), reply.message
        assert "\n" not in reply.message


def test_a_loop_at_import_is_waited_for_once(tmp_path):
    package = "import time\ntime.sleep(60)\n"
    tree = write_tree(tmp_path, {"dltk/__init__.py": package})
    limits = sandbox.Limits(import_seconds=0.3, wall_factor=1.0)
    with sandbox.Worker(tree, "plain", limits) as worker:
        programs = [as_program(honest, x=np.zeros(1))] * 3
        first, second = worker.run("a", programs), worker.run("b", programs)
    assert {reply.outcome for reply in first + second} == {"import_error"}
    assert first[0].message == second[0].message == "`import dltk` did not finish in its time"


def test_a_missing_package_is_an_import_error(tmp_path):
    (tmp_path / "tree").mkdir()
    reply, _ = outcome(tmp_path / "tree")
    assert reply.outcome == "import_error"
    assert "No module named 'dltk'" in reply.message


def test_modules_of_the_submission_shadow_nothing(tmp_path, level):
    trap = "raise SystemError('shadowed')\n"
    names = ("numpy", "msgpack", "sitecustomize", "usercustomize", "conftest", "autograder", "json")
    tree = write_tree(tmp_path, {f"{name}.py": trap for name in names})
    for reply in outcome(tree, level):
        assert reply.outcome == "ok"


def test_compiled_files_of_a_submission_are_never_loaded(tmp_path, level):
    package = "import numpy as np\nfrom dltk import part\nvalue = part.value\n"
    files = {"dltk/part.py": "value = 'source'\n", "dltk/__init__.py": package}
    tree = write_tree(tmp_path, files)
    forged = tmp_path / "forged.py"
    forged.write_text("value = 'forged'\n")
    cached = importlib.util.cache_from_source(str(tree / "dltk/part.py"))
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(forged), cached, invalidation_mode=mode)
    py_compile.compile(str(forged), str(tree / "dltk/alone.pyc"), invalidation_mode=mode)

    def program(lib, kit):
        return {"value": lib.value, "alone": kit.raises(__import__, "dltk.alone")}

    with sandbox.Worker(tree, level, LIMITS) as worker:
        reply = ask(worker, program)
    assert reply.result == {"value": "source", "alone": "ModuleNotFoundError"}


def test_the_worker_has_only_its_own_part_of_the_grader(worker):
    def program(lib, kit):
        names = ["torch", "autograder.checks", "autograder.oracle", "autograder.misconceptions"]
        names += ["pytest", "autograder.course", "autograder.sandbox", "pip"]
        return {name: kit.raises(__import__, name) for name in names}

    assert set(ask(worker, program).result.values()) == {"ModuleNotFoundError"}
