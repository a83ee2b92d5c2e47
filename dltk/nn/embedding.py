"""Rows of a table by their number, as a function and as a module; and one-hot vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from dltk.autograd.grad_modes import no_grad
from dltk.autograd.primitive_node import watch
from dltk.core import dtypes
from dltk.core.dispatch import apply
from dltk.core.inplace import write
from dltk.core.located import located
from dltk.core.primitive import Primitive
from dltk.core.tensor import Tensor, wrap
from dltk.nn import init
from dltk.nn.given_rules import give
from dltk.nn.module import Module
from dltk.nn.parameter import Parameter
from dltk.ops.create import empty


def _vjp_weight(ops, g, weight_shape, indices, share):
    """Each row's gradients are summed; `share` is what part of each position counts."""
    return ops.index_add(g if share is None else g * share, (indices,), weight_shape)


_embedding = Primitive(
    "embedding",
    "weight",
    lambda ops, weight, indices, share: ops.xp.take(weight, indices, 0),
    "EmbeddingBackward0",
    "indices share",
)
give(
    _embedding,
    vjps=(_vjp_weight,),
    jvps=(lambda ops, t, indices: ops.index(t, (indices,)),),
)


def embedding(
    input: Tensor,
    weight: Tensor,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Tensor:
    """The rows of `weight` (V, D) at the numbers in `input` (…), result (…, D).

    padding_idx: a row that gets no gradient.
    max_norm: rows whose `norm_type`-norm is larger are scaled down to it first, in place.
    scale_grad_by_freq: divide a row's gradient by how often it occurs in `input`.

    As `torch.nn.functional.embedding`.

    Raises:
        IndexError: a number is not in 0 … V - 1.
        RuntimeError: `input` has another dtype than int64 or int32, or `weight` is no matrix.
        NotImplementedError: `sparse`.
    """
    _check_not_sparse(sparse)
    if padding_idx is not None:
        padding_idx = _wrapped_padding(padding_idx, weight.shape[0])
    places = _checked_places(input, weight)
    if max_norm is not None:
        _renormalize(weight, places, max_norm, norm_type)
    share = None
    if weight.requires_grad and (padding_idx is not None or scale_grad_by_freq):
        share = _share(places, weight, padding_idx, scale_grad_by_freq)
    return watch(apply(_embedding, (weight,), (places, share), weight.dtype), input)


def _check_not_sparse(sparse: bool) -> None:
    if sparse:
        raise NotImplementedError("sparse gradients of an embedding are not in dltk's scope")


def _wrapped_padding(padding_idx: int, count: int) -> int:
    if not -count <= padding_idx < count:
        raise AssertionError(
            f"padding_idx must be within num_embeddings={count}, got {padding_idx}"
        )
    return padding_idx % count


def _checked_places(input: Any, weight: Tensor) -> np.ndarray:
    if not isinstance(input, Tensor):
        raise TypeError(f"embedding(): argument 'input' must be Tensor, not {type(input).__name__}")
    if weight.ndim != 2:
        raise RuntimeError(
            f"embedding: 'weight' must be 2-D, (rows, columns), got shape {list(weight.shape)}"
        )
    if input.dtype not in (dtypes.int64, dtypes.int32):
        raise RuntimeError(
            f"embedding: expected input, the row numbers, of dtype int64 or int32, got "
            f"{input.dtype}"
        )
    places = np.asarray(input._raw)
    rows = weight._raw.shape[0]
    if places.size and (places.min() < 0 or places.max() >= rows):
        wrong = places[(places < 0) | (places >= rows)].flat[0]
        raise IndexError(
            f"embedding: index out of range: input, of shape {list(input.shape)}, contains "
            f"{wrong}, and weight has rows 0 to {rows - 1}"
        )
    return places


def _share(
    places: np.ndarray, weight: Tensor, padding_idx: int | None, by_frequency: bool
) -> np.ndarray:
    """For each position (…, 1) the factor of its gradient: 0 for padding, 1 over the frequency."""
    share = np.ones(places.shape, weight.dtype.numpy)
    if by_frequency:
        share /= np.bincount(places.reshape(-1), minlength=1)[places]
    if padding_idx is not None:
        share[places == padding_idx] = 0
    return share[..., None]


def _renormalize(weight: Tensor, places: np.ndarray, max_norm: float, norm_type: float) -> None:
    """Scale those rows at `places` down whose norm is above `max_norm`, in place, unrecorded."""
    with no_grad():
        used = np.unique(places)
        rows = weight._raw[used]
        lengths = np.linalg.norm(rows, norm_type, axis=1, keepdims=True)
        factors = np.where(lengths > max_norm, max_norm / (lengths + 1e-7), 1)
        changed = np.array(weight._raw)
        changed[used] = (rows * factors).astype(rows.dtype)
        write(weight, changed)


@located
def one_hot(input: Tensor, num_classes: int = -1) -> Tensor:
    """For each class in `input` (…) a vector (…, num_classes) with 1 at it, else 0; int64.

    Without `num_classes`, one more than the largest class. As `torch.nn.functional.one_hot`.

    Raises:
        RuntimeError: the dtype is not int64, or a class is negative or not below `num_classes`.
    """
    if not isinstance(input, Tensor):
        raise TypeError(f"one_hot(): argument 'input' must be Tensor, not {type(input).__name__}")
    if input.dtype is not dtypes.int64:
        raise RuntimeError(f"one_hot: expected input of dtype int64, got {input.dtype}")
    classes = np.asarray(input._raw)
    if not classes.size and num_classes <= 0:
        raise RuntimeError(
            "one_hot: can not infer the number of classes from an empty input of shape "
            f"{list(input.shape)}"
        )
    if classes.size and classes.min() < 0:
        raise RuntimeError(
            f"one_hot: class values in input must be non-negative, got {classes.min()}"
        )
    if num_classes == -1:
        num_classes = int(classes.max()) + 1
    elif classes.size and classes.max() >= num_classes:
        raise RuntimeError(
            "one_hot: class values in input must be smaller than num_classes, got "
            f"{classes.max()} with num_classes={num_classes}"
        )
    return wrap((classes[..., None] == np.arange(num_classes)).astype(np.int64), dtypes.int64)


class Embedding(Module):
    """A table of vectors, of which `forward` takes rows by number. As `torch.nn.Embedding`.

    `weight` (num_embeddings, embedding_dim) starts as normal numbers, row `padding_idx` as zeros.
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
        _weight: Tensor | None = None,
        _freeze: bool = False,
        device: Any = None,
        dtype: Any = None,
    ):
        super().__init__()
        _check_not_sparse(sparse)
        self.num_embeddings = num_embeddings
        self.embedding_dim = embedding_dim
        if padding_idx is not None:
            padding_idx = _wrapped_padding(padding_idx, num_embeddings)
        self.padding_idx = padding_idx
        self.max_norm = max_norm
        self.norm_type = norm_type
        self.scale_grad_by_freq = scale_grad_by_freq
        self.sparse = sparse
        shape = (num_embeddings, embedding_dim)
        if _weight is None:
            self.weight = Parameter(empty(*shape, device=device, dtype=dtype), not _freeze)
            self.reset_parameters()
        else:
            if tuple(_weight.shape) != shape:
                raise AssertionError(
                    f"expected weight of shape {list(shape)}, (num_embeddings, embedding_dim), "
                    f"got {list(_weight.shape)}"
                )
            self.weight = Parameter(_weight, not _freeze)

    def reset_parameters(self) -> None:
        """Draw the initial values."""
        init.normal_(self.weight)
        if self.padding_idx is not None:
            with no_grad():
                self.weight.select(0, self.padding_idx).fill_(0)

    def forward(self, input: Tensor) -> Tensor:
        return embedding(
            input,
            self.weight,
            self.padding_idx,
            self.max_norm,
            self.norm_type,
            self.scale_grad_by_freq,
            self.sparse,
        )

    def extra_repr(self) -> str:
        parts = [f"{self.num_embeddings}, {self.embedding_dim}"]
        if self.padding_idx is not None:
            parts.append(f"padding_idx={self.padding_idx}")
        if self.max_norm is not None:
            parts.append(f"max_norm={self.max_norm}")
        if self.norm_type != 2:
            parts.append(f"norm_type={self.norm_type}")
        if self.scale_grad_by_freq:
            parts.append("scale_grad_by_freq=True")
        return ", ".join(parts)

    @classmethod
    def from_pretrained(
        cls,
        embeddings: Tensor,
        freeze: bool = True,
        padding_idx: int | None = None,
        max_norm: float | None = None,
        norm_type: float = 2.0,
        scale_grad_by_freq: bool = False,
        sparse: bool = False,
    ) -> Embedding:
        """An Embedding on the memory of `embeddings` (V, D), which does not train if `freeze`."""
        if embeddings.ndim != 2:
            raise AssertionError(
                f"expected embeddings to be 2-dimensional, got shape {list(embeddings.shape)}"
            )
        rows, columns = embeddings.shape
        return cls(
            rows,
            columns,
            padding_idx,
            max_norm,
            norm_type,
            scale_grad_by_freq,
            sparse,
            _weight=embeddings,
            _freeze=freeze,
        )
