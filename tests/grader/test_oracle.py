"""The oracle: the same program under torch, which it leaves as it was."""

import pytest

from autograder.checks.draws import normal
from autograder.checks.spec import check

torch = pytest.importorskip("torch")
oracle = pytest.importorskip("autograder.oracle")


@check("lab2.times", x=normal(3))
def it_sets_everything(lib, kit, x):
    """It changes torch's settings."""
    lib.set_default_dtype(lib.float64)
    lib.set_grad_enabled(False)
    first = lib.rand(2)
    x[:] = 0
    return {"drawn": first, "raised": kit.raises(lib.zeros, -1), "folder": len(kit.folder) > 0}


@check("lab2.times", x=normal(3))
def it_fails(lib, x):
    """It asks for what torch has not."""
    return {"y": lib.no_such_thing(x)}


@check("lab2.times", x=normal(3))
def it_returns_nothing(lib, x):
    """It returns no result."""
    return {}


def test_torchs_settings_random_numbers_and_the_inputs_are_left_as_they_were():
    torch.manual_seed(5)
    state = torch.random.get_rng_state()
    inputs = {"x": torch.arange(3.0, dtype=torch.float64).numpy()}
    result = oracle.answer(it_sets_everything, inputs)
    assert torch.get_default_dtype() is torch.float32
    assert torch.is_grad_enabled()
    assert torch.equal(torch.random.get_rng_state(), state)
    assert inputs["x"].tolist() == [0, 1, 2]
    assert result["raised"] == "RuntimeError"


def test_a_program_sees_the_settings_of_a_fresh_process():
    with torch.no_grad():
        torch.manual_seed(3)
        one = oracle.answer(it_sets_everything, {"x": torch.zeros(3).numpy()})
    two = oracle.answer(it_sets_everything, {"x": torch.zeros(3).numpy()})
    assert one["drawn"].tolist() == two["drawn"].tolist()


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        (it_fails, "lab2.times::it_fails raises AttributeError under torch"),
        (it_returns_nothing, "lab2.times::it_returns_nothing returns no dict of results"),
    ],
)
def test_a_check_that_does_not_run_under_torch_is_named(item, sentence):
    with pytest.raises(oracle.OracleError, match=sentence) as caught:
        oracle.answer(item, {"x": 1.0})
    assert "test_oracle.py:" in str(caught.value)


def test_a_twin_stands_where_torch_has_nothing_and_beside_what_it_has():
    lib = oracle.namespace({"trace.rows": lambda: "rows", "nn.mylayer": 4, "zeros": "a twin"})
    assert lib.trace.rows() == "rows"
    assert lib.nn.mylayer == 4
    assert lib.nn.Linear is torch.nn.Linear
    assert lib.zeros == "a twin"
    assert lib.Tensor is torch.Tensor
    assert oracle.namespace({}) is torch
