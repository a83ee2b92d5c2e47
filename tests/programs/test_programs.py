"""Whole programs run on dltk as on torch: every step of each agrees."""

import multiprocessing

import pytest
import torch
from programs import PROGRAMS
from programs.agreement import DisagreementError, compare

import dltk

LEAST = 40


def _under_torch(program):
    if not program.needs_twins:
        return program.run(torch)
    from programs.twins import torch_with_twins

    return program.run(torch_with_twins())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_agrees_with_torch_at_every_step(name):
    program = PROGRAMS[name]
    if program.needs_fork and "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("this platform has no processes that fork: its workers could not be started")
    torch.manual_seed(0)
    dltk.manual_seed(0)
    theirs = _under_torch(program)
    ours = program.run(dltk)
    assert compare(ours, theirs, program.precision) > 0
    assert dltk.rand(1).item() == torch.rand(1).item(), "the streams stand at different places"


def test_there_are_at_least_forty_programs_that_need_no_twin():
    assert sum(not program.needs_twins for program in PROGRAMS.values()) >= LEAST


def _results(third_loss, weight=1.0):
    return {"loss": [0.5, 0.25, third_loss], "weight": torch.tensor([weight, 2.0])}


def test_the_first_differing_step_and_value_are_named():
    with pytest.raises(
        DisagreementError, match=r"^step 2, loss differs by 0\.01, .* torch \[0\.125\]$"
    ):
        compare(_results(0.135, weight=7.0), _results(0.125), "float64")
    with pytest.raises(DisagreementError, match=r"^weight differs by 6"):
        compare(_results(0.125, weight=7.0), _results(0.125), "float64")


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"a": [1.0]}, {"a": [1.0, 2.0]}),
        ({"a": 1}, {"a": True}),
        ({"a": 1.0}, {"b": 1.0}),
        ({"a": None}, {"a": 0.0}),
        ({"a": torch.ones(2)}, {"a": torch.ones(2, 1)}),
        ({"a": torch.ones(2)}, {"a": torch.ones(2).double()}),
        ({"a": torch.tensor([1, 2])}, {"a": torch.tensor([1, 3])}),
        ({"a": float("nan")}, {"a": 1.0}),
        ({"a": 1.0}, {"a": float("nan")}),
        ({"a": {"x": 1.0, "y": 2.0}}, {"a": {"y": 2.0, "x": 1.0}}),
        ({"a": (1.0, 2.0)}, {"a": (1.0,)}),
        ({"a": "Linear()"}, {"a": "Linear(1)"}),
        ({"a": 1.0 + 1e-8}, {"a": 1.0}),
    ],
)
def test_what_is_not_the_same_disagrees(ours, theirs):
    with pytest.raises(DisagreementError):
        compare(ours, theirs, "float64")


def test_names_of_the_libraries_and_not_a_number_agree():
    ours = {"a": "dltk.float32", "b": float("nan"), "grad": 1.0 + 1e-8, "c": dltk.float32}
    theirs = {"a": "torch.float32", "b": float("nan"), "grad": 1.0, "c": torch.float32}
    assert compare(ours, theirs, "float64") == 4
