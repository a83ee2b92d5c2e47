"""What a graph holds can be read off tensors of dltk and of torch alike."""

import pytest

import dltk
from visuals.recorded import is_leaf, nodes_behind, numbers_in, saved_by, short_name


@pytest.fixture(params=["dltk", "torch"])
def lib(request):
    if request.param == "dltk":
        return dltk
    return pytest.importorskip("torch", reason="torch is not installed: only dltk is read")


def diamond(lib):
    x = lib.tensor([1.0, 2.0, 3.0], requires_grad=True)
    a = lib.exp(x)
    return (lib.sin(a) * a).sum()


def test_leaves_come_first_and_then_the_order_of_recording(lib):
    nodes = nodes_behind(diamond(lib))
    assert [short_name(node) for node in nodes] == ["AccumulateGrad", "Exp", "Sin", "Mul", "Sum"]
    assert [is_leaf(node) for node in nodes] == [True, False, False, False, False]


def test_saved_numbers_are_counted(lib):
    kept = [numbers_in(saved_by(node)) for node in nodes_behind(diamond(lib))]
    assert kept == [0, 3, 3, 6, 0]


def test_what_was_freed_reads_as_none(lib):
    result = diamond(lib)
    nodes = nodes_behind(result)
    result.backward()
    assert [saved_by(node) is None for node in nodes] == [False, True, True, True, False]


def test_a_tensor_without_a_graph_is_refused(lib):
    with pytest.raises(ValueError, match="grad_fn is None"):
        nodes_behind(lib.tensor(1.0))
