"""The skeleton of a module: what registration and state build on, and what needs neither."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from dltk.core.tensor import Tensor
from dltk.nn import hooks, modes, registration
from dltk.nn.conversion import Convertible
from dltk.nn.hooks import Hooked
from dltk.nn.parameter import Parameter, Submodule
from dltk.nn.stateful import Stateful

Self = TypeVar("Self", bound="Module")


class Module(Hooked, Convertible, Stateful, Submodule):
    """A part of a model: parameters, buffers, submodules, and how to compute with them.

    A subclass calls `super().__init__()`, sets its parts as attributes, and defines `forward`. As
    `torch.nn.Module`.
    """

    training: bool

    def __init__(self) -> None:
        self.__dict__.update(
            training=True,
            _parameters={},
            _buffers={},
            _non_persistent_buffers_set=set(),
            _modules={},
            _forward_pre_hooks=OrderedDict(),
            _forward_hooks=OrderedDict(),
            _backward_pre_hooks=OrderedDict(),
            _backward_hooks=OrderedDict(),
        )

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What calling the module computes; a subclass defines it."""
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function'
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        own = self.__dict__
        if "_forward_hooks" not in own:
            raise AttributeError(
                f"'{type(self).__name__}' object was called before Module.__init__() call"
            )
        if (
            own["_forward_hooks"]
            or own["_forward_pre_hooks"]
            or own["_backward_hooks"]
            or own["_backward_pre_hooks"]
        ):
            return hooks.run_with_hooks(self, args, kwargs)
        return self.forward(*args, **kwargs)

    def __setattr__(self, name: str, value: Any) -> None:
        registration.set_attribute(self, name, value)

    def __getattr__(self, name: str) -> Any:
        return registration.get_attribute(self, name)

    def __delattr__(self, name: str) -> None:
        registration.delete_attribute(self, name)

    def __dir__(self) -> list[str]:
        names = {*object.__dir__(self), *self._parameters, *self._buffers, *self._modules}
        return sorted(name for name in names if not name[:1].isdigit())

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """File `param` under `name`; `None` keeps the name for a parameter that is not there.

        Raises:
            AttributeError: `Module.__init__` was not called.
            TypeError: the name is no string, or `param` no Parameter.
            KeyError: the name is empty, has a dot, or is taken.
            ValueError: `param` was computed, so it is not a leaf.
        """
        self._check_name(name, "_parameters", "parameter")
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{type(param).__name__}' object to parameter '{name}' "
                "(dltk.nn.Parameter or None required)"
            )
        if param is not None and param.grad_fn is not None:
            raise ValueError(
                f"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must be "
                "created explicitly. To express it as a function of another Tensor, compute the "
                "value in the forward() method."
            )
        self._parameters[name] = param

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """File a tensor that is not trained but belongs to the module.

        persistent: whether it is part of the state dict.
        """
        self._check_name(name, "_buffers", "buffer")
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{type(tensor).__name__}' object to buffer '{name}' "
                "(dltk.Tensor or None required)"
            )
        self._buffers[name] = tensor
        if persistent:
            self._non_persistent_buffers_set.discard(name)
        else:
            self._non_persistent_buffers_set.add(name)

    def add_module(self, name: str, module: Module | None) -> None:
        """File `module` as a child under `name`."""
        if module is not None and not isinstance(module, Module):
            raise TypeError(f"{type(module).__name__} is not a Module subclass")
        self._check_name(name, "_modules", "module")
        self._modules[name] = module

    register_module = add_module

    def _check_name(self, name: str, table: str, kind: str) -> None:
        if table not in self.__dict__:
            raise AttributeError(f"cannot assign {kind} before Module.__init__() call")
        if not isinstance(name, str):
            raise TypeError(f"{kind} name should be a string. Got {type(name).__name__}")
        if "." in name:
            raise KeyError(f'{kind} name can\'t contain "."')
        if name == "":
            raise KeyError(f'{kind} name can\'t be empty string ""')
        if hasattr(self, name) and name not in self.__dict__[table]:
            raise KeyError(f"attribute '{name}' already exists")

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """Dotted names and parameters, of this module and of all below it."""
        return registration.walk_tensors(self, "_parameters", prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """The parameters, each once."""
        for _, parameter in self.named_parameters(recurse=recurse):
            yield parameter

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Tensor]]:
        """Dotted names and buffers, of this module and of all below it."""
        return registration.walk_tensors(self, "_buffers", prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """The buffers, each once."""
        for _, buffer in self.named_buffers(recurse=recurse):
            yield buffer

    def named_modules(
        self, memo: set | None = None, prefix: str = "", remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Module]]:
        """Dotted names and modules: this one, then all below it, depth first."""
        return registration.walk_modules(self, prefix, remove_duplicate, memo)

    def modules(self) -> Iterator[Module]:
        """This module and all below it, each once."""
        for _, module in self.named_modules():
            yield module

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Names and modules of one level below, each once."""
        seen = set()
        for name, child in self._modules.items():
            if child is not None and child not in seen:
                seen.add(child)
                yield name, child

    def children(self) -> Iterator[Module]:
        """The modules one level below, each once."""
        for _, child in self.named_children():
            yield child

    def get_submodule(self, target: str) -> Module:
        """The module of a dotted name; `AttributeError` if there is none."""
        found: Any = self
        for name in target.split(".") if target else ():
            if name not in found._modules:
                raise AttributeError(f"{type(found).__name__} has no attribute `{name}`")
            found = found._modules[name]
        return found

    def set_submodule(self, target: str, module: Module, strict: bool = False) -> None:
        """Put `module` in the place of a dotted name, where with `strict` one has to be already.

        Raises:
            ValueError: the name is empty.
            AttributeError: there is nothing at the place.
        """
        if not target:
            raise ValueError("cannot set the submodule without a target name")
        place, _, name = target.rpartition(".")
        owner = self.get_submodule(place)
        if strict:
            owner.get_submodule(name)
        setattr(owner, name, module)

    def get_parameter(self, target: str) -> Parameter:
        """The parameter of a dotted name; `AttributeError` if there is none."""
        return self._get_tensor(target, "_parameters", "Parameter")

    def get_buffer(self, target: str) -> Tensor:
        """The buffer of a dotted name; `AttributeError` if there is none."""
        return self._get_tensor(target, "_buffers", "buffer")

    def _get_tensor(self, target: str, table: str, kind: str) -> Any:
        place, _, name = target.rpartition(".")
        owner = self.get_submodule(place)
        if name not in owner.__dict__[table]:
            raise AttributeError(f"`{name}` is not a {kind} of {type(owner).__name__}")
        return owner.__dict__[table][name]

    def train(self: Self, mode: bool = True) -> Self:
        """Switch this module and all below it to training, or with `False` to evaluation."""
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        return modes.set_mode(self, mode)

    def eval(self: Self) -> Self:
        """Switch this module and all below it to evaluation."""
        return self.train(False)

    def apply(self: Self, fn: Callable[[Module], Any]) -> Self:
        """Call `fn` on every module below this one, then on this one."""
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, or make them zeros."""
        for parameter in self.parameters():
            if parameter.grad is None:
                continue
            if set_to_none:
                parameter.grad = None
            else:
                parameter.grad = parameter.grad.detach()
                parameter.grad.zero_()

    def requires_grad_(self: Self, requires_grad: bool = True) -> Self:
        """Ask for gradients of all parameters, or no longer."""
        for parameter in self.parameters():
            parameter.requires_grad_(requires_grad)
        return self

    def _get_name(self) -> str:
        return type(self).__name__

    def extra_repr(self) -> str:
        """What stands between the parentheses when the module is printed."""
        return ""

    def __repr__(self) -> str:
        extra = self.extra_repr()
        extra_lines = extra.split("\n") if extra else []
        children = [
            f"({name}): " + repr(child).replace("\n", "\n  ")
            for name, child in self._modules.items()
        ]
        lines = extra_lines + children
        if not lines:
            return f"{self._get_name()}()"
        if len(extra_lines) == 1 and not children:
            return f"{self._get_name()}({extra_lines[0]})"
        return f"{self._get_name()}(\n  " + "\n  ".join(lines) + "\n)"
