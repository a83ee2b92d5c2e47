"""The form of a check and of a misconception: what is taken, what is refused with file and line."""

import sys
import textwrap

import numpy as np
import pytest

from autograder import checks, misconceptions
from autograder.checks.draws import normal
from autograder.checks.spec import Check, CheckError
from autograder.misconceptions.spec import MisconceptionError

HEAD = """
from autograder.checks.draws import normal
from autograder.checks.spec import check
from autograder.misconceptions.spec import right, wrong
WIDTH = 3
"""


@pytest.fixture
def written(tmp_path, monkeypatch):
    """A function that writes a module, imports it under a name of its own, and gives it back."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def write(text, name="written_checks"):
        path = tmp_path / f"{name}.py"
        path.write_text(HEAD + textwrap.dedent(text), encoding="utf-8")
        monkeypatch.delitem(sys.modules, name, raising=False)
        return __import__(name)

    return write


def test_a_check_travels_as_the_source_of_one_plain_function(written):
    module = written('''
        @check("lab2.times", weight=2, x=normal(2), n=normal())
        def it_holds(lib, kit, x: "an array", n) -> dict:
            """It holds
            for all.

            More for the reader of the code.
            """
            def inner(y: float = 1.0) -> float:
                return max(y, 2)

            return {"x": [inner(one) for one in x], "n": n}
        ''')
    item = module.it_holds
    assert isinstance(item, Check)
    assert (item.id, item.weight, item.takes_kit) == ("lab2.times::it_holds", 2, True)
    assert item.sentence == "It holds for all."
    assert "@" not in item.source
    assert "an array" not in item.source
    assert "float" not in item.source.replace("y=1.0", "")
    namespace = {}
    exec(item.source, namespace)
    assert namespace["it_holds"](None, None, [1, 3], 4) == {"x": [2, 3], "n": 4}


def test_inputs_are_drawn_in_the_order_of_their_names(written):
    item = written('''
        @check("lab2.times", x=normal(2), y=normal(2))
        def it_holds(lib, x, y):
            """It holds."""
            return {"x": x, "y": y}
        ''').it_holds
    drawn = item.inputs(np.random.RandomState(3))
    stream = np.random.RandomState(3)
    assert np.array_equal(drawn["x"], stream.standard_normal(2))
    assert np.array_equal(drawn["y"], stream.standard_normal(2))


BODY = '    """It holds."""\n    return {"x": x}\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('@check("lab2.times")\ndef f(lib):\n    """It."""\n    return {}\n', "no inputs"),
        ('@check("times", x=normal(2))\ndef f(lib, x):\n' + BODY, "not the id of a task"),
        ('@check("lab2.times", x=3)\ndef f(lib, x):\n' + BODY, "cannot be drawn"),
        ('@check("lab2.times", x=normal(2))\ndef f(lib, y):\n' + BODY, "must be lib"),
        ('@check("lab2.times", x=normal(2))\ndef f(x):\n' + BODY, "must be lib"),
        ('@check("lab2.times", x=normal(2))\ndef f(lib, x=1):\n' + BODY, "no default"),
        ('@check("lab2.times", x=normal(2))\ndef f(lib, *x):\n' + BODY, "the arguments of a check"),
        ('@check("lab2.times", x=normal(2))\ndef f(lib, x):\n    return {"x": x}\n', "docstring"),
        ('@check("lab2.times", weight=0, x=normal(2))\ndef f(lib, x):\n' + BODY, "above 0"),
        ('@check("lab2.times", rtol=1, x=normal(2))\ndef f(lib, x):\n' + BODY, "without a reason"),
        (
            '@check("lab2.times", x=normal(2))\ndef f(lib, x):\n'
            '    """It."""\n    return {"x": x[:WIDTH]}\n',
            "uses WIDTH, which does not travel",
        ),
        (
            '@check("lab2.times", x=normal(2))\ndef f(lib, x):\n'
            '    """It."""\n    def g():\n        return WIDTH\n    return {"x": g()}\n',
            "uses WIDTH",
        ),
        (
            '@check("lab2.times", x=normal(2))\ndef f(lib, x):\n    """It."""\n'
            "    try:\n        return {}\n    except ValueError:\n        return {'x': x}\n",
            r"has a try \(line \d+\); ask kit.raises",
        ),
        (
            '@check("lab2.times", x=normal(2))\ndef f(lib, x):\n    """It."""\n'
            "    import numpy\n    return {'x': x}\n",
            "imports numpy",
        ),
        (
            '@check("lab2.times", x=normal(2))\ndef f(lib, x):\n    """It."""\n    yield x\n',
            "a plain function",
        ),
    ],
)
def test_another_form_is_refused_with_file_and_line(written, text, sentence):
    with pytest.raises(CheckError, match=sentence) as caught:
        written("\n" + text)
    assert "written_checks.py:" in str(caught.value).split(": ")[0]


def package(tmp_path, monkeypatch, name, text):
    folder = tmp_path / name / "lab2"
    folder.mkdir(parents=True)
    (tmp_path / name / "__init__.py").write_text("")
    (folder / "__init__.py").write_text("")
    (folder / "times.py").write_text(HEAD + textwrap.dedent(text), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))


CHECK = '''
    @check("{task}", x=normal(2))
    def {name}(lib, x):
        """It holds."""
        return {{"x": x}}
    '''


def test_checks_are_loaded_in_the_order_of_the_tasks(tmp_path, monkeypatch, course):
    text = CHECK.format(task="lab2.square", name="a") + CHECK.format(task="lab2.times", name="b")
    package(tmp_path, monkeypatch, "ordered_checks", text)
    found = checks.load("lab2", course, "ordered_checks")
    assert [item.id for item in found] == ["lab2.times::b", "lab2.square::a"]


@pytest.mark.parametrize(
    ("task", "name", "sentence"),
    [
        ("lab2.nothing", "b", "lab2 has no task 'lab2.nothing'"),
        ("lab2.written", "b", "no task 'lab2.written' with checks"),
        ("lab1.negate", "b", "lab2 has no task 'lab1.negate'"),
        ("lab2.times", "a", "a second function is named a"),
    ],
)
def test_a_check_that_would_be_lost_is_refused(tmp_path, monkeypatch, course, task, name, sentence):
    text = CHECK.format(task="lab2.times", name="a") + CHECK.format(task=task, name=name)
    module = f"lost_checks_{abs(hash((task, name)))}"
    package(tmp_path, monkeypatch, module, text)
    with pytest.raises(CheckError, match=sentence) as caught:
        checks.load("lab2", course, module)
    assert "times.py:" in str(caught.value)


def test_a_lab_without_a_folder_has_no_checks(course):
    assert checks.load("lab2", course, "autograder.checks.nothing_here") == []


def test_a_misconception_is_a_sentence_and_bodies_with_their_comments(written):
    module = written('''
        def leave(self, *error):
            """Leave."""
            self.mode = 1

        @wrong("lab2.times", blank="mul", also={"Mode.__exit__": leave})
        def it_is_wrong(x, y):
            """It is wrong."""
            # because
            if x:

                return y
            return x
        ''')
    item = module.it_is_wrong
    assert (item.id, item.sentence, item.right) == (
        "lab2.times/it_is_wrong",
        "It is wrong.",
        False,
    )
    assert item.bodies == {
        "mul": "# because\nif x:\n\n    return y\nreturn x\n",
        "Mode.__exit__": "self.mode = 1\n",
    }


@pytest.mark.parametrize(
    ("body", "sentence"), [("    return x\n", "no docstring"), ('    """It."""\n', "no body")]
)
def test_a_misconception_without_sentence_or_body_is_refused(written, body, sentence):
    with pytest.raises(MisconceptionError, match=sentence):
        written('\n@wrong("lab2.times", blank="mul")\ndef f(x):\n' + body)


def test_a_misconception_of_no_task_is_refused(tmp_path, monkeypatch, course):
    text = '''
        @wrong("lab2.nothing", blank="mul")
        def f(x):
            """It."""
            return x
        '''
    package(tmp_path, monkeypatch, "lost_misconceptions", text)
    with pytest.raises(MisconceptionError, match=r"no task 'lab2\.nothing'"):
        misconceptions.load("lab2", course, "lost_misconceptions")


def test_a_student_course_has_no_misconceptions_to_load(course):
    assert misconceptions.load("lab2", course, "autograder.no_such_folder") == []


def test_a_check_is_not_changed_by_its_draws():
    draw = normal(2)
    first, second = (draw.draw(np.random.RandomState(1)) for _ in range(2))
    assert np.array_equal(first, second)
