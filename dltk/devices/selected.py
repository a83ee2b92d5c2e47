"""The devices that a thread selected."""

from __future__ import annotations

import threading
from typing import Any


class Selected(threading.local):
    """`indices`: the current device's number for each kind; `defaults`: the open `with device`."""

    def __init__(self) -> None:
        self.indices: dict[str, int] = {}
        self.defaults: list[Any] = []


selected = Selected()
