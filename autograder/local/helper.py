"""The process that checks for a notebook: it keeps torch loaded and answers one line at a time.

A request is a line of JSON, `{"lab": "lab3", "tasks": ["lab3.engine"] or null}`; so is the reply,
`{"record": …, "on": …}` or `{"refused": "one sentence"}`. It ends with its standard input.
"""

import importlib.util
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any, TextIO

from autograder.answers import Answers, AnswersError
from autograder.answers import local as local_answers
from autograder.course import Course, CourseError, Lab
from autograder.local.checking import check_own_work
from autograder.local.progress import remember
from autograder.sandbox import SandboxError
from autograder.solutions import MarkerError


def main(root: str) -> None:
    """Answer requests about the course in `root` until standard input ends."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    Helper(Course.load(Path(root))).serve(sys.stdin, replies)


class Helper:
    """Checks one course. While nobody asks it draws the next inputs and asks torch about them."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._prepared: dict[str, list[Answers]] = {}
        if importlib.util.find_spec("torch"):
            importlib.import_module("autograder.oracle")

    def serve(self, requests: TextIO, replies: TextIO) -> None:
        """Answer each line of `requests` by a line of `replies`."""
        for line in requests:
            request = json.loads(line)
            lab = self._course.lab(request["lab"])
            json.dump(self._reply(lab, request["tasks"]), replies)
            replies.write("\n")
            replies.flush()
            self._prepare(lab, request["tasks"])

    def _reply(self, lab: Lab, tasks: list[str] | None) -> dict[str, Any]:
        try:
            used = self._prepared.pop(lab.id, None)
            checked = check_own_work(self._course, lab, tasks, used=used)
        except (AnswersError, SandboxError, MarkerError, CourseError) as problem:
            return {"refused": str(problem)}
        except Exception as problem:
            # A defect of the grader: the notebook shows it, and the next check finds us alive.
            traceback.print_exc()
            return {"refused": f"The grader itself failed: {type(problem).__name__}: {problem}"}
        remember(self._course, lab, checked.record)
        return {"record": checked.record, "on": checked.on}

    def _prepare(self, lab: Lab, tasks: list[str] | None) -> None:
        """Ask torch now what the next check will ask, which is most often of the same tasks."""
        try:
            used = local_answers(self._course, lab.id)
        except AnswersError:
            return
        for each in used:
            for check in each.checks:
                if tasks is None or check.task in tasks:
                    each.expected(check)
        self._prepared[lab.id] = used
