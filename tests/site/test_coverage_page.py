"""The table of what is taught where becomes links."""

import pytest
from bookmaking import coverage_page


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "coverage.csv"
    path.write_text(
        "id,what,where\n"
        "S-016,strides | offset,02-tensors.md#1-a-line-of-memory labs/lab1-tensors.md\n"
        "E-035,a view copies,02-tensors.md\n"
        "E-092,a line of the wrong shape,labs/clinic/regression.py\n",
        encoding="utf-8",
    )
    return path


def test_a_row_names_lecture_and_section_and_leads_there(table):
    text = coverage_page.page(table)
    link = "[Lecture 02, 1 a line of memory](lectures/02-tensors.md#1-a-line-of-memory)"
    assert rf"| S-016 | strides \| offset | {link}, [Lab 1](labs/lab1-tensors.md) |" in text


def test_statements_that_do_not_hold_are_a_table_of_their_own(table):
    subjects, statements = coverage_page.page(table).split("## Statements that do not hold")
    assert "S-016" in subjects
    assert "E-035" in statements


def test_a_file_that_is_no_page_is_named_without_a_link(table):
    assert "| E-092 | a line of the wrong shape | `labs/clinic/regression.py` |" in (
        coverage_page.page(table)
    )


def test_without_a_table_the_page_says_so(tmp_path):
    assert "not there yet" in coverage_page.page(tmp_path / "coverage.csv")
