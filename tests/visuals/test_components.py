"""The stack lights up what each line uses and says what was seen without a component."""

import pytest

from visuals import Line, Missing, components

LINES = (
    Line("x = tensor(images)", ("tensor",), 0.5),
    Line("loss = model(x)", ("operations", "graph"), 1.0, "forward"),
    Line("loss.backward()", ("differentiation", "graph"), 2.0),
    Line("optimizer.step()", ("operations",), 0.25),
)
MISSING = {
    "graph": Missing("RuntimeError: nothing was recorded", fails_at=2),
    "libraries": Missing("17 times as slow"),
}


def test_every_line_and_every_loss_is_in_the_table():
    rows = components(LINES, MISSING).table.rows
    assert len(rows) == len(LINES) + len(MISSING)
    assert ("without: computational graph", "RuntimeError: nothing was recorded", "") in rows


def test_a_name_that_is_no_component_is_refused():
    with pytest.raises(ValueError, match="are no components"):
        components([Line("x", ("magic",), 1.0)], {})
    with pytest.raises(ValueError, match="are no components"):
        components(LINES, {"magic": Missing("gone")})


@pytest.mark.slow
def test_lines_light_up_their_components(opened):
    page = opened(components(LINES, MISSING))
    assert page.read("lit") == "none"
    page.page.get_by_role("button", name="Next").click()
    assert page.read("lit") == "tensor"
    page.page.keyboard.press("End")
    assert page.read("line") == "optimizer.step()"
    assert page.read("elapsed") == "3.750"
    assert page.errors == []
    assert page.requests == []


@pytest.mark.slow
def test_without_a_component_the_step_stops_where_it_was_seen_to_stop(opened):
    page = opened(components(LINES, MISSING), theme="dark", width="narrow")
    page.control("take away").select_option("graph")
    page.page.get_by_role("button", name="Last").click()
    assert page.read("line") == "loss.backward()"
    assert page.read("elapsed") == "stopped"
    assert page.read("missing") == "RuntimeError: nothing was recorded"
    page.control("take away").select_option("libraries")
    page.page.get_by_role("button", name="Last").click()
    assert page.read("line") == "optimizer.step()"
    assert page.read("missing") == "17 times as slow"
