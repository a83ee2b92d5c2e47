"""What is asked of a worker and what it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

OUTCOMES = (
    "ok",
    "error",
    "blank",
    "timeout",
    "crash",
    "memory",
    "flood",
    "import_error",
    "forbidden",
    "not_run",
)
MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """What a submission may use. Bytes and seconds, for each check unless the name says otherwise.

    A check's `seconds` are CPU seconds; `wall_factor` times as many may pass on the clock, so that
    a loaded machine fails nobody.
    """

    import_seconds: float = 3.0
    wall_factor: float = 3.0
    submission_seconds: float = 900.0
    timeouts_per_task: int = 2
    memory_bytes: int = 1536 * MIB
    file_bytes: int = 32 * MIB
    scratch_bytes: int = 64 * MIB
    wire_bytes: int = 16 * MIB
    submission_wire_bytes: int = 256 * MIB
    printed_characters: int = 20_000
    printed_flood_bytes: int = 8 * MIB
    open_files: int = 64
    processes: int = 16
    user_processes: int = 4096


@dataclass(frozen=True)
class Program:
    """One check's program: the source of one function, its inputs by name, and what it may do."""

    id: str
    source: str
    inputs: dict[str, Any]
    takes_kit: bool = False
    seconds: float = 5.0
    processes: bool = False


@dataclass(frozen=True)
class Reply:
    """What became of one program.

    `outcome` is one of `OUTCOMES`; `result` is there for "ok" alone, plain values and arrays.
    `error_class` is the nearest built-in class, `message` one sentence, `blank` the task whose
    blank was touched, `printed` what the program printed (cut, control characters escaped),
    `seconds` on the clock, `package_path` the file that `import` was going to run.
    """

    id: str
    outcome: str
    result: dict[str, Any] | None = None
    error_class: str | None = None
    message: str = ""
    blank: str | None = None
    printed: str = ""
    seconds: float = 0.0
    package_path: str = field(default="")
