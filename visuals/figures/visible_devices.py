"""Which accelerators a program sees after a line in a shell, and under which numbers."""

from __future__ import annotations

import re

from visuals.visual import Prediction, Table, Visual

VARIABLE = "CUDA_VISIBLE_DEVICES"
LINES = (
    f"export {VARIABLE}=2,0",
    f"export {VARIABLE}=1",
    f"export {VARIABLE}=0,-1,1",
    f"export {VARIABLE}=2,2",
    f"export {VARIABLE}=",
    f"export {VARIABLE} = 1",
    f"export {VARIABLE.removesuffix('S')}=1",
    f"{VARIABLE}=3",
    f"{VARIABLE}=3 python train.py",
)
PREDICT = Prediction(
    f"A machine has four GPUs, 0 to 3. With {VARIABLE}=2,0, which of them is cuda:0?",
    ("GPU 0", "GPU 2", "There is no cuda:0 then"),
    answer=1,
    because="The list is renumbered: its first entry is cuda:0.",
)


def visible_devices(
    line: str = LINES[0], count: int = 4, *, predict: Prediction | None = PREDICT
) -> Visual:
    """The GPUs of a machine, and those that a program sees after `line` was typed in a shell.

    Args:
        line: what is in the field when the figure opens.
        count: how many GPUs the machine has.
    """
    rows = []
    for each in LINES:
        text, said = typed(each)
        seen = visible(text, count)
        numbers = ", ".join(f"cuda:{new} is GPU {old}" for new, old in enumerate(seen))
        rows.append((each, numbers or "none", said))
    return Visual(
        "visible_devices",
        data={"line": line, "lines": list(LINES), "count": count, "variable": VARIABLE},
        title="Which GPU is cuda:0?",
        description="A row of boxes for the GPUs of the machine with their numbers, and a row for "
        "the devices that the program sees, cuda:0 first, joined by lines. A field takes a line as "
        "one types it in a shell; what the shell or the program makes of it is written below.",
        table=Table(("typed", "the program sees", "remark"), rows),
        predict=predict,
    )


def visible(text: str | None, count: int) -> list[int]:
    """The numbers on the machine of the devices that remain; `None` where nothing is set.

    The list ends before the first entry that names no device; one named twice leaves none.
    """
    if text is None:
        return list(range(count))
    found: list[int] = []
    for entry in text.split(","):
        number = re.match(r"\s*[+-]?\d+", entry)
        if number is None or int(number[0]) < 0:
            break
        if int(number[0]) in found:
            return []
        found.append(int(number[0]))
    missing = next((at for at, number in enumerate(found) if number >= count), len(found))
    return found[:missing]


def typed(line: str) -> tuple[str | None, str]:
    """What a program started afterwards finds in the variable, and a remark.

    The lines are those of a POSIX shell such as bash.
    """
    form = re.fullmatch(
        r"\s*(?P<export>export\s+)?(?P<name>[A-Za-z_]\w*)(?P<gap>\s*)="
        r"(?P<value>\"[^\"]*\"|'[^']*'|\S*)(?P<rest>.*)",
        line,
    )
    if form is None:
        return None, "This sets no variable."
    value, rest = form["value"].strip("\"'"), form["rest"].strip()
    if form["gap"] and form["export"]:
        return None, "bash: export: `=': not a valid identifier. Nothing is set."
    if form["gap"]:
        return None, f"bash: {form['name']}: command not found. Nothing is set."
    if form["name"] != VARIABLE:
        return None, f"{form['name']} is set, and nobody reads it. There is no error."
    if form["export"]:
        wrong = next((word for word in rest.split() if not re.match(r"[A-Za-z_]", word)), None)
        if wrong is not None:
            return value, f"bash: export: `{wrong}': not a valid identifier. Only {value!r} is set."
        return value, "Set for every program started from this shell."
    if rest:
        return value, "Set for this one program."
    return None, "Set in the shell only: without export no program gets it."
