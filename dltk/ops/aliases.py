"""Second names that torch gives to operations."""

from dltk.ops.compare import ge, gt, le, lt, ne
from dltk.ops.division import div
from dltk.ops.join import cat, vstack
from dltk.ops.pointwise import abs, acos, asin, atan, mul, neg, sub, trunc
from dltk.ops.shape import movedim
from dltk.ops.special import acosh, asinh, atan2, atanh

__all__ = [
    "absolute", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "concat",
    "concatenate", "divide", "fix", "greater", "greater_equal", "less", "less_equal", "moveaxis",
    "multiply", "negative", "not_equal", "row_stack", "subtract", "true_divide",
]  # fmt: skip

absolute = abs
arccos, arcsin, arctan = acos, asin, atan
arccosh, arcsinh, arctanh, arctan2 = acosh, asinh, atanh, atan2
concat = concatenate = cat
divide, fix, moveaxis, multiply = div, trunc, movedim, mul
greater, greater_equal, less, less_equal, not_equal = gt, ge, lt, le, ne
negative, row_stack, subtract = neg, vstack, sub


def true_divide(dividend, divisor, *, out=None):
    """x / y. As `torch.true_divide`."""
    return div(dividend, divisor, out=out)
