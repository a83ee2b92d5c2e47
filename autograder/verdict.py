"""From one reply of the worker to one verdict: passed, or why not."""

from dataclasses import dataclass
from typing import Any

from autograder import compare, diagnosis, messages
from autograder.answers import Answers
from autograder.checks.spec import Check
from autograder.running import answer_of
from autograder.sandbox import Reply


@dataclass(frozen=True)
class Verdict:
    """What became of one check. `explained_by` are the misconceptions that give the same answer.

    `raised`: the answer was an error, so they only end in an error of the same class.
    """

    passed: bool
    message: str = ""
    seconds: float = 0.0
    explained_by: tuple[str, ...] = ()
    raised: bool = False


def of_reply(check: Check, reply: Reply, answers: Answers) -> Verdict:
    """Passed only if everything agrees; a blank that was touched is never a pass."""
    message = _what_is_wrong(check, reply, answers)
    if message is None:
        return Verdict(True, seconds=reply.seconds)
    explained_by = _explained_by(check, reply, answers)
    return Verdict(False, message, reply.seconds, explained_by, reply.outcome == "error")


def of_unusable(check: Check, sentence: str) -> Verdict:
    """The file with the task's blank cannot be graded."""
    return Verdict(False, messages.of_unusable(check, sentence))


def _what_is_wrong(check: Check, reply: Reply, answers: Answers) -> str | None:
    if reply.outcome == "blank":
        return messages.of_blank(check, reply.blank)
    inputs = answers.inputs(check)
    expected = answers.expected(check)
    if reply.outcome == "error":
        raised = reply.message or str(reply.error_class)
        return messages.of_error(check, inputs, expected, raised)
    if reply.outcome != "ok":
        return messages.of_outcome(check, reply.outcome, reply.message)
    if check.judge is None:
        found = compare.difference(expected, reply.result, check.tolerance)
        return None if found is None else messages.of_difference(check, inputs, found)
    sentence = judged(check, reply.result, inputs)
    if sentence is None:
        return None
    return messages.of_judgement(check, inputs, reply.result, expected, sentence)


def judged(check: Check, result: Any, inputs: dict[str, Any]) -> str | None:
    """What a check's judge says; a result it cannot read is wrong, whatever it holds."""
    if check.judge is None:
        raise ValueError(f"{check.id} has no judge.")
    try:
        sentence = check.judge(result, inputs)
    except Exception as problem:
        return f"The result is not of the expected form ({type(problem).__name__}: {problem})."
    if sentence is None or isinstance(sentence, str):
        return sentence
    raise TypeError(f"{check.where}: the judge of {check.id} returned {sentence!r}.")


def contradicts(check: Check, answers: Answers) -> tuple[str, ...]:
    """The misconceptions that a passed check speaks against: those it would have failed."""
    expected = answers.expected(check)
    return tuple(
        name
        for name, known in answers.misconceptions(check).items()
        if diagnosis.is_wrong(known, expected, check.tolerance)
    )


def _explained_by(check: Check, reply: Reply, answers: Answers) -> tuple[str, ...]:
    got = answer_of(reply)
    if got.outcome not in ("ok", "error"):
        return ()
    expected = answers.expected(check)
    return tuple(
        name
        for name, known in answers.misconceptions(check).items()
        if diagnosis.explains(got, known, expected, check.tolerance)
    )
