"""Batch normalization: torch's numbers in both modes, and what batch mates do."""

import pytest
import torch

from visuals.figures.batch_norm import batch_norm

BATCH = [1.0, 2.0, 3.0, 4.0]


def layer():
    return torch.nn.BatchNorm1d(1, dtype=torch.float64)


def column(numbers):
    return torch.tensor(numbers, dtype=torch.float64)[:, None]


def test_the_table_holds_what_torch_gives_in_both_modes():
    norm = layer()
    rows = batch_norm(torch.tensor(BATCH)).table.rows
    before = norm.eval()(column(BATCH)).flatten().tolist()
    trained = norm.train()(column(BATCH)).flatten().tolist()
    assert [row[1] for row in rows] == pytest.approx(trained, abs=1e-12)
    assert [row[2] for row in rows] == pytest.approx(before, abs=1e-12)


def test_one_number_is_no_batch():
    with pytest.raises(ValueError, match="two numbers"):
        batch_norm([1.0])


@pytest.mark.slow
def test_training_steps_move_the_running_statistics_as_in_torch(opened):
    norm = layer()
    figure = opened(batch_norm(BATCH))
    assert float(figure.read("own-output")) == pytest.approx(-1.341635, abs=1e-6)
    for _ in range(3):
        norm(column(BATCH))
        figure.page.get_by_role("button", name="One training step on this batch").click()
        assert float(figure.read("running-mean")) == pytest.approx(
            norm.running_mean.item(), abs=1e-6
        )
        assert float(figure.read("running-var")) == pytest.approx(norm.running_var.item(), abs=1e-6)
    figure.control("mode").select_option("eval")
    want = norm.eval()(column(BATCH))[0].item()
    assert float(figure.read("own-output")) == pytest.approx(want, abs=1e-6)
    assert figure.errors == []


@pytest.mark.slow
def test_batch_mates_count_in_training_and_not_in_evaluation(opened):
    figure = opened(batch_norm(BATCH), width="narrow")
    before = float(figure.read("own-output"))
    figure.drag("batch mates move by", 2)
    want = layer()(column([1.0, 4.0, 5.0, 6.0]))[0].item()
    assert float(figure.read("own-output")) == pytest.approx(want, abs=1e-6)
    assert want < before
    figure.control("mode").select_option("eval")
    alone = figure.read("own-output")
    figure.control("batch mates move by").press("ArrowRight")
    assert figure.read("own-output") == alone


@pytest.mark.slow
def test_weight_and_bias_come_after_the_statistics(opened):
    figure = opened(batch_norm(BATCH))
    figure.drag("weight γ", 2)
    figure.drag("bias β", 1)
    assert float(figure.read("own-output")) == pytest.approx(1 - 2 * 1.341635, abs=2e-6)


@pytest.mark.slow
def test_a_batch_of_one_is_an_error_in_training_only(opened):
    figure = opened(batch_norm(BATCH))
    figure.drag("batch mates", 0)
    assert "no variance" in figure.read("own-output")
    assert figure.page.get_by_role("button", name="One training step on this batch").is_disabled()
    figure.control("mode").select_option("eval")
    assert float(figure.read("own-output")) == pytest.approx(0.999995, abs=1e-6)
    figure.page.get_by_role("button", name="Start over").click()
    assert float(figure.read("own-output")) == pytest.approx(-1.341635, abs=1e-6)
