"""A grading round: inputs drawn from a secret, answers asked of torch, each computed once."""

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from autograder import checks as all_checks
from autograder import wire
from autograder.answers.recorded import OUR_LIMITS, AnswersError, Recorded, as_sent, digest
from autograder.checks.spec import Check
from autograder.course import Course
from autograder.diagnosis import Answer

if TYPE_CHECKING:
    from autograder.misconceptions.spec import Misconception

SECRET_BYTES = 32
_ROUND, _SECRET, _ANSWERS = "round.json", "secret", "answers.msgpack"
Progress = Callable[[int, int], None]


class Round:
    """A grading round: inputs from its secret, answers from torch, each computed once.

    What a student may see is `name`, a hash of the secret.
    """

    kind = "torch"

    def __init__(
        self,
        course: Course,
        lab_id: str,
        secret: bytes,
        *,
        checks: Sequence[Check] | None = None,
        misconceptions: "Sequence[Misconception] | None" = None,
        level: str | None = None,
    ):
        self.course, self.lab_id, self.secret, self.level = course, lab_id, secret, level
        self.checks = all_checks.load(lab_id, course) if checks is None else list(checks)
        if misconceptions is None:
            misconceptions = _misconceptions(course, lab_id)
        self._wrong = [item for item in misconceptions if not item.right]
        self.sentences = {item.id: item.sentence for item in self._wrong}
        self.name = hashlib.sha256(secret).hexdigest()
        self._inputs: dict[str, dict[str, Any]] = {}
        self._expected: dict[str, dict[str, Any]] = {}
        self._known: dict[str, dict[str, Answer]] = {}

    def inputs(self, check: Check) -> dict[str, Any]:
        """The inputs of a check: the same for every submission of the round."""
        if check.id not in self._inputs:
            self._inputs[check.id] = as_sent(check.inputs(generator(self.secret, check)))
        return as_sent(self._inputs[check.id])

    def expected(self, check: Check) -> dict[str, Any]:
        """What torch returns."""
        if check.id not in self._expected:
            from autograder import oracle

            self._expected[check.id] = oracle.answer(check, self.inputs(check))
        return self._expected[check.id]

    def misconceptions(self, check: Check) -> dict[str, Answer]:
        """What each misconception of the check's task gives, by its id."""
        if check.id not in self._known:
            self._run_misconceptions([item for item in self._wrong if item.task == check.task])
            for other in self.checks:
                if other.task == check.task:
                    self._known.setdefault(other.id, {})
        return self._known[check.id]

    def prepare(self, progress: Progress | None = None) -> None:
        """Compute everything; `progress` is told how many of how many steps are done."""
        pending = [item for item in self._wrong if not self._is_known(item)]
        steps = len(self.checks) + len(pending)
        for done, check in enumerate(self.checks, 1):
            self.expected(check)
            if progress:
                progress(done, steps)
        self._run_misconceptions(pending, progress and _shifted(progress, len(self.checks), steps))
        for check in self.checks:
            self._known.setdefault(check.id, {})

    def pack(self) -> bytes:
        """Everything as bytes without the secret; `Recorded.unpack` reads them."""
        self.prepare()
        entries = {
            check.id: {
                "source": digest(check),
                "inputs": self._inputs[check.id],
                "expected": self._expected[check.id],
                "misconceptions": {
                    name: [known.outcome, known.result, known.error_class]
                    for name, known in self._known[check.id].items()
                },
            }
            for check in self.checks
        }
        whole = {
            "lab": self.lab_id,
            "name": self.name,
            "sentences": self.sentences,
            "checks": entries,
        }
        return wire.encode(whole, OUR_LIMITS)

    def save(self, folder: Path, progress: Progress | None = None) -> None:
        """Write the round into `folder`, the secret readable by its owner only."""
        self.prepare(progress)
        folder.mkdir(parents=True, exist_ok=True)
        with open(
            os.open(folder / _SECRET, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w"
        ) as file:
            file.write(self.secret.hex() + "\n")
        _replace(folder / _ANSWERS, self.pack())
        about = {"lab": self.lab_id, "secret_sha256": self.name, "numpy": np.__version__}
        _replace(folder / _ROUND, (json.dumps(about, indent=1) + "\n").encode())

    @classmethod
    def resume(cls, course: Course, lab_id: str, folder: Path, **options: Any) -> "Round":
        """The round that was saved in `folder`; `AnswersError` where it is not whole.

        Its answers are those that were saved: they are not computed again.
        """
        about, secret = _read_round(folder, lab_id)
        round_ = cls(course, lab_id, secret, **options)
        if about["secret_sha256"] != round_.name:
            raise AnswersError(f"The secret in {folder} is not that of its {_ROUND}.")
        saved = Recorded.unpack((folder / _ANSWERS).read_bytes(), round_.checks)
        for check in round_.checks:
            round_._inputs[check.id] = saved.inputs(check)
            round_._expected[check.id] = saved.expected(check)
            round_._known[check.id] = saved.misconceptions(check)
        round_.sentences = saved.sentences
        return round_

    @classmethod
    def open(
        cls,
        course: Course,
        lab_id: str,
        folder: Path,
        secret: bytes | None = None,
        progress: Progress | None = None,
        **options: Any,
    ) -> "Round":
        """The round saved in `folder`, or a new one saved there (of `secret`, or a fresh one)."""
        if (folder / _ROUND).exists():
            return cls.resume(course, lab_id, folder, **options)
        round_ = cls(course, lab_id, secret or secrets.token_bytes(SECRET_BYTES), **options)
        round_.save(folder, progress)
        return round_

    def _is_known(self, item: "Misconception") -> bool:
        return any(item.id in known for known in self._known.values())

    def _run_misconceptions(
        self, items: "Sequence[Misconception]", progress: Progress | None = None
    ) -> None:
        if not items:
            return
        from autograder import variants

        def run(item: "Misconception") -> dict[str, Answer]:
            mine = [(check, self.inputs(check)) for check in self.checks if check.task == item.task]
            return variants.answers_of(self.course, item, mine, self.level)

        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            for done, (item, found) in enumerate(zip(items, pool.map(run, items), strict=True), 1):
                for check_id, known in found.items():
                    self._known.setdefault(check_id, {})[item.id] = known
                if progress:
                    progress(done, len(items))


def generator(secret: bytes, check: Check) -> np.random.RandomState:
    """The stream a check draws from; NumPy has frozen it, so that a round can be replayed."""
    digest = hashlib.sha256(secret + check.id.encode("utf-8")).digest()
    return np.random.RandomState(np.frombuffer(digest, dtype="<u4"))


def _misconceptions(course: Course, lab_id: str) -> "list[Misconception]":
    """Those of the author's course; a student course ships without them."""
    if course.is_student:
        return []
    from autograder import misconceptions

    return misconceptions.load(lab_id, course)


def _shifted(progress: Progress, by: int, steps: int) -> Progress:
    return lambda done, _: progress(by + done, steps)


def _read_round(folder: Path, lab_id: str) -> tuple[dict[str, Any], bytes]:
    try:
        about = json.loads((folder / _ROUND).read_text(encoding="utf-8"))
        secret = bytes.fromhex((folder / _SECRET).read_text(encoding="utf-8"))
        there = about["lab"], about["secret_sha256"]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise AnswersError(f"The round in {folder} cannot be read: {problem}.") from None
    if there[0] != lab_id:
        raise AnswersError(f"The round in {folder} is one of {there[0]}, not of {lab_id}.")
    return about, secret


def _replace(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(data)
    beside.replace(path)
