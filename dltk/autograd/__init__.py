"""Derivatives: rules, the graph that recording leaves behind, and the ways through it.

Torch's names (`torch.autograd.grad`, `Function`, `gradcheck` …) are put here by `publish` once
everything is imported: some are also names of files of this package, which import one another.
"""


def publish() -> None:
    """Make torch's public names attributes of this package."""
    from dltk.autograd import forward_ad, graph
    from dltk.autograd.checking import GradcheckError, gradcheck, gradgradcheck
    from dltk.autograd.custom_tangents import Function
    from dltk.autograd.grad_modes import enable_grad, inference_mode, no_grad, set_grad_enabled
    from dltk.autograd.passes import backward, grad

    globals().update(
        Function=Function,
        GradcheckError=GradcheckError,
        backward=backward,
        enable_grad=enable_grad,
        forward_ad=forward_ad,
        grad=grad,
        gradcheck=gradcheck,
        gradgradcheck=gradgradcheck,
        graph=graph,
        inference_mode=inference_mode,
        no_grad=no_grad,
        set_grad_enabled=set_grad_enabled,
    )
