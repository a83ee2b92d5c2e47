"""Solution markers: what is stripped, blanked and replaced, and what is refused."""

import pytest

from autograder import solutions
from autograder.solutions import MarkerError

TEXT = '''"""A module."""

import math


def first(x):
    """Given x, asked for y."""
    # BEGIN SOLUTION lab2.one
    # half of it

    def inner(z):
        """Inside."""
        return z

    return inner(x) / 2
    # END SOLUTION


class Mode:
    """A class."""

    def __enter__(self):
        """Enter."""
        # BEGIN SOLUTION lab2.two
        return math.pi
        # END SOLUTION

    def given(self):
        return 1
'''


def test_regions_name_task_function_and_lines():
    one, two = solutions.regions(TEXT)
    assert (one.task, one.qualname, one.first_line, one.last_line, one.indent) == (
        "lab2.one",
        "first",
        8,
        16,
        4,
    )
    assert (two.task, two.qualname, two.indent) == ("lab2.two", "Mode.__enter__", 8)


def test_stripping_takes_the_marker_lines_only():
    kept = [line for line in TEXT.splitlines() if "SOLUTION" not in line]
    assert solutions.strip(TEXT).splitlines() == kept


def test_a_blank_raises_its_tasks_id_and_keeps_everything_else():
    blank = solutions.blank(TEXT)
    assert "inner" not in blank
    assert "math.pi" not in blank
    namespace = {}
    exec(blank, namespace)
    with pytest.raises(NotImplementedError, match=r"^lab2\.one$"):
        namespace["first"](1)
    with pytest.raises(NotImplementedError, match=r"^lab2\.two$"):
        namespace["Mode"]().__enter__()
    assert namespace["Mode"]().given() == 1
    assert namespace["first"].__doc__ == "Given x, asked for y."


def test_one_task_can_be_blank_alone():
    text = solutions.strip(solutions.blank(TEXT, {"lab2.two"}))
    assert "inner" in text
    assert 'NotImplementedError("lab2.two")' in text


def test_a_body_takes_the_place_of_a_region_at_its_indent():
    text = solutions.replace(TEXT, {"Mode.__enter__": "if self:\n    return 3\nreturn 4\n"})
    namespace = {}
    exec(solutions.strip(text), namespace)
    assert namespace["Mode"]().__enter__() == 3
    assert namespace["first"](4) == 2


def test_blanks_are_found_marked_or_released():
    found = [("lab2.one", "first"), ("lab2.two", "Mode.__enter__")]
    assert solutions.blanks_in(TEXT) == found
    assert solutions.blanks_in(solutions.blank(TEXT)) == found


def test_the_blanks_of_a_course_are_by_task(course):
    assert solutions.blanks_of(course) == {
        "lab1.negate": [("dltk/signs.py", "neg")],
        "lab2.times": [("dltk/products.py", "mul")],
        "lab2.square": [("dltk/powers.py", "square")],
        "lab3.exponential": [("dltk/growth.py", "exp")],
    }


BEGIN, END = "    # BEGIN SOLUTION lab2.one\n", "    # END SOLUTION\n"
DEF = 'def f(x):\n    """Asked."""\n'


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (DEF + BEGIN + "    return x\n", 3, "does not end"),
        (DEF + "    return x\n" + END, 4, "did not begin"),
        (DEF + BEGIN + BEGIN + "    return x\n" + END, 4, "begins inside"),
        (DEF + "    # BEGIN SOLUTION\n    return x\n" + END, 3, "a marker is written"),
        (DEF + "    #BEGIN SOLUTION lab2.one\n    return x\n" + END, 3, "a marker is written"),
        (DEF + "    # begin solution lab2.one\n    return x\n" + END, 3, "a marker is written"),
        (DEF + "    # BEGIN SOLUTION lab2.one x\n    return x\n" + END, 3, "a marker is written"),
        (DEF + BEGIN + "    return x\n  # END SOLUTION\n", 5, "differ in indent"),
        (BEGIN.strip() + "\nx = 1\n" + END.strip() + "\n", 1, "not inside a function"),
        ("def f(x):\n" + BEGIN + "    return x\n" + END, 2, "no docstring"),
        (DEF + "    x = 2\n" + BEGIN + "    return x\n" + END, 4, "right after its docstring"),
        (DEF + BEGIN + "    x = 2\n" + END + "    return x\n", 5, "follows the end"),
        (DEF + BEGIN + END, 3, "is empty"),
        (DEF + BEGIN + "    return x\n\n\ndef g():\n    pass\n" + END, 9, "reaches into g"),
        (DEF + BEGIN + "    return (x\n" + END, None, "never closed"),
    ],
)
def test_a_malformed_marker_is_refused_with_file_and_line(text, line, sentence):
    with pytest.raises(MarkerError, match=sentence) as caught:
        solutions.regions(text, "dltk/x.py")
    place = "dltk/x.py:" if line is None else f"dltk/x.py:{line}: "
    assert str(caught.value).startswith(place)


def test_a_body_for_a_blank_that_is_not_there_is_refused():
    with pytest.raises(MarkerError, match=r"no blank 'third'; there are first, Mode.__enter__"):
        solutions.replace(TEXT, {"third": "return 1\n"})
