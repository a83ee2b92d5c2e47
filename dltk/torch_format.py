"""The file of `torch.save`: a zip with a pickle of the tree and one member for each storage.

The pickle is read by an unpickler that knows a handful of names; any other is refused before it
is looked up, so that no file can run code.
"""

from __future__ import annotations

import io
import pickle
import struct
import sys
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from dltk.atomic_file import replacing
from dltk.backends.registry import device_of, moved
from dltk.core import dtypes
from dltk.core.device import CPU
from dltk.core.dtypes import DType
from dltk.core.storage import Storage
from dltk.core.tensor import Tensor, over
from dltk.nn.parameter import Parameter
from dltk.ops.create import require_grad

ROOT = "archive"
STORAGES = {f"{title}Storage": dtypes.by_name(name) for name, title in dtypes.TITLES.items()}
STORAGE_NAMES = {dtype: name for name, dtype in STORAGES.items()}


# What a file whose bytes are not what torch.save writes can lead to.
DAMAGE = (
    zipfile.BadZipFile,
    EOFError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    AssertionError,
    OverflowError,
    RecursionError,
    struct.error,
)


class Name:
    """Something of torch's that a file knows by its name."""

    def __init__(self, module: str, name: str):
        self.module, self.name = module, name

    def __call__(self, *args: Any) -> None:
        raise TypeError(f"{self.module}.{self.name} is only a name")


REBUILD_TENSOR = Name("torch._utils", "_rebuild_tensor_v2")
REBUILD_PARAMETER = Name("torch._utils", "_rebuild_parameter")


class Writer(pickle._Pickler):
    """Pickles a tree; tensors become calls of torch's functions on storages by number."""

    dispatch: ClassVar[dict[Any, Any]] = dict(pickle._Pickler.dispatch)

    def __init__(self, file: io.BytesIO, number_of: Callable, walk: Callable):
        super().__init__(file, protocol=2)
        self.number_of, self.walk = number_of, walk
        self.numbers: dict[int, int] = {}
        self.storages: dict[int, Storage] = {}

    def persistent_id(self, obj: Any) -> Any:
        if not isinstance(obj, Storage):
            return None
        number = self.number_of(obj, self.numbers)
        self.storages[number] = obj
        name = Name("torch", STORAGE_NAMES[dtypes.from_numpy(obj.data.dtype)])
        return "storage", name, str(number), str(device_of(obj.data)), obj.data.size

    def save_name(self, obj: Name) -> None:
        self.write(f"c{obj.module}\n{obj.name}\n".encode())  # type: ignore[attr-defined]
        self.memoize(obj)  # type: ignore[attr-defined]

    def save_dtype(self, obj: DType) -> None:
        self.save(Name("torch", obj.name))  # type: ignore[attr-defined]

    def save_tensor(self, obj: Tensor) -> None:
        rest = obj.requires_grad, OrderedDict()  # type: ignore[var-annotated]
        args: tuple[Any, ...] = (obj._alias(), *self.walk(obj), *rest)
        self.save_reduce(REBUILD_TENSOR, args, obj=obj)  # type: ignore[attr-defined]

    def save_parameter(self, obj: Parameter) -> None:
        args: tuple[Any, ...] = (obj.detach(), obj.requires_grad, OrderedDict())
        self.save_reduce(REBUILD_PARAMETER, args, obj=obj)  # type: ignore[attr-defined]

    dispatch[Name] = save_name
    dispatch[DType] = save_dtype
    dispatch[Tensor] = save_tensor
    dispatch[Parameter] = save_parameter


class Reader(pickle._Unpickler):
    """Unpickles a tree of tensors and refuses everything else."""

    dispatch: ClassVar[dict[Any, Any]] = dict(pickle._Unpickler.dispatch)

    def __init__(self, pickled: bytes, storage: Callable[[DType, str, str], Storage]):
        super().__init__(io.BytesIO(pickled))
        self.storage = storage
        self.names: dict[tuple[str, str], Any] = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): rebuild_tensor,
            ("torch._utils", "_rebuild_parameter"): rebuild_parameter,
            ("torch", "Size"): tuple,
            ("_codecs", "encode"): encode,
        }
        for module in ("builtins", "__builtin__"):
            self.names[module, "set"] = set
        for name, dtype in STORAGES.items():
            self.names["torch", name] = dtype
        for dtype in dtypes.ALL:
            self.names["torch", dtype.name] = dtype

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self.names:
            raise pickle.UnpicklingError(
                f"the file holds a {module}.{name}; load reads only dicts, lists, tuples, numbers, "
                "text and tensors of the dtypes that dltk has"
            )
        return self.names[module, name]

    def persistent_load(self, pid: Any) -> Storage:
        kind, dtype, key, location, _ = pid
        if kind != "storage" or not isinstance(dtype, DType):
            raise pickle.UnpicklingError(f"the file refers to an unknown {kind}")
        return self.storage(dtype, key, location)

    def load_build(self) -> None:
        state = self.stack.pop()  # type: ignore[attr-defined]
        target = self.stack[-1]  # type: ignore[attr-defined]
        if type(target) is not OrderedDict or type(state) is not dict:
            raise pickle.UnpicklingError(f"the file sets attributes of a {type(target).__name__}")
        target.__dict__.update(state)

    dispatch[pickle.BUILD[0]] = load_build


def rebuild_tensor(
    storage: Storage, offset: int, size: tuple, stride: tuple, requires_grad: bool, hooks: Any
) -> Tensor:
    dtype = dtypes.from_numpy(storage.data.dtype)
    tensor = over(storage, tuple(size), tuple(stride), offset, dtype)
    if tensor._raw.flags.c_contiguous:
        tensor._strides = None
    return require_grad(tensor) if requires_grad else tensor


def rebuild_parameter(data: Tensor, requires_grad: bool, hooks: Any) -> Parameter:
    return Parameter(data, requires_grad)


def encode(text: str, encoding: str) -> bytes:
    """How pickles of protocol 2 write bytes."""
    if encoding != "latin1":
        raise pickle.UnpicklingError(f"bytes are written in latin1, got {encoding}")
    return text.encode("latin1")


def write(tree: Any, file: Any, number_of: Callable, walk: Callable) -> None:
    """Write `tree` to a path, whose former file is lost only when all is written, or to a file.

    `number_of(storage, numbers)` is the number of a storage in the file, and `walk(tensor)` the
    offset, shape and strides of a tensor on its storage.
    """
    if not hasattr(file, "write"):
        with replacing(file) as opened:
            write(tree, opened, number_of, walk)
        return
    pickled = io.BytesIO()
    writer = Writer(pickled, number_of, walk)
    writer.dump(tree)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(f"{ROOT}/data.pkl", pickled.getvalue())
        archive.writestr(f"{ROOT}/byteorder", sys.byteorder)
        for number, storage in writer.storages.items():
            archive.writestr(f"{ROOT}/data/{number}", moved(storage.data, CPU).tobytes())
        archive.writestr(f"{ROOT}/version", "3\n")


def read(file: Any, place: Callable[[Tensor, str], Tensor]) -> Any:
    """The tree in a path or an open file; `place(tensor, location)` puts each storage."""
    if not hasattr(file, "read"):
        with open(file, "rb") as opened:
            return read(opened, place)
    start = file.tell()
    head = file.read(4)
    file.seek(start)
    if not head:
        raise EOFError("the file is empty")
    if head[:1] == b"\x80":
        raise pickle.UnpicklingError(
            "the file is a bare pickle, or of torch's format before version 1.6, which load does "
            "not read; write it again with today's torch.save"
        )
    if head != b"PK\x03\x04":
        raise pickle.UnpicklingError("the file is not of torch.save's zip format")
    try:
        with zipfile.ZipFile(file) as archive:
            return _tree(archive, place)
    except DAMAGE as error:
        raise RuntimeError(f"the file is damaged: {type(error).__name__}: {error}") from error


def _tree(archive: zipfile.ZipFile, place: Callable[[Tensor, str], Tensor]) -> Any:
    members = archive.namelist()
    if any(each.compress_type != zipfile.ZIP_STORED for each in archive.infolist()):
        raise pickle.UnpicklingError("the file is compressed, which torch.save's files never are")
    root = next((name[: -len("data.pkl")] for name in members if name.endswith("/data.pkl")), "")
    swapped = f"{root}byteorder" in members and (
        archive.read(f"{root}byteorder").decode() != sys.byteorder
    )
    placed: dict[str, Storage] = {}

    def storage(dtype: DType, key: str, location: str) -> Storage:
        if key not in placed:
            elements = np.frombuffer(bytearray(archive.read(f"{root}data/{key}")), dtype.numpy)
            if swapped:
                elements = elements.byteswap()
            flat = over(Storage(elements), elements.shape, (1,), 0, dtype)
            placed[key] = place(flat, location)._alias()
        return placed[key]

    return Reader(archive.read(f"{root}data.pkl"), storage).load()
