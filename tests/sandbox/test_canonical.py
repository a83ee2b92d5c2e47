"""The same conversion serves torch: what the oracle compares is what the worker sends."""

import numpy as np
import pytest

from autograder import wire
from autograder.worker import program
from autograder.worker.canonical import TooLargeError, canonical

torch = pytest.importorskip("torch", reason="torch is not installed")


def test_tensors_dtypes_sizes_and_devices_of_torch_become_plain():
    x = torch.arange(6, dtype=torch.float32).reshape(2, 3).requires_grad_()
    value = {
        "leaf": x,
        "view": x.t(),
        "half": torch.ones(2, dtype=torch.float16),
        "bool": torch.tensor([True, False]),
        "scalar": torch.tensor(3),
        "parameter": torch.nn.Parameter(torch.ones(1)),
        "dtype": torch.float64,
        "device": torch.device("cpu"),
        "size": x.shape,
        "pair": torch.ones(2, 2).max(0),
        "none": None,
    }
    result = wire.decode(wire.encode(canonical(value, torch)))
    assert result["leaf"].dtype == np.float32
    assert result["view"].tolist() == [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]
    assert result["half"].dtype == np.float16
    assert result["bool"].dtype == np.bool_
    assert result["scalar"].shape == ()
    assert result["parameter"].tolist() == [1.0]
    assert (result["dtype"], result["device"], result["size"]) == ("float64", "cpu", [2, 3])
    assert [item.tolist() for item in result["pair"]] == [[1.0, 1.0], [0, 0]]
    assert result["none"] is None


def test_an_array_of_the_result_is_a_copy():
    x = torch.zeros(2)
    result = canonical({"x": x}, torch)
    x += 1
    assert result["x"].tolist() == [0.0, 0.0]


def test_too_many_items_are_refused():
    with pytest.raises(TooLargeError):
        canonical({"x": list(range(50_000))}, torch)


@pytest.mark.parametrize("source", ["x = 1\n", "", "def a(): pass\ndef b(): pass\n"])
def test_a_program_is_exactly_one_function(source):
    with pytest.raises(ValueError, match="exactly one function"):
        program.load(source, "p")
