"""Attention: each query takes a mean of the values, weighted by how its keys match."""

from __future__ import annotations

import math
from typing import Any

from dltk.core import dtypes
from dltk.core.tensor import Tensor
from dltk.nn import functional
from dltk.ops.choice import where
from dltk.ops.create import zeros_like
from dltk.ops.matrix import matmul


def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """softmax(Q Kᵀ · scale + mask) V, where `scale` is 1/√E if none is given.

    query (…, L, E), key (…, S, E) and value (…, S, V) give (…, L, V). `attn_mask` broadcasts to
    (…, L, S): one of numbers is added, one of bool says where a query may look; a query that may
    look nowhere gets zeros. With `is_causal`, query i looks at the keys up to i. With `enable_gqa`
    several heads of the query, dimension -3, share a head of key and value. Dropout is applied
    whenever `dropout_p` is not 0. As `torch.nn.functional.scaled_dot_product_attention`.

    Raises:
        RuntimeError: dtypes or shapes do not fit, `dropout_p` is not a share, or both a mask and
            `is_causal` are given.
    """
    _check_operands(query, key, value, attn_mask)
    if not 0 <= dropout_p <= 1:
        raise RuntimeError(f"dropout probability has to be between 0 and 1, but got {dropout_p}")
    if is_causal:
        if attn_mask is not None:
            raise RuntimeError("Explicit attn_mask should not be set when is_causal=True")
        attn_mask = query.new_ones(query.shape[-2], key.shape[-2], dtype=dtypes.bool_).tril()
    if enable_gqa:
        key, value = _for_all_heads(query, key), _for_all_heads(query, value)
    scores = matmul(query * scale_of(query, scale), key.transpose(-2, -1))
    if attn_mask is None:
        weights = functional.softmax(scores, -1)
    else:
        weights = _masked_softmax(scores, attn_mask)
    if dropout_p:
        weights = functional.dropout(weights, dropout_p)
    return matmul(weights, value)


def scale_of(query: Any, scale: float | None) -> float:
    return 1 / math.sqrt(query.shape[-1]) if scale is None else scale


def _check_operands(query: Any, key: Any, value: Any, mask: Any) -> None:
    three = {"query": query, "key": key, "value": value}
    if min(each.ndim for each in three.values()) < 2:
        found = ", ".join(f"{name}.dim: {each.ndim}" for name, each in three.items())
        raise RuntimeError(
            f"Expected query, key, and value to all be at least 2 dimensional, but got {found}"
        )
    if not query.dtype is key.dtype is value.dtype:
        found = ", ".join(f"{name}.dtype: {each.dtype}" for name, each in three.items())
        raise RuntimeError(
            f"Expected query, key, and value to have the same dtype, but got {found}"
        )
    if not query.dtype.is_floating_point:
        raise RuntimeError(f"expected query of a floating-point dtype, but found {query.dtype}")
    if mask is not None and mask.dtype not in (dtypes.bool_, query.dtype):
        raise RuntimeError(
            f"Expected attn_mask dtype to be bool or to match query dtype {query.dtype}, but got "
            f"{mask.dtype}"
        )
    if key.shape[-2] != value.shape[-2] or query.shape[-1] != key.shape[-1]:
        raise RuntimeError(
            "expected query (…, L, E), key (…, S, E) and value (…, S, V), but got "
            f"{query.shape}, {key.shape} and {value.shape}"
        )


def _for_all_heads(query: Any, shared: Any) -> Tensor:
    """The heads of `shared`, each as often as it takes for those of the query."""
    heads, own = query.shape[-3], shared.shape[-3]
    if own == 0 or heads % own:
        raise RuntimeError(
            f"Number of heads in key and value must divide the number of heads in query, got {own} "
            f"and {heads}"
        )
    return shared.repeat_interleave(heads // own, -3)


def _masked_softmax(scores: Any, mask: Any) -> Tensor:
    """Weights of the scores under a mask; all zeros for a query that may look nowhere."""
    if mask.dtype is dtypes.bool_:
        blocked = ~mask.any(-1, keepdim=True)
        scores = scores.masked_fill(~mask, -math.inf)
    else:
        blocked = (mask.detach() == -math.inf).all(-1, keepdim=True)
        scores = scores + mask
    if not blocked.any():
        return functional.softmax(scores, -1)
    blocked = blocked.expand_as(scores)
    weights = functional.softmax(scores.masked_fill(blocked, 0.0), -1)
    return where(blocked, zeros_like(weights), weights)
