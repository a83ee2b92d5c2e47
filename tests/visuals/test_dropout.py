"""Dropout: survivors are scaled, the expectation stays, evaluation changes nothing."""

import pytest
import torch

from visuals.figures.dropout import dropout

VALUES = [0.5, 1.2, 0.1, 2.1, 0.3, 0.9, 1.7, 0.4]


def test_the_table_holds_the_scaled_survivors():
    rows = dropout(torch.tensor(VALUES), 0.3).table.rows
    torch.manual_seed(0)
    seen = torch.nn.functional.dropout(torch.tensor(VALUES), 0.3)
    for value, (_, dropped, kept, expected, evaluated) in zip(seen.tolist(), rows, strict=True):
        assert value in (dropped, pytest.approx(kept, abs=1e-6))
        assert expected == evaluated


def test_a_probability_of_one_leaves_nothing_to_look_at():
    with pytest.raises(ValueError, match="below 1"):
        dropout(VALUES, 1.0)


@pytest.mark.slow
def test_the_mean_over_many_masks_is_the_mean_of_the_values(opened):
    figure = opened(dropout(VALUES))
    assert float(figure.read("scale")) == pytest.approx(1 / 0.7, abs=1e-6)
    for _ in range(20):
        figure.page.get_by_role("button", name="Draw 100 masks").click()
    assert figure.read("masks") == "2001"
    assert float(figure.read("zeros")) == pytest.approx(0.3, abs=0.02)
    assert float(figure.read("mean")) == pytest.approx(sum(VALUES) / 8, abs=0.02)
    assert figure.errors == []


@pytest.mark.slow
def test_without_the_division_the_mean_falls_by_the_share_that_is_kept(opened):
    figure = opened(dropout(VALUES, 0.5), width="narrow")
    figure.control("divide survivors by 1 \N{MINUS SIGN} p").uncheck()
    for _ in range(20):
        figure.page.get_by_role("button", name="Draw 100 masks").press("Enter")
    assert float(figure.read("mean")) == pytest.approx(0.5 * sum(VALUES) / 8, abs=0.02)


@pytest.mark.slow
def test_evaluation_changes_nothing(opened):
    figure = opened(dropout(VALUES))
    figure.control("mode").select_option("eval")
    figure.page.get_by_role("button", name="Draw 100 masks").click()
    assert figure.read("zeros") == "0.0000"
    assert figure.read("mean") == figure.read("given-mean")
