"""Samples on their way into batches: as many, and in the order, as a loader makes them."""

import math

import pytest

import dltk
from visuals import batches
from visuals.figures.batches import EPOCHS, orders


def test_each_epoch_has_an_order_of_its_own():
    drawn = orders(dltk, 12, 0)
    assert len(drawn) == EPOCHS
    assert all(sorted(order) == list(range(12)) for order in drawn)
    assert len({tuple(order) for order in drawn}) == EPOCHS


def test_dltk_and_torch_draw_the_same_orders():
    torch = pytest.importorskip("torch", reason="torch is not installed: nothing to compare with")
    assert orders(dltk, 12, 5) == orders(torch, 12, 5)


def test_the_table_holds_every_sample_once_an_epoch():
    for row in batches(dltk).table.rows:
        assert sorted(int(i) for batch in row[1:] for i in batch.split()) == list(range(12))


@pytest.mark.parametrize(("count", "size"), [(1, 1), (21, 5), (12, 0), (12, 13)])
def test_what_cannot_be_drawn_is_refused(count, size):
    with pytest.raises(ValueError, match="cannot be drawn"):
        batches(dltk, [0] * count, batch_size=size)


def place(order, size, sample):
    at = order.index(sample)
    return f"batch {at // size + 1}, place {at % size + 1}"


@pytest.mark.slow
def test_the_figure_counts_batches_as_the_loader_does(opened):
    figure = opened(batches(dltk))
    for size in range(1, 13):
        figure.drag("batch_size", size)
        for drop in (False, True):
            figure.control("drop_last").set_checked(drop)
            loader = dltk.utils.data.DataLoader(range(12), batch_size=size, drop_last=drop)
            assert figure.read("batches") == str(len(loader))
            assert figure.read("last") == str(len(list(loader)[-1]))
            assert figure.read("dropped") == str(12 % size if drop else 0)
    assert figure.errors == []


@pytest.mark.slow
def test_a_sample_is_found_where_the_order_of_the_epoch_puts_it(opened):
    figure = opened(batches(dltk), width="narrow")
    drawn = orders(dltk, 12, 0)
    for epoch in range(1, EPOCHS + 1):
        figure.drag("epoch", epoch)
        for sample in (0, 3, 11):
            figure.drag("sample to follow", sample)
            assert figure.read("where") == place(drawn[epoch - 1], 5, sample)
    figure.control("shuffle").uncheck()
    assert figure.read("where") == place(list(range(12)), 5, 11)
    figure.control("drop_last").check()
    assert figure.read("where") == "in no batch of this epoch"
    figure.control("sample to follow").press("Home")
    assert figure.read("where") == "batch 1, place 1"


@pytest.mark.slow
def test_collate_shows_the_chosen_batch(opened):
    figure = opened(batches(dltk, batch_size=5))
    figure.drag("batch to collate", 3)
    chosen = figure.page.locator("table:has(caption:text-is('Batch 3'))").inner_text()
    assert "(2, 1, 8, 8)" in chosen
    figure.drag("batch_size", 12)
    everything = figure.page.locator("table:has(caption:text-is('Batch 1'))").inner_text()
    assert "(12, 1, 8, 8)" in everything
    assert math.ceil(12 / 12) == int(figure.read("batches"))
