"""Diagnosis: a wrong answer is known by the misconception that gives the same one."""

import numpy as np
import pytest

from autograder.diagnosis import Answer, clause, diagnose, explains, is_wrong, told

RIGHT = {"x": np.array([1.0, 2.0])}
WRONG = {"x": np.array([1.0, 3.0])}


def answer(result):
    return Answer("ok", result)


def test_the_same_wrong_answer_explains():
    assert explains(answer({"x": np.array([1.0, 3.0])}), answer(WRONG), RIGHT)


def test_another_wrong_answer_explains_nothing():
    assert not explains(answer({"x": np.array([1.0, 4.0])}), answer(WRONG), RIGHT)


def test_a_misconception_that_is_right_here_explains_nothing():
    assert not explains(answer(RIGHT), answer(RIGHT), RIGHT)


def test_the_same_error_explains_and_another_does_not():
    recursion = Answer("error", None, "RecursionError")
    assert explains(recursion, recursion, RIGHT)
    assert not explains(Answer("error", None, "ValueError"), recursion, RIGHT)
    assert not explains(recursion, answer(WRONG), RIGHT)


@pytest.mark.parametrize("outcome", ["timeout", "crash", "memory", "blank", "not_run"])
def test_an_outcome_without_an_answer_explains_nothing(outcome):
    assert not explains(Answer(outcome), Answer(outcome), RIGHT)


def test_the_misconception_behind_most_failures_of_the_task_is_told():
    candidates = {"one": ["a", "b"], "two": ["b"], "three": [], "four": ["a"], "five": ["b"]}
    found = diagnose(candidates, {"a": "a is so.", "b": "b is so."})
    a, b = told("a is so."), told("b is so.")
    assert found == {"one": b, "two": b, "three": None, "four": a, "five": b}


def test_among_equals_the_one_that_fits_what_passed_too_is_told():
    sentences = {"a": "a is so.", "b": "b is so."}
    found = diagnose({"one": ["a", "b"]}, sentences, {"a": 3, "b": 1})
    assert found == {"one": told("b is so.")}
    assert is_wrong(answer(WRONG), RIGHT)
    assert is_wrong(Answer("error", None, "RecursionError"), RIGHT)
    assert not is_wrong(answer(RIGHT), RIGHT)


def test_among_equals_the_one_written_first_is_told():
    found = diagnose({"one": ["b", "a"]}, {"a": "a is so.", "b": "b is so."})
    assert found == {"one": told("a is so.")}


def test_where_only_the_class_of_an_error_agrees_less_is_claimed():
    found = diagnose({"one": ["a"], "two": ["a"]}, {"a": "a is so."}, raised={"two"})
    assert found == {"one": told("a is so."), "two": "One way to an error of this kind: a is so."}


@pytest.mark.parametrize(
    ("sentence", "end"),
    [
        ("The gradient is not summed.", "the gradient is not summed"),
        ("-1 is left as it is.", "-1 is left as it is"),
        ("VJPs are transposed.", "VJPs are transposed"),
        ("A copy is made.", "a copy is made"),
    ],
)
def test_the_sentence_completes_what_the_answer_is(sentence, end):
    assert clause(sentence) == end
    assert told(sentence) == f"Your answer is what you get if {end}."
