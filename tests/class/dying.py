"""What a grading process does in tests of its death."""

import os
import sys
import time

from autograder.grade.workforce import in_processes


def halve(number: int) -> float:
    """Half of a number; 13 ends the process, 14 raises."""
    if number == 13:
        time.sleep(0.05)
        os._exit(9)
    if number == 14:
        raise ZeroDivisionError("fourteen")
    return number / 2


def wait_long(file: str) -> None:
    """Writes this process's number into a file, then waits."""
    with open(file, "w") as stream:
        stream.write(str(os.getpid()))
    time.sleep(60)


if __name__ == "__main__":
    list(in_processes(wait_long, sys.argv[1:], 1))
