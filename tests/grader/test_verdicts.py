"""Verdicts over the real course: nothing is earned without work, and no work goes unpaid.

The slow rows grade every variant over the whole lab, every stub and twenty seeds.
"""

import ast
import tempfile
from functools import cache
from pathlib import Path

import pytest

from autograder import matrix, misconceptions, sandbox, session, solutions, tree, variants, verdict
from autograder.answers import Round
from autograder.course import Course
from autograder.running import program

pytest.importorskip("torch", reason="torch is not installed")

COURSE = Course.find(Path(__file__).parent)
LABS = [lab.id for lab in COURSE.labs]
TASKS = [task.id for lab in COURSE.labs for task in lab.tasks if task.kind == "code"]
ITEMS = [item for lab in LABS for item in misconceptions.load(lab, COURSE)]
WRONG = [item for item in ITEMS if not item.right]
RIGHT = [item for item in ITEMS if item.right]
ERRORS = [
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "Exception",
    "IndexError",
    "KeyError",
    "MemoryError",
    "NotImplementedError",
    "OverflowError",
    "RecursionError",
    "RuntimeError",
    "StopIteration",
    "TypeError",
    "ValueError",
    "ZeroDivisionError",
    "SystemExit",
    "KeyboardInterrupt",
]
FIRST_STUBS = {
    "None": "return None",
    "zeros": "return {last} * 0",
    "its argument": "return {last}",
    "RuntimeError": "raise RuntimeError",
}
OTHER_STUBS = {
    "ones": "return {last} * 0 + 1",
    "True": "return True",
    "False": "return False",
    "0": "return 0",
    "1": "return 1",
    "an empty tuple": "return ()",
    "a tuple of zeros": "return tuple(0 for _ in {first})",
    "a tuple of ones": "return tuple(1 for _ in {first})",
    "its first argument": "return {first}",
    "its first two arguments": "return {first}, {second}",
    "nothing done": "pass",
} | {error: f"raise {error}" for error in ERRORS if error not in FIRST_STUBS}
SECRETS = [f"verdict {number}".encode() for number in range(20)]
LEVEL = sandbox.available()[-1]


def lab_of(task):
    return task.partition(".")[0]


@cache
def answers(lab, secret=SECRETS[0]):
    """A round without misconceptions: what they give is not asked here."""
    return Round(COURSE, lab, secret, misconceptions=[], level=LEVEL)


@cache
def parameters(lab):
    """The arguments of each blank by qualified name, `self`, `cls` and `ops` left out."""
    found = {}
    for path in COURSE.lab(lab).files:
        text = (COURSE.root / path).read_text(encoding="utf-8")
        for name, node in solutions._functions(ast.parse(text)):
            arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            names = [argument.arg for argument in arguments]
            names += [extra.arg for extra in (node.args.vararg,) if extra]
            found[name] = [one for one in names if one not in ("self", "cls", "ops")] or ["None"]
    return found


def stubbed(task, text):
    """The reference with every blank of a task replaced by a stub."""
    names = parameters(lab_of(task))
    bodies = {
        qualname: text.format(
            first=names[qualname][0], second=names[qualname][:2][-1], last=names[qualname][-1]
        )
        for _, qualname in solutions.blanks_of(COURSE)[task]
    }
    return variants.with_bodies(COURSE, lab_of(task), bodies)


def grade(lab, files, tasks=None):
    return session.grade(COURSE, lab, files, answers(lab), level=LEVEL, tasks=tasks)


def failed(record):
    """task, check and message of everything that failed, for the message of the test."""
    return [
        f"{task['id']}::{check['name']}\n{check['message']}"
        for task in record["tasks"]
        for check in task["checks"]
        if not check["passed"]
    ]


@pytest.mark.parametrize("lab", LABS)
def test_the_reference_has_full_marks(lab):
    record = grade(lab, variants.reference(COURSE, lab))
    assert failed(record) == []
    assert record["points"] == record["max_points"] == 90


@pytest.mark.parametrize("lab", LABS)
def test_blanks_score_nothing_on_every_task(lab):
    record = grade(lab, variants.with_blanks(COURSE, lab))
    assert {task["id"]: task["points"] for task in record["tasks"]} == {
        task.id: 0 for task in COURSE.lab(lab).automatic_tasks
    }


@pytest.mark.parametrize("task", TASKS)
def test_a_task_is_full_with_every_other_one_blank_but_those_it_needs(task):
    lab = COURSE.lab(lab_of(task))
    kept = {task, *COURSE.task(task).needs}
    others = {other.id for other in lab.automatic_tasks} - kept
    record = grade(lab.id, variants.with_blanks(COURSE, lab.id, others), [task])
    assert failed(record) == []


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("stub", FIRST_STUBS)
def test_a_stub_scores_nothing(task, stub):
    record = grade(lab_of(task), stubbed(task, FIRST_STUBS[stub]), [task])
    assert record["points"] == 0, passed(record)


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("stub", OTHER_STUBS)
def test_any_other_stub_scores_nothing(task, stub):
    record = grade(lab_of(task), stubbed(task, OTHER_STUBS[stub]), [task])
    assert record["points"] == 0, passed(record)


def passed(record):
    return [
        check["name"] for task in record["tasks"] for check in task["checks"] if check["passed"]
    ]


@pytest.mark.parametrize("item", WRONG, ids=lambda item: item.id)
def test_a_misconception_is_short_of_full(item):
    record = grade(lab_of(item.task), variants.with_misconception(COURSE, item), [item.task])
    assert record["unusable"] == {}
    assert record["points"] < record["max_points"], f"{item.id} has full marks"
    for message in failed(record):
        assert "yours raised NameError" not in message, f"{item.where}: {message}"
        assert "could not be imported" not in message, f"{item.where}: {message}"


@pytest.mark.parametrize("item", RIGHT, ids=lambda item: item.id)
def test_another_right_solution_has_full_marks(item):
    record = grade(lab_of(item.task), variants.with_misconception(COURSE, item), [item.task])
    assert record["unusable"] == {}
    assert failed(record) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "variant",
    [variant for lab in LABS for variant in matrix.every_variant(COURSE, lab)],
    ids=lambda variant: f"{variant.kind}-{variant.name}",
)
def test_a_variant_costs_its_own_task_and_those_that_declare_it(variant):
    lab = next(one.id for one in COURSE.labs if one.files[0] in variant.files)
    found = matrix.row(COURSE, lab, variant, answers(lab), LEVEL)
    assert matrix.defects(COURSE.lab(lab), found) == []


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_earlier_tasks_are_full_with_all_later_ones_blank(task):
    lab = COURSE.lab(lab_of(task))
    order = [one.id for one in lab.automatic_tasks]
    done, later = order[: order.index(task) + 1], order[order.index(task) + 1 :]
    record = grade(lab.id, variants.with_blanks(COURSE, lab.id, later), done)
    assert failed(record) == []


def verdicts_over_seeds(task, files):
    """For each check of a task, whether it passed under each seed."""
    lab = lab_of(task)
    rounds = {secret: answers(lab, secret) for secret in SECRETS}
    mine = [check for check in answers(lab).checks if check.task == task]
    with tempfile.TemporaryDirectory() as folder:
        tree.build(COURSE, lab, files, Path(folder), trusted=True)
        with sandbox.Worker(Path(folder), LEVEL) as worker:
            replies = {}
            for number, round_ in enumerate(rounds.values()):
                programs = [
                    program(check, round_.inputs(check), f"{number} {check.id}") for check in mine
                ]
                # A process for each seed: a wrong solution may leave its process in disorder.
                replies |= {reply.id: reply for reply in worker.run(task, programs)}
    return {
        check.id: [
            verdict.of_reply(check, replies[f"{number} {check.id}"], round_).passed
            for number, round_ in enumerate(rounds.values())
        ]
        for check in mine
    }


@pytest.mark.slow
@pytest.mark.parametrize("task", TASKS)
def test_the_reference_passes_under_every_seed(task):
    over = verdicts_over_seeds(task, variants.reference(COURSE, lab_of(task)))
    assert [check for check, all_of in over.items() if not all(all_of)] == []


@pytest.mark.slow
@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.id)
def test_no_seed_gives_another_verdict(item):
    over = verdicts_over_seeds(item.task, variants.with_misconception(COURSE, item))
    changing = {check: all_of for check, all_of in over.items() if len(set(all_of)) > 1}
    assert changing == {}


@pytest.mark.slow
@pytest.mark.parametrize("lab", LABS)
def test_feedback_names_the_misconception(lab):
    """Among the failed checks of each misconception, one at least is told what it comes from."""
    round_ = Round(COURSE, lab, SECRETS[0], level=LEVEL)
    untold = []
    for item in misconceptions.load(lab, COURSE):
        if item.right:
            continue
        files = variants.with_misconception(COURSE, item)
        record = session.grade(COURSE, lab, files, round_, level=LEVEL, tasks=[item.task])
        checks = record["tasks"][0]["checks"]
        if not any(check["diagnosis"] for check in checks if not check["passed"]):
            untold.append((item.id, [check["message"] for check in checks if not check["passed"]]))
    assert untold == []
