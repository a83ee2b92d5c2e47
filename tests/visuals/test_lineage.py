"""The lineage shows which framework came from which, and hides none of its sources."""

import csv
from pathlib import Path

import pytest

from visuals import lineage

DATA = Path(__file__).parents[2] / "lectures" / "data"


def rows_of(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def figure():
    return lineage(
        rows_of("frameworks.csv"), rows_of("lineage.csv"), rows_of("events.csv"), now=2026
    )


def test_bars_begin_in_the_order_of_their_years():
    firsts = [bar["first"] for bar in figure().data["bars"]]
    assert firsts == sorted(firsts)
    assert figure().data["first"] == 2002


def test_every_claim_in_the_table_has_a_date_and_a_source():
    for _, date, claim, source in figure().table.rows:
        assert date[:4].isdigit()
        assert claim
        assert source


def test_a_tie_is_told_on_both_of_its_sides():
    claims = {bar["name"]: [text for _, text, _ in bar["claims"]] for bar in figure().data["bars"]}
    assert any(text.startswith("from DistBelief (ideas)") for text in claims["TensorFlow"])
    assert any(text.startswith("to TensorFlow (ideas)") for text in claims["DistBelief"])


def test_a_tie_to_a_framework_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="no framework is called"):
        lineage(rows_of("frameworks.csv")[:2], rows_of("lineage.csv"), now=2026)


def test_a_tie_of_an_unknown_kind_is_refused():
    ties = [{**rows_of("lineage.csv")[0], "kind": "rumor"}]
    with pytest.raises(ValueError, match="are no ties"):
        lineage(rows_of("frameworks.csv"), ties, now=2026)


@pytest.mark.slow
def test_one_zooms_and_chooses_a_framework(opened):
    page = opened(figure())
    assert page.read("shown") == "20"
    assert page.read("parents") == "Torch, Chainer, Autograd (HIPS), Caffe2"
    page.control("framework").select_option("TensorFlow")
    assert page.read("parents") == "DistBelief, Theano"
    assert page.read("life") == "2015–today"
    page.drag("to", 2012)
    assert page.read("shown") == "3"
    assert page.read("life") == "2015–today, not in view"
    page.page.get_by_role("button", name="Zoom out").click()
    assert int(page.read("shown")) > 3
    assert page.errors == []
    assert page.requests == []


@pytest.mark.slow
def test_a_bar_can_be_clicked_and_the_claims_follow(opened):
    page = opened(figure(), width="narrow")
    page.page.locator("svg text", has_text="Theano").first.click()
    assert page.read("life") == "2007–2017"
    assert page.page.get_by_text("end announced on 28 September").count() >= 1
    page.control("to").focus()
    for _ in range(24):
        page.page.keyboard.press("ArrowLeft")
    assert page.read("shown") == "1"
    assert page.errors == []
