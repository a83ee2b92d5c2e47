"""The element types of tensors and what is known about each of them."""

import numpy as np

BOOL, INTEGER, FLOAT = 0, 1, 2


class DType:
    """An element type, as `torch.dtype`.

    Attributes: `category` (`BOOL < INTEGER < FLOAT`), `itemsize` in bytes, `is_signed`,
    `is_floating_point`, and `numpy`, the NumPy dtype that stores it.
    """

    __slots__ = ("category", "is_floating_point", "is_signed", "itemsize", "name", "numpy")

    def __init__(self, name: str, category: int):
        self.name = name
        self.category = category
        self.numpy = np.dtype(name)
        self.itemsize = self.numpy.itemsize
        self.is_floating_point = category == FLOAT
        self.is_signed = self.numpy.kind in "if"

    is_complex = False

    def to_real(self) -> "DType":
        return self

    def __repr__(self) -> str:
        return f"dltk.{self.name}"

    def __reduce__(self):
        return by_name, (self.name,)


float16 = DType("float16", FLOAT)
float32 = DType("float32", FLOAT)
float64 = DType("float64", FLOAT)
int8 = DType("int8", INTEGER)
int16 = DType("int16", INTEGER)
int32 = DType("int32", INTEGER)
int64 = DType("int64", INTEGER)
uint8 = DType("uint8", INTEGER)
bool_ = DType("bool", BOOL)

ALL = (float16, float32, float64, int8, int16, int32, int64, uint8, bool_)
BY_NUMPY = {dtype.numpy: dtype for dtype in ALL}
BY_NAME = {dtype.name: dtype for dtype in ALL}
PYTHON_TYPES = {bool: bool_, int: int64, float: float64}

# Names as torch writes them in error messages.
TITLES = {
    "float16": "Half",
    "float32": "Float",
    "float64": "Double",
    "int8": "Char",
    "int16": "Short",
    "int32": "Int",
    "int64": "Long",
    "uint8": "Byte",
    "bool": "Bool",
}


def by_name(name: str) -> DType:
    return BY_NAME[name]


def from_numpy(dtype: np.dtype) -> DType:
    """The DType stored as `dtype`; `TypeError` for one that tensors do not have."""
    found = BY_NUMPY.get(dtype)
    if not dtype.isnative:
        raise ValueError(f"given numpy array has byte order different from the native one: {dtype}")
    if found is None:
        supported = ", ".join(each.name for each in ALL)
        raise TypeError(
            f"can't convert np.ndarray of type {dtype}. The only supported types are: {supported}."
        )
    return found


def as_dtype(dtype) -> DType:
    """A DType from a DType or one of Python's `bool`, `int`, `float`."""
    if isinstance(dtype, DType):
        return dtype
    found = PYTHON_TYPES.get(dtype)
    if found is None:
        raise TypeError(f"dtype must be a dltk dtype such as dltk.float32, got {dtype!r}")
    return found


class _Default:
    dtype = float32


def get_default_dtype() -> DType:
    """The dtype of tensors made from Python floats, `float32` unless changed."""
    return _Default.dtype


def set_default_dtype(dtype: DType) -> None:
    """Make `dtype`, a floating-point one, the dtype of tensors made from Python floats."""
    if not isinstance(dtype, DType):
        raise TypeError(f"invalid dtype object: {dtype!r}")
    if not dtype.is_floating_point:
        raise TypeError(f"only floating-point types are supported as the default type, got {dtype}")
    _Default.dtype = dtype


class finfo:  # noqa: N801, torch's name
    """Limits of a floating-point dtype: `bits eps max min tiny smallest_normal resolution`."""

    def __init__(self, dtype: DType | None = None):
        dtype = dtype or get_default_dtype()
        if not dtype.is_floating_point:
            raise TypeError(f"finfo needs a floating-point dtype, got {dtype}; use iinfo")
        info = np.finfo(dtype.numpy)
        self.dtype, self.bits = dtype.name, info.bits
        self.eps, self.max, self.min = float(info.eps), float(info.max), float(info.min)
        self.tiny = self.smallest_normal = float(info.tiny)
        self.resolution = 10.0**-info.precision

    def __repr__(self) -> str:
        names = ("resolution", "min", "max", "eps", "smallest_normal", "tiny")
        limits = ", ".join(f"{name}={getattr(self, name):g}" for name in names)
        return f"finfo({limits}, dtype={self.dtype})"


class iinfo:  # noqa: N801, torch's name
    """Limits of an integer dtype: `bits max min`."""

    def __init__(self, dtype: DType):
        if dtype.category != INTEGER:
            raise TypeError(f"iinfo needs an integer dtype, got {dtype}; use finfo")
        info = np.iinfo(dtype.numpy)
        self.dtype, self.bits = dtype.name, info.bits
        self.max, self.min = int(info.max), int(info.min)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"
