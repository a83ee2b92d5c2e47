"""One call of every public operation, whose operands the tests vary.

Arrays of floats are operands: their dtype, layout and size are varied. Arrays of integers and of
booleans are indices and masks and stay what they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

numbers = np.random.RandomState(24)
X = numbers.uniform(0.2, 0.9, (3, 4))
Y = numbers.uniform(0.2, 0.9, (3, 4))
W = numbers.uniform(0.2, 0.9, (3, 4))
S = numbers.normal(size=(3, 4)) * 3
V = numbers.uniform(0.2, 0.9, 4)
U = numbers.uniform(0.2, 0.9, 3)
B = numbers.normal(size=(2, 3, 4))
C = numbers.normal(size=(2, 4, 3))
K = numbers.normal(size=(4, 2))
N = np.array(0.4)
Q = numbers.normal(size=(3, 3)) + 3 * np.eye(3)
P = Q @ Q.T
ROWS = np.array([2, 0])
PLACES = np.array([[0, 2, 1, 0], [2, 2, 0, 1]])
MASK = X > 0.5
COUNTS = np.array([2, 0, 1, 2])


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple
    keywords: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        given = [_shown(each) for each in self.arguments]
        given += [f"{name}={value}" for name, value in self.keywords.items()]
        return f"{self.name}({', '.join(given)})"

    def operands(self) -> list[np.ndarray]:
        return [each for each in flat(self.arguments) if is_operand(each)]

    def with_operands(self, operands: list[Any]) -> tuple:
        """The arguments with other operands, in order."""
        rest = iter(operands)

        def put(value: Any) -> Any:
            if isinstance(value, list):
                return [put(each) for each in value]
            return next(rest) if is_operand(value) else value

        return tuple(put(each) for each in self.arguments)


def _shown(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype.kind}{list(value.shape)}".replace(" ", "")
    if isinstance(value, list):
        return f"[{', '.join(_shown(each) for each in value)}]"
    return repr(value)


def is_operand(value: Any) -> bool:
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def flat(values: Any) -> list[Any]:
    found = []
    for each in values:
        found += flat(each) if isinstance(each, list | tuple) else [each]
    return found


CALLS: list[Call] = []


def call(names: str, *arguments: Any, **keywords: Any) -> None:
    for name in names.split():
        CALLS.append(Call(name, arguments, keywords))


call("abs neg exp expm1 log log1p log2 log10 sin cos tan asin acos atan sinh cosh tanh sqrt", X)
call("rsqrt sigmoid erf erfc square reciprocal exp2 asinh atanh sinc deg2rad rad2deg logit", X)
call("absolute negative arccos arcsin arctan arcsinh arctanh nan_to_num clone", X)
call("relu floor ceil round trunc fix sign sgn frac signbit positive", S)
call("acosh arccosh", 1 + X)
call("isnan isinf isfinite isneginf isposinf isreal logical_not", S)
call("add sub mul div maximum minimum pow atan2 hypot fmax fmin logaddexp logaddexp2", X, Y)
call("subtract multiply divide true_divide arctan2 copysign xlogy ldexp float_power", X, Y)
call("remainder fmod floor_divide", S, Y)
call("add sub mul div maximum minimum pow remainder eq lt logical_and", X, V)
call("add sub mul div pow remainder fmod floor_divide eq ne lt le gt ge copysign xlogy", S, 2)
call("add sub", X, Y, alpha=2)
call("div", S, Y, rounding_mode="floor")
call("div", S, Y, rounding_mode="trunc")
call("eq ne lt le gt ge greater greater_equal less less_equal not_equal", X, Y)
call("logical_and logical_or logical_xor", S, Y)
call("bitwise_and bitwise_or bitwise_xor bitwise_left_shift bitwise_right_shift", COUNTS, COUNTS)
call("bitwise_not", COUNTS)
call("isclose allclose equal", X, Y)
call("lerp", X, Y, 0.3)
call("lerp", X, Y, W)
call("addcmul addcdiv", X, Y, W)
call("addcmul addcdiv", X, V, W, value=2)
call("clamp clip", S, -0.5, 0.5)
call("clamp", S, X, X + Y)
call("clamp_min clamp_max", S, 0.3)
call("clamp_min clamp_max", S, Y)
call("where", MASK, X, Y)
call("where", MASK, X, 0.5)
call("sum mean prod var std amax amin max min all any norm median argmax argmin nansum nanmean", S)
call("nanmedian aminmax count_nonzero std_mean var_mean", S)
call("sum mean prod var std amax amin max min all any argmax argmin nansum nanmean median", S, 1)
call("nanmedian count_nonzero std_mean var_mean logsumexp cumsum cumprod cummax cummin", S, 1)
call("logcumsumexp mode kthvalue", S, 1)
call("sum mean var std amax amin nansum logsumexp", B, (0, 2))
call("sum mean prod amax max argmax logsumexp", S, 0, True)
call("norm", S, 3, 1)
call("norm", S, float("inf"))
call("sort argsort msort unique", S)
call("sort argsort", S, 0, True)
call("topk", S, 2)
call("quantile", S, 0.3)
call("diff", S)
call("bincount", COUNTS)
call("unique_consecutive", S)
call("histc", S, 4)
call("cov", S)
call("matmul mm", X, K)
call("matmul bmm", B, C)
call("matmul mv", X, V)
call("matmul dot inner vdot", V, V + 1)
call("outer ger", V, U)
call("inner", X, Y)
call("addmm", S[:, :2], X, K)
call("addmm", K[0], X, K, beta=0.5, alpha=2)
call("addmv", U, X, V)
call("addr", X, U, V)
call("baddbmm", B[:, :, :3], B, C)
call("addbmm", X[:, :3], B, C)
call("tensordot", X, Y)
call("kron", X, K)
call("cross", B, B + 1, 1)
call("einsum", "ij,jk->ik", X, K)
call("chain_matmul", X, K)
call("trace diag diagonal tril triu", X)
call("diag", V)
call("tril triu diagonal diag", X, 1)
call("diag_embed diagflat", V)
call("det inverse slogdet", Q)
call("cholesky", P)
call("matrix_power", Q, 3)
call("linalg.det linalg.inv linalg.slogdet linalg.norm linalg.matrix_norm", Q)
call("linalg.cholesky", P)
call("linalg.solve", Q, X)
call("linalg.vector_norm", S, 3)
call("linalg.norm linalg.matrix_norm", Q, float("inf"))
call("linalg.matrix_power", Q, -2)
call("linalg.svdvals", X)
call("linalg.matrix_norm", Q, 2)
call("linalg.matrix_norm", Q, "nuc")
call("linalg.multi_dot", [X, K, K.T.copy()])
call("reshape", X, (2, 6))
call("flatten ravel squeeze t", X)
call("squeeze", X[:, :1], 1)
call("unsqueeze", X, 1)
call("permute", B, (2, 0, 1))
call("transpose swapaxes swapdims movedim moveaxis", B, 0, 2)
call("unflatten", X, 1, (2, 2))
call("narrow narrow_copy", X, 1, 1, 2)
call("select", X, 1, 2)
call("split chunk tensor_split", X, 2)
call("split", X, (1, 2))
call("unbind", X)
call("hsplit", X, 2)
call("vsplit", X, 3)
call("dsplit", B, 2)
call("as_strided", X, (2, 2), (1, 2), 1)
call("broadcast_to", V, (3, 4))
call("broadcast_tensors atleast_1d atleast_2d atleast_3d", X, V)
call("cat concat concatenate vstack hstack dstack row_stack column_stack stack", [X, Y])
call("cat stack", [X, Y], 1)
call("block_diag", X, K)
call("meshgrid", V, U, indexing="ij")
call("cartesian_prod", V, U)
call("combinations", V)
call("tile", X, (2, 1))
call("repeat_interleave", X, 2, 1)
call("flip", X, (0, 1))
call("fliplr flipud rot90", X)
call("roll", X, 1, 1)
call("gather", X, 1, PLACES[:, :2])
call("take_along_dim", X, PLACES, 0)
call("scatter", X, 0, PLACES, Y[:2])
call("scatter", X, 0, PLACES, 0.5)
call("scatter_add", X, 0, PLACES, Y[:2])
call("scatter_reduce", X, 0, PLACES, Y[:2], "amax")
call("index_select", X, 0, ROWS)
call("index_add index_copy", X, 0, ROWS, Y[:2])
call("index_fill", X, 0, ROWS, 0.5)
call("index_put", X, [ROWS], Y[:2])
call("masked_fill", X, MASK, 0.5)
call("masked_select", X, MASK)
call("masked_scatter", X, MASK, Y)
call("take", X, PLACES)
call("put", X, ROWS, V[:2])
call("select_scatter", X, V, 0, 1)
call("slice_scatter", X, Y[:2], 0, 1)
call("diagonal_scatter", X, U)
call("nonzero argwhere", S)
call("searchsorted", np.sort(V), X)
call("bucketize", X, np.sort(V))
call("isin", S, V)
call("unravel_index", COUNTS, (3, 4))
call("bernoulli", X * 0 + 1)
call("multinomial", np.eye(3), 1)
call("zeros_like ones_like full_like", X, **{})
CALLS.remove(next(each for each in CALLS if each.name == "full_like"))
call("full_like", X, 2)
call("numel is_floating_point is_complex is_signed is_tensor is_inference", X)
call("is_nonzero", N)
call("is_same_size", X, Y)
call("result_type", X, 2)
call("detach", X)
