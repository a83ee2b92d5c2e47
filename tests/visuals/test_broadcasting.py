"""Two shapes that meet: common shape, strides of 0 and refusals are torch's."""

import ast
import itertools

import pytest

import dltk
from visuals import broadcasting

torch = pytest.importorskip("torch", reason="torch is not installed: it says what is right")

SHAPES = ["", "1", "3", "2, 3", "2, 1", "4, 1, 3", "0", "2, 0"]


def operands(lib):
    return lib.tensor([[0.0], [1.0], [2.0], [3.0]]), lib.tensor([0.0, 1.0, 2.0, 3.0])


@pytest.mark.parametrize("lib", [dltk, torch], ids=["dltk", "torch"])
def test_the_data_are_those_of_the_tensors(lib):
    figure = broadcasting(*operands(lib))
    assert figure.data["a"]["strides"] == [1, 0]
    assert figure.data["b"]["strides"] == [0, 1]
    assert figure.data["result"] == [float(i - j) for i in range(4) for j in range(4)]


def test_the_table_names_what_is_refused():
    for a, b, said in broadcasting(*operands(dltk)).table.rows:
        try:
            expected = str(tuple(torch.broadcast_shapes(ast.literal_eval(a), ast.literal_eval(b))))
        except RuntimeError:
            expected = "refused"
        assert said == expected


def test_too_large_a_result_is_refused():
    with pytest.raises(ValueError, match="1 to 60 cells"):
        broadcasting(dltk.zeros(8, 1), dltk.zeros(8))


@pytest.mark.slow
def test_shapes_meet_as_in_torch(opened):
    figure = opened(broadcasting(*operands(torch)))
    for a, b in itertools.product(SHAPES, SHAPES):
        for name, text in (("a", a), ("b", b)):
            figure.control(f"shape of {name}").fill(text)
            figure.control(f"shape of {name}").press("Enter")
        shapes = [ast.literal_eval(f"({text},)" if text else "()") for text in (a, b)]
        try:
            common = tuple(torch.broadcast_shapes(*shapes))
        except RuntimeError:
            assert figure.read("shape") == "refused"
            assert "neither is 1" in figure.read("refused")
            continue
        assert ast.literal_eval(figure.read("shape")) == common
        assert figure.read("refused") == ""
        for name, shape in zip("ab", shapes, strict=True):
            told = ast.literal_eval(figure.read(f"strides-{name}"))
            stretched = torch.zeros(shape).expand(common).stride()
            walked = [d for d, size in enumerate(common) if size > 1]
            assert [told[d] for d in walked] == [stretched[d] for d in walked]
    assert figure.errors == []


@pytest.mark.slow
def test_each_cell_of_the_result_says_what_it_reads(opened):
    a, b = operands(dltk)
    figure = opened(broadcasting(a, b))
    difference = (a - b).tolist()
    for i, j in itertools.product(range(4), range(4)):
        said = figure.read("reads")
        assert said.startswith(f"[{i}, {j}] reads")
        assert f"= {i} of a" in said
        assert f"= {j} of b" in said
        assert said.endswith(f"= {difference[i][j]:.0f}".replace("-0", "0"))
        figure.page.get_by_role("button", name="Next").press("ArrowRight")


@pytest.mark.slow
def test_a_pair_is_chosen_and_a_cell_clicked(opened):
    figure = opened(broadcasting(*operands(dltk)))
    figure.control("or a pair").select_option(label="(3,) and (3, 2)")
    assert figure.read("shape") == "refused"
    figure.control("or a pair").select_option(label="(2, 1, 3) and (4, 1)")
    assert figure.read("shape") == "(2, 4, 3)"
    figure.page.locator("svg").last.locator("g").nth(17).click()
    assert figure.read("reads").startswith(
        "[1, 1, 2] reads cell 0 + 1\u00b73 + 1\u00b70 + 2\u00b71 = 5 of a"
    )


@pytest.mark.slow
def test_text_that_is_no_shape_is_refused(opened):
    figure = opened(broadcasting(*operands(dltk)))
    figure.control("shape of a").fill("four")
    figure.control("shape of a").press("Enter")
    assert "list of whole numbers" in figure.read("refused")


@pytest.mark.slow
def test_sizes_may_stand_apart_by_spaces_alone(opened):
    figure = opened(broadcasting(*operands(dltk)))
    figure.control("shape of a").fill("(2 1  3)")
    figure.control("shape of a").press("Enter")
    figure.control("shape of b").fill("4 1")
    figure.control("shape of b").press("Enter")
    assert figure.read("shape") == "(2, 4, 3)"
