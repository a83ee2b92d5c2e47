"""Attention in several subspaces at once, with learned projections."""

from __future__ import annotations

import math
import warnings
from typing import Any

from dltk.core import dtypes
from dltk.core.tensor import Tensor
from dltk.nn import functional, init
from dltk.nn.affine import linear
from dltk.nn.attention import scale_of, scaled_dot_product_attention
from dltk.nn.linear import Linear
from dltk.nn.module import Module
from dltk.nn.parameter import Parameter
from dltk.ops.create import empty, zeros_like
from dltk.ops.join import cat
from dltk.ops.matrix import matmul


def additive_mask(mask: Any, name: str, dtype: Any) -> Any:
    """`mask` as numbers to add: a mask of bool is -∞ where it is true. As MultiheadAttention's.

    Raises:
        AssertionError: a mask of integers.
    """
    if mask is None or mask.dtype.is_floating_point:
        return mask
    if mask.dtype is not dtypes.bool_:
        raise AssertionError(
            f"only bool and floating types of {name} are supported, got {mask.dtype}"
        )
    return zeros_like(mask, dtype=dtype).masked_fill(mask, -math.inf)


def warn_of_two_kinds(first: Any, first_name: str, second: Any, second_name: str) -> None:
    """Warn of masks of which one is of bool and the other of numbers."""
    if first is not None and second is not None and first.dtype is not second.dtype:
        warnings.warn(
            f"Support for mismatched {first_name} and {second_name} is deprecated. Use same type "
            "for both instead.",
            stacklevel=4,
        )


def _check_dimensions(query: Any, key: Any, value: Any, padding: Any, attn_mask: Any) -> None:
    if query.ndim not in (2, 3):
        raise AssertionError(
            "query should be unbatched 2D or batched 3D tensor but received "
            f"{query.ndim}-D query tensor"
        )
    expected = {
        "key": (key, (query.ndim,)),
        "value": (value, (query.ndim,)),
        "key_padding_mask": (padding, (query.ndim - 1,)),
        "attn_mask": (attn_mask, (2, 3)),
    }
    for name, (each, dimensions) in expected.items():
        if each is not None and each.ndim not in dimensions:
            raise AssertionError(
                f"For a {query.ndim}-D `query`, expected `{name}` to be "
                f"{' or '.join(f'{d}-D' for d in dimensions)} but found {each.ndim}-D tensor"
            )


class NonDynamicallyQuantizableLinear(Linear):
    """A Linear under the name that torch prints for the last layer of attention."""


class MultiheadAttention(Module):
    """Attention in several subspaces at once. As `torch.nn.MultiheadAttention`.

    Queries of width `embed_dim`, keys of `kdim` and values of `vdim` are each projected to
    `embed_dim`, cut into `num_heads` parts that attend by themselves, and their results side by
    side are projected once more. `add_bias_kv` learns one more key and value; `add_zero_attn` adds
    one of zeros.
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        add_bias_kv: bool = False,
        add_zero_attn: bool = False,
        kdim: int | None = None,
        vdim: int | None = None,
        batch_first: bool = False,
        device: Any = None,
        dtype: Any = None,
    ):
        if embed_dim <= 0 or num_heads <= 0:
            raise ValueError(
                "embed_dim and num_heads must be greater than 0, got "
                f"embed_dim={embed_dim} and num_heads={num_heads} instead"
            )
        super().__init__()
        self.embed_dim = embed_dim
        self.kdim = embed_dim if kdim is None else kdim
        self.vdim = embed_dim if vdim is None else vdim
        self._qkv_same_embed_dim = self.kdim == self.vdim == embed_dim
        self.num_heads = num_heads
        self.dropout = dropout
        self.batch_first = batch_first
        self.head_dim = embed_dim // num_heads
        if embed_dim % num_heads:
            raise AssertionError(
                f"embed_dim must be divisible by num_heads, got {embed_dim} and {num_heads}"
            )

        def weight(*shape: int) -> Parameter:
            return Parameter(empty(shape, device=device, dtype=dtype))

        same = self._qkv_same_embed_dim
        widths = {
            "q_proj_weight": embed_dim,
            "k_proj_weight": self.kdim,
            "v_proj_weight": self.vdim,
        }
        for name, width in widths.items():
            self.register_parameter(name, None if same else weight(embed_dim, width))
        self.register_parameter(
            "in_proj_weight", weight(3 * embed_dim, embed_dim) if same else None
        )
        self.register_parameter("in_proj_bias", weight(3 * embed_dim) if bias else None)
        self.out_proj = NonDynamicallyQuantizableLinear(embed_dim, embed_dim, bias, device, dtype)
        for name in ("bias_k", "bias_v"):
            setattr(self, name, weight(1, 1, embed_dim) if add_bias_kv else None)
        self.add_zero_attn = add_zero_attn
        self._reset_parameters()

    def _reset_parameters(self) -> None:
        for each in self._projections():
            init.xavier_uniform_(each)
        if self.in_proj_bias is not None:
            init.zeros_(self.in_proj_bias)
            init.zeros_(self.out_proj.bias)
        if self.bias_k is not None:
            init.xavier_normal_(self.bias_k)
            init.xavier_normal_(self.bias_v)

    def _projections(self) -> list[Any]:
        if self._qkv_same_embed_dim:
            return [self.in_proj_weight]
        return [self.q_proj_weight, self.k_proj_weight, self.v_proj_weight]

    def forward(
        self,
        query: Any,
        key: Any,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Tensor, Tensor | None]:
        """What the queries gather, (L, N, E), and with `need_weights` the weights, (N, L, S).

        query (L, N, E), key (S, N, kdim), value (S, N, vdim), with `batch_first` (N, L, E) …, or
        without a batch (L, E) …. A mask of bool is true where nobody looks, one of numbers is
        added: `key_padding_mask` (N, S) for all queries, `attn_mask` (L, S) or (N · heads, L, S).
        `is_causal` says that `attn_mask` is the causal mask. The weights are a mean over the heads,
        or without `average_attn_weights` (N, heads, L, S).

        Raises:
            AssertionError: shapes or dtypes of inputs or masks do not fit.
            RuntimeError: a mask of the wrong shape, or `is_causal` without a mask.
        """
        _check_dimensions(query, key, value, key_padding_mask, attn_mask)
        batched = query.ndim == 3
        self_attention, shared = query is key is value, key is value
        if not batched:
            query, key, value = (each.unsqueeze(1) for each in (query, key, value))
            key_padding_mask = None if key_padding_mask is None else key_padding_mask.unsqueeze(0)
        self._check_sizes(query, key, value)
        warn_of_two_kinds(key_padding_mask, "key_padding_mask", attn_mask, "attn_mask")
        if is_causal and attn_mask is None:
            raise RuntimeError("Need attn_mask if specifying the is_causal hint.")
        causal = is_causal and key_padding_mask is None and not need_weights
        turned = batched and self.batch_first
        batch, length = query.shape[:2] if turned else query.shape[1::-1]
        count = key.shape[1 if turned else 0]
        mask = None
        if not causal:
            sizes = (batch, length, count)
            mask = self._mask(attn_mask, key_padding_mask, sizes, query.dtype)
        sources = [query] if self_attention else [query, key] if shared else [query, key, value]
        q, k, v = self._heads(self._projected(sources, turned))
        if self.add_zero_attn:
            nothing = k.new_zeros(*k.shape[:2], 1, self.head_dim)
            k, v = cat([k, nothing], 2), cat([v, nothing], 2)
        added = k.shape[2] - count
        if mask is not None and added:
            mask = cat([mask, mask.new_zeros(*mask.shape[:3], added)], 3)
        dropout_p = self.dropout if self.training else 0.0
        weights = None
        if need_weights:
            weights, mixed = self._with_weights(q, k, v, mask, dropout_p)
        else:
            mixed = scaled_dot_product_attention(q, k, v, mask, dropout_p, causal)
        output = self.out_proj(mixed.permute(2, 0, 1, 3).reshape(length, batch, self.embed_dim))
        if weights is not None:
            weights = weights.mean(1) if average_attn_weights else weights
        if not batched:
            return output.squeeze(1), None if weights is None else weights.squeeze(0)
        return output.transpose(0, 1) if turned else output, weights

    def _with_weights(
        self, q: Any, k: Any, v: Any, mask: Any, dropout_p: float
    ) -> tuple[Tensor, Tensor]:
        scores = matmul(q * scale_of(q, None), k.transpose(-2, -1))
        weights = functional.softmax(scores if mask is None else scores + mask, -1)
        if dropout_p:
            weights = functional.dropout(weights, dropout_p)
        return weights, matmul(weights, v)

    def _projected(self, sources: list, turned: bool) -> list[Tensor]:
        """Queries, keys and values, (L, N, E), with the learned key and value.

        Sources that have the batch first are projected where they lie and `turned` afterwards.
        """
        biases = [None] * 3 if self.in_proj_bias is None else [*self.in_proj_bias.chunk(3)]
        if not self._qkv_same_embed_dim:
            inputs = [*sources, *[sources[-1]] * (3 - len(sources))]
            found = [
                linear(*each) for each in zip(inputs, self._projections(), biases, strict=True)
            ]
        elif len(sources) == 1:
            found = [*linear(sources[0], self.in_proj_weight, self.in_proj_bias).chunk(3, -1)]
        else:
            inputs = [*sources, *[sources[-1]] * (3 - len(sources))]
            weights = self.in_proj_weight.chunk(3)
            found = [linear(*each) for each in zip(inputs, weights, biases, strict=True)]
        if turned:
            found = [each.transpose(0, 1) for each in found]
        if self.bias_k is not None:
            batch = found[1].shape[1]
            found[1] = cat([found[1], self.bias_k.repeat(1, batch, 1)])
            found[2] = cat([found[2], self.bias_v.repeat(1, batch, 1)])
        return found

    def _heads(self, projected: list) -> list[Tensor]:
        """(L, N, E) as (N, heads, L, E / heads)."""
        return [
            each.reshape(*each.shape[:2], self.num_heads, self.head_dim).permute(1, 2, 0, 3)
            for each in projected
        ]

    def _check_sizes(self, query: Any, key: Any, value: Any) -> None:
        if query.shape[-1] != self.embed_dim:
            raise AssertionError(
                f"was expecting embedding dimension of {self.embed_dim}, but got {query.shape[-1]}"
            )
        compared = 3 if self._qkv_same_embed_dim else 2
        if key.shape[:compared] != value.shape[:compared]:
            raise AssertionError(f"key shape {key.shape} does not match value shape {value.shape}")

    def _mask(self, attn_mask: Any, padding: Any, sizes: tuple, dtype: Any) -> Tensor | None:
        """Both masks as one to add, (N or 1, heads or 1, L or 1, S); `sizes` is (N, L, S)."""
        batch, length, count = sizes
        mask = additive_mask(attn_mask, "attn_mask", dtype)
        if mask is not None:
            expected: tuple[int, ...] = (length, count)
            if mask.ndim == 3:
                expected = (batch * self.num_heads, length, count)
            if mask.shape != expected:
                raise RuntimeError(
                    f"The shape of the {mask.ndim}D attn_mask is {mask.shape}, but should be "
                    f"{expected}."
                )
            first = (batch, self.num_heads) if mask.ndim == 3 else (1, 1)
            mask = mask.reshape(*first, length, count)
        padding = additive_mask(padding, "key_padding_mask", dtype)
        if padding is None:
            return mask
        if padding.shape != (batch, count):
            raise AssertionError(
                f"Expected key_padding_mask of shape {(batch, count)}, but got {padding.shape}"
            )
        padding = padding.reshape(batch, 1, 1, count)
        return padding if mask is None else mask + padding
