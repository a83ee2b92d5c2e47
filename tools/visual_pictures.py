"""Pictures of every figure to operate: in the book, and of one lecture in JupyterLab.

    python tools/visual_pictures.py                   all pages of build/site/, three ways each
    python tools/visual_pictures.py 03 08             the pages of these lectures
    python tools/visual_pictures.py --lab 03          lecture 03 run in JupyterLab with Run All

They are written to build/pictures/. Each figure's prediction is committed first.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import notebook_browser
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from autograder.cli import main as autograder

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "build" / "site"
PICTURES = ROOT / "build" / "pictures"
LOOKS = (("light", 1280), ("dark", 1280), ("narrow", 400))
# What stays in place while a page scrolls would lie over a tall figure.
FIXED_PARTS = "header, .bd-header-article, .skip-link, #pst-skip-link { display: none !important; }"


def commit(figure: Locator) -> None:
    """Choose the first answer of the figure's prediction, if it asks for one."""
    radios = figure.locator(".prediction input[type=radio]")
    if radios.count():
        radios.first.check()
        figure.get_by_role("button", name="That is my prediction").click()


def in_the_book(browser: Browser, pages: list[Path], into: Path) -> Iterator[Path]:
    for look, width in LOOKS:
        scheme = "dark" if look == "dark" else "light"
        context = browser.new_context(viewport={"width": width, "height": 2500})
        context.add_init_script(f"localStorage.setItem('mode', '{scheme}')")
        page = context.new_page()
        for path in pages:
            page.goto(path.as_uri())
            page.wait_for_load_state("load")
            page.evaluate("() => window.MathJax?.startup?.promise")
            page.add_style_tag(content=FIXED_PARTS)
            yield from shoot(page, page.locator(".dltk-visual"), into / path.stem, look)
        context.close()


def shoot(page: Page, figures: Locator, into: Path, look: str) -> Iterator[Path]:
    into.mkdir(parents=True, exist_ok=True)
    for number in range(figures.count()):
        figure = figures.nth(number)
        figure.scroll_into_view_if_needed()
        commit(figure)
        page.wait_for_timeout(300)
        name = figure.get_attribute("data-visual") or "figure"
        picture = into / f"{number + 1:02}-{name}-{look}.png"
        figure.screenshot(path=picture)
        yield picture


def in_jupyterlab(lecture: str, into: Path) -> Iterator[Path]:
    """Run a lecture from top to bottom in a student course, and take its figures."""
    with tempfile.TemporaryDirectory() as scratch:
        course, private = Path(scratch) / "workspace", Path(scratch) / "jupyter"
        private.mkdir()
        autograder(["release", "--to", str(course)], standalone_mode=False)
        notebook = next((course / "lectures").glob(f"{lecture}-*.ipynb"))
        with (
            notebook_browser.jupyterlab(course, private) as address,
            notebook_browser.browser_page() as page,
        ):
            notebook_browser.run_all(page, address, course, f"lectures/{notebook.name}")
            page.wait_for_timeout(2000)
            yield from shoot(page, page.locator(".dltk-figure"), into / notebook.stem, "lab")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("lectures", nargs="*", help="their numbers, such as 03")
    arguments.add_argument("--lab", action="store_true", help="in JupyterLab, not in the book")
    options = arguments.parse_args()
    if options.lab:
        for lecture in options.lectures:
            for picture in in_jupyterlab(lecture, PICTURES / "lab"):
                print(picture.relative_to(ROOT))
        return 0
    pages = sorted((SITE / "lectures").glob("*.html"))
    chosen = tuple(options.lectures)
    pages = [page for page in pages if not chosen or page.name.startswith(chosen)]
    if not pages:
        print("There is no such page: run 'make site' first.", file=sys.stderr)
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=notebook_browser.installed_browser(), args=list(notebook_browser.FLAGS)
        )
        for picture in in_the_book(browser, pages, PICTURES / "book"):
            print(picture.relative_to(ROOT))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
