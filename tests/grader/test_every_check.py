"""Every check of the course: a program that travels, whose answer has to be computed."""

import ast
import time
from pathlib import Path

import numpy as np
import pytest

from autograder import checks, compare
from autograder.answers import generator
from autograder.checks.spec import Check
from autograder.course import Course
from autograder.verdict import judged
from autograder.worker.program import load

COURSE = Course.find(Path(__file__).parent)
EVERY: list[Check] = [item for lab in COURSE.labs for item in checks.load(lab.id, COURSE)]
SEEDS = [f"seed {number}".encode() for number in range(20)]


@pytest.fixture(scope="module")
def oracle():
    pytest.importorskip("torch", reason="torch is not installed")
    from autograder import oracle

    return oracle


def answer(oracle, item, secret):
    return oracle.answer(item, item.inputs(generator(secret, item)))


def arrays(value):
    """Every array of numbers in a result, with a float or a list of floats counted as one."""
    if isinstance(value, dict):
        return [found for item in value.values() for found in arrays(item)]
    if isinstance(value, list):
        return [found for item in value for found in arrays(item)]
    if isinstance(value, np.ndarray) and value.dtype != bool and value.size:
        return [value]
    return []


@pytest.mark.parametrize("item", EVERY, ids=lambda item: item.id)
def test_its_program_is_one_self_contained_function(item):
    function = load(item.source, item.name)
    assert function.__closure__ is None
    tree = ast.parse(item.source)
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Try | ast.TryStar)]
    assert item.sentence.endswith((".", "!", "?"))


@pytest.mark.parametrize("item", EVERY, ids=lambda item: item.id)
def test_its_answer_holds_an_array_that_depends_on_the_inputs(oracle, item):
    found = [arrays(answer(oracle, item, secret)) for secret in SEEDS[:2]]
    assert all(found), f"{item.id} returns no array"
    assert any(not compare.agree(found[0], other) for other in found[1:]), (
        f"{item.id} returns the same arrays whatever is drawn"
    )


def runs_and_is_judged_right(oracle, item, secret):
    result = answer(oracle, item, secret)
    assert result
    if item.judge is not None:
        assert judged(item, result, item.inputs(generator(secret, item))) is None


@pytest.mark.parametrize("item", EVERY, ids=lambda item: item.id)
def test_it_runs_under_torch_and_its_judge_agrees(oracle, item):
    """Twenty seeds, or as many as a second allows; the slow test runs them all."""
    begun = time.perf_counter()
    for number, secret in enumerate(SEEDS):
        if number < 3 or time.perf_counter() - begun < 1:
            runs_and_is_judged_right(oracle, item, secret)


@pytest.mark.slow
@pytest.mark.parametrize("item", EVERY, ids=lambda item: item.id)
def test_it_runs_under_torch_for_twenty_seeds(oracle, item):
    for secret in SEEDS:
        runs_and_is_judged_right(oracle, item, secret)


@pytest.mark.parametrize("item", EVERY, ids=lambda item: item.id)
def test_the_same_seed_gives_the_same_answer_and_the_inputs_stay_as_they_were(oracle, item):
    inputs, before = (item.inputs(generator(SEEDS[0], item)) for _ in range(2))
    one = oracle.answer(item, inputs)
    assert compare.difference(before, inputs) is None
    assert compare.difference(one, oracle.answer(item, inputs)) is None
