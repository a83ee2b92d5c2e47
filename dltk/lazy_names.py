"""Names of `dltk` that are imported where they are first used, and names that are out of scope."""

from __future__ import annotations

import importlib
from typing import Any

from dltk.core.tensor import Tensor

MODULES = {
    "cuda": "cuda",
    "sim": "sim",
    "trace": "trace",
    "nn": "nn",
    "optim": "optim",
    "utils": "utils",
    "transforms": "transforms",
    "serialization": "serialization",
    "training": "training",
    "save": "serialization",
    "load": "serialization",
    "is_anomaly_enabled": "autograd.anomaly",
    "is_anomaly_check_nan_enabled": "autograd.anomaly",
}

# Torch has these in its own namespace beside torch.nn.functional.
_LAYERS = (
    "softmax log_softmax dropout embedding bilinear conv1d conv2d conv_transpose2d max_pool1d "
    "max_pool2d avg_pool1d adaptive_avg_pool1d batch_norm layer_norm group_norm rms_norm "
    "instance_norm celu selu prelu rrelu threshold cosine_similarity pairwise_distance "
    "binary_cross_entropy_with_logits kl_div"
)
LAYERS = frozenset(_LAYERS.split())

OUT_OF_SCOPE = {
    "complex numbers": (
        "complex complex32 complex64 complex128 cfloat cdouble chalf view_as_complex "
        "view_as_real polar fft"
    ),
    "dtypes of other hardware": (
        "bfloat16 float8_e4m3fn float8_e5m2 uint16 uint32 uint64 float4_e2m1fn_x2"
    ),
    "sparse tensors": (
        "sparse sparse_coo sparse_csr sparse_csc sparse_bsr sparse_bsc sparse_coo_tensor "
        "sparse_csr_tensor sparse_csc_tensor sparse_bsr_tensor sparse_bsc_tensor "
        "sparse_compressed_tensor smm sspaddmm hspmm"
    ),
    "quantized tensors": (
        "quantization ao quantize_per_tensor quantize_per_channel dequantize qint8 quint8 qint32 "
        "quint4x2 per_tensor_affine per_channel_affine fake_quantize_per_tensor_affine"
    ),
    "nested tensors": "nested",
    "compilation": "jit compile export fx onnx script _dynamo _inductor",
    "vectorizing maps": "vmap",
    "processes that compute together": "distributed",
    "memory formats of images": "channels_last channels_last_3d",
    "automatic mixed precision": "amp autocast",
}
_REASONS = {name: what for what, names in OUT_OF_SCOPE.items() for name in names.split()}


def find(name: str) -> Any:
    """What `dltk.name` is, for a name that was not imported with `dltk`.

    Raises:
        NotImplementedError: torch has the name, and it is out of dltk's scope.
        AttributeError: there is no such name.
    """
    if name in MODULES:
        module = importlib.import_module(f"dltk.{MODULES[name]}")
        return module if name == MODULES[name] else getattr(module, name)
    if name in LAYERS:
        functional = importlib.import_module("dltk.nn.functional")
        found = getattr(functional, name, None)
        if found is not None:
            return found
    if name.endswith("_") and not name.startswith("_") and hasattr(Tensor, name):
        return getattr(Tensor, name)
    if name in _REASONS:
        raise NotImplementedError(f"dltk.{name} is not in dltk's scope: it has no {_REASONS[name]}")
    raise AttributeError(f"module 'dltk' has no attribute {name!r}")
