"""Figures to operate: a widget in JupyterLab, and the same figure in a page without a kernel.

    from visuals import trace_stepper

    trace_stepper("log(x1) + x1*x2 - sin(x2)", (2.0, 5.0))

Each figure begins with a prediction, loads what the reader's own program computed, and holds a
table of the same content for readers without scripts.
"""

import importlib
from typing import Any

# Where each name is found; a figure is loaded when it is first asked for.
NAMES = {
    "Dated": "figures.dated_table",
    "Line": "figures.components",
    "Missing": "figures.components",
    "Prediction": "visual",
    "Program": "figures.tabs",
    "Visual": "visual",
    "accumulation": "figures.accumulation",
    "all_reduce": "figures.all_reduce",
    "batch_norm": "figures.batch_norm",
    "batches": "figures.batches",
    "broadcasting": "figures.broadcasting",
    "components": "figures.components",
    "curves": "figures.curves",
    "dated": "figures.dated_table",
    "dated_table": "figures.dated_table",
    "defined_or_run": "figures.defined_or_run",
    "diamond": "figures.diamond",
    "dropout": "figures.dropout",
    "federated": "figures.federated",
    "first_steps": "figures.first_steps",
    "flow": "figures.flow",
    "graph_explorer": "figures.graph_explorer",
    "graph_life": "figures.graph_life",
    "lineage": "figures.lineage",
    "load": "figures.two_memories",
    "logits": "figures.logits",
    "module_tree": "figures.module_tree",
    "momentum_plane": "figures.momentum_plane",
    "promotion": "figures.promotion",
    "quantization": "figures.quantization",
    "queues": "figures.queues",
    "race": "figures.race",
    "race_of_runs": "figures.race",
    "sliding": "figures.sliding",
    "strides": "figures.strides",
    "sweeps": "figures.sweeps",
    "tabs": "figures.tabs",
    "timeline": "figures.queues",
    "trace_stepper": "figures.trace_stepper",
    "training_loop": "figures.training_loop",
    "two_memories": "figures.two_memories",
    "unbroadcast": "figures.unbroadcast",
    "view_or_copy": "figures.view_or_copy",
    "visible": "figures.visible_devices",
    "visible_devices": "figures.visible_devices",
    "watched": "figures.two_memories",
}

__all__ = sorted(NAMES)


def __getattr__(name: str) -> Any:
    if name not in NAMES:
        raise AttributeError(f"module 'visuals' has no figure {name!r}; there are {__all__}")
    return getattr(importlib.import_module(f"visuals.{NAMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
