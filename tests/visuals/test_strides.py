"""The walker through memory: every view it makes has torch's sizes, strides and offset."""

import ast

import pytest

import dltk
from visuals import strides

torch = pytest.importorskip("torch", reason="torch is not installed: it says what is right")

MATRIX = [[0, 1, 2, 3], [10, 11, 12, 13], [20, 21, 22, 23]]


@pytest.mark.parametrize("lib", [dltk, torch], ids=["dltk", "torch"])
def test_the_data_are_the_tensor_s_own(lib):
    figure = strides(lib.tensor(MATRIX))
    assert figure.data == {
        "sizes": [3, 4],
        "strides": [4, 1],
        "offset": 0,
        "memory": [str(value) for row in MATRIX for value in row],
    }
    assert figure.table.rows[9] == ("[2, 1]", 9, "21")


@pytest.mark.parametrize("lib", [dltk, torch], ids=["dltk", "torch"])
def test_a_view_is_shown_with_the_memory_in_front_of_it(lib):
    figure = strides(lib.tensor(MATRIX)[1:, ::2])
    assert (figure.data["sizes"], figure.data["strides"]) == ([2, 2], [4, 2])
    assert figure.data["offset"] == 4
    assert figure.data["memory"][:5] == ["0", "1", "2", "3", "10"]
    assert [row[2] for row in figure.table.rows] == ["10", "12", "20", "22"]


def test_negative_and_broken_numbers_are_written_short():
    figure = strides(dltk.tensor([-1.0, 0.5]))
    assert figure.data["memory"] == ["\N{MINUS SIGN}1", "0.5"]


@pytest.mark.parametrize("shape", [(49,), (2, 0), (1, 2, 1, 2)])
def test_what_cannot_be_drawn_is_refused_by_its_size(shape):
    with pytest.raises(ValueError, match="this figure shows"):
        strides(dltk.zeros(shape))


class Walker:
    """The figure, operated; what it shows is compared with torch after every step."""

    def __init__(self, figure, tensor):
        self.figure = figure
        self.tensor = tensor

    def make(self, kind, along=0, **numbers):
        figure = self.figure
        figure.control("Make a view").select_option(kind)
        figure.control("along").select_option(str(along))
        for label, value in numbers.items():
            control = figure.control({"at": "at index", "size": "to size"}.get(label, label))
            if label == "other":
                figure.control("with").select_option(str(value))
            else:
                control.fill(str(value))
                control.press("Tab")
        figure.page.get_by_role("button", name="Apply").click()

    def agrees(self):
        expected = eval(self.figure.read("expression"), {"t": self.tensor})
        assert self.numbers("sizes") == tuple(expected.shape)
        assert self.numbers("strides") == expected.stride()
        assert self.numbers("offset") == expected.storage_offset()
        index = ast.literal_eval(self.figure.read("index"))
        assert self.numbers("cell") == expected[tuple(index)].storage_offset()
        assert self.numbers("value") == expected[tuple(index)].item()
        return expected

    def numbers(self, name):
        return ast.literal_eval(self.figure.read(name))


@pytest.fixture
def walker(opened):
    tensor = torch.tensor(MATRIX)
    return Walker(opened(strides(tensor)), tensor)


@pytest.mark.slow
def test_an_element_is_found_by_slider_by_step_and_by_click(walker):
    figure = walker.figure
    figure.drag("index 0", 2)
    figure.drag("index 1", 1)
    assert figure.read("formula") == "0 + 2\u00b74 + 1\u00b71"
    assert (figure.read("cell"), figure.read("value")) == ("9", "21")
    figure.page.get_by_role("button", name="Next").press("ArrowRight")
    assert (figure.read("index"), figure.read("cell")) == ("[2, 2]", "10")
    figure.control("index 1").press("ArrowLeft")
    assert figure.read("cell") == "9"
    figure.page.locator("svg text", has_text="13").first.click()
    assert (figure.read("index"), figure.read("cell")) == ("[1, 3]", "7")
    walker.agrees()


@pytest.mark.slow
def test_every_view_has_the_strides_of_torch(walker):
    steps = [
        ("slice", {"along": 1, "start": "", "stop": "", "step": "2"}),
        ("slice", {"along": 0, "start": "-2", "stop": "9", "step": ""}),
        ("transpose", {"along": 0, "other": 1}),
        ("unsqueeze", {"along": 1}),
        ("expand", {"along": 1, "size": 3}),
        ("transpose", {"along": 0, "other": 2}),
        ("select", {"along": 1, "at": -1}),
        ("select", {"along": 0, "at": 0}),
    ]
    for kind, numbers in steps:
        walker.make(kind, **numbers)
        walker.agrees()
        for _ in range(2):
            walker.figure.page.get_by_role("button", name="Next").click()
        walker.agrees()
    walker.figure.page.get_by_role("button", name="Undo").click()
    assert walker.agrees().dim() == 2
    walker.figure.page.get_by_role("button", name="Back to t").click()
    assert walker.figure.read("expression") == "t"


@pytest.mark.slow
def test_what_torch_refuses_is_refused_and_changes_nothing(walker):
    for kind, numbers, says in [
        ("select", {"along": 0, "at": 3}, "out of bounds"),
        ("slice", {"along": 0, "start": "", "stop": "", "step": "-1"}, "greater than zero"),
        ("slice", {"along": 0, "start": "-", "stop": "", "step": "1"}, "whole number"),
        ("expand", {"along": 0, "size": 5}, "only 1 can"),
    ]:
        walker.make(kind, **numbers)
        assert says in walker.figure.read("refused")
        assert walker.figure.read("expression") == "t"


@pytest.mark.slow
def test_an_empty_view_has_no_element(walker):
    walker.make("slice", along=0, start="3", stop="1", step="1")
    assert walker.figure.read("sizes") == "(0, 4)"
    assert walker.figure.read("index") == "none"
    assert walker.figure.errors == []
