"""What the whole process knows about recording."""

import threading
from typing import Any


class State(threading.local):
    """Switches that every operation looks at; each thread has its own.

    `enabled`: whether operations are recorded, as set by `no_grad` and its kin.
    `inference`: whether results are barred from ever being recorded.
    `levels`: the open levels of forward mode, innermost last.
    `observer`: told of every operation inside of a level of forward mode, see `dltk.trace`.
    """

    def __init__(self):
        self.enabled = True
        self.inference = False
        self.levels: list[int] = []
        self.observer: Any = None


class Tracking:
    """Whether any tensor asked for gradients yet, and whether there is more to do than usual.

    `forward`: a level of forward mode was opened, or a device other than the CPU is in use.

    All threads share this object. Where it says no, an operation need not ask `state`, which is
    slower to look at because each thread has its own.
    """

    on = False
    forward = False


state = State()
tracking = Tracking()
