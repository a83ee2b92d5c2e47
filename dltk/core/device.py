"""Where a tensor lives."""


class Device:
    """A kind of device and, where there are several, which one, as `torch.device`."""

    __slots__ = ("index", "type")

    type: str
    index: int | None

    def __init__(self, type: "str | Device" = "cpu", index: int | None = None):
        name, number = (str(type), type.index) if isinstance(type, Device) else (type, index)
        if name != "cpu":
            raise RuntimeError(f"Expected one of cpu device type at start of device string: {name}")
        self.type, self.index = name, number

    def __repr__(self) -> str:
        return f"device(type={self.type!r})"

    def __str__(self) -> str:
        return self.type

    def __eq__(self, other) -> bool:
        return isinstance(other, Device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))


CPU = Device("cpu")
