"""Which functions of `dltk.ops` are methods of Tensor, and which of them have in-place twins."""

from __future__ import annotations

from typing import Any

from dltk.ops import (
    aliases,
    arrange,
    assign,
    bins,
    compare,
    convert,
    division,
    draw,
    fill,
    index,
    index_writing,
    join,
    linalg,
    matrix,
    norms,
    pointwise,
    powers,
    products,
    questions,
    rearrange,
    reduce,
    running,
    scattering,
    shape,
    sorting,
    special,
    statistics,
    summaries,
    tensor_only,
    ternary,
    triangular,
)

FUNCTIONS: dict[Any, str] = {
    pointwise: (
        "abs neg exp expm1 log log1p log2 sin cos tan asin acos atan sinh cosh tanh sqrt rsqrt erf "
        "erfc sigmoid relu floor ceil round trunc sign add sub mul maximum minimum clone"
    ),
    division: "div floor_divide fmod remainder",
    norms: "norm",
    powers: "pow reciprocal square",
    special: (
        "acosh asinh atanh exp2 log10 sinc deg2rad rad2deg sgn frac atan2 hypot fmax fmin "
        "logaddexp logaddexp2 copysign xlogy nan_to_num logit ldexp float_power float_power_ "
        "positive signbit"
    ),
    products: "addmm addmv baddbmm addbmm addr inner vdot ger kron cross",
    ternary: "clamp clamp_min clamp_max clip lerp addcmul addcdiv",
    compare: (
        "bitwise_left_shift bitwise_right_shift eq ne lt le gt ge logical_and logical_or "
        "logical_xor logical_not bitwise_and bitwise_or bitwise_xor bitwise_not isnan isinf "
        "isfinite isclose allclose equal"
    ),
    reduce: "sum mean amax amin max min argmax argmin all any cumsum",
    statistics: "var std prod cumprod logsumexp bincount",
    draw: "multinomial bernoulli bernoulli_ random_ exponential_",
    sorting: "sort argsort topk median unique",
    shape: (
        "view reshape contiguous transpose t permute movedim squeeze unsqueeze expand expand_as "
        "view_as flatten unflatten as_strided detach"
    ),
    linalg: "det slogdet cholesky matrix_power",
    join: "unbind split chunk",
    matrix: "mm bmm mv dot matmul outer",
    fill: "zero_ fill_ uniform_ normal_",
    index: "select narrow gather masked_fill nonzero",
    assign: "copy_",
    index_writing: (
        "index_add index_copy index_fill index_put put masked_scatter take_along_dim "
        "select_scatter slice_scatter diagonal_scatter"
    ),
    scattering: "scatter scatter_add scatter_reduce",
    rearrange: (
        "repeat repeat_interleave tile flip fliplr flipud roll swapaxes swapdims index_select "
        "masked_select take"
    ),
    bins: "histc",
    running: "cummax cummin logcumsumexp diff",
    summaries: (
        "nansum nanmean count_nonzero aminmax kthvalue nanmedian mode quantile msort "
        "unique_consecutive cov"
    ),
    arrange: (
        "argwhere diag_embed diagflat dsplit hsplit vsplit tensor_split narrow_copy ravel rot90"
    ),
    aliases: (
        "absolute arccos arccosh arcsin arcsinh arctan arctan2 arctanh divide fix greater "
        "greater_equal less less_equal moveaxis multiply negative not_equal subtract true_divide"
    ),
    questions: "is_inference is_nonzero is_same_size is_signed isneginf isposinf isreal",
    tensor_only: tensor_only.METHODS,
    triangular: "tril triu diag diagonal trace unfold",
    convert: "to cpu cuda sim type type_as numpy half double char short long byte",
}

IN_PLACE = (
    "abs neg exp expm1 log log1p log2 sin cos tan asin acos atan sinh cosh tanh sqrt rsqrt erf "
    "erfc sigmoid relu floor ceil round trunc square reciprocal clamp clamp_min clamp_max clip add "
    "sub mul div pow remainder fmod floor_divide lerp addcmul addcdiv masked_fill eq ne lt le gt "
    "ge logical_and logical_or logical_xor logical_not bitwise_and bitwise_or bitwise_xor "
    "bitwise_not bitwise_left_shift bitwise_right_shift scatter scatter_add scatter_reduce tril "
    "triu acosh asinh atanh exp2 log10 sinc deg2rad rad2deg sgn sign frac atan2 hypot copysign "
    "xlogy nan_to_num logit ldexp addmm addmv baddbmm addbmm addr cumsum cumprod index_add "
    "index_copy index_fill index_put put masked_scatter absolute arccos arccosh arcsin arcsinh "
    "arctan arctan2 arctanh divide fix greater greater_equal less less_equal multiply negative "
    "not_equal subtract true_divide"
)
