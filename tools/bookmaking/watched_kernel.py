"""Runs in a kernel before the first cell: notes which files of the course the notebook reads.

The list is written when the kernel ends, to the path in `BOOK_READ_FILES`. The modules count with
their sources, since Python may have read compiled ones.
"""

import atexit
import json
import os
import sys
from pathlib import Path

root, listing, process = Path(os.environ["BOOK_ROOT"]), os.environ["BOOK_READ_FILES"], os.getpid()
opened: set[str] = set()


def note(event: str, arguments: tuple) -> None:
    if event == "open" and isinstance(arguments[0], str):
        opened.add(arguments[0])


def write() -> None:
    if os.getpid() != process:
        return
    modules = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    read = {Path(name).resolve() for name in [*opened, *filter(None, modules)]}
    inside = {path.relative_to(root) for path in read if path.is_relative_to(root)}
    kept = sorted(
        path.as_posix()
        for path in inside
        if (root / path).is_file()
        and not {".venv", ".git", "build", "__pycache__"}.intersection(path.parts)
    )
    Path(listing).write_text(json.dumps(kept), encoding="utf-8")


sys.addaudithook(note)
atexit.register(write)
