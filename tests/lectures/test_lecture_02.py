"""Lecture 02: the numbers it teaches about memory, shapes, dtypes and speed."""

import re
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: the lecture stands beside it")

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("lecture-02")]
ROOT = Path(__file__).parents[2]
NAME = "02-tensors"
TEXT = (ROOT / "lectures" / f"{NAME}.md").read_text(encoding="utf-8")
# Times, rates and the message that says what computes differ between two runs.
DIFFER = re.compile(r"µs| ms\b|times as|billion|^Computed|^Checking|^Run this")


@pytest.fixture(scope="module")
def printed(on_the_reference):
    return on_the_reference.printed


def numbers(printed, pattern):
    found = re.search(pattern, printed)
    assert found is not None, pattern
    return [float(each.replace(",", "")) for each in found.groups()]


def test_it_says_what_computes(on_the_reference, in_a_blank_workspace):
    assert "Computed by dltk." in on_the_reference.printed
    assert "Computed through torch: lab1.strides, lab1.index and 5 more" in (
        in_a_blank_workspace.printed
    )


def test_dltk_and_torch_print_the_same(on_the_reference, in_a_blank_workspace):
    ours, theirs = (
        [line for line in run.printed.splitlines() if not DIFFER.search(line)]
        for run in (on_the_reference, in_a_blank_workspace)
    )
    assert ours == theirs


def test_the_figures_are_the_same_on_dltk_and_torch(on_the_reference, in_a_blank_workspace):
    ours, theirs = (
        [data["text/plain"] for data in run.shown if "data-visual=" in data.get("text/html", "")]
        for run in (on_the_reference, in_a_blank_workspace)
    )
    assert len(ours) == 4
    assert ours == theirs


def test_an_element_lies_where_the_rule_says(printed):
    assert "element [2, 1] lies in cell 9\nwhere a view of it begins:  9\n" in printed
    assert "bytes from 11 to 21: 32" in printed
    assert printed.splitlines()[-1] == "sizes (2, 2), strides (2, 4), offset 4"


def test_views_have_the_strides_of_torch(printed):
    m = torch.tensor([[0, 1, 2, 3], [10, 11, 12, 13], [20, 21, 22, 23]])
    for text in ("m[1:, ::2]", "m.t()", "m[:, 1]"):
        view = eval(text, {"m": m})
        told = (
            f"{text:11} sizes {tuple(view.shape)}, strides {view.stride()}, "
            f"offset {view.storage_offset()}"
        )
        assert told in printed


def test_a_transposition_takes_microseconds_whatever_it_turns(printed):
    turned = re.findall(r"([\d,]+)  t\(\) +([\d.]+) µs   contiguous\(\) +([\d.]+) µs", printed)
    assert [row[0] for row in turned] == ["1,000", "10,000", "100,000", "1,000,000", "10,000,000"]
    times = [(float(turning), float(moving)) for _, turning, moving in turned]
    assert max(turning for turning, _ in times) < 200
    assert times[-1][1] > 100 * times[-1][0]
    assert times[-1][1] > 20 * times[0][1]


def test_a_view_of_a_turned_matrix_exists_only_where_strides_do(printed):
    refusal = "RuntimeError: view size is not compatible with input tensor's size and stride"
    assert printed.count(refusal) == 3
    assert "(2, 1, 4)\n(2,)\n" in printed
    assert "m.t()      reshape(-1) shares memory: False" in printed


def test_a_column_against_a_vector_is_two_and_a_half(printed):
    assert "(4, 1) minus (4,) is (4, 4)\nmean squared difference: 2.5" in printed
    assert "2.5 | Using a target size (torch.Size([4])) that is different" in printed
    assert "incorrect results due to broadcasting" in printed


def test_dtypes_meet_by_category(printed):
    assert "int32  with float32  here float32  NumPy float64" in printed
    assert "int64  with float16  here float16  NumPy float64" in printed
    assert "uint8  with int8     here int16    NumPy int16" in printed


@pytest.mark.parametrize(
    "said",
    [
        "IndexError: too many indices for tensor of dimension 1",
        "ValueError: too many dimensions 'str'",
        "TypeError: new(): invalid data type 'bytes'",
        "NotImplementedError: \"normal_kernel_cpu\" not implemented for 'Long'",
        "NotImplementedError: \"check_uniform_bounds\" not implemented for 'Long'",
        "tensor(2): tensor(2) | Tensor(2) has shape (2,)",
        "FloatTensor([2]) + FloatTensor([3]): tensor([5.])",
        "from_numpy: tensor([50.,  2.], dtype=torch.float64) | tensor: tensor([1., 2.]",
        "AttributeError: 'numpy.ndarray' object has no attribute 'add_'",
        "RuntimeError: Can't call numpy() on Tensor that requires grad.",
        "TypeError: can't convert meta device type tensor to numpy.",
        "(2,) -> (5, 3)\nAn output with one or more elements was resized since it had shape [2]",
        "This behavior is deprecated, and in a future PyTorch release outputs will not be resized",
        "tensor([1., 1.]) tensor([1., 1.], requires_grad=True)",
        "torch.float is float32",
    ],
)
def test_what_is_commonly_said_is_tried(printed, said):
    assert said in printed


def test_in_place_keeps_the_memory_and_cannot_grow_it(printed):
    assert "[2.0, 3.0] [3.0, 4.0] same memory: True" in printed
    assert "RuntimeError: output with shape [3] doesn't match the broadcast shape [2, 3]" in printed


def test_memory_shared_with_numpy_is_seen_from_both_sides(printed):
    assert "the array sees [2. 2. 2.]\nthe tensor sees [2.0, 2.0, 2.0] float64" in printed


def test_the_library_is_hundreds_of_times_as_fast_as_loops(printed):
    (factor,) = numbers(printed, r"BLAS is ([\d,]+) times as fast as the loops")
    assert factor > 100


def test_published_shares_are_recomputed(printed):
    assert "the first kernel reaches 1.3% of cuBLAS, the last 93.7%" in printed


def test_the_five_parts_train_a_model(printed):
    loss, right = numbers(printed, r"loss ([\d.]+), (\d+) of 360 right")
    assert loss < 0.35
    assert right > 330


def test_the_installation_is_verified_by_computing(printed):
    assert f"torch {torch.__version__}" in printed
    assert "it computes: True" in printed


def test_each_exercise_s_number_is_the_one_computed():
    t = torch.arange(24).view(2, 3, 4)
    assert t[1, 2, 3].storage_offset() == 23
    assert t.permute(2, 0, 1).stride() == (1, 12, 4)
    flat = torch.zeros(4, 6)
    views = [flat[:, 0], flat[0], flat[::2], flat[:, :2], flat.t()[:, :1]]
    assert [can_be_flattened(view) for view in views] == [True, True, False, False, True]
    wrapped = torch.ones(3, dtype=torch.uint8) + 300
    assert (wrapped.dtype, wrapped[0].item()) == (torch.uint8, 45)


def can_be_flattened(tensor):
    try:
        tensor.view(-1)
    except RuntimeError:
        return False
    return True


def test_it_leads_into_lab_1():
    assert (ROOT / "labs/lab1-tensors.md").is_file()
    assert "`labs/lab1-tensors`" in TEXT.split("## What comes next")[1]
