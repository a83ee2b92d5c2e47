"""What a grading process does in tests of its death."""

import os
import time


def halve(number: int) -> float:
    """Half of a number; 13 ends the process, 14 raises."""
    if number == 13:
        time.sleep(0.05)
        os._exit(9)
    if number == 14:
        raise ZeroDivisionError("fourteen")
    return number / 2
