"""What Tensor has in torch and not here says so; what is trivial without it answers."""

from __future__ import annotations

from typing import Any

from dltk.core.tensor import Tensor

_METHODS = {
    "sparse tensors": (
        "to_sparse to_sparse_coo to_sparse_csr to_sparse_csc to_sparse_bsr to_sparse_bsc "
        "to_mkldnn coalesce is_coalesced sparse_dim dense_dim sparse_mask sparse_resize_ indices "
        "values crow_indices col_indices ccol_indices row_indices"
    ),
    "complex numbers": "cfloat cdouble chalf angle",
    "quantized tensors": (
        "dequantize int_repr q_scale q_zero_point q_per_channel_scales q_per_channel_axis qscheme"
    ),
    "nested tensors": "to_padded_tensor",
    "dtypes of other hardware": "bfloat16",
    "accelerators of other makers": "xpu ipu mtia",
    "page-locked memory": "pin_memory",
}


def _absent(name: str, what: str) -> Any:
    def method(self: Tensor, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError(f"Tensor.{name} is not in dltk's scope: it has no {what}")

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"Not in dltk's scope: it has no {what}."
    return method


def _imaginary(self: Tensor) -> Any:
    raise RuntimeError("imag is not implemented for tensors with non-complex dtypes.")


def _itself(self: Tensor, *args: Any) -> Tensor:
    """The tensor itself: it is real and dense."""
    return self


ABSENT: dict[str, Any] = {
    name: _absent(name, what) for what, names in _METHODS.items() for name in names.split()
}
PLAIN: dict[str, Any] = {
    "is_sparse": property(lambda self: False),
    "is_quantized": property(lambda self: False),
    "is_nested": property(lambda self: False),
    "is_mkldnn": property(lambda self: False),
    "is_meta": property(lambda self: False),
    "real": property(_itself),
    "imag": property(_imaginary),
    "conj": _itself,
    "conj_physical": _itself,
    "conj_physical_": _itself,
    "resolve_conj": _itself,
    "resolve_neg": _itself,
    "to_dense": _itself,
    "share_memory_": _itself,
    "is_conj": lambda self: False,
    "is_neg": lambda self: False,
}
