"""Work in other processes: a process that dies costs its own job."""

import importlib
import os
import subprocess
import sys
import time
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


@pytest.mark.skipif(os.name != "posix", reason="asks for a process by its number")
def test_the_processes_of_a_run_that_was_killed_end_too(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    script = [sys.executable, str(Path(__file__).with_name("dying.py")), str(file)]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(script, env={**os.environ, "PYTHONPATH": str(root)}) as run:
        while not (file.exists() and file.read_text()):
            assert run.poll() is None
            time.sleep(0.05)
        run.kill()
    worker = int(file.read_text())
    deadline = time.monotonic() + 30
    while is_there(worker):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_there(pid: int) -> bool:
    """Whether a process runs; one that nobody has waited for yet does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.is_file() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


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
