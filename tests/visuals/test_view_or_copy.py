"""Where a view exists: the figure's strides are torch's, and so are its refusals."""

import ast

import pytest

import dltk
from visuals import view_or_copy

torch = pytest.importorskip("torch", reason="torch is not installed: it says what is right")

TARGETS = ["-1", "3, 8", "8, 3", "6, 4", "3, 2, 2, 2", "2, 2, 3, 1, 2", "4, -1", "1, 24", "24, 1"]
TARGETS += [
    "2, 6",
    "12",
    "3, 2, 2",
    "2, 2, 3",
    "1, 6, 1",
    "3, 1, 2",
    "5, -1",
    "-1, -1",
    "24.5",
    "0, -1",
]


@pytest.mark.parametrize("lib", [dltk, torch], ids=["dltk", "torch"])
def test_the_walks_are_the_library_s_own(lib):
    t = lib.arange(24).view(2, 3, 4)
    for way in view_or_copy(t).data["ways"]:
        view = eval(way["text"], {"t": t})
        assert way["sizes"] == list(view.shape)
        assert way["strides"] == list(view.stride())
        assert way["offset"] == view.storage_offset()


def test_the_table_says_which_can_be_flattened():
    rows = {
        text: said for text, _, _, said in view_or_copy(dltk.arange(24).view(2, 3, 4)).table.rows
    }
    assert rows["t"] == "strides (1,)"
    assert rows["t.transpose(0, 1)"] == "no strides exist"
    assert rows["t[:, :, ::2]"] == "strides (2,)"


def test_too_large_a_tensor_is_refused():
    with pytest.raises(ValueError, match="1 to 48 elements"):
        view_or_copy(dltk.zeros(7, 7))


def expected(tensor, text):
    try:
        return f"exists, with strides {tensor.view(ast.literal_eval(f'({text},)')).stride()}"
    except RuntimeError as refusal:
        if "not compatible with input tensor's size and stride" in str(refusal):
            return "no strides exist; reshape copies"
        return "these sizes do not hold all elements"
    except TypeError:
        return "these sizes do not hold all elements"


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(2, 3, 4), (4, 6), (4, 6, 1), (1, 4, 6), (12,)])
def test_strides_exist_exactly_where_torch_finds_them(opened, shape):
    count = torch.Size(shape).numel()
    t = torch.arange(count).view(shape)
    figure = opened(view_or_copy(t))
    texts = [way["text"] for way in view_or_copy(t).data["ways"]]
    for text in texts:
        figure.control("the tensor").select_option(label=text)
        view = eval(text, {"t": t})
        assert ast.literal_eval(figure.read("strides")) == view.stride()
        assert figure.read("contiguous") == ("yes" if view.is_contiguous() else "no")
        for target in TARGETS:
            figure.control("view it as").fill(target)
            figure.control("view it as").press("Enter")
            assert figure.read("verdict") == expected(view, target), (text, target)
    assert figure.errors == []


@pytest.mark.slow
def test_a_refusal_names_the_block_that_is_too_small(opened):
    figure = opened(view_or_copy(dltk.arange(24).view(2, 3, 4)))
    figure.control("view it as").fill("3, 8")
    figure.control("view it as").press("Enter")
    assert figure.read("why") == (
        "The new size 8 does not fit: the block made of (4,) has 4 elements, and a view cannot "
        "join two blocks."
    )
    figure.control("or one of").select_option("3, 2, 4")
    assert figure.read("verdict") == "exists, with strides (4, 12, 1)"
    assert figure.page.locator("polyline.bad").count() == 0
