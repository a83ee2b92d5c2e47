"""Transforms of functions, as `torch.func`."""

from dltk.func.forward import jacfwd, jvp
from dltk.func.reverse import grad, grad_and_value, hessian, jacrev, vjp

__all__ = ["grad", "grad_and_value", "hessian", "jacfwd", "jacrev", "jvp", "vjp"]
