"""Training and validation curves: what is sealed, what the leak changes, which epoch is best."""

import pytest

from visuals import curves


def run(validation):
    training = [1.0, 0.5, 0.3, 0.2]
    test = [1.2, 0.9, 0.8, 0.95]
    loss = {"training": training, "validation": validation, "test": test}
    accuracy = {part: [1 - value / 2 for value in values] for part, values in loss.items()}
    return {"loss": loss, "accuracy": accuracy}


CLEAN, LEAKY = run([1.1, 0.8, 0.7, 0.9]), run([1.1, 0.6, 0.3, 0.1])


def test_the_table_has_both_runs_at_their_first_middle_and_last_epoch():
    rows = curves(CLEAN, LEAKY).table.rows
    assert [row[:3] for row in rows[:3]] == [("without leak", "loss", epoch) for epoch in (1, 2, 4)]
    assert rows[2][3:] == (0.2, 0.9, 0.95)
    assert rows[-1][:3] == ("with leak", "accuracy", 4)


def test_runs_that_do_not_fit_together_are_refused():
    short = {"loss": {part: [1.0] for part in ("training", "validation", "test")}}
    with pytest.raises(ValueError, match="same measures"):
        curves(CLEAN, short)


@pytest.mark.slow
def test_the_leak_moves_the_best_epoch_and_not_the_test_set(opened):
    figure = opened(curves(CLEAN, LEAKY))
    assert figure.read("best") == "3"
    figure.control("leak validation into training").check()
    assert figure.read("best") == "4"
    assert figure.read("validation") == "0.100"
    assert figure.read("test") == "sealed"
    figure.control("open the test set").check()
    assert figure.read("test") == figure.read("chosen") == "0.950"
    assert figure.errors == []


@pytest.mark.slow
def test_epochs_are_walked_by_keys_and_accuracy_looks_for_the_largest(opened):
    figure = opened(curves(CLEAN, LEAKY), theme="dark", width="narrow")
    figure.control("epoch").press("ArrowLeft")
    assert figure.read("training") == "0.300"
    figure.control("shown").select_option("accuracy")
    assert figure.read("training") == "0.850"
    assert figure.read("best") == "3"
