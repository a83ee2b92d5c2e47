"""The figure of a graph's life shows what really was saved, freed, kept and refused."""

import pytest

import dltk
from visuals import graph_life


def life(lib=dltk):
    w = lib.tensor([1.0, 2.0], requires_grad=True)
    x = lib.tensor([3.0, 4.0])
    return graph_life(lambda: lib.tanh(w * x).sum(), {"w": w}), w


def states(events, line):
    return [event["states"] for event in events if event["line"] == line]


def test_the_nodes_appear_in_the_order_of_the_program():
    figure, _ = life()
    assert [node["name"] for node in figure.data["nodes"]] == ["leaf w", "Mul", "Tanh", "Sum"]
    assert [node["level"] for node in figure.data["nodes"]] == [0, 1, 2, 3]
    forward = states(figure.data["lives"]["freed"], "forward")
    assert [each.count("holds") for each in forward] == [2, 3, 4]


def test_the_pass_visits_them_from_the_output_on():
    figure, _ = life()
    visits = [event["at"] for event in figure.data["lives"]["freed"] if event["line"] == "backward"]
    assert visits == [3, 2, 1, 0, None]


def test_what_was_saved_is_gone_after_the_pass_and_kept_if_asked():
    figure, _ = life()
    freed, retained = (figure.data["lives"][kind] for kind in ("freed", "retained"))
    assert [event["kept"] for event in freed if event["line"] == "forward"] == [2, 4, 4]
    assert states(freed, "backward")[-1] == ["holds", "emptied", "emptied", "holds"]
    assert states(retained, "backward")[-1] == ["holds"] * 4
    assert [event["kept"] for event in freed][-3:] == [0, 0, 0]
    assert [event["kept"] for event in retained][-3:] == [4, 4, 0]


def test_a_second_pass_is_refused_or_adds():
    figure, w = life()
    freed, retained = (figure.data["lives"][kind][-2] for kind in ("freed", "retained"))
    assert freed["says"] == "RuntimeError: Trying to backward through the graph a second time."
    first = float(figure.data["lives"]["retained"][-3]["grads"]["w"].split(",")[0])
    assert float(retained["grads"]["w"].split(",")[0]) == pytest.approx(2 * first, rel=1e-4)
    assert w.grad is None


def test_a_program_of_torch_has_the_same_life():
    torch = pytest.importorskip("torch", reason="torch is not installed: nothing to compare with")
    ours, theirs = life()[0].data, life(torch)[0].data
    assert ours["edges"] == theirs["edges"]
    for kind in ("freed", "retained"):
        for our, their in zip(ours["lives"][kind], theirs["lives"][kind], strict=True):
            assert (our["states"], our["kept"], our["at"]) == (
                their["states"],
                their["kept"],
                their["at"],
            )


def test_a_tensor_without_a_graph_is_refused():
    with pytest.raises(ValueError, match="grad_fn is None"):
        graph_life(lambda: dltk.tensor(1.0), {})


@pytest.mark.slow
def test_it_is_walked_by_mouse_and_by_keyboard(opened):
    page = opened(life()[0])
    press = page.page.get_by_role("button", name="Next")
    for kept in ("2", "4", "4"):
        press.click()
        assert page.read("kept") == kept
    assert page.read("grad-w") == "None"
    press.focus()
    page.page.keyboard.press("End")
    page.page.keyboard.press("ArrowLeft")
    assert page.read("says").startswith("RuntimeError")
    assert page.read("kept") == "0"
    page.control("the first pass is called with").select_option("retained")
    page.page.get_by_role("button", name="Last").click()
    page.page.get_by_role("button", name="Back").click()
    assert page.read("kept") == "4"
    assert "second pass" in page.read("says")
    assert page.errors == []
