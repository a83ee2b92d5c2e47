"""A fresh clone, in a path with a space: `make lab` serves and keeps the course, tests pass.

python3 .ci/fresh_clone.py        exits 0 when all of it holds
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SET_UP_SECONDS = 900
START_SECONDS = 90
TESTS = "tests/course tests/release"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make(clone: Path, *arguments: str) -> list[str]:
    return ["make", "--no-print-directory", "-C", str(clone), *arguments]


def serve_once(clone: Path, seconds: float) -> None:
    """Run `make lab` until JupyterLab lists the course's folders, then end it as Ctrl-C does."""
    port = free_port()
    began = time.monotonic()
    options = f"ARGS=--no-browser --port {port} --ServerApp.token="
    server = subprocess.Popen(make(clone, "lab", options), start_new_session=True)
    try:
        listing = wait_for(f"127.0.0.1:{port}/api/contents", server, seconds)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
    for folder in ("labs", "dltk", "lectures"):
        if f'"path": "{folder}"' not in listing:
            raise SystemExit(
                f"JupyterLab does not serve {folder}/ of the student course: {listing}"
            )
    print(f"make lab served the course after {time.monotonic() - began:.0f} s", flush=True)


def wait_for(place: str, server: subprocess.Popen, seconds: float) -> str:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SystemExit(f"make lab ended with status {server.returncode}")
        try:
            with urllib.request.urlopen(f"http{':'}//{place}", timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"make lab did not answer within {seconds:.0f} s")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="a fresh clone ") as scratch:
        clone = Path(scratch) / "of the course"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        serve_once(clone, SET_UP_SECONDS)
        changed = clone / "workspace" / "dltk" / "autograd" / "engine.py"
        changed.write_text("# a student's own work\n", encoding="utf-8")
        serve_once(clone, START_SECONDS)
        if changed.read_text(encoding="utf-8") != "# a student's own work\n":
            raise SystemExit(f"make lab changed {changed}")
        return subprocess.run(make(clone, "test", f"ARGS={TESTS}")).returncode


if __name__ == "__main__":
    sys.exit(main())
