"""How long a student waits for `check(…)` in a notebook whose kernel is already in use."""

import os
import time
from pathlib import Path

from jupyter_client.manager import KernelManager

SECONDS_AT_MOST = 120


def seconds_of_checks(course: Path, task: str, repeat: int) -> list[float]:
    """Wall seconds of the first check after the import, then of each repetition."""
    manager = KernelManager()
    variables = {**os.environ, "PYTHONPATH": str(course)}
    manager.start_kernel(cwd=str(course / "labs"), env=variables)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=SECONDS_AT_MOST)
        _execute(client, "from autograder.notebook import check")
        return [_execute(client, f"result = check({task!r}); result") for _ in range(repeat + 1)]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def _execute(client, source: str) -> float:
    """Seconds until the cell is done; its error, if it raises one, is raised here."""
    began = time.perf_counter()
    shown: list[dict] = []
    reply = client.execute_interactive(
        source, timeout=SECONDS_AT_MOST, output_hook=shown.append, store_history=False
    )
    seconds = time.perf_counter() - began
    if reply["content"]["status"] != "ok":
        raise RuntimeError("\n".join(reply["content"]["traceback"]))
    if source.startswith("result") and not any("text/html" in str(part) for part in shown):
        raise RuntimeError(f"the check showed no result: {shown}")
    return seconds
