"""The files of the book: made without a warning, whole, linked, and without a solution."""

import re
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest

from autograder.course import Course
from autograder.release.student_course import secrets
from autograder.release.survivors import survivors

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
SECONDS_WITHOUT_A_CHANGE = 20


class Read(HTMLParser):
    """The links, ids, images and text of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.ids, self.images, self.text = [], set(), [], ""
        self.feed(text)

    def handle_data(self, data):
        self.text += data

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.ids.add(attributes.get("id"))
        for name in ("href", "src"):
            if attributes.get(name):
                self.links.append(attributes[name])
        if tag == "img" or (tag == "svg" and attributes.get("role") == "img"):
            self.images.append(attributes)


@pytest.fixture(scope="module")
def read(book):
    return {
        name: Read((book.folder / name).read_text(encoding="utf-8", errors="replace"))
        for name in book.pages
    }


def test_it_is_made_without_a_warning(book):
    assert "WARNING" not in book.making.stdout + book.making.stderr


def test_it_is_made_again_at_once_when_nothing_changed(book, make_book):
    began = time.monotonic()
    made = make_book()
    seconds = time.monotonic() - began
    print(f"\nmade again with nothing changed: {seconds:.1f} s")
    assert made.returncode == 0
    assert "executed" not in made.stdout
    assert seconds < SECONDS_WITHOUT_A_CHANGE


def test_every_lecture_and_every_lab_is_a_page(book):
    lectures = [path.stem for path in (ROOT / "lectures").glob("[0-9][0-9]-*.md")]
    labs = [Path(lab.notebook).stem for lab in Course.load(ROOT).labs]
    wanted = {f"lectures/{name}.html" for name in lectures} | {f"labs/{name}.html" for name in labs}
    assert wanted <= set(book.pages)


def test_every_link_inside_the_book_leads_somewhere(book, read):
    broken = []
    for name, page in read.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            path = (book.folder / name).parent / unquote(parts.path) if parts.path else None
            target = book.folder / name if path is None else path.resolve()
            inside = target.relative_to(book.folder).as_posix()
            anchor = unquote(parts.fragment)
            if not target.exists() or (
                anchor and inside in read and anchor not in read[inside].ids
            ):
                broken.append(f"{name}: {link}")
    assert broken == []


def test_every_picture_is_described_in_words(read):
    undescribed = []
    for name, page in read.items():
        for image in page.images:
            words = image.get("alt") or image.get("aria-label") or ""
            if len(words) <= 20 or re.fullmatch(r"\S+\.(png|svg|jpe?g)", words.strip()):
                undescribed.append(f"{name}: {words!r} {image.get('src', 'svg')[:60]}")
    assert undescribed == []


def test_the_notebooks_to_take_along_are_whole_and_hold_no_outputs(book, read):
    pages = [name for name in book.pages if re.match(r"(lectures|labs)/", name)]
    assert pages
    for name in pages:
        stem = book.folder / "downloads" / name.removesuffix(".html")
        notebook = nbformat.read(stem.with_suffix(".ipynb"), as_version=4)
        nbformat.validate(notebook)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert code, name
        assert all(not cell.outputs and cell.execution_count is None for cell in code), name
        assert stem.with_suffix(".md").read_text(encoding="utf-8").startswith("---\n")
        for suffix in (".ipynb", ".md"):
            assert f"../downloads/{name.removesuffix('.html')}{suffix}" in read[name].links


def test_no_solution_of_a_lab_is_in_the_book(book, read):
    hidden = secrets(Course.load(ROOT))
    assert len(hidden) > 100
    texts = {name: page.text.encode() for name, page in read.items()}
    downloads = (book.folder / "downloads").rglob("*.*")
    texts |= {path.relative_to(book.folder).as_posix(): path.read_bytes() for path in downloads}
    assert [str(each) for each in survivors(hidden, texts)] == []
