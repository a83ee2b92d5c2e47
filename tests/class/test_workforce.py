"""Work in other processes: a process that dies costs its own job."""

import importlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from autograder.grade.workforce import in_processes, on_executor

Halve = Callable[[int], float]


@pytest.fixture
def halve(monkeypatch: pytest.MonkeyPatch) -> Halve:
    """A function that other processes can import."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    function: Halve = importlib.import_module("dying").halve
    return function


def test_a_process_that_dies_costs_one_job_and_an_exception_costs_one_job(halve: Halve) -> None:
    numbers = [*range(6), 13, 14, *range(20, 24)]
    outcomes = {outcome.job: outcome for outcome in in_processes(halve, numbers, 2)}
    assert sorted(outcomes) == sorted(numbers)
    for number, outcome in outcomes.items():
        if number == 13:
            assert outcome.result is None
            assert "ended unexpectedly" in str(outcome.failure)
        elif number == 14:
            assert outcome.failure == "The grader itself failed: ZeroDivisionError: fourteen"
        else:
            assert outcome.result == number / 2


def test_any_executor_takes_the_work(halve: Halve) -> None:
    with ThreadPoolExecutor(2) as executor:
        outcomes = list(on_executor(executor, halve, [2, 14, 4], 2))
    assert sorted(outcome.result for outcome in outcomes if outcome.result is not None) == [1, 2]
    assert [outcome.job for outcome in outcomes if outcome.failure] == [14]


def test_an_executor_that_is_broken_fails_every_job_and_not_the_run(halve: Halve) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        outcomes = list(on_executor(executor, halve, [13, 2, 4], 1))
    assert {outcome.job for outcome in outcomes} == {13, 2, 4}
    assert all(outcome.result is None for outcome in outcomes if outcome.job == 13)


def test_jobs_are_asked_for_as_they_are_needed(halve: Halve) -> None:
    asked: list[int] = []

    def jobs() -> Iterator[int]:
        for number in range(50):
            asked.append(number)
            yield number

    with ThreadPoolExecutor(1) as executor:
        first = next(iter(on_executor(executor, halve, jobs(), 1)))
    assert first.result is not None
    assert len(asked) < 10
