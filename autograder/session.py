"""Grading one lab of one submission: its files in, one record out."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from autograder import diagnosis, solutions, tree, verdict
from autograder.answers import Answers
from autograder.checks.spec import Check
from autograder.course import Course, Lab, Task
from autograder.running import program
from autograder.sandbox import Limits, Reply, Worker
from autograder.verdict import Verdict

Record = dict[str, Any]
_DIGITS = 4


def grade(
    course: Course,
    lab_id: str,
    student_files: Mapping[str, bytes],
    answers: Answers | Sequence[Answers],
    *,
    student: str = "",
    level: str | None = None,
    tasks: Collection[str] | None = None,
    limits: Limits | None = None,
) -> Record:
    """Grade the files of one submission against `answers` and return its record.

    With several answers a check passes if it passes under all of them. `tasks` limits the record to
    some tasks of the lab, `limits` are those of the sandbox. Scores are fractions within
    [0, maximum]: the points of a task are split over its checks by their weight.
    """
    lab = course.lab(lab_id)
    session = _Session(course, lab, student_files, _as_list(answers), level, limits)
    chosen = [task for task in lab.automatic_tasks if tasks is None or task.id in tasks]
    first = session.run(session.checks_of(chosen), "reference")
    second: dict[str, Verdict] = {}
    failed = [check for check in session.checks_of(chosen) if not first[check.id].passed]
    if failed and session.can_run_on_own_labs:
        second = session.run(failed, "student")
    better = {name for name, result in second.items() if result.passed}
    graded_on = "own" if course.is_student else "student" if better else "reference"
    verdicts = first | {name: second[name] for name in better}
    rows = [session.row(task, verdicts, better) for task in chosen]
    maximum = sum(task.points for task in chosen)
    return {
        "student": student,
        "lab": lab.id,
        "sandbox": session.level,
        "round": session.answers[0].name,
        "points": _within(sum(row["points"] for row in rows), maximum),
        "max_points": maximum,
        "error": None,
        "tasks": rows,
        "ignored": session.report.ignored,
        "added": session.report.added,
        "unusable": session.report.unusable,
        "package_path": session.package_path,
        "graded_on": graded_on,
        "answers": [answers.kind for answers in session.answers],
    }


class _Session:
    """One submission on its way: the trees that were built, and what the workers said."""

    def __init__(
        self,
        course: Course,
        lab: Lab,
        student_files: Mapping[str, bytes],
        answers: list[Answers],
        level: str | None,
        limits: Limits | None,
    ):
        self.course, self.lab, self.files, self.answers = course, lab, student_files, answers
        self.level = level or ""
        self._asked_level = level
        self._limits = limits or Limits()
        self.report = tree.TreeReport()
        self.package_path = ""

    @property
    def can_run_on_own_labs(self) -> bool:
        """Whether a second run would see anything else than the first."""
        return not self.course.is_student and tree.has_earlier_work(
            self.course, self.lab.id, self.files
        )

    def checks_of(self, tasks: Sequence[Task]) -> list[Check]:
        wanted = {task.id for task in tasks}
        return [check for check in self.answers[0].checks if check.task in wanted]

    def run(self, checks: Sequence[Check], earlier: tree.Earlier) -> dict[str, Verdict]:
        """A verdict for each check, on a tree of its own."""
        with tree.temporary_folder() as folder:
            report = tree.build(self.course, self.lab.id, self.files, Path(folder), earlier)
            if earlier == "reference":
                self.report = report
            unusable = self._unusable_tasks(report)
            verdicts = {
                check.id: verdict.of_unusable(check, unusable[check.task])
                for check in checks
                if check.task in unusable
            }
            runnable = [check for check in checks if check.task not in unusable]
            with Worker(
                Path(folder), self._asked_level, self._limits, own=self.lab.files
            ) as worker:
                self.level = worker.level
                for task in dict.fromkeys(check.task for check in runnable):
                    mine = [check for check in runnable if check.task == task]
                    verdicts |= self._verdicts(worker, task, mine)
        return verdicts

    def _unusable_tasks(self, report: tree.TreeReport) -> dict[str, str]:
        """For each task with a blank in a file that cannot be graded, why."""
        if not report.unusable:
            return {}
        return {
            task: report.unusable[path]
            for task, places in solutions.blanks_of(self.course).items()
            for path, _ in places
            if path in report.unusable
        }

    def _verdicts(self, worker: Worker, task: str, checks: Sequence[Check]) -> dict[str, Verdict]:
        programs = [
            program(check, answers.inputs(check), f"{check.id} {number}")
            for number, answers in enumerate(self.answers)
            for check in checks
        ]
        replies = {reply.id: reply for reply in worker.run(task, programs)}
        found: dict[str, Verdict] = {}
        for check in checks:
            mine = [replies[f"{check.id} {number}"] for number in range(len(self.answers))]
            self._note_path(mine)
            found[check.id] = self._worst(check, mine)
        return found

    def _note_path(self, replies: Sequence[Reply]) -> None:
        for reply in replies:
            self.package_path = self.package_path or reply.package_path

    def _worst(self, check: Check, replies: Sequence[Reply]) -> Verdict:
        """The first failure under one of the answers, else the pass."""
        results = [
            verdict.of_reply(check, reply, answers)
            for reply, answers in zip(replies, self.answers, strict=True)
        ]
        return next((result for result in results if not result.passed), results[0])

    def row(self, task: Task, verdicts: Mapping[str, Verdict], better: Collection[str]) -> Record:
        """The part of the record about one task."""
        checks = [check for check in self.answers[0].checks if check.task == task.id]
        whole = sum(Fraction(check.weight) for check in checks)
        failed = {
            check.id: verdicts[check.id].explained_by
            for check in checks
            if not verdicts[check.id].passed
        }
        passed = (
            [check for check in checks if check.id not in failed] if any(failed.values()) else []
        )
        against = Counter(
            name for check in passed for name in verdict.contradicts(check, self.answers[0])
        )
        raised = {name for name in failed if verdicts[name].raised}
        diagnoses = diagnosis.diagnose(failed, self._sentences, against, raised)
        earned = Fraction(0)
        rows = []
        for check in checks:
            result = verdicts[check.id]
            share = task.points * Fraction(check.weight) / whole
            earned += share if result.passed else 0
            rows.append(
                {
                    "name": check.name,
                    "sentence": check.sentence,
                    "passed": result.passed,
                    "points": round(float(share), _DIGITS) if result.passed else 0.0,
                    "max_points": round(float(share), _DIGITS),
                    "message": result.message,
                    "diagnosis": diagnoses.get(check.id),
                    "seconds": round(result.seconds, _DIGITS),
                    "graded_on": "student" if check.id in better else "reference",
                }
            )
        return {
            "id": task.id,
            "points": _within(float(earned), task.points),
            "max_points": task.points,
            "needs": list(task.needs),
            "checks": rows,
        }

    @property
    def _sentences(self) -> dict[str, str]:
        return {
            name: sentence
            for answers in reversed(self.answers)
            for name, sentence in answers.sentences.items()
        }


def _as_list(answers: Answers | Sequence[Answers]) -> list[Answers]:
    return list(answers) if isinstance(answers, Sequence) else [answers]


def _within(points: float, maximum: int) -> float:
    return min(max(round(float(points), _DIGITS), 0.0), float(maximum))
