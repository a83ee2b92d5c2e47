"""Derivatives of pointwise operations that no lab asks for, one table for both modes.

Where each element of the result depends on one element of each operand alone, an adjoint and a
tangent are multiplied by the same number: `g` is either. The other parameters are named as in
`vjp_rules`.
"""

import math

LN2, LN10 = math.log(2), math.log(10)


def _nothing(ops, g):
    """A step: its derivative is 0 wherever it exists."""
    return ops.zeros_like(g)


def _clamp_x(ops, g, x, min, max):
    if min is not None:
        g = ops.where(x >= min, g, 0)
    return g if max is None else ops.where(x <= max, g, 0)


def _sinc_x(ops, g, x):
    turned = math.pi * x
    safe = x + (x == 0)
    slope = (ops.cos(turned) * turned - ops.sin(turned)) / (math.pi * safe * safe)
    return ops.where(x == 0, ops.zeros_like(g), g * slope)


def _logit_x(ops, g, x, low, high):
    slope = g / (x * (1 - x))
    if low is None:
        return ops.where((x >= 0) & (x <= 1), slope, ops.zeros_like(g) + float("nan"))
    return ops.where((x >= low) & (x <= high), slope, ops.zeros_like(g))


ELEMENTWISE = {
    "ldexp": (lambda ops, g, y: g * 2.0**y, lambda ops, g, z: g * z * LN2),
    "div_rounded": (lambda ops, g, y: ops.zeros_like(g), lambda ops, g, x, y: ops.zeros_like(g)),
    "bernoulli": (_nothing,),
    "masked_fill_tensor": (
        lambda ops, g, mask: ops.where(mask, ops.zeros_like(g), g),
        lambda ops, g, mask: ops.where(mask, g, ops.zeros_like(g)),
    ),
    "clamp": (_clamp_x,),
    "clamp_between": (
        lambda ops, g, x, y, w: ops.where((x >= y) & (x <= w), g, 0),
        lambda ops, g, x, y, w: ops.where((x < y) & (y < w), g, 0),
        lambda ops, g, x, y, w: ops.where((x > w) | (w < y), g, 0),
    ),
    "clamp_low": (
        lambda ops, g, x, y: ops.where(x >= y, g, 0),
        lambda ops, g, x, y: ops.where(x < y, g, 0),
    ),
    "clamp_high": (
        lambda ops, g, x, y: ops.where(x <= y, g, 0),
        lambda ops, g, x, y: ops.where(x > y, g, 0),
    ),
    "blend": (
        lambda ops, g, w: g * (1 - w),
        lambda ops, g, w: g * w,
        lambda ops, g, x, y: g * (y - x),
    ),
    "blend_number": (
        lambda ops, g, weight: g * (1 - weight),
        lambda ops, g, weight: g * weight,
    ),
    "addcmul": (
        lambda ops, g: g,
        lambda ops, g, w, value: g * (w * value),
        lambda ops, g, y, value: g * (y * value),
    ),
    "addcdiv": (
        lambda ops, g: g,
        lambda ops, g, w, value: g * (value / w),
        lambda ops, g, y, w, value: -g * (value * y / (w * w)),
    ),
    "acosh": (lambda ops, g, x: g / ops.sqrt(x * x - 1),),
    "asinh": (lambda ops, g, x: g / ops.sqrt(x * x + 1),),
    "atanh": (lambda ops, g, x: g / (1 - x * x),),
    "exp2": (lambda ops, g, z: g * z * LN2,),
    "log10": (lambda ops, g, x: g / (x * LN10),),
    "sinc": (_sinc_x,),
    "deg2rad": (lambda ops, g: g * (math.pi / 180),),
    "rad2deg": (lambda ops, g: g * (180 / math.pi),),
    "sgn": (lambda ops, g, x, z: ops.zeros_like(g),),
    "frac": (lambda ops, g: g,),
    "logit": (_logit_x,),
    "nan_to_num": (lambda ops, g, x: ops.where(x - x == 0, g, ops.zeros_like(g)),),
    "atan2": (
        lambda ops, g, x, y: g * y / (x * x + y * y),
        lambda ops, g, x, y: -g * x / (x * x + y * y),
    ),
    "hypot": (lambda ops, g, x, z: g * (x / z), lambda ops, g, y, z: g * (y / z)),
    "fmax": (
        lambda ops, g, x, y: ops.where((x >= y) | ops.isnan(y), g, ops.zeros_like(g)),
        lambda ops, g, x, y: ops.where((x >= y) | ops.isnan(y), ops.zeros_like(g), g),
    ),
    "fmin": (
        lambda ops, g, x, y: ops.where((x <= y) | ops.isnan(y), g, ops.zeros_like(g)),
        lambda ops, g, x, y: ops.where((x <= y) | ops.isnan(y), ops.zeros_like(g), g),
    ),
    "logaddexp": (
        lambda ops, g, x, y: g / (1 + ops.exp(y - x)),
        lambda ops, g, x, y: g / (1 + ops.exp(x - y)),
    ),
    "logaddexp2": (
        lambda ops, g, x, y: g / (1 + ops.exp(LN2 * (y - x))),
        lambda ops, g, x, y: g / (1 + ops.exp(LN2 * (x - y))),
    ),
    "copysign": (
        lambda ops, g, x, z: ops.where(x == 0, ops.zeros_like(g), g * ops.sign(x) * ops.sign(z)),
        _nothing,
    ),
    "xlogy": (
        lambda ops, g, x, y: ops.where((x == 0) & (y <= 0), ops.zeros_like(g), g * ops.log(y)),
        lambda ops, g, x, y: g * x / y,
    ),
}
