"""Derivatives: rules, the graph that recording leaves behind, and the ways through it.

Torch's names (`torch.autograd.grad`, `Function`, `gradcheck` …) are put here by `publish` once
everything is imported: some are also names of files of this package, which import one another.
"""

import importlib


def publish() -> None:
    """Make torch's public names attributes of this package."""
    from dltk.autograd import forward_ad, function, graph
    from dltk.autograd.anomaly import detect_anomaly, set_detect_anomaly
    from dltk.autograd.checking import GradcheckError, gradcheck, gradgradcheck
    from dltk.autograd.custom_tangents import Function
    from dltk.autograd.grad_modes import enable_grad, inference_mode, no_grad, set_grad_enabled
    from dltk.autograd.once import once_differentiable
    from dltk.autograd.passes import backward, grad

    vars(function)["once_differentiable"] = once_differentiable

    globals().update(
        Function=Function,
        GradcheckError=GradcheckError,
        backward=backward,
        detect_anomaly=detect_anomaly,
        enable_grad=enable_grad,
        forward_ad=forward_ad,
        grad=grad,
        gradcheck=gradcheck,
        gradgradcheck=gradgradcheck,
        graph=graph,
        inference_mode=inference_mode,
        no_grad=no_grad,
        set_detect_anomaly=set_detect_anomaly,
        set_grad_enabled=set_grad_enabled,
    )


def __getattr__(name: str):
    # Few programs use it; the others need not wait for it.
    if name == "functional":
        return importlib.import_module("dltk.autograd.functional")
    if name == "Variable":
        return importlib.import_module("dltk.autograd.variable").Variable
    raise AttributeError(f"module 'dltk.autograd' has no attribute {name!r}")
