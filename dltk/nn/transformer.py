"""The encoder of a transformer: attention and a small network, each beside a shortcut."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from dltk.core.tensor import Tensor
from dltk.nn import functional
from dltk.nn.containers import ModuleList
from dltk.nn.dropout_layers import Dropout
from dltk.nn.linear import Linear
from dltk.nn.module import Module
from dltk.nn.multihead_attention import MultiheadAttention, additive_mask, warn_of_two_kinds
from dltk.nn.norm_layers import LayerNorm

Activation = str | Callable[[Any], Tensor]


class TransformerEncoderLayer(Module):
    """Self-attention, then two linear layers, each added to what went in.

    Each sum is normalized, or with `norm_first` what goes into each part. As
    `torch.nn.TransformerEncoderLayer`.

    activation: "relu", "gelu", or any function of a tensor.

    Raises:
        RuntimeError: another name of an activation.
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: Activation = functional.relu,
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__()
        place: dict[str, Any] = {"device": device, "dtype": dtype}
        self.self_attn = MultiheadAttention(
            d_model, nhead, dropout=dropout, bias=bias, batch_first=batch_first, **place
        )
        self.linear1 = Linear(d_model, dim_feedforward, bias=bias, **place)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias=bias, **place)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, eps=layer_norm_eps, bias=bias, **place)
        self.norm2 = LayerNorm(d_model, eps=layer_norm_eps, bias=bias, **place)
        self.dropout1 = Dropout(dropout)
        self.dropout2 = Dropout(dropout)
        if isinstance(activation, str):
            if activation not in ("relu", "gelu"):
                raise RuntimeError(f"activation should be relu/gelu, not {activation}")
            activation = getattr(functional, activation)
        self.activation: Any = activation

    def forward(
        self,
        src: Any,
        src_mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool = False,
    ) -> Tensor:
        """The same shape as `src`: (L, N, E), with `batch_first` (N, L, E), or (L, E).

        The masks are those of `MultiheadAttention`; `is_causal` says that `src_mask` is the causal
        mask.
        """
        masks = _additive_masks(src, src_mask, src_key_padding_mask, "src_mask")
        if self.norm_first:
            x = src + self._attended(self.norm1(src), *masks, is_causal)
            return x + self._fed_forward(self.norm2(x))
        x = self.norm1(src + self._attended(src, *masks, is_causal))
        return self.norm2(x + self._fed_forward(x))

    def _attended(self, x: Any, mask: Any, padding: Any, is_causal: bool) -> Tensor:
        mixed, _ = self.self_attn(
            x,
            x,
            x,
            attn_mask=mask,
            key_padding_mask=padding,
            need_weights=False,
            is_causal=is_causal,
        )
        return self.dropout1(mixed)

    def _fed_forward(self, x: Any) -> Tensor:
        return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))


class TransformerEncoder(Module):
    """Copies of one encoder layer in a row. As `torch.nn.TransformerEncoder`.

    `enable_nested_tensor` and `mask_check` choose among implementations that torch has; here they
    change nothing.
    """

    def __init__(
        self,
        encoder_layer: Module,
        num_layers: int,
        norm: Module | None = None,
        enable_nested_tensor: bool = True,
        mask_check: bool = True,
    ):
        super().__init__()
        self.layers = ModuleList([copy.deepcopy(encoder_layer) for _ in range(num_layers)])
        self.num_layers = num_layers
        self.norm = norm
        self.enable_nested_tensor = enable_nested_tensor
        self.mask_check = mask_check

    def forward(
        self,
        src: Any,
        mask: Any = None,
        src_key_padding_mask: Any = None,
        is_causal: bool | None = None,
    ) -> Tensor:
        """The layers one after the other, then `norm`; see `TransformerEncoderLayer.forward`."""
        mask, padding = _additive_masks(src, mask, src_key_padding_mask, "mask")
        x = src
        for layer in self.layers:
            x = layer(x, src_mask=mask, src_key_padding_mask=padding, is_causal=bool(is_causal))
        return x if self.norm is None else self.norm(x)


def _additive_masks(src: Any, mask: Any, padding: Any, name: str) -> tuple[Any, Any]:
    warn_of_two_kinds(padding, "src_key_padding_mask", mask, name)
    return (
        additive_mask(mask, name, src.dtype),
        additive_mask(padding, "src_key_padding_mask", src.dtype),
    )
