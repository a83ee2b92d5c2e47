"""The programs of the last lab as they are when nothing is wrong with them."""

import importlib.util
from pathlib import Path
from types import FunctionType
from typing import Any

from programs import synthetic
from programs.registry import program

CLINIC = Path(__file__).resolve().parents[3] / "labs" / "clinic"


def function(name: str) -> FunctionType:
    """The function that the file `labs/clinic/NAME.py` holds."""
    spec = importlib.util.spec_from_file_location(f"clinic_{name}", CLINIC / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return getattr(module, name)


@program()
def clinic_regression(lib: Any) -> dict[str, Any]:
    """A line through a bent curve, with noise on the points."""
    lib.manual_seed(1)
    x = lib.linspace(-2, 2, 40)
    y = (2 * x).sin() + x / 2 + 0.1 * lib.randn(40)
    return function("regression")(lib, x, y)


@program()
def clinic_by_hand(lib: Any) -> dict[str, Any]:
    """Two points, three unknowns, from zero."""
    x, y = lib.tensor([[1.0, 2.0], [3.0, 4.0]]), lib.tensor([3.0, 7.0])
    return function("by_hand")(lib, x, y, lib.zeros(2), lib.tensor(0.0))


@program("float32")
def clinic_mylayer(lib: Any) -> dict[str, Any]:
    """With a bias, without one, and with samples that are zero."""
    lib.manual_seed(2)
    x, y = lib.randn(12, 3), lib.rand(12, 2)
    x[:3] = 0
    with_bias = function("mylayer")(lib, x, y)
    without = function("mylayer")(lib, x, y, bias=False)
    return with_bias | {f"{name} without bias": value for name, value in without.items()}


@program("float32")
def clinic_digits(lib: Any) -> dict[str, Any]:
    """Pictures with their channels last, as files have them."""
    lib.manual_seed(3)
    images, labels = synthetic.digits(lib, 80)
    images = images.permute(0, 2, 3, 1).contiguous()
    return function("digits")(lib, images[:60], labels[:60], images[60:], labels[60:])


@program("float32")
def clinic_saturation(lib: Any) -> dict[str, Any]:
    """Scores from the border to far behind it, on either side."""
    z = lib.tensor([-200.0, -20.0, -1.0, 0.0, 1.0, 20.0, 200.0, 200.0])
    target = lib.tensor([1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0])
    return function("saturation")(lib, z, target)


@program()
def clinic_schedule(lib: Any) -> dict[str, Any]:
    """Three batches an epoch, milestones after two and four epochs."""
    lib.manual_seed(4)
    return function("schedule")(lib, lib.randn(3, 8, 4), lib.randn(3, 8, 2))


@program()
def clinic_transfer(lib: Any) -> dict[str, Any]:
    """From two classes to four."""
    lib.manual_seed(5)
    images, labels = synthetic.digits(lib, 24, classes=2)
    return function("transfer")(lib, images, labels, *synthetic.digits(lib, 24))


@program("float32")
def clinic_port(lib: Any) -> dict[str, Any]:
    """Words of one to five letters."""
    lib.manual_seed(6)
    return function("port")(lib, ["a", "an", "and", "cat", "that", "hat", "then", "there"])
