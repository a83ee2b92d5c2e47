"""What people read: whole, and safe whatever a student's process printed."""

import csv
import html.parser
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from rich.console import Console

from autograder.course import Lab
from autograder.report.feedback import RoundSeal, feedback_html
from autograder.report.gradescope import results
from autograder.report.in_notebook import notebook_html, notebook_text
from autograder.report.spreadsheet import grades_csv
from autograder.report.terminal import class_table, lab_result
from autograder.report.text import LONGEST, clean

HOSTILE = (
    "\x1b[2J\x1b]0;title\x07<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }}"
    "[bold]\ud800\x00\u202e" + "A" * 3_000_000
)
OPEN = RoundSeal("f" * 64)


@pytest.fixture
def hostile(record_of: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """A record in which every text a student can choose is hostile."""
    record = record_of('<b onload="x">eve</b>\x1b[31m', passed=False, error=HOSTILE)
    for task in record["tasks"]:
        for check in task["checks"]:
            check["message"] = check["diagnosis"] = HOSTILE
    record["ignored"] = [HOSTILE]
    record["unusable"] = {"dltk/x.py": HOSTILE}
    return record


class Tags(html.parser.HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.references: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name in ("src", "href"):
                self.references.add(str(value))


def test_hostile_output_is_escaped_and_cut_in_feedback(hostile: dict[str, Any], lab3: Lab) -> None:
    page = feedback_html(hostile, lab3, OPEN)
    tags = Tags(page)
    assert not tags.tags & {"script", "img", "b", "iframe", "object", "link"}
    assert not any(name.startswith("on") for name in tags.attributes)
    assert all(reference.startswith("#") for reference in tags.references)
    assert "\x1b" not in page
    assert "\x00" not in page
    assert "\u202e" not in page
    assert "{{ 7*7 }}" in page
    assert len(page) < 20 * LONGEST
    assert "3,000," in page
    page.encode("utf-8")


def test_hostile_output_is_escaped_and_cut_in_a_notebook(
    hostile: dict[str, Any], lab3: Lab
) -> None:
    fragment = notebook_html(hostile, lab3, "footer")
    tags = Tags(fragment)
    assert not tags.tags & {"script", "img", "b", "style"}
    assert not any(name.startswith("on") for name in tags.attributes)
    assert "\x1b" not in notebook_text(hostile, lab3, "footer")


def test_hostile_output_reaches_the_terminal_without_escape_sequences(
    hostile: dict[str, Any], lab3: Lab
) -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=120, force_terminal=False)
    console.print(class_table([hostile], lab3))
    console.print(lab_result(hostile, lab3))
    assert "\x1b" not in stream.getvalue()
    assert "[bold]" in stream.getvalue()


def test_hostile_output_makes_valid_results_for_gradescope(hostile: dict[str, Any]) -> None:
    found = json.loads(json.dumps(results(hostile), allow_nan=False))
    assert found["output_format"] == "text"
    assert all("\x1b" not in test["output"] for test in found["tests"])


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t=", "\r=", " =", '"=', "\n=", "\uff1d", "\uff0b", "\uff20"]
)
def test_a_cell_is_never_a_formula(record_of: Callable[..., dict[str, Any]], start: str) -> None:
    name = f"{start}HYPERLINK('http://x')"
    (row,) = csv.DictReader(io.StringIO(grades_csv([record_of(name, error=name)])))
    for cell in (row["student"], row["error"]):
        assert cell.startswith("'")
        assert "HYPERLINK" in cell


@pytest.mark.parametrize("start", [";=", "; +", ';"@', ";\uff1d"])
def test_a_cell_is_never_a_formula_where_semicolons_separate(
    record_of: Callable[..., dict[str, Any]], start: str
) -> None:
    table = grades_csv([record_of(f"bob{start}HYPERLINK('http://x')", error=f"a{start}x")])
    cells = [cell for row in csv.reader(io.StringIO(table), delimiter=";") for cell in row]
    assert len(cells) > 2
    bare = [cell for cell in cells if not cell.startswith("'")]
    assert not [cell for cell in bare if cell.lstrip(' "').startswith(tuple("=+-@\uff1d"))]


def test_the_spreadsheet_has_a_row_a_student_and_a_column_a_task(
    record_of: Callable[..., dict[str, Any]], lab3: Lab
) -> None:
    records = [record_of("alice"), record_of("bob", passed=False)]
    alice, bob = csv.DictReader(io.StringIO(grades_csv(records)))
    assert (alice["points"], bob["points"]) == ("90", "0")
    assert [alice[task.id] for task in lab3.automatic_tasks] == [
        str(task.points) for task in lab3.automatic_tasks
    ]


def test_feedback_names_every_task_and_check_and_opens_the_failed_ones(
    record_of: Callable[..., dict[str, Any]], lab3: Lab
) -> None:
    record = record_of(passed=False)
    record["tasks"][0]["checks"][0]["diagnosis"] = "Your answer is what you get if it rains."
    page = feedback_html(record, lab3, OPEN)
    for task in lab3.automatic_tasks:
        assert f'id="{task.id}"' in page
        assert html.escape(task.title, quote=True).replace("&#x27;", "&#39;") in page
    assert "Your answer is what you get if it rains." in page
    assert page.count("torch: 1\nyours: 2") == len(lab3.automatic_tasks)
    assert page.count("A thing holds.") == len(lab3.automatic_tasks)


def test_feedback_reads_in_the_dark_and_on_paper(
    record_of: Callable[..., dict[str, Any]], lab3: Lab
) -> None:
    page = feedback_html(record_of(), lab3, OPEN)
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert 'lang="en"' in page


def test_feedback_shows_the_hash_of_an_open_round_and_the_secret_of_a_closed_one(
    record_of: Callable[..., dict[str, Any]], lab3: Lab
) -> None:
    secret = "5ec2e7" * 10
    open_page = feedback_html(record_of(), lab3, RoundSeal("f" * 64))
    closed_page = feedback_html(record_of(), lab3, RoundSeal("f" * 64, secret))
    assert "f" * 64 in open_page
    assert secret not in open_page
    assert secret in closed_page


def test_a_notebook_result_folds_what_passed_and_opens_the_first_failure(
    record_of: Callable[..., dict[str, Any]], lab3: Lab
) -> None:
    record = record_of(passed=False)
    record["tasks"] = record["tasks"][:1]
    (check,) = record["tasks"][0]["checks"]
    passed = dict(check, name="other", sentence="Another holds.", passed=True)
    record["tasks"][0]["checks"] = [passed, check, dict(check, name="third")]
    fragment = notebook_html(record, lab3, "footer")
    assert len(re.findall(r"<details open", fragment)) == 1
    assert len(re.findall(r"<details", fragment)) == 3
    assert "1 of 3 checks" in fragment
    text = notebook_text(record, lab3, "footer")
    assert text.count("yours: 2") == 1
    assert "1 of 3 checks passed" in text


def test_gradescope_gets_one_test_a_check_and_the_score(
    record_of: Callable[..., dict[str, Any]], lab3: Lab
) -> None:
    found = results(record_of())
    assert found["score"] == lab3.automatic_points
    assert sum(test["max_score"] for test in found["tests"]) == lab3.automatic_points
    assert {test["status"] for test in found["tests"]} == {"passed"}
    refused = record_of(error="No folder.")
    for task in refused["tasks"]:
        task["checks"] = []
    assert len(results(refused)["tests"]) == len(lab3.automatic_tasks)


def test_cleaning_keeps_ordinary_text_and_says_what_was_cut() -> None:
    assert clean("a\n\tb é ∂") == "a\n\tb é ∂"
    assert clean("\x1b[31mred\x1b[0m") == "red"
    assert clean("x" * 50, 10) == "x" * 10 + "\n… (50 characters, cut)"
    assert clean("\x1b" * 10_000_000, 10) == "\n… (10,000,000 characters, cut)"
