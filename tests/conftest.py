"""What holds for all tests, and what is said at the end: how much of dltk agreed with torch."""

import sys
import zlib
from collections import Counter

import hypothesis
import numpy as np
import pytest

PROGRAM = "test_a_program_agrees_with_torch_at_every_step["
OF_WORKERS: Counter[str] = Counter()

# A test that failed fails again. `pytest --hypothesis-profile default` looks for what is new.
hypothesis.settings.register_profile("repeatable", derandomize=True, database=None)
hypothesis.settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def drawn_numbers_depend_on_the_test_alone(request):
    """Seeds the `numbers` of a module by its test: a failure comes again in any order."""
    numbers = getattr(request.module, "numbers", None)
    if isinstance(numbers, np.random.RandomState):
        numbers.seed(zlib.crc32(request.node.nodeid.encode()))


def cases() -> dict[str, int]:
    """How many variations of each operation agreed in this process."""
    variations = sys.modules.get("variations")
    return {name: len(each) for name, each in variations.AGREED.items()} if variations else {}


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["cases"] = cases()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    OF_WORKERS.update(getattr(node, "workeroutput", {}).get("cases", {}))


def pytest_terminal_summary(terminalreporter):
    agreed = Counter(cases()) + OF_WORKERS
    if agreed:
        terminalreporter.write_line(
            f"{len(agreed)} operations, {agreed.total()} cases agree with torch"
        )
    programs = sum(PROGRAM in each.nodeid for each in terminalreporter.stats.get("passed", []))
    if programs:
        terminalreporter.write_line(f"{programs} whole programs agree with torch")
