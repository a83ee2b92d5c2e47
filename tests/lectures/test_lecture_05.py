"""Lecture 05 shows the numbers it teaches, on the reference and in a blank workspace."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the lecture stands beside it")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lecture-05")]
NAME = "05-pytorch-autograd"


def lines(executed, start):
    return [line for line in executed.printed.splitlines() if line.startswith(start)]


def test_it_runs_without_a_complaint(executed):
    assert executed.complaints == ""


def test_both_ways_of_computing_print_the_same(on_the_reference, in_a_blank_workspace):
    ours, theirs = (
        run.printed.splitlines()[1:] for run in (on_the_reference, in_a_blank_workspace)
    )
    assert ours == theirs


def test_the_square_sends_four_and_three_passes_add_up(executed):
    assert "x.grad: tensor(4.)" in executed.printed
    assert "x.grad: 4.0\nx.grad: 8.0\nx.grad: 12.0" in executed.printed


def test_what_requires_no_gradient_gets_none(executed):
    assert lines(executed, "data.grad:") == ["data.grad:   None"]
    assert lines(executed, "offset.grad:") == ["offset.grad: [[0.25, 0.25], [0.25, 0.25]]"]


def test_the_mean_of_squares_has_the_gradient_two_and_after_a_second_pass_four(executed):
    assert "z [[8.0, 8.0], [8.0, 8.0]] out 8.0" in executed.printed
    assert "x.grad after one pass:  [[2.0, 2.0], [2.0, 2.0]]" in executed.printed
    assert "x.grad after two passes: [[4.0, 4.0], [4.0, 4.0]]" in executed.printed


def test_a_cube_has_slope_and_curvature_twelve_and_a_root_is_infinitely_steep(executed):
    assert "value 8.0, slope 12.0, curvature 12.0, a.grad None" in executed.printed
    assert "slope of the root at 0: inf" in executed.printed


def test_the_loop_has_the_states_and_gradients_of_each_length(executed):
    for state, slopes in {
        "T = 1: h = [1.5, 3.0]": "dW = [[1.0, 1.0], [1.0, 1.0]], db = [1.0, 1.0]",
        "T = 3: h = [1.875, 15.0]": "dW = [[2.75, 8.75], [8.75, 17.0]], db = [1.75, 7.0]",
        "T = 5: h = [1.96875, 63.0]": "dW = [[3.5625, 40.6875], [40.6875, 129.0]], "
        "db = [1.9375, 31.0]",
    }.items():
        (start,) = lines(executed, state)
        after = executed.printed.splitlines()[executed.printed.splitlines().index(start) + 1]
        assert after.strip() == slopes
    assert "T = 0: h = [1.0, 1.0], nothing was recorded" in executed.printed


def test_the_cell_of_a_recurrent_network_agrees_with_its_formula(executed):
    assert lines(executed, "W_") == [
        "W_h.grad (20, 20), within 1e-12 of the formula: True",
        "W_x.grad (20, 10), within 1e-12 of the formula: True",
    ]


def test_only_the_unrecorded_update_in_place_keeps_a_leaf_that_learns(executed):
    ways = [line.split(None, 1) for line in lines(executed, ("in_place", "rebound"))]
    assert dict(ways)["in_place"].startswith("RuntimeError: a leaf Variable that requires grad")
    assert dict(ways)["rebound"] == "leaf: False, requires_grad: True"
    assert dict(ways)["rebound_unrecorded"] == "leaf: True, requires_grad: False"
    assert dict(ways)["in_place_unrecorded"] == "leaf: True, requires_grad: True"


def test_the_two_layers_learn(executed):
    losses = [float(line.rsplit(None, 1)[1]) for line in lines(executed, "step ")]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.1 * losses[0]


def test_weights_have_gradients_of_their_shape_and_data_have_none(executed):
    shapes = "{'w1': (4, 5), 'b1': (5,), 'w2': (5, 2), 'b2': (2,)}\nx: None  target: None"
    assert shapes in executed.printed


def test_each_pass_of_the_loop_adds_two_nodes(executed):
    nodes = {line.split(":")[0]: line.split(", ")[-1] for line in lines(executed, "T = ")}
    assert [nodes[f"T = {T}"] for T in (1, 3, 5)] == [f"{3 + 2 * T} nodes" for T in (1, 3, 5)]


def test_a_changed_saved_value_is_caught_and_behind_the_counter_it_is_wrong(executed):
    untouched, caught, behind, detached = lines(executed, "version 0")
    assert untouched.endswith("[2.0, 4.0]")
    assert "RuntimeError: one of the variables needed" in caught
    assert "RuntimeError: one of the variables needed" in detached
    assert behind == "version 0 -> 0: [22.0, 24.0]"


def test_a_second_pass_is_refused_and_its_values_are_gone(executed):
    refused = "RuntimeError: Trying to backward through the graph a second time"
    assert executed.printed.splitlines().count(refused) == 2
    assert "before backward: the saved value is there: True" in executed.printed
    assert "after backward:  the saved value is there: False" in executed.printed


def test_the_debugger_speaks_from_inside_of_the_backward_pass(executed):
    assert "the debugger said: ['[4.0, 8.0, 12.0]', '(3,)']" in executed.printed
    assert "RuntimeError: Function 'SqrtBackward0' returned nan values" in executed.printed


def test_the_figures_show_the_readers_own_run(executed):
    shown = "".join(data["text/html"] for data in executed.shown if "text/html" in data)
    for name in ("graph_explorer", "accumulation", "graph_life"):
        assert f'data-visual="{name}"' in shown
