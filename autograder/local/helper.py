"""The process that checks for a notebook: it keeps torch loaded and answers one line at a time.

A request is a line of JSON, `{"lab": "lab3", "tasks": ["lab3.engine"] or null}`; so is the reply,
`{"record": …, "on": …}` or `{"refused": "one sentence"}`. It ends with its standard input.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any, TextIO

from autograder.course import Course


def main(root: str) -> None:
    """Answer requests about the course in `root` until standard input ends."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    course = Course.load(Path(root))
    _warm_up(course)
    serve(course, sys.stdin, replies)


def serve(course: Course, requests: TextIO, replies: TextIO) -> None:
    """Answer each line of `requests` by a line of `replies`."""
    for line in requests:
        json.dump(_reply(course, json.loads(line)), replies)
        replies.write("\n")
        replies.flush()


def _warm_up(course: Course) -> None:
    """Do before the first request what takes long: import torch, read the checks."""
    from autograder import answers, tree

    if importlib.util.find_spec("torch"):
        importlib.import_module("autograder.oracle")
    for lab in course.labs:
        if (course.root / lab.files[0]).is_file():
            tree.given_files(course, lab.id)
            answers.local(course, lab.id)


def _reply(course: Course, request: dict[str, Any]) -> dict[str, Any]:
    from autograder.answers import AnswersError
    from autograder.local.checking import check_own_work
    from autograder.local.progress import remember
    from autograder.sandbox import SandboxError

    lab = course.lab(request["lab"])
    try:
        checked = check_own_work(course, lab, request["tasks"])
    except (AnswersError, SandboxError) as problem:
        return {"refused": str(problem)}
    remember(course, lab, checked.record)
    return {"record": checked.record, "on": checked.on}
