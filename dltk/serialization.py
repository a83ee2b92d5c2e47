"""Lab 8: a tree of tensors in a file, and back on the device where it is wanted.

A file holds each storage once, under a number, and for each tensor the number of its storage and
how the tensor walks over it. Given, in `dltk.torch_format`: `write(tree, file, number_of, walk)`
and `read(file, place)`, which put the pieces into torch's file; in `dltk.savable`: `check_tree`,
which refuses what is not a tree of containers, tensors, numbers and text.
"""

from dltk.core.device import Device
from dltk.savable import check_tree
from dltk.torch_format import read, write


def number_of(storage, numbers):
    """The number of `storage` in the file: the one it has already, else the next one, from 0.

    Given: `numbers`, a dict from the `id` of each storage in the file to its number, to which a new
    storage is added.
    """
    return numbers.setdefault(id(storage), len(numbers))


def walk(tensor):
    """How `tensor` walks over its storage: offset, shape and strides, in elements, as tuples."""
    return tensor.storage_offset(), tuple(tensor.shape), tuple(tensor.stride())


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
    write(obj, f, number_of, walk)


def destination(location, map_location):
    """The device that a tensor saved on `location` goes to.

    Given: `map_location`, a device, a dict from devices of the file to others, or `None`, with
    which all stay where they were, as do those that the dict does not name.
    """
    if map_location is None:
        return location
    if isinstance(map_location, dict):
        return map_location.get(location, location)
    return map_location


def place(tensor, location, map_location):
    """The tensor, which was saved on the device `location`, where `map_location` wants it.

    Where `map_location` is a function of both, it moves the tensor itself, or returns `None` to
    leave it where it was.

    Raises:
        RuntimeError: that device is not here.
    """
    if callable(map_location):
        moved = map_location(tensor, location)
        return place(tensor, location, None) if moved is None else moved
    wanted = destination(location, map_location)
    try:
        return tensor.to(Device(wanted))
    except (RuntimeError, AssertionError) as error:
        raise RuntimeError(
            f"a tensor belongs on device {wanted}, which is not here; "
            "load(..., map_location='cpu') puts it on the CPU"
        ) from error


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
