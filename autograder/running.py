"""A check on its way to the worker, and the part of a reply that counts."""

from typing import Any

from autograder import sandbox
from autograder.checks.spec import Check
from autograder.diagnosis import Answer


def program(check: Check, inputs: dict[str, Any], name: str | None = None) -> sandbox.Program:
    """What the worker runs for a check; `name` is its id in the reply."""
    return sandbox.Program(
        id=name or check.id,
        source=check.source,
        inputs=inputs,
        takes_kit=check.takes_kit,
        seconds=check.seconds,
        processes=check.processes,
    )


def answer_of(reply: sandbox.Reply) -> Answer:
    """The part of a reply that comparison and diagnosis look at."""
    return Answer(reply.outcome, reply.result, reply.error_class)
