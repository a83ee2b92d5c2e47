"""Figures to operate: a widget in JupyterLab, and the same figure in a page without a kernel.

    from visuals import trace_stepper

    trace_stepper("log(x1) + x1*x2 - sin(x2)", (2.0, 5.0))

Each figure begins with a prediction, loads what the reader's own program computed, and holds a
table of the same content for readers without scripts.
"""

import importlib
from typing import Any

# Where each figure is found; a figure is loaded when it is first asked for.
NAMES = {
    "Dated": "dated_table",
    "Line": "components",
    "Missing": "components",
    "Program": "tabs",
    "components": "components",
    "dated": "dated_table",
    "dated_table": "dated_table",
    "defined_or_run": "defined_or_run",
    "lineage": "lineage",
    "tabs": "tabs",
    "federated": "federated",
    "quantization": "quantization",
    "all_reduce": "all_reduce",
    "batches": "batches",
    "curves": "curves",
    "first_steps": "first_steps",
    "momentum_plane": "momentum_plane",
    "race": "race",
    "race_of_runs": "race",
    "training_loop": "training_loop",
    "batch_norm": "batch_norm",
    "dropout": "dropout",
    "sliding": "sliding",
    "queues": "queues",
    "two_memories": "two_memories",
    "visible_devices": "visible_devices",
    "diamond": "diamond",
    "graph_explorer": "graph_explorer",
    "sweeps": "sweeps",
    "trace_stepper": "trace_stepper",
    "unbroadcast": "unbroadcast",
    "Prediction": "visual",
    "Visual": "visual",
    "broadcasting": "broadcasting",
    "promotion": "promotion",
    "strides": "strides",
    "view_or_copy": "view_or_copy",
    "accumulation": "accumulation",
    "flow": "flow",
    "graph_life": "graph_life",
    "logits": "logits",
    "module_tree": "module_tree",
}

__all__ = sorted(NAMES)


def __getattr__(name: str) -> Any:
    if name not in NAMES:
        raise AttributeError(f"module 'visuals' has no figure {name!r}; there are {__all__}")
    module = importlib.import_module(f"visuals.{NAMES[name]}")
    found = getattr(module, name)
    # The import has put the module here, where its figure of the same name would be looked for.
    globals()[NAMES[name]] = getattr(module, NAMES[name], module)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
