"""Make the sample class and grade it: what `make grade` runs. Options go to `autograder grade`."""

import shutil
import sys
from pathlib import Path

from make_class import described, make_class

from autograder.cli import main
from autograder.course import Course

ROOT = Path(__file__).resolve().parents[1]


def grade_sample_class(options: list[str]) -> None:
    """Write the class into `build/class`, its grades into `build/grades`, from the beginning."""
    submissions, out = ROOT / "build" / "class", ROOT / "build" / "grades"
    make_class(Course.load(ROOT), submissions)
    shutil.rmtree(out, ignore_errors=True)
    grade = ["grade", str(submissions), "--lab", described()["lab"], "--out", str(out)]
    main([*grade, *options], prog_name="autograder")


if __name__ == "__main__":
    grade_sample_class(sys.argv[1:])
