"""What torch has in `nn` is there, or says that it is out of scope."""

import inspect

import pytest
import torch

import dltk
from dltk.nn.absent import NAMES

LAYERS = [
    name
    for name, each in vars(torch.nn).items()
    if inspect.isclass(each) and issubclass(each, torch.nn.Module)
]
FUNCTIONS = [
    name
    for name, each in vars(torch.nn.functional).items()
    if callable(each)
    and "input" in (each.__doc__ or "")[:200]
    and name[0].islower()
    and not name.endswith(("_", "_with_indices"))
    and "torch_function" not in name
]


def test_every_layer_and_function_is_there_or_out_of_scope():
    assert len(LAYERS) > 150
    assert len(FUNCTIONS) > 75
    for module, names in ((dltk.nn, LAYERS), (dltk.nn.functional, FUNCTIONS)):
        for name in names:
            if name in NAMES:
                with pytest.raises(NotImplementedError, match=f"{name} is not in dltk's scope"):
                    getattr(module, name)
            else:
                assert callable(getattr(module, name))


def test_a_name_that_torch_does_not_have_is_an_attribute_error():
    for module in (dltk.nn, dltk.nn.functional):
        assert not hasattr(module, "Convolution7")
