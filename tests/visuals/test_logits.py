"""The figure of logits shows the losses and gradients that the framework computes."""

import pytest

import dltk
from visuals import logits


def expected(values, target, twice):
    """Loss and gradient by dltk."""
    z = dltk.tensor(values, dtype=dltk.float64, requires_grad=True)
    seen = dltk.softmax(z, 0) if twice else z
    loss = dltk.nn.functional.cross_entropy(seen[None], dltk.tensor([target]))
    loss.backward()
    return loss.item(), z.grad.tolist()


def test_the_table_holds_both_losses():
    cells = dict((row[0], row[1]) for row in logits().table.rows)
    assert cells["loss of softmax once"] == pytest.approx(0.417030, abs=1e-6)
    assert cells["loss of softmax twice"] == pytest.approx(0.802121, abs=1e-6)


def test_it_takes_the_output_of_a_model():
    output = dltk.tensor([0.5, -1.0], requires_grad=True)
    assert logits(output, target=1).data["logits"] == [0.5, -1.0]


@pytest.mark.parametrize(
    ("values", "target", "says"),
    [((1.0,), 0, "2 to 10"), ((1.0, 2.0), 2, "none of the 2"), ([0.0] * 11, 0, "got 11")],
)
def test_what_it_cannot_show_is_refused(values, target, says):
    with pytest.raises(ValueError, match=says):
        logits(values, target)


def agrees(page, values, target, twice):
    loss, gradient = expected(values, target, twice)
    assert float(page.read("loss")) == pytest.approx(loss, abs=2e-6)
    shown = [float(page.read(f"g-{i}")) for i in range(len(values))]
    assert shown == pytest.approx(gradient, abs=2e-6)


@pytest.mark.slow
def test_its_numbers_are_those_of_the_framework(opened):
    page = opened(logits())
    agrees(page, (2.0, 1.0, 0.1), 0, twice=False)
    assert page.read("loss") == "0.417030"
    page.control("the model applies softmax as well").check()
    agrees(page, (2.0, 1.0, 0.1), 0, twice=True)
    assert page.read("loss") == "0.802121"
    page.drag("logit of 1", -3.5)
    page.control("the right class is").select_option("2")
    agrees(page, (2.0, -3.5, 0.1), 2, twice=True)
    assert page.errors == []


@pytest.mark.slow
def test_no_logits_bring_the_doubled_softmax_below_its_floor(opened):
    page = opened(logits())
    page.page.get_by_role("button", name="Make the model sure and right").click()
    assert float(page.read("loss")) == pytest.approx(0.0, abs=1e-6)
    page.control("the model applies softmax as well").check()
    assert float(page.read("loss")) == pytest.approx(0.551445, abs=1e-5)
    assert float(page.read("least")) == pytest.approx(0.551445, abs=1e-6)


@pytest.mark.slow
def test_a_logit_is_moved_by_the_keyboard(opened):
    page = opened(logits())
    page.control("logit of 0").focus()
    page.page.keyboard.press("ArrowRight")
    agrees(page, (2.1, 1.0, 0.1), 0, twice=False)
