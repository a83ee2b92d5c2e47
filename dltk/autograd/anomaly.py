"""Anomaly mode: every node notes where it was made, and none may send NaN on."""

from __future__ import annotations

import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from dltk.autograd.graph import Node
from dltk.autograd.primitive_node import PrimitiveNode
from dltk.core.tensor import Tensor

PACKAGE = str(Path(__file__).parents[1])
MADE_AT = "traceback_"
# In this mode nodes are made by other constructors: nobody asks for it while it is off.
_MAKERS = {kind: kind.__init__ for kind in (Node, PrimitiveNode)}


class _Mode:
    """What is on now, in all threads, as in torch."""

    on = False
    check_nan = True


def _switch(on: bool, check_nan: bool) -> None:
    _Mode.on, _Mode.check_nan = on, check_nan
    for kind, make in _MAKERS.items():
        kind.__init__ = _noting(make) if on else make  # type: ignore[method-assign]


def _noting(make: Callable) -> Callable:
    def make_and_note(node: Any, *args: Any) -> None:
        make(node, *args)
        frames = [
            frame for frame in traceback.extract_stack() if not frame.filename.startswith(PACKAGE)
        ]
        node.metadata[MADE_AT] = "".join(traceback.format_list(frames))

    return make_and_note


class set_detect_anomaly:  # noqa: N801, torch's name
    """Switch anomaly mode on or off: at once as a function, for a block as a context.

    check_nan: whether a NaN that a node sends on is an error.
    """

    def __init__(self, mode: bool, check_nan: bool = True):
        self._before = _Mode.on, _Mode.check_nan
        _switch(bool(mode), check_nan)

    def __enter__(self) -> None:
        """On already."""

    def __exit__(self, *error: Any) -> None:
        _switch(*self._before)


class detect_anomaly:  # noqa: N801, torch's name
    """Inside, an error of the backward pass names the line of the forward pass it comes from.

    A node that sends NaN on is an error too, unless `check_nan` is false. As
    `torch.autograd.detect_anomaly`: slow, and for finding mistakes only.
    """

    def __init__(self, check_nan: bool = True):
        self.check_nan = check_nan
        warnings.warn(
            "Anomaly Detection has been enabled. This mode will increase the runtime and should "
            "only be enabled for debugging.",
            stacklevel=2,
        )

    def __enter__(self) -> None:
        self._before = _Mode.on, _Mode.check_nan
        _switch(True, self.check_nan)

    def __exit__(self, *error: Any) -> None:
        _switch(*self._before)


def is_anomaly_enabled() -> bool:
    """Whether anomaly mode is on."""
    return _Mode.on


def is_anomaly_check_nan_enabled() -> bool:
    """Whether a NaN in a backward pass would be an error in anomaly mode."""
    return _Mode.check_nan


def watched(visit: Callable[[Any, list], list]) -> Callable[[Any, list], list]:
    """`visit`, with a warning of where a node was made if it fails or sends NaN on."""

    def visit_watched(node: Any, gradients: list) -> list:
        try:
            pulled = visit(node, gradients)
            if _Mode.check_nan:
                _refuse_nan(node, pulled)
        except Exception:
            warnings.warn(_origin(node), stacklevel=2)
            raise
        return pulled

    return visit_watched


def _refuse_nan(node: Any, pulled: list) -> None:
    for number, each in enumerate(pulled):
        raw = each._raw if isinstance(each, Tensor) else each
        if raw is not None and np.isnan(raw).any():
            raise RuntimeError(
                f"Function '{node.name()}' returned nan values in its {number}th output."
            )


def _origin(node: Any) -> str:
    made_at = node.metadata.get(MADE_AT)
    if made_at is None:
        return (
            f"Error detected in {node.name()}. No forward pass information available. Enable "
            "detect anomaly during forward pass for more information."
        )
    return (
        f"Error detected in {node.name()}. Traceback of forward call that caused the error:\n"
        f"{made_at}"
    )
