"""What a check's program can meet: submissions that try to get points without the work.

Each attack stands in `contiguous_strides` of an otherwise blank lab 1, with its names taken apart
so that no list of forbidden words stops it. It must earn nothing, like the blank.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from autograder import sandbox, session, solutions, variants
from autograder.answers import Round
from autograder.course import Course

pytest.importorskip("torch", reason="torch is not installed")

COURSE = Course.find(Path(__file__).parent)
PREAMBLE = """import warnings


def reach(name):
    \"\"\"A module that the lab does not allow, found through one that it does.\"\"\"
    modules = getattr(getattr(warnings, "s" + "ys"), "mod" + "ules")
    return modules.get(name) or getattr(modules["import" + "lib"], "import_" + "module")(name)


"""

ATTACKS = {
    "an object that equals everything": """
        class Everything(tuple):
            def __eq__(self, other):
                return True
            def __ne__(self, other):
                return False
            def __iter__(self):
                return iter((1,) * 4)
            __hash__ = tuple.__hash__
        return Everything((1, 1))
    """,
    "an array that answers for itself": """
        np = reach("numpy")
        class Sly(np.ndarray):
            def __array_ufunc__(self, *args, **kwargs):
                return True
            def __eq__(self, other):
                return True
        return np.ones(len(shape), int).view(Sly)
    """,
    "numbers that are not": "return tuple(float('nan') for _ in shape)",
    "frames above are searched for an answer": """
        try:
            raise ValueError
        except ValueError as error:
            frame = getattr(getattr(error, "__trace" + "back__"), "tb_" + "frame")
        while frame is not None:
            for values in (getattr(frame, "f_" + "locals"), getattr(frame, "f_" + "glo" + "bals")):
                for name in ("expected", "want", "answer", "answers", "torch", "result"):
                    if name in values:
                        return tuple(values[name])
            frame = getattr(frame, "f_" + "back")
        return ()
    """,
    "every object is searched for an answer": """
        for each in reach("gc").get_objects():
            if isinstance(each, dict) and {"expected", "want", "torch"} & set(map(str, each)):
                return tuple(each.get("expected") or each.get("want"))
        return ()
    """,
    "numpy is patched": """
        np = reach("numpy")
        for name in ("allclose", "array_equal", "isclose", "equal"):
            setattr(np, name, lambda *args, **kwargs: True)
        setattr(getattr(np, "testing"), "assert_allclose", lambda *args, **kwargs: None)
        return tuple(0 for _ in shape)
    """,
    "builtins are patched": """
        builtins = reach("built" + "ins")
        builtins.abs = lambda value: 0
        builtins.all = lambda values: True
        builtins.isinstance = lambda *args: True
        return tuple(0 for _ in shape)
    """,
    "the worker is patched": """
        for name, module in list(getattr(getattr(warnings, "s" + "ys"), "mod" + "ules").items()):
            if name.startswith("autograder"):
                for attribute in list(vars(module)):
                    if attribute.startswith(("canonical", "run", "reply", "nearest")):
                        setattr(module, attribute, lambda *args, **kwargs: {"passed": True})
        return tuple(0 for _ in shape)
    """,
    "replies are forged on every descriptor": """
        os = reach("o" + "s")
        msgpack = reach("msg" + "pack")
        body = msgpack.packb({"outcome": "ok", "passed": True, "points": 1000, "result": {}})
        for descriptor in range(3, 20):
            try:
                os.write(descriptor, len(body).to_bytes(4, "big") + body)
            except OSError:
                continue
        return tuple(0 for _ in shape)
    """,
    "a verdict is printed": """
        print('{"outcome": "ok", "passed": true, "points": 1000}')
        return tuple(0 for _ in shape)
    """,
    "the process ends as if all were well": 'reach("o" + "s")._exit(0)',
    "an exception ends the program": "raise SystemExit(0)",
    "it never returns": """
        while True:
            pass
    """,
    "torch is imported": """
        torch = reach("tor" + "ch")
        return tuple(torch.empty(shape).stride())
    """,
    "the reference is read": """
        import_path = reach("path" + "lib").Path
        here = import_path(__file__).resolve()
        for folder in here.parents:
            for path in folder.glob("**/strides.py"):
                text = path.read_text()
                if "step *= " in text:
                    space = {}
                    getattr(reach("built" + "ins"), "ex" + "ec")(text, space)
                    return space["contiguous_strides"](shape)
        return ()
    """,
    "the answers of another round are remembered": """
        return {(2, 3): (3, 1), (2, 0, 3): (3, 3, 1), (): ()}[tuple(shape)]
    """,
}


@cache
def answers():
    return Round(COURSE, "lab1", b"attacked", misconceptions=[])


def submission(attack: str) -> dict[str, bytes]:
    files = variants.with_blanks(COURSE, "lab1")
    path = "dltk/layout/strides.py"
    lines = [line.removeprefix("        ") for line in ATTACKS[attack].strip("\n").split("\n")]
    body = "\n".join(line.rstrip() for line in lines).strip() + "\n"
    text = solutions.replace((COURSE.root / path).read_text(), {"contiguous_strides": body}, path)
    module, _, rest = text.partition('"""\n\n\n')
    return files | {path: f'{module}"""\n\n{PREAMBLE}{rest}'.encode()}


def earned(files: dict[str, bytes], level: str | None = None) -> dict:
    limits = sandbox.Limits(import_seconds=2, timeouts_per_task=1)
    tasks = ["lab1.strides", "lab1.view"]
    return session.grade(COURSE, "lab1", files, answers(), level=level, limits=limits, tasks=tasks)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_earns_nothing_and_costs_the_grader_nothing(attack):
    record = earned(submission(attack))
    paid = [
        (check["name"], check["points"])
        for task in record["tasks"]
        for check in task["checks"]
        if check["points"]
    ]
    assert paid == []
    assert record["points"] == 0
    assert all(check["message"] for task in record["tasks"] for check in task["checks"])
    assert np.allclose(1.0, 2.0) is False


def test_the_same_file_with_the_work_in_it_has_its_points():
    files = submission("numbers that are not")
    path = "dltk/layout/strides.py"
    work = variants.reference(COURSE, "lab1")[path].decode()
    _, _, rest = work.partition('"""\n\n\n')
    head = files[path].decode().partition(PREAMBLE)[0]
    record = earned(files | {path: f"{head}{PREAMBLE}{rest}".encode()})
    strides = next(task for task in record["tasks"] if task["id"] == "lab1.strides")
    assert strides["points"] == strides["max_points"]


DIFFERENCES = {
    "central": "(f(x + h) - f(x - h)) / (2 * h)",
    "of fourth order": "(8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)",
}


@pytest.mark.parametrize("kind", DIFFERENCES)
@pytest.mark.parametrize("task", ["lab3.rules", "lab3.arrays"])
def test_numerical_differentiation_does_not_pass(task, kind):
    step = {"central": 1e-6, "of fourth order": 1e-3}[kind]
    pointwise = {
        "log_x": ("x", "lambda v: ops.log(v)"),
        "sin_x": ("x", "lambda v: ops.sin(v)"),
        "cos_x": ("x", "lambda v: ops.cos(v)"),
        "abs_x": ("x", "lambda v: ops.abs(v)"),
        "exp_x": ("ops.log(z)", "lambda v: ops.exp(v)"),
        "tanh_x": ("ops.log((1 + z) / (1 - z)) / 2", "lambda v: ops.tanh(v)"),
        "sqrt_x": ("z * z", "lambda v: ops.sqrt(v)"),
        "relu_x": ("z", "lambda v: v * (v > 0)"),
        "pow_x": ("x", "lambda v: v ** y"),
        "maximum_x": ("x", "lambda v: v * (v > y) + y * (v <= y)"),
        "maximum_y": ("y", "lambda v: v * (v > x) + x * (v <= x)"),
    }
    arrays = {
        "amax_x": ("x", "lambda v: ops.amax(v, dim, True)"),
    }
    chosen = pointwise if task == "lab3.rules" else arrays
    bodies = {
        name: f"x, f, h = {at}, {function}, {step}\n"
        + ("g = restore(ops, g, dim, keepdim)\n" if name == "amax_x" else "")
        + f"return g * ({DIFFERENCES[kind]})\n"
        for name, (at, function) in chosen.items()
    }
    files = variants.with_bodies(COURSE, "lab3", bodies)
    round_ = Round(COURSE, "lab3", b"differences", misconceptions=[])
    record = session.grade(COURSE, "lab3", files, round_, tasks=[task])
    (row,) = record["tasks"]
    assert row["points"] < row["max_points"]
