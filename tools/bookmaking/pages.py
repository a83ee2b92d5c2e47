"""The pages of the book, put together from everywhere: lectures, labs, docs, API, coverage."""

from __future__ import annotations

from pathlib import Path

import jupytext

from autograder.course import Course, Lab
from autograder.release.notebooks import lab_notebook, lecture_notebook, text_of
from bookmaking import EXTRA, ROOT, SOURCE, api, coverage_page

OWN_PAGES = ROOT / "site" / "pages"
COVERAGE = ROOT / "lectures" / "coverage.csv"
ABOVE_A_LAB = """
```{{note}}
This page is for reading. The lab is made to be worked in: `make lab` opens it as
`{notebook}`, where every cell runs and `check` looks at your code.
```
"""

Files = dict[str, bytes]


def lectures() -> list[Path]:
    """The lectures' texts, in their order."""
    return sorted((ROOT / "lectures").glob("[0-9][0-9]-*.md"))


def assemble() -> tuple[Files, Files]:
    """The sources that Sphinx reads, and the files to download beside the pages."""
    course = Course.load(ROOT)
    sources, extra = _own_pages(), {}
    for text in lectures():
        name = f"lectures/{text.stem}"
        sources[f"{name}.md"] = text.read_bytes()
        taken_along = text_of(lecture_notebook(course, f"{name}.md"))
        extra[f"downloads/{name}.ipynb"] = taken_along.encode()
        extra[f"downloads/{name}.md"] = text.read_bytes()
    for lab in course.labs:
        name = lab.notebook.removesuffix(".md")
        notebook = lab_notebook(course, lab, solved=False)
        text = jupytext.writes(notebook, fmt="md:myst")
        sources[f"{name}.md"] = _with_note(text, lab).encode()
        extra[f"downloads/{name}.ipynb"] = text_of(notebook).encode()
        extra[f"downloads/{name}.md"] = text.encode()
    sources |= {name: text.encode() for name, text in api.pages().items()}
    sources["coverage.md"] = coverage_page.page(COVERAGE).encode()
    return sources, extra


def write(files: Files, folder: Path) -> None:
    """Make `folder` hold these files and no others; a file that is right is left alone."""
    for old in sorted(folder.rglob("*"), reverse=True):
        if old.is_file() and old.relative_to(folder).as_posix() not in files:
            old.unlink()
        elif old.is_dir() and not any(old.iterdir()):
            old.rmdir()
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def stage() -> Files:
    """Put the sources and the downloads in place; gives all of them by path."""
    sources, extra = assemble()
    write(sources, SOURCE)
    write(extra, EXTRA)
    return sources | extra


def _own_pages() -> Files:
    """The book's own pages, those of the four kinds of people, and what they link to."""
    files = {
        path.relative_to(OWN_PAGES).as_posix(): path.read_bytes()
        for path in OWN_PAGES.rglob("*")
        if path.is_file()
    }
    docs = [*(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md"]
    return files | {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in docs}


def _with_note(text: str, lab: Lab) -> str:
    """The lab with a note after its title on what this page is."""
    head, title, rest = text.partition(f"# Lab {lab.id.removeprefix('lab')} ")
    first_line, newline, body = rest.partition("\n")
    note = ABOVE_A_LAB.format(notebook=lab.notebook.replace(".md", ".ipynb"))
    return head + title + first_line + newline + note + body
