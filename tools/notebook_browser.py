"""Drive a notebook of the student course as a person does: real JupyterLab, real Chromium."""

import contextlib
import json
import secrets
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import course_setup
from playwright.sync_api import Error, Locator, Page, Playwright, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SECONDS_AT_MOST = 120
IMPORT = "from autograder.notebook import check"


def installed_browser() -> str | None:
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextlib.contextmanager
def jupyterlab(course: Path, private: Path) -> Iterator[str]:
    """What `make lab` starts, on `course`; gives its address with `{}` where a path goes.

    Jupyter's settings and connection files are kept in `private`.
    """
    environment = course_setup.Environment(course_setup.ROOT, own=False)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments, variables = course_setup.jupyterlab(environment, course, browser=False, port=port)
    variables["JUPYTER_TOKEN"] = token = secrets.token_hex(16)
    variables.setdefault("OMP_NUM_THREADS", "1")
    for name in ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR"):
        variables[f"JUPYTER_{name}"] = str(private / name)
    variables["JUPYTERLAB_SETTINGS_DIR"] = str(private / "settings")
    variables["JUPYTERLAB_WORKSPACES_DIR"] = str(private / "workspaces")
    with (private / "jupyterlab.log").open("wb") as log:
        server = subprocess.Popen(
            [str(environment.python), *arguments], env=variables, stdout=log, stderr=log
        )
        try:
            address = f"http://127.0.0.1:{port}{{}}?token={token}"
            _wait_for(address.format("/api/status"), server, private / "jupyterlab.log")
            yield address
        finally:
            server.terminate()
            server.wait(30)
            shutil.rmtree(environment.kernels_for(course))


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + SECONDS_AT_MOST
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("JupyterLab did not start:\n" + log.read_text(errors="replace")[-2000:])


_running: Playwright | None = None


@contextlib.contextmanager
def playwright() -> Iterator[Playwright]:
    """The driver of browsers: one a process, beside which no second one can be started."""
    global _running
    if _running is not None:
        yield _running
        return
    with sync_playwright() as _running:
        try:
            yield _running
        finally:
            _running = None


@contextlib.contextmanager
def browser_page() -> Iterator[Page]:
    with playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=installed_browser(), headless=True, args=list(FLAGS)
        )
        try:
            yield browser.new_page(viewport={"width": 1180, "height": 1400})
        finally:
            browser.close()


def cell_starting(notebook: Path, source: str) -> int:
    """The number of the first cell whose source starts so."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return next(n for n, cell in enumerate(cells) if "".join(cell["source"]).startswith(source))


def check_cell(notebook: Path, task: str) -> int:
    return cell_starting(notebook, f'check("{task}")')


def run_check(page: Page, address: str, course: Path, notebook: str, task: str) -> str:
    """Run the import of `check` and the check of `task`.

    Gives the text of the result, and leaves the page with the result in view.
    """
    target = check_cell(course / notebook, task)
    _open(page, address.format(f"/lab/tree/{notebook}"))
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=SECONDS_AT_MOST * 1000)
    page.locator('[data-status="idle"]').first.wait_for(timeout=SECONDS_AT_MOST * 1000)
    _cell(page, 0).click()
    page.keyboard.press("Escape")
    _run(page, cell_starting(course / notebook, IMPORT))
    _run(page, target)
    result = _cell(page, target).locator(".jp-OutputArea-output").first
    result.wait_for(timeout=SECONDS_AT_MOST * 1000)
    result.scroll_into_view_if_needed()
    return result.inner_text()


def _open(page: Page, address: str) -> None:
    """Go to a page; a second time where a busy browser gave the first navigation up."""
    try:
        page.goto(address)
    except Error as problem:
        if "ERR_ABORTED" not in problem.message:
            raise
        page.goto(address)


def _run(page: Page, number: int) -> None:
    """Run a cell to its end, again where it was dropped because no kernel listened yet."""
    deadline = time.monotonic() + SECONDS_AT_MOST
    while time.monotonic() < deadline:
        _move_to(page, number)
        _press(page, "Shift+Enter")
        prompt = _cell(page, number).locator(".jp-InputPrompt")
        while (shown := prompt.inner_text().strip()) == "[*]:" and time.monotonic() < deadline:
            page.wait_for_timeout(100)
        if shown.strip("[]:").isdigit():
            return
        page.wait_for_timeout(1000)
    raise RuntimeError(f"cell {number} did not run within {SECONDS_AT_MOST} s")


def _selected(page: Page) -> int:
    selected = page.locator(".jp-Notebook .jp-Cell.jp-mod-active")
    return int(selected.get_attribute("data-windowed-list-index") or 0)


def _move_to(page: Page, number: int) -> None:
    while (here := _selected(page)) != number:
        _press(page, "ArrowDown" if here < number else "ArrowUp")


def _press(page: Page, key: str) -> None:
    """Press a key that moves the selection, and wait until it has moved."""
    before = _selected(page)
    page.keyboard.press(key)
    active = f'.jp-Notebook .jp-Cell.jp-mod-active:not([data-windowed-list-index="{before}"])'
    page.locator(active).wait_for(timeout=SECONDS_AT_MOST * 1000)


def picture_of_check(page: Page, notebook: Path, task: str, picture: Path) -> None:
    """Save the cell of a check, and what it shows, as a PNG."""
    page.keyboard.press("Control+b")
    page.wait_for_timeout(500)
    _cell(page, check_cell(notebook, task)).screenshot(path=picture)


def _cell(page: Page, number: int) -> Locator:
    return page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{number}"]')


EVERY_CELL_RAN = """([all, code]) => {
    const cells = document.querySelectorAll(".jp-Notebook .jp-Cell");
    const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
    const ran = (prompt) => /^\\[\\d+\\]:$/.test(prompt.innerText.trim());
    return cells.length === all && prompts.length === code && prompts.every(ran);
}"""


def run_all(page: Page, address: str, course: Path, notebook: str) -> None:
    """Open a notebook of `course` alone in a page and run it with "Run All Cells".

    JupyterLab draws only what is in view, and the rest bit by bit: the page is as tall as the
    notebook, and this waits for every cell.
    """
    cells = json.loads((course / notebook).read_text(encoding="utf-8"))["cells"]
    code = sum(cell["cell_type"] == "code" for cell in cells)
    page.set_viewport_size({"width": 1280, "height": 60_000})
    _open(page, address.format(f"/doc/tree/{notebook}"))
    page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=SECONDS_AT_MOST * 1000)
    page.locator('[data-status="idle"]').first.wait_for(timeout=SECONDS_AT_MOST * 1000)
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(
        EVERY_CELL_RAN, arg=[len(cells), code], timeout=3 * SECONDS_AT_MOST * 1000
    )
