"""Transforms of functions, as `torch.func`."""

from dltk.func.modules import functional_call
from dltk.func.reverse import grad, grad_and_value, hessian, jacrev, vjp
from dltk.func.structured import jacfwd, jvp

__all__ = [
    "functional_call",
    "grad",
    "grad_and_value",
    "hessian",
    "jacfwd",
    "jacrev",
    "jvp",
    "vjp",
]

_OUT_OF_SCOPE = {
    "vmap": "vectorizing maps",
    "linearize": "traced graphs of tangents",
    "functionalize": "traced graphs",
    "stack_module_state": "ensembles of vectorized modules",
}


def __getattr__(name: str):
    if name in _OUT_OF_SCOPE:
        raise NotImplementedError(
            f"dltk.func.{name} is not in dltk's scope: it has no {_OUT_OF_SCOPE[name]}"
        )
    raise AttributeError(f"module 'dltk.func' has no attribute {name!r}")
