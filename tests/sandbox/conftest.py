"""A worker of each level that this machine has, on a tiny graded package."""

from pathlib import Path

import pytest
from tiny_submission import LIMITS, need, write_tree

from autograder import sandbox
from autograder.sandbox import levels


@pytest.fixture(scope="session")
def tree(tmp_path_factory) -> Path:
    return write_tree(tmp_path_factory.mktemp("submission"), {})


@pytest.fixture(scope="session", params=levels.LEVELS)
def level(request) -> str:
    return need(request.param)


@pytest.fixture(scope="session")
def worker(level, tree):
    with sandbox.Worker(tree, level, LIMITS) as opened:
        yield opened


@pytest.fixture(scope="session", params=levels.LEVELS[:2])
def strong(request, tree):
    """A worker of a level that an instructor may trust."""
    with sandbox.Worker(tree, need(request.param), LIMITS) as opened:
        yield opened
