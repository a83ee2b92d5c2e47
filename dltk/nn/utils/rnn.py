"""Sequences of different lengths as one tensor, as `torch.nn.utils.rnn`; packed ones not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn

from dltk.core.tensor import Tensor
from dltk.ops.join import cat, stack


def pad_sequence(
    sequences: Iterable[Tensor] | Tensor,
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Tensor:
    """N sequences (Lᵢ, …) as (L, N, …) of the longest's length, or (N, L, …) with `batch_first`.

    The missing steps hold `padding_value`, after a sequence or, with `padding_side="left"`, before.

    Raises:
        RuntimeError: there are no sequences, they differ in more than length, or the side is
            neither "left" nor "right".
        TypeError: a sequence is not a tensor.
    """
    if padding_side not in ("left", "right"):
        raise RuntimeError(
            f"Expected padding_side to be one of left or right, but got {padding_side}."
        )
    if not isinstance(sequences, Iterable):
        raise RuntimeError(
            "pad_sequence: Expected iterable for input sequences, but got arg of type: "
            f"{type(sequences)}"
        )
    found: list[Any] = list(sequences)
    if not found:
        raise RuntimeError("pad_sequence: received an empty list of sequences")
    for number, each in enumerate(found):
        if not isinstance(each, Tensor):
            raise TypeError(
                f"pad_sequence: expected Tensor as element {number}, but got {type(each).__name__}"
            )
        if each.ndim == 0 or each.shape[1:] != found[0].shape[1:]:
            raise RuntimeError(
                f"pad_sequence: sequences differ in their first dimension only, but number "
                f"{number} has shape {list(each.shape)} and number 0 {list(found[0].shape)}"
            )
    longest = max(len(each) for each in found)
    padded = []
    for each in found:
        parts = [each.to(found[0].dtype)]
        if len(each) < longest:
            shape = (longest - len(each), *each.shape[1:])
            filling = found[0].new_full(shape, padding_value)
            parts.insert(0 if padding_side == "left" else 1, filling)
        padded.append(cat(parts))
    return stack(padded, 0 if batch_first else 1)


def unpad_sequence(
    padded_sequences: Tensor, lengths: Tensor, batch_first: bool = False
) -> list[Tensor]:
    """The sequences (Lᵢ, …) that `pad_sequence` made (L, N, …) of, by their `lengths` (N)."""
    by_sequence = padded_sequences.unbind(0 if batch_first else 1)
    return [each[:length] for each, length in zip(by_sequence, lengths.tolist(), strict=True)]


def _refused(name: str) -> Any:
    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError(
            f"nn.utils.rnn.{name}: packed sequences are not in dltk's scope; pad the sequences "
            "with pad_sequence, or drive a cell over each"
        )

    refuse.__name__ = refuse.__qualname__ = name
    refuse.__doc__ = "Not in dltk's scope: it raises NotImplementedError."
    return refuse


PackedSequence = _refused("PackedSequence")
pack_padded_sequence = _refused("pack_padded_sequence")
pad_packed_sequence = _refused("pad_packed_sequence")
pack_sequence = _refused("pack_sequence")
unpack_sequence = _refused("unpack_sequence")
