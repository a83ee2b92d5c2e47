"""What the environment says of devices."""

from __future__ import annotations

import os
import re


def leading_number(text: str) -> int:
    """The integer that `text` begins with, as C reads it; -1 where it begins with none."""
    found = re.match(r"\s*([+-]?\d+)", text)
    return int(found[1]) if found else -1


def simulated_devices() -> int:
    """How many simulated accelerators the machine has: `DLTK_SIM_DEVICES`, by default 1.

    Raises:
        RuntimeError: the variable does not hold a number of devices.
    """
    text = os.environ.get("DLTK_SIM_DEVICES", "1")
    if not re.fullmatch(r"\d+", text.strip(), re.ASCII):
        raise RuntimeError(
            f"DLTK_SIM_DEVICES is the number of simulated devices, such as 2, not {text!r}"
        )
    return int(text)
