"""Every topic of the course and every correction has a place, and the place holds it."""

import csv
import functools
import re
from pathlib import Path

import pytest
from correct_facts import PATTERNS

slugs = pytest.importorskip(
    "myst_parser.slugs", reason="myst-parser is not installed: it names headings"
)

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "lectures" / "coverage.csv"
TOPICS = [f"S-{number:03}" for number in range(1, 132)]
CORRECTIONS = [f"E-{number:03}" for number in range(1, 130)]


def rows():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def path_of(name):
    """A place's file: a lecture by its name alone, anything else by its path."""
    return ROOT / ("lectures" if "/" not in name else "") / name


def sections(path):
    """The text under each heading, with what is below its subheadings, by the heading's slug."""
    found, open_ones, fence = {}, [], None
    for line in path.read_text(encoding="utf-8").splitlines():
        mark = re.match(r"(`{3,}|~{3,}|:{3,})", line)
        if mark is not None:
            fence = mark[1] if fence is None else None if line.strip() == fence else fence
        heading = None if fence else re.match(r"(#+) (.+)", line)
        if heading is not None:
            level = len(heading[1])
            open_ones = [each for each in open_ones if each[0] < level]
            title = re.sub(r"\$[^$]*\$|[`*]", "", heading[2])
            slug = slugs.unique_slug(slugs.github_slugify(title), found)
            found[slug] = []
            open_ones.append((level, slug))
        for _, slug in open_ones:
            found[slug].append(line)
    return {slug: "\n".join([*lines, loaded(lines)]) for slug, lines in found.items()}


def loaded(lines):
    """The content of the tables that a section loads: what it shows stands there."""
    named = re.findall(r'"([\w-]+)(?:\.csv)?"', "\n".join(lines))
    tables = (ROOT / "lectures" / "data" / f"{name}.csv" for name in sorted(set(named)))
    return "\n".join(path.read_text(encoding="utf-8") for path in tables if path.is_file())


sections_of = functools.cache(sections)


def text_at(place):
    """What stands at a place; None where the file or its heading does not exist."""
    name, _, slug = place.partition("#")
    path = path_of(name)
    if not path.is_file():
        return None
    if not slug:
        return path.read_text(encoding="utf-8") if path.suffix == ".py" else None
    return sections_of(path).get(slug)


def on_one_line(text):
    """The words of a text, without the signs that begin the lines of a quotation."""
    return " ".join(re.sub(r"^> ?", "", text, flags=re.MULTILINE).split())


def test_every_topic_and_every_correction_is_there_once_in_order():
    assert [row["id"] for row in rows()] == TOPICS + CORRECTIONS


def test_every_row_says_what_it_is_and_where():
    assert list(rows()[0]) == ["id", "what", "where"]
    assert [
        row["id"] for row in rows() if not row["what"].strip() or not row["where"].split()
    ] == []


def test_every_place_is_a_heading_that_exists():
    missing = {
        f"{row['id']} {place}"
        for row in rows()
        for place in row["where"].split()
        if text_at(place) is None
    }
    assert missing == set()


def test_every_lecture_has_a_row():
    named = {place.partition("#")[0] for row in rows() for place in row["where"].split()}
    lectures = {path.name for path in (ROOT / "lectures").glob("[0-9][0-9]-*.md")}
    assert lectures - named == set()


def test_the_correct_fact_stands_where_the_table_says():
    absent = {}
    for row in rows():
        pattern = PATTERNS.get(row["id"])
        texts = [on_one_line(text_at(place) or "") for place in row["where"].split()]
        if pattern and not any(re.search(pattern, text, re.IGNORECASE) for text in texts):
            absent[row["id"]] = (pattern, row["where"])
    assert absent == {}


def test_patterns_belong_to_corrections():
    assert set(PATTERNS) <= set(CORRECTIONS)
