"""The graph explorer shows the nodes of dltk and torch, and visits them in their order."""

import json

import pytest

import dltk
from visuals import graph_explorer

torch = pytest.importorskip("torch", reason="torch is not installed: its graphs are explored")
LIBRARIES = pytest.mark.parametrize("lib", [dltk, torch], ids=["dltk", "torch"])


def of_the_course(lib):
    x1, x2 = (lib.tensor(v, dtype=lib.float64, requires_grad=True) for v in (2.0, 5.0))
    return lib.log(x1) + x1 * x2 - lib.sin(x2), {"x1": x1, "x2": x2}


def tower(lib, levels):
    x = lib.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(levels):
        y = lib.sin(y) + lib.cos(y)
    return y, {"x": x}


def tied(lib):
    w = lib.ones(2, 2, requires_grad=True)
    v = lib.ones(2, requires_grad=True)
    return (lib.tanh(w @ (w @ v)) * v).sum() + w.sum() * 2, {"w": w, "v": v}


PROGRAMS = pytest.mark.parametrize("program", [of_the_course, lambda lib: tower(lib, 4), tied])


def titles_in_order(figure):
    return [figure.data["nodes"][at]["title"].partition(" #")[0] for at in figure.data["order"]]


@LIBRARIES
@PROGRAMS
def test_the_order_is_the_one_in_which_the_engine_runs_the_nodes(lib, program):
    result, names = program(lib)
    figure = graph_explorer(result, names)
    ran, seen = [], {result.grad_fn}
    waiting = [result.grad_fn]
    while waiting:
        node = waiting.pop()
        if not hasattr(node, "variable"):
            title = node.name()
            node.register_prehook(lambda _, title=title: ran.append(title))
        for each, _ in node.next_functions:
            if each is not None and each not in seen:
                seen.add(each)
                waiting.append(each)
    result.backward()
    operations = [title for title in titles_in_order(figure) if not title.endswith(".grad")]
    assert operations == ran


@LIBRARIES
@PROGRAMS
def test_every_node_stands_after_all_its_users(lib, program):
    data = graph_explorer(*program(lib)).data
    place = {at: step for step, at in enumerate(data["order"])}
    assert sorted(place) == list(range(len(data["nodes"])))
    for at, node in enumerate(data["nodes"]):
        assert all(place[at] < place[to] for to in node["next"] if to is not None)
    json.dumps(data, allow_nan=False)


@LIBRARIES
def test_a_product_saves_both_operands_and_a_sum_nothing(lib):
    data = graph_explorer(*of_the_course(lib)).data
    saved = {node["title"]: node["saved"] for node in data["nodes"]}
    assert sorted(what for _, what in saved["MulBackward0"]) == ["() float64, 2", "() float64, 5"]
    assert saved["AddBackward0"] == []
    assert saved["x1.grad"] == []


@LIBRARIES
def test_what_was_freed_is_said_to_be_freed(lib):
    result, names = of_the_course(lib)
    result.backward()
    saved = {node["title"]: node["saved"] for node in graph_explorer(result, names).data["nodes"]}
    assert saved["MulBackward0"] is None


@LIBRARIES
def test_the_tensors_of_a_function_of_ones_own_are_shown(lib):
    class Twice(lib.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * 2

        @staticmethod
        def backward(ctx, gradient):
            return gradient * 2

    x = lib.ones(3, 2, requires_grad=True)
    data = graph_explorer(Twice.apply(x).sum(), {"x": x}).data
    saved = {node["title"]: node["saved"] for node in data["nodes"]}
    assert saved["TwiceBackward"] == [["saved 1", "(3, 2) float32"]]


@LIBRARIES
def test_large_graphs_and_tensors_without_a_graph_are_refused(lib):
    with pytest.raises(ValueError, match="has 301 nodes, and the figure shows at most 200"):
        graph_explorer(tower(lib, 100)[0])
    with pytest.raises(ValueError, match="grad_fn is None"):
        graph_explorer(lib.ones(2, requires_grad=True))


@LIBRARIES
def test_the_same_name_twice_is_numbered(lib):
    data = graph_explorer(tower(lib, 2)[0]).data
    assert [node["title"] for node in data["nodes"]] == [
        "leaf.grad",
        "SinBackward0 #1",
        "CosBackward0 #1",
        "AddBackward0 #1",
        "SinBackward0 #2",
        "CosBackward0 #2",
        "AddBackward0 #2",
    ]


@pytest.mark.slow
def test_visits_are_counted_and_ready_nodes_named(opened):
    figure = opened(graph_explorer(*of_the_course(torch)))
    assert (figure.read("visited"), figure.read("ready")) == ("0 of 7", "SubBackward0")
    figure.page.get_by_role("button", name="Next").click()
    assert sorted(figure.read("ready").split(", ")) == ["AddBackward0", "SinBackward0"]
    figure.page.get_by_role("button", name="Next").click()
    assert "x2.grad, which waits for 1 more" in figure.read("says")
    figure.page.get_by_role("button", name="Last").click()
    assert (figure.read("visited"), figure.read("ready")) == ("7 of 7", "none")
    assert figure.errors == []


@pytest.mark.slow
def test_a_node_is_chosen_by_keyboard_and_by_mouse(opened):
    figure = opened(graph_explorer(*of_the_course(dltk)))
    figure.control("look at").focus()
    for _ in range(3):
        figure.page.keyboard.press("ArrowDown")
    assert figure.read("node") == "MulBackward0"
    assert figure.read("users") == "AddBackward0"
    assert "() float64, 5" in figure.page.locator(".stage table").inner_text()
    figure.page.locator("svg g", has_text="x2.grad").last.hover()
    assert figure.read("node") == "x2.grad"
    assert figure.read("left") == "2"
    assert figure.errors == []


@pytest.mark.slow
def test_two_hundred_nodes_are_drawn_and_a_page_stays_narrow(opened):
    figure = opened(graph_explorer(*tower(dltk, 66)), width="narrow", theme="dark")
    figure.page.get_by_role("button", name="Last").click()
    assert figure.read("visited") == "199 of 199"
    assert figure.page.evaluate("document.documentElement.scrollWidth") <= 400
    assert figure.errors == []
