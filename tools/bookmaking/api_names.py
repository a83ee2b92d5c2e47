"""Which names of `dltk` are public, and what each says of itself."""

from __future__ import annotations

import importlib
import inspect
import types
from dataclasses import dataclass
from typing import Any

import torch

import dltk


@dataclass(frozen=True)
class Section:
    """A page of the API: the names below `path`, which torch has as well unless it is our own."""

    path: str
    title: str
    own: bool = False

    @property
    def page(self) -> str:
        return self.path


SECTIONS = (
    Section("dltk", "dltk: tensors and the operations on them"),
    Section("dltk.Tensor", "dltk.Tensor"),
    Section("dltk.linalg", "dltk.linalg"),
    Section("dltk.autograd", "dltk.autograd"),
    Section("dltk.autograd.functional", "dltk.autograd.functional"),
    Section("dltk.autograd.forward_ad", "dltk.autograd.forward_ad"),
    Section("dltk.autograd.graph", "dltk.autograd.graph"),
    Section("dltk.func", "dltk.func"),
    Section("dltk.nn", "dltk.nn"),
    Section("dltk.nn.functional", "dltk.nn.functional"),
    Section("dltk.nn.init", "dltk.nn.init"),
    Section("dltk.nn.utils", "dltk.nn.utils"),
    Section("dltk.optim", "dltk.optim"),
    Section("dltk.optim.lr_scheduler", "dltk.optim.lr_scheduler"),
    Section("dltk.utils.data", "dltk.utils.data"),
    Section("dltk.cuda", "dltk.cuda"),
    Section("dltk.transforms", "dltk.transforms", own=True),
    Section("dltk.training", "dltk.training", own=True),
    Section("dltk.trace", "dltk.trace", own=True),
    Section("dltk.sim", "dltk.sim", own=True),
)


@dataclass(frozen=True)
class Name:
    """A public name: its value, its signature ("" where it has none) and its docstring."""

    name: str
    value: Any
    signature: str
    doc: str

    @property
    def is_class(self) -> bool:
        return isinstance(self.value, type)

    @property
    def is_callable(self) -> bool:
        return callable(self.value)


def holder(path: str, root: types.ModuleType) -> Any:
    """The module or class at a dotted path below `root`; None where there is none."""
    found: Any = root
    for part in path.split(".")[1:]:
        if not hasattr(found, part):
            return None
        found = getattr(found, part)
    return found


def public_names(section: Section) -> list[Name]:
    """The names of a section in alphabetical order, modules left out."""
    ours, theirs = holder(section.path, dltk), holder(section.path, torch)
    candidates = set(dir(ours)) | (set() if section.own else set(dir(theirs)))
    found = []
    for name in sorted(candidates, key=lambda each: (each.lower(), each)):
        value = _value(ours, name)
        if value is not None and _is_public(section, ours, theirs, name, value):
            found.append(Name(name, value, signature(value), inspect.getdoc(value) or ""))
    return found


def _value(ours: Any, name: str) -> Any:
    if name.startswith("_"):
        return None
    try:
        return getattr(ours, name)
    except (AttributeError, ImportError, NotImplementedError, RuntimeError):
        return None


def _is_public(section: Section, ours: Any, theirs: Any, name: str, value: Any) -> bool:
    if isinstance(value, types.ModuleType):
        return False
    origin = str(getattr(value, "__module__", None) or "dltk")
    if not origin.startswith("dltk") and not isinstance(value, int | float):
        return False
    if not section.own:
        return hasattr(theirs, name) or (isinstance(ours, type) and name in vars(ours))
    listed = getattr(ours, "__all__", None)
    return name in listed if listed is not None else origin == section.path


def signature(value: Any) -> str:
    """The parameters in parentheses, without annotations; "" for what is not called."""
    if not callable(value):
        return ""
    try:
        found = inspect.signature(value)
    except (TypeError, ValueError):
        return "(…)"
    plain = [each.replace(annotation=each.empty) for each in found.parameters.values()]
    plain = [each for each in plain if each.name != "self"]
    text = str(found.replace(parameters=plain, return_annotation=found.empty))
    return "(…)" if "<" in text else text


def module_sentence(path: str) -> str:
    """The docstring of the module or class at `path`."""
    value = holder(path, dltk)
    if value is None:
        value = importlib.import_module(path)
    return inspect.getdoc(value) or ""
