"""A submission's files are compiled once, apart; what goes wrong there is left to the tasks."""

import marshal
import os
import time

import pytest
from tiny_submission import LIMITS, as_program, write_tree

from autograder import sandbox
from autograder.sandbox.levels import FORKS
from autograder.worker import ahead

pytestmark = pytest.mark.skipif(
    not FORKS, reason="tasks are forked on Linux only: elsewhere nothing is compiled ahead"
)


def written(folder, **sources):
    paths = []
    for name, source in sources.items():
        paths.append(str(folder / f"{name}.py"))
        (folder / f"{name}.py").write_bytes(source)
    return paths


def nothing():
    pass


def names(codes):
    return [os.path.basename(path) for path in codes]


def test_the_code_of_a_file_is_that_of_its_source(tmp_path):
    (path,) = written(tmp_path, good=b"value = [n * 2 for n in range(3)]\n")
    code = marshal.loads(ahead.compile_apart([path], nothing)[path])
    assert code.co_filename == path
    found = {}
    exec(code, found)
    assert found["value"] == [0, 2, 4]


def test_what_does_not_compile_cleanly_is_left_out(tmp_path):
    paths = written(
        tmp_path,
        broken=b"def f(:\n",
        warned=b"same = 1 is 1\n",
        null=b"a = 1\0\n",
        nested=b"(" * 5000 + b")" * 5000,
        good=b"a = 1\n",
    )
    codes = ahead.compile_apart([*paths, str(tmp_path / "missing.py")], nothing)
    assert names(codes) == ["good.py"]


def test_no_line_of_a_file_is_run(tmp_path):
    trace = tmp_path / "ran"
    paths = written(tmp_path, runs=f"open({str(trace)!r}, 'w')\n".encode())
    assert names(ahead.compile_apart(paths, nothing)) == ["runs.py"]
    assert not trace.exists()


def test_a_compiler_that_does_not_end_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(ahead, "SECONDS", 0.2)
    began = time.monotonic()
    assert ahead.compile_apart(written(tmp_path, a=b"a = 1\n"), lambda: time.sleep(60)) == {}
    assert time.monotonic() - began < 5


def test_a_compiler_that_dies_costs_only_what_it_had_not_said(tmp_path):
    assert ahead.compile_apart(written(tmp_path, a=b"a = 1\n"), lambda: os._exit(3)) == {}
    whole = ahead._HEADER.pack(0, 2) + b"ab"
    cut = whole + ahead._HEADER.pack(1, 9) + b"cut"
    assert ahead._codes(cut, ["first", "second"]) == {"first": b"ab"}


def test_a_task_that_rewrites_a_file_changes_nothing_for_the_next(tmp_path):
    tree = write_tree(tmp_path, {"dltk/own.py": "value = 1\n"})

    def rewrites(lib):
        from dltk import own

        before = own.value
        with open(own.__file__, "w") as file:
            file.write("value = 2\n")
        return {"value": before}

    def reads(lib):
        from dltk import own

        return {"value": own.value}

    with sandbox.Worker(tree, "plain", LIMITS) as worker:
        first = worker.run("first", [as_program(rewrites)])[0]
        second = worker.run("second", [as_program(reads)])[0]
    assert (tree / "dltk/own.py").read_text() == "value = 2\n"
    assert (first.result, second.result) == ({"value": 1}, {"value": 1})


def test_a_warning_of_the_compiler_is_printed_by_the_task_as_before(tmp_path):
    tree = write_tree(tmp_path, {"dltk/own.py": "same = 1 is 1\n"})

    def imports(lib):
        from dltk import own

        return {"same": own.same}

    with sandbox.Worker(tree, "plain", LIMITS) as worker:
        reply = worker.run("first", [as_program(imports)])[0]
    assert reply.result == {"same": True}
    assert "SyntaxWarning" in reply.printed
