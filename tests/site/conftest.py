"""The book, made once for all tests, served on this machine and opened in a browser."""

import functools
import http.server
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build" / "site"


def _make_book() -> subprocess.CompletedProcess:
    command = [sys.executable, "tools/book.py"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


class Book:
    """The made book and what its making said."""

    def __init__(self, making: subprocess.CompletedProcess):
        self.making = making
        self.folder = SITE

    @functools.cached_property
    def pages(self) -> list[str]:
        """The paths of all pages."""
        paths = [path.relative_to(self.folder) for path in self.folder.rglob("*.html")]
        return sorted(path.as_posix() for path in paths if path.parts[0] != "_static")


@pytest.fixture(scope="session")
def make_book():
    return _make_book


@pytest.fixture(scope="session")
def book(make_book):
    made = Book(make_book())
    if made.making.returncode != 0:
        pytest.fail(made.making.stdout + made.making.stderr)
    return made


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="session")
def address(book):
    """Where the book is served, with a slash at the end."""
    handler = functools.partial(_Quiet, directory=str(book.folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    """Chromium, started once; a machine without it is named."""
    driver = pytest.importorskip("notebook_browser", reason="playwright is not installed")
    if driver.installed_browser() is None:
        pytest.skip("Chromium is not installed: pages cannot be opened")
    with driver.browser_page() as page:
        yield page.context.browser
