"""Lab 8: a tree of tensors in a file, and back on the device where it is wanted."""

from collections import OrderedDict

from dltk.core.device import Device
from dltk.core.dtypes import DType
from dltk.core.tensor import Tensor
from dltk.nn.parameter import Parameter
from dltk.torch_format import read, write

PLAIN = (bool, int, float, str, bytes, type(None), DType, Tensor, Parameter)


def save(obj, f):
    """Write a tree of dicts, lists, tuples, tensors, numbers and text, which torch can read.

    Tensors that share memory in the tree share it in the file, and again when it is loaded. So a
    view is saved with all of the memory that it looks at, as torch does: `save(view.clone(), f)`
    writes its own elements only.

    Args:
        f: a path, or a file open for writing bytes. The former file at a path is replaced when
            the new one is complete, and stays if anything fails.

    Raises:
        TypeError: something else is in the tree.
        RuntimeError: the folder does not exist.
    """
    check_tree(obj)
    write(obj, f)


def load(f, map_location=None, weights_only=True):
    """Read what `save` or `torch.save` wrote.

    Args:
        f: a path, or a file open for reading bytes.
        map_location: where the tensors go: a device, a dict from devices of the file to others,
            or a function of the tensor and the name of its device. All go where they were if
            nothing is given.
        weights_only: only `True` is possible: what is not a tree of tensors is refused.

    Raises:
        FileNotFoundError: there is no such file.
        RuntimeError: the file is damaged, or a tensor belongs on a device that is not here.
        pickle.UnpicklingError: the file holds other objects, or is of another format. Nothing of
            what it names is looked up or run.
        ValueError: `weights_only` is false.
    """
    if not weights_only:
        raise ValueError("dltk.load reads no arbitrary pickles; leave weights_only=True")
    return read(f, lambda tensor, location: place(tensor, location, map_location))


def place(tensor, location, map_location):
    """The tensor, which was saved on the device `location`, where `map_location` wants it.

    Raises:
        RuntimeError: that device is not here.
    """
    if callable(map_location):
        moved = map_location(tensor, location)
        return place(tensor, location, None) if moved is None else moved
    if isinstance(map_location, dict):
        wanted = map_location.get(location, location)
    else:
        wanted = location if map_location is None else map_location
    try:
        return tensor.to(Device(wanted))
    except RuntimeError as error:
        raise RuntimeError(
            f"a tensor belongs on device {wanted}, which is not here; "
            "load(..., map_location='cpu') puts it on the CPU"
        ) from error


def check_tree(obj):
    """`TypeError` if anything but containers, tensors, numbers and text is in the tree."""
    if type(obj) in (dict, OrderedDict):
        for key, value in obj.items():
            check_tree(key)
            check_tree(value)
    elif type(obj) in (list, tuple, set):
        for each in obj:
            check_tree(each)
    elif type(obj) not in PLAIN:
        raise TypeError(
            f"save writes dicts, lists, tuples, tensors, numbers and text, got "
            f"{type(obj).__name__}; save a module's state_dict()"
        )
