"""Whole programs with a simulated device as the default give what they give on the CPU."""

import numpy as np
import pytest
from programs import PROGRAMS

import dltk

# They print tensors, which names the device, or read them through NumPy, which a device refuses.
LOOK_INTO_THE_MEMORY = {
    "pictures_are_learned_by_the_training_loop",
    "a_function_of_ones_own_is_checked",
    "the_graph_is_inspected",
    "numbers_are_printed",
    "memory_is_shared_with_numpy",
}


def _flat(value):
    if isinstance(value, dict):
        return _flat(list(value.values()))
    if isinstance(value, list | tuple):
        return [leaf for each in value for leaf in _flat(each)]
    return [value.detach().tolist() if isinstance(value, dltk.Tensor) else value]


@pytest.mark.slow
@pytest.mark.parametrize("name", [each for each in PROGRAMS if each not in LOOK_INTO_THE_MEMORY])
def test_a_program_on_sim_gives_what_it_gives_on_the_cpu(name):
    here = _flat(PROGRAMS[name].run(dltk))
    with dltk.device("sim"):
        there = _flat(PROGRAMS[name].run(dltk))
    assert len(here) == len(there)
    for a, b in zip(here, there, strict=True):
        assert np.array_equal(a, b, equal_nan=True) if isinstance(a, list | float) else a == b
