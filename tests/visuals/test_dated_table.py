"""A dated table shows what was so in a year, and what has changed since."""

import csv
from pathlib import Path

import pytest

from visuals import Dated, dated, dated_table
from visuals.figures.dated_table import valid

DATA = Path(__file__).parents[2] / "lectures" / "data"
STATEMENTS = (
    Dated("Graph", "TensorFlow", 2015, "static", "white paper"),
    Dated("Graph", "TensorFlow", 2019, "eager", "release of 2.0"),
    Dated("Graph", "PyTorch", 2017, "dynamic", "paper"),
    Dated("Export", "PyTorch", 2017, "ONNX", "onnx.ai"),
)


def test_the_latest_statement_of_a_year_is_the_valid_one():
    assert valid(STATEMENTS, "Graph", "TensorFlow", 2014) is None
    assert valid(STATEMENTS, "Graph", "TensorFlow", 2018).says == "static"
    assert valid(STATEMENTS, "Graph", "TensorFlow", 2019).says == "eager"


def test_a_statement_from_the_future_is_refused():
    with pytest.raises(ValueError, match="after the year 2018"):
        dated_table(STATEMENTS, now=2018)
    with pytest.raises(ValueError, match="needs statements"):
        dated_table((), now=2026)


def test_the_mechanisms_of_the_lecture_say_one_thing_a_year_each_with_a_source():
    with (DATA / "mechanisms.csv").open(encoding="utf-8", newline="") as file:
        statements = dated(list(csv.DictReader(file)))
    places = [(each.row, each.column, each.since) for each in statements]
    assert len(places) == len(set(places))
    assert all(each.source and each.says for each in statements)


@pytest.mark.slow
def test_the_slider_goes_through_the_years(opened):
    page = opened(dated_table(STATEMENTS, now=2026))
    assert (page.read("year"), page.read("changed")) == ("2015", "3")
    page.drag("year", 2018)
    assert page.read("changed") == "1"
    page.page.get_by_role("button", name="Next change").click()
    assert (page.read("year"), page.read("changed")) == ("2019", "0")
    page.control("year").focus()
    page.page.keyboard.press("ArrowLeft")
    assert (page.read("year"), page.read("changed")) == ("2018", "1")
    assert page.errors == []
    assert page.requests == []


@pytest.mark.slow
def test_every_reader_finds_the_sources_of_a_row(opened):
    page = opened(dated_table(STATEMENTS, now=2026), theme="dark", width="narrow")
    page.control("sources of the row").select_option("Export")
    assert page.page.get_by_text("2017, PyTorch: ONNX. onnx.ai.").is_visible()
    page.control("beside it: 2026").uncheck()
    header = page.page.locator(".stage th").all_inner_texts()
    assert header == ["", "TensorFlow, 2015", "PyTorch, 2015"]
