"""Tables and drawings are well-formed, complete and described in words."""

import xml.etree.ElementTree as ElementTree

import pytest

dltk = pytest.importorskip("dltk")

from dltk.trace.layering import layered  # noqa: E402

SVG = "{http://www.w3.org/2000/svg}"


def f(x1, x2):
    return dltk.log(x1) + x1 * x2 - dltk.sin(x2)


def traced():
    return dltk.trace.forward_trace(f, (2.0, 5.0), (1.0, 0.0))


def leaves():
    return [dltk.tensor(v, dtype=dltk.float64, requires_grad=True) for v in (2.0, 5.0)]


def test_operations_are_rectangles_and_variables_are_ellipses():
    picture = ElementTree.fromstring(dltk.trace.draw(traced()).svg())
    assert len(list(picture.iter(f"{SVG}rect"))) == 5
    assert len(list(picture.iter(f"{SVG}ellipse"))) == 7
    assert len(list(picture.iter(f"{SVG}path"))) == 13


def test_a_drawing_says_in_words_what_it_shows():
    drawing = dltk.trace.draw(traced())
    picture = ElementTree.fromstring(drawing.svg())
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == repr(drawing)
    assert "v2 = v-1 * v0" in repr(drawing)


def test_a_value_used_twice_by_one_operation_has_one_arrow_to_it():
    drawing = dltk.trace.draw(dltk.trace.forward_trace(lambda x: x * x, (3.0,)))
    assert len(drawing.edges) == 2


def test_the_recorded_graph_of_dltk_and_of_torch_look_the_same():
    torch = pytest.importorskip("torch", reason="torch is not installed: its graph is drawn too")
    x1, x2 = leaves()
    ours = dltk.trace.draw(f(x1, x2), names={"x1": x1, "x2": x2})
    y1, y2 = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (2.0, 5.0))
    result = torch.log(y1) + y1 * y2 - torch.sin(y2)
    theirs = dltk.trace.draw(result, names={"x1": y1, "x2": y2})
    assert repr(ours) == repr(theirs)
    assert ours.svg() == theirs.svg()


def test_what_was_not_recorded_cannot_be_drawn():
    with pytest.raises(ValueError, match="nothing was recorded"):
        dltk.trace.draw(dltk.tensor(1.0))


def test_layers_follow_the_arrows_and_nodes_keep_apart():
    edges = [("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"), ("a", "d"), ("d", "e")]
    layout = layered("abcde", edges)
    assert all(layout.layer[start] < layout.layer[end] for start, end in edges)
    assert abs(layout.height["b"] - layout.height["c"]) >= 1
    assert [layer for layer, _ in layout.paths["a", "d"]] == [0, 1, 2]


def test_a_graph_with_a_cycle_is_refused():
    with pytest.raises(ValueError, match="no cycles"):
        layered("ab", [("a", "b"), ("b", "a")])


def test_a_table_is_html_with_scopes_and_text_with_columns():
    table = traced().table().with_column("torch", [0.0] * 7)
    html = ElementTree.fromstring(table._repr_html_())
    assert [cell.get("scope") for cell in html.iter("th")].count("col") == 7
    assert [cell.get("scope") for cell in html.iter("th")].count("row") == 7
    lines = str(table).splitlines()
    assert len(lines) == 9
    assert lines[-1].split()[0] == "v5"


def test_a_column_of_another_length_is_refused():
    with pytest.raises(ValueError, match="torch: 2 values for a table of 7 rows"):
        traced().table().with_column("torch", [1.0, 2.0])


def test_names_and_expressions_are_escaped():
    trace = dltk.trace.forward_trace(lambda x: x * 2, (1.0,), names=["<b>&"])
    assert "<b>&" not in trace._repr_html_()
    assert "<b>&" not in dltk.trace.draw(trace)._repr_html_()
