"""`course.toml`: what it says is read, what it cannot mean is refused in one sentence."""

import pytest

from autograder.course import Course, CourseError

LAB = """
[[lab]]
id = "lab1"
title = "Signs"
notebook = "labs/lab1.md"
files = ["dltk/signs.py"]
"""
TASK = """
[[lab.task]]
id = "lab1.negate"
title = "Negate"
kind = "code"
points = 90
"""


def load(tmp_path, text):
    (tmp_path / "labs").mkdir(exist_ok=True)
    (tmp_path / "labs" / "course.toml").write_text(text, encoding="utf-8")
    return Course.load(tmp_path)


def test_labs_tasks_points_and_owners_are_read(course):
    lab = course.lab("lab2")
    assert [task.id for task in lab.tasks] == ["lab2.times", "lab2.square", "lab2.written"]
    assert (lab.points, lab.automatic_points) == (100, 90)
    assert course.task("lab2.square").needs == ("lab2.times",)
    assert course.owner("dltk/powers.py") is lab
    assert course.owner("dltk/tensor.py") is None
    assert [lab.id for lab in course.before("lab2")] == ["lab1"]
    assert [lab.id for lab in course.after("lab2")] == ["lab3"]


def test_the_course_is_found_from_any_folder_below_it(course):
    assert Course.find(course.root / "dltk").root == course.root


def test_no_course_above_a_folder_is_said_with_the_folder(tmp_path):
    with pytest.raises(CourseError, match=r"There is no course in .* nor above it"):
        Course.find(tmp_path)


def test_an_unknown_lab_or_task_is_answered_with_those_there_are(course):
    with pytest.raises(CourseError, match="no lab 'lab9'; it has lab1, lab2, lab3"):
        course.lab("lab9")
    with pytest.raises(CourseError, match=r"no task 'lab2.nothing'; it has lab2.times"):
        course.task("lab2.nothing")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[lab]\n", "cannot be read"),
        (LAB + LAB, "lab1 stands there twice|is owned by"),
        (LAB + LAB.replace("lab1", "lab2"), "signs.py is owned by lab1 and by lab2"),
        (LAB + "pionts = 3\n", "there is no setting 'pionts'"),
        (LAB.replace('title = "Signs"\n', ""), "title is missing"),
        (LAB.replace('["dltk/signs.py"]', '"dltk/signs.py"'), "files is not a list"),
        (LAB + TASK + TASK, "lab1.negate stands there twice"),
        (LAB + TASK.replace("90", "0"), "points is 0"),
        (LAB + TASK.replace("90", "true"), "points is True"),
        (LAB + TASK.replace("code", "cod"), "the kind 'cod' is none of"),
        (LAB + TASK.replace("lab1.negate", "lab2.negate"), "begins with 'lab1.'"),
        (LAB + TASK + 'needs = ["lab1.later"]\n', "needs lab1.later, which is no earlier task"),
        (LAB + TASK + 'needs = ["lab1.negate"]\n', "no earlier task"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, text, sentence):
    with pytest.raises(CourseError, match=sentence):
        load(tmp_path, text)


def test_a_student_course_is_one_with_a_pristine_tree(own_course):
    assert not own_course.is_student
    (own_course.root / "course" / "tree").mkdir(parents=True)
    again = Course.load(own_course.root)
    assert again.is_student
    assert again.pristine == again.root / "course" / "tree"
