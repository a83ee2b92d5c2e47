"""Rows of the operation table: less frequent functions, bounds, blends, sums of products."""

from __future__ import annotations

import numpy as np
from operation_table import (
    BATCH,
    COLUMN,
    INTEGERS,
    MATRIX,
    OPERATIONS,
    OTHER,
    ROW,
    SIGNED,
    TIED,
    operation,
)

__all__ = ["OPERATIONS"]

numbers = np.random.RandomState(23)
THIRD = numbers.uniform(0.2, 0.9, (3, 4))
SQUARE = numbers.normal(size=(3, 3))
HOLES = np.array([[0.5, np.nan, 2.0], [np.inf, -1.0, 0.0], [-np.inf, 3.0, np.nan]])
ANGLES = SIGNED * 40

for name in "asinh exp2 sinc deg2rad rad2deg sgn frac signbit positive nan_to_num".split():  # noqa: SIM905
    operation(name, lambda lib, x, name=name: getattr(lib, name)(x), SIGNED)
    operation(f"{name} of integers", lambda lib, x, name=name: getattr(lib, name)(x), INTEGERS)
for name in ("log10", "atanh", "logit"):
    operation(name, lambda lib, x, name=name: getattr(lib, name)(x), MATRIX)
operation("acosh", lambda lib, x: lib.acosh(x + 1), MATRIX)
operation("logit kept inside", lambda lib, x: lib.logit(x, 0.3), MATRIX)
operation("nan_to_num of holes", lambda lib, x: x.nan_to_num(), HOLES)
operation("nan_to_num to numbers", lambda lib, x: x.nan_to_num(1.5, 9.0, -9.0), HOLES)

for name in ("atan2", "hypot", "fmax", "fmin", "logaddexp", "logaddexp2", "copysign", "xlogy"):
    operation(name, lambda lib, x, y, name=name: getattr(lib, name)(x, y), SIGNED, MATRIX)
    operation(f"{name} broadcast", lambda lib, x, y, name=name: getattr(x, name)(y), COLUMN, ROW)
    operation(
        f"{name} of integers", lambda lib, x, y, name=name: getattr(lib, name)(x, y),
        INTEGERS, INTEGERS[::-1].copy(),
    )  # fmt: skip
for name in ("fmax", "fmin"):
    operation(name + " of holes", lambda lib, x, y, name=name: getattr(lib, name)(x, y),
              HOLES, SQUARE)  # fmt: skip
operation("copysign of a number", lambda lib, x: x.copysign(-1.0), SIGNED)
operation("xlogy with a number", lambda lib, x: x.xlogy(2), MATRIX)
operation("xlogy of a number", lambda lib, x: lib.xlogy(2, x), MATRIX)
operation("xlogy at zero", lambda lib, x, y: lib.xlogy(x * 0, y), SIGNED, MATRIX)
operation("ldexp", lambda lib, x, y: x.ldexp(y), SIGNED, MATRIX, without="node")
operation("float_power", lambda lib, x: x.float_power(3), MATRIX.astype(np.float32))

for name, low, high in [
    ("below", MATRIX, None), ("above", None, MATRIX), ("between", MATRIX - 0.2, MATRIX + 0.2),
    ("between crossed", MATRIX, OTHER), ("a row", ROW, None),
]:  # fmt: skip
    bounds = [each for each in (low, high) if each is not None]
    operation(
        f"clamp {name} by tensors",
        lambda lib, x, *given, low=low, high=high: x.clamp(
            *([given[0]] if low is not None else [None]), *([given[-1]] if high is not None else [])
        ),
        SIGNED,
        *bounds,
    )
operation("clamp_min", lambda lib, x: lib.clamp_min(x, 0.3), SIGNED)
operation("clamp_max", lambda lib, x: x.clamp_max(0.3), SIGNED)
operation("clamp_min by a tensor", lambda lib, x, y: x.clamp_min(y), SIGNED, MATRIX)
operation("clamp_max by a tensor", lambda lib, x, y: lib.clamp_max(x, y), SIGNED, MATRIX)
operation("clamp by a number and a tensor", lambda lib, x, y: x.clamp(0, y), SIGNED, MATRIX)
operation("lerp by a tensor", lambda lib, x, y, w: x.lerp(y, w), MATRIX, OTHER, THIRD)
operation("lerp far", lambda lib, x, y: x.lerp(y, 0.9), MATRIX, OTHER)
operation("lerp of a row", lambda lib, x, y: x.lerp(y, 0.9), MATRIX, ROW)
operation("lerp of two dtypes", lambda lib, x, y: x.lerp(y, 0.9), MATRIX, ROW.astype(np.float32))
operation("lerp of integers", lambda lib, x: x.lerp(x, 0.5), INTEGERS)
operation("addcmul of three", lambda lib, x, y, w: x.addcmul(y, w), MATRIX, ROW, THIRD)
operation("addcmul scaled", lambda lib, x, y, w: x.addcmul(y, w, value=2), MATRIX, OTHER, THIRD)
operation("addcdiv", lambda lib, x, y, w: x.addcdiv(y, w), MATRIX, ROW, THIRD)
operation("addcdiv scaled", lambda lib, x, y, w: x.addcdiv(y, w, value=-2), MATRIX, OTHER, THIRD)
operation("addcdiv of integers", lambda lib, x: x.addcdiv(x, x), INTEGERS)
operation("addcmul of integers", lambda lib, x: x.addcmul(x, x, value=2), INTEGERS)
operation("addcmul of integers and half", lambda lib, x: x.addcmul(x, x, value=0.5), INTEGERS)

LEFT, RIGHT = numbers.normal(size=(3, 2)), numbers.normal(size=(2, 4))
operation("addmm", lambda lib, x, y, w: lib.addmm(x, y, w), MATRIX, LEFT, RIGHT)
operation("addmm of a row", lambda lib, x, y, w: lib.addmm(x, y, w), ROW, LEFT, RIGHT)
operation(
    "addmm scaled", lambda lib, x, y, w: x.addmm(y, w, beta=0.5, alpha=2), MATRIX, LEFT, RIGHT
)
operation("addmm without its summand", lambda lib, x, y, w: x.addmm(y, w, beta=0), HOLES[:, :1],
          LEFT, RIGHT, without="node")  # fmt: skip
operation("addmm of shapes that differ", lambda lib, x, y, w: x.addmm(y, w), ROW[:3], LEFT, RIGHT)
operation("addmm of no matrices", lambda lib, x, y, w: x.addmm(y, w), MATRIX, LEFT, ROW)
operation("addmm of integers", lambda lib, x: lib.addmm(x, x[None], x[:, None]), INTEGERS)
operation("addmv", lambda lib, x, y, w: lib.addmv(x, y, w, alpha=2), ROW[:3], MATRIX, ROW)
operation("addr", lambda lib, x, y, w: lib.addr(x, y, w), MATRIX, ROW[:3], ROW, without="node")
operation("baddbmm", lambda lib, x, y: lib.baddbmm(x, y, y.mT, beta=2), SQUARE, BATCH)
operation("addbmm", lambda lib, x, y: lib.addbmm(x, y, y.mT), SQUARE, BATCH, without="node")
operation("inner", lambda lib, x, y: lib.inner(x, y), MATRIX, OTHER)
operation("inner of vectors", lambda lib, x: lib.inner(x, x), ROW)
operation("inner refused", lambda lib, x, y: lib.inner(x, y), MATRIX, ROW[:3])
operation("vdot", lambda lib, x: lib.vdot(x, x * 2), ROW, without="node")
operation("ger", lambda lib, x, y: lib.ger(x, y), ROW, ROW[:2])
operation("tensordot", lambda lib, x, y: lib.tensordot(x, y, 1), MATRIX, RIGHT.T.copy())
operation("tensordot of all", lambda lib, x, y: lib.tensordot(x, y), MATRIX, OTHER)
operation("tensordot by lists", lambda lib, x, y: lib.tensordot(x, y, ([1, 2], [0, 1])), BATCH,
          MATRIX)  # fmt: skip
operation("tensordot refused", lambda lib, x, y: lib.tensordot(x, y, 1), MATRIX, OTHER)
operation("kron", lambda lib, x, y: lib.kron(x, y), MATRIX, LEFT, without="node")
operation("cross", lambda lib, x, y: lib.cross(x, y, dim=1), SQUARE, TIED[[0, 1, 0]],
          without="node")  # fmt: skip
