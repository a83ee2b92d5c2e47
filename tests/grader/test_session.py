"""Grading one lab of one submission: who gets how many points, and what is said to them."""

import json

import pytest

from autograder import session, variants
from autograder.answers import Recorded, Round
from autograder.checks.draws import normal
from autograder.checks.spec import check
from autograder.course import Course
from autograder.sandbox import Limits

pytest.importorskip("torch")


@pytest.fixture
def solved(course):
    return variants.reference(course, "lab2")


@pytest.fixture
def grade(course, answers, quickest):
    def run(files, **options):
        return session.grade(
            course, "lab2", files, options.pop("answers", answers), level=quickest, **options
        )

    return run


def points(record):
    return {task["id"]: task["points"] for task in record["tasks"]}


def checks_of(record, task):
    return next(row["checks"] for row in record["tasks"] if row["id"] == task)


def with_body(course, **bodies):
    return variants.with_bodies(course, "lab2", bodies)


FULL = {"lab2.times": 50, "lab2.square": 40}


def test_the_reference_has_full_marks_and_a_record_of_the_agreed_form(grade, solved):
    record = grade(solved, student="Ada")
    assert points(record) == FULL
    assert (record["points"], record["max_points"], record["error"]) == (90, 90, None)
    assert (record["student"], record["lab"]) == ("Ada", "lab2")
    assert record["graded_on"] == "reference"
    assert record["package_path"].endswith("__init__.py")
    task = record["tasks"][1]
    assert task["needs"] == ["lab2.times"]
    assert {"name", "passed", "points", "max_points", "message", "diagnosis", "seconds"} <= set(
        task["checks"][0]
    )
    assert json.loads(json.dumps(record, allow_nan=False)) == record


def test_blanks_score_nothing_and_say_so(grade, course):
    record = grade(variants.with_blanks(course, "lab2"))
    assert points(record) == {"lab2.times": 0, "lab2.square": 0}
    message = checks_of(record, "lab2.times")[0]["message"]
    assert message.endswith("lab2.times is not written yet.")


def test_a_blank_of_another_task_is_named(grade, course):
    record = grade(variants.with_blanks(course, "lab2", {"lab2.times"}))
    message = checks_of(record, "lab2.square")[0]["message"]
    assert "lab2.times is not written yet" in message


def test_a_blank_cannot_be_swallowed(grade, course):
    record = grade(
        with_body(
            course,
            square="try:\n    raise NotImplementedError('lab2.square')\n"
            "except Exception:\n    return x\n",
        )
    )
    assert points(record)["lab2.square"] == 0


def test_points_are_split_by_weight(grade, course):
    record = grade(with_body(course, mul="return tensor(x.values * y.values)\n"))
    rows = checks_of(record, "lab2.times")
    assert [row["max_points"] for row in rows] == [33.3333, 16.6667]
    assert [row["passed"] for row in rows] == [True, False]
    assert points(record) == {"lab2.times": 33.3333, "lab2.square": 40}


def test_a_wrong_value_is_told_with_inputs_both_results_and_the_first_difference(grade, course):
    files = with_body(course, square="y = mul(x, x)\ny.values[2] += 3\nreturn y\n")
    row = checks_of(grade(files), "lab2.square")[0]
    message = row["message"]
    assert message.startswith("A square is the product of a number with itself.\ninputs:\n")
    for part in ("x = float64 (4,) [", "square, torch: float64", "square, yours: float64"):
        assert part in message
    assert "square first differs at [2]: " in message
    assert "largest error 3" in message
    assert row["diagnosis"] is None


def test_a_misconception_is_told_as_what_the_answer_is(grade, course):
    files = with_body(course, mul="return tensor(y.values + x.values)\n")
    row = checks_of(grade(files), "lab2.times")[0]
    assert row["diagnosis"] == "Your answer is what you get if the elements are added."


def test_a_missing_error_is_told_and_explained(grade, course, tiny):
    item = tiny.wrong["lab2.times/everything_fits"]
    record = grade(variants.with_misconception(course, item))
    missing = checks_of(record, "lab2.times")[1]
    assert "raised is None and should be 'RuntimeError'." in missing["message"]
    assert "shapes are never compared" in missing["diagnosis"]


def test_an_error_of_the_student_is_told_with_its_place(grade, course):
    record = grade(with_body(course, square="return x.nothing\n"))
    message = checks_of(record, "lab2.square")[0]["message"]
    assert "yours raised AttributeError" in message
    assert "dltk/powers.py" in message


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("raise MemoryError\n", "It used more memory than it may: MemoryError"),
        ("raise SystemExit\n", None),
        ("return None\n", None),
        ("return {'square': 1}\n", None),
        ("raise NotImplementedError\n", "NotImplementedError"),
    ],
)
def test_an_end_without_an_answer_costs_its_own_task_only(grade, course, body, sentence):
    record = grade(with_body(course, square=body))
    assert points(record) == {"lab2.times": 50, "lab2.square": 0}
    if sentence:
        assert sentence in checks_of(record, "lab2.square")[0]["message"]


def test_a_loop_without_end_is_one_sentence(course, quickest):
    @check("lab2.square", x=normal(4), seconds=0.2)
    def a_square_is_a_product(lib, x):
        """A square is the product of a number with itself."""
        return {"square": lib.square(lib.tensor(x))}

    answers = Round(
        course, "lab2", b"s", checks=[a_square_is_a_product], misconceptions=[], level=quickest
    )
    files = with_body(course, square="while True:\n    pass\n")
    record = session.grade(course, "lab2", files, answers, level=quickest, tasks=["lab2.square"])
    assert "not done within 0.2 seconds" in checks_of(record, "lab2.square")[0]["message"]
    assert record["max_points"] == 40


def test_an_import_without_end_is_one_sentence(course, answers, solved):
    files = solved | {"dltk/powers.py": b"while True:\n    pass\n"}
    limits = Limits(import_seconds=0.3)
    record = session.grade(course, "lab2", files, answers, level="plain", limits=limits)
    assert record["points"] == 0
    message = checks_of(record, "lab2.times")[0]["message"]
    assert message.endswith("could not be imported: `import dltk` did not finish in its time.")


def test_a_file_that_cannot_be_read_costs_its_own_tasks_only(grade, solved):
    record = grade(solved | {"dltk/powers.py": b"def square(:\n"})
    assert points(record) == {"lab2.times": 50, "lab2.square": 0}
    assert "Not run: dltk/powers.py, line 1: " in checks_of(record, "lab2.square")[0]["message"]


def test_a_missing_file_costs_its_own_tasks_only(grade, solved):
    del solved["dltk/powers.py"]
    record = grade(solved)
    assert points(record) == {"lab2.times": 50, "lab2.square": 0}
    message = checks_of(record, "lab2.square")[0]["message"]
    assert message.endswith("Not run: dltk/powers.py is missing from the submission.")


def test_a_forbidden_import_costs_its_own_tasks_and_is_named(grade, solved):
    record = grade(solved | {"dltk/powers.py": b"import torch\n" + solved["dltk/powers.py"]})
    assert points(record) == {"lab2.times": 50, "lab2.square": 0}
    assert (
        "dltk/powers.py, line 1: imports torch, which lab2 does not allow"
        in checks_of(record, "lab2.square")[0]["message"]
    )


def test_a_package_that_cannot_be_imported_scores_nothing_and_says_why(grade, solved):
    record = grade(solved | {"dltk/powers.py": b"from dltk.products import nothing\n"})
    assert record["points"] == 0
    assert (
        "dltk could not be imported: ImportError" in checks_of(record, "lab2.times")[0]["message"]
    )


def test_an_empty_submission_has_a_record(grade):
    record = grade({})
    assert record["points"] == 0
    assert set(record["unusable"]) == {"dltk/products.py", "dltk/powers.py"}


def test_a_failed_earlier_lab_costs_nothing(grade, solved):
    record = grade(solved | {"dltk/signs.py": b"broken(\n"})
    assert points(record) == FULL
    assert record["graded_on"] == "reference"


def test_failed_checks_run_once_more_on_the_students_own_earlier_labs(grade, course, solved):
    """A product written for one's own minus, which adds one, is right only beside it."""
    own = {
        "dltk/signs.py": b"from dltk.tensor import tensor\n\n\ndef neg(x):\n"
        b"    return tensor(1 - x.values)\n",
        "dltk/products.py": solved["dltk/products.py"].replace(
            b"neg(tensor(x.values * -y.values))", b"neg(tensor(1 - x.values * y.values))"
        ),
    }
    record = grade(solved | own)
    assert points(record) == FULL
    assert record["graded_on"] == "student"
    rows = checks_of(record, "lab2.times")
    assert [row["graded_on"] for row in rows] == ["student", "student"]
    alone = grade(solved | {"dltk/products.py": own["dltk/products.py"]})
    assert alone["points"] == 0


def test_recorded_answers_give_the_same_record_as_the_round(grade, answers, course, tiny):
    recorded = Recorded.unpack(answers.pack(), answers.checks)
    files = variants.with_misconception(course, tiny.wrong["lab2.times/partners_are_added"])
    one, two = grade(files), grade(files, answers=recorded)
    for record in (one, two):
        for task in record["tasks"]:
            for row in task["checks"]:
                row.pop("seconds")
    assert one.pop("answers") == ["torch"]
    assert two.pop("answers") == ["recorded"]
    one.pop("package_path"), two.pop("package_path")
    assert one == two


def test_with_two_answers_a_check_has_to_pass_under_both(grade, answers, course, quickest, solved):
    fresh = Round(
        course, "lab2", b"fresh", checks=answers.checks, misconceptions=[], level=quickest
    )
    recorded = Recorded.unpack(answers.pack(), answers.checks)
    both = [recorded, fresh]
    assert grade(solved, answers=both)["points"] == 90
    square = recorded.expected(answers.checks[2])["square"].tolist()
    by_heart = with_body(
        course, square=f"from dltk.tensor import tensor\nreturn tensor({square})\n"
    )
    assert points(grade(by_heart))["lab2.square"] == 40
    record = grade(by_heart, answers=both)
    assert points(record)["lab2.square"] == 0
    assert record["answers"] == ["recorded", "torch"]


def test_a_judge_decides_where_it_stands_and_survives_any_result(course, quickest):
    def judge(result, inputs):
        return None if (result["square"] >= inputs["x"]).all() else "A square is too small."

    @check("lab2.square", x=normal(4), judge=judge)
    def it_is_judged(lib, x):
        """A square is not below its number."""
        return {"square": lib.square(lib.tensor(x * 100))}

    answers = Round(course, "lab2", b"s", checks=[it_is_judged], misconceptions=[], level=quickest)

    def run(body):
        files = with_body(course, square=body)
        record = session.grade(
            course, "lab2", files, answers, level=quickest, tasks=["lab2.square"]
        )
        return checks_of(record, "lab2.square")[0]

    assert run("return mul(x, x)\n")["passed"]
    assert run("return tensor(-9 + 0 * x.values)\n")["passed"] is False
    wrong = run("from dltk.tensor import tensor\nreturn tensor(-9 - abs(x.values))\n")
    assert wrong["message"].endswith("A square is too small.")
    assert "not of the expected form" in run("return 'text'\n")["message"]


def test_only_the_asked_tasks_are_graded(grade, solved):
    record = grade(solved, tasks=["lab2.square"])
    assert points(record) == {"lab2.square": 40}
    assert (record["points"], record["max_points"]) == (40, 40)


def test_what_a_student_changed_elsewhere_is_named(grade, solved):
    record = grade(solved | {"dltk/tensor.py": b"import nothing\n", "dltk/extra.py": b"x = 1\n"})
    assert record["points"] == 90
    assert record["ignored"] == ["dltk/tensor.py"]
    assert record["added"] == ["dltk/extra.py"]


def test_a_student_course_is_graded_on_its_own_earlier_labs(own_course, answers, quickest):
    released = {
        path: data
        for lab in own_course.labs
        for path, data in variants.with_blanks(own_course, lab.id).items()
    }
    solved = variants.reference(own_course, "lab1") | variants.reference(own_course, "lab2")
    for path in ("dltk/__init__.py", "dltk/tensor.py"):
        released[path] = (own_course.root / path).read_bytes()
    for path, data in released.items():
        target = own_course.root / "course" / "tree" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    student = Course.load(own_course.root)
    record = session.grade(student, "lab2", solved, answers, level=quickest)
    assert record["points"] == 90
    assert record["graded_on"] == "own"
