"""The pages of the API: every public name of `dltk` with its signature and its docstring."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Sequence
from typing import Any

import torch

import dltk
from bookmaking.api_names import SECTIONS, Name, Section, holder, public_names, signature
from bookmaking.docstrings import as_rst, first_sentence, inline

ABOUT = """
`dltk` has PyTorch's names with PyTorch's behavior. A name that torch has and that is missing here
is out of scope; `dltk` says so when it is used. Modules that are "our own" have no twin in torch.
"""
# What a group of `dltk`'s own names is called, by the file that defines it.
HEADINGS = {
    "dltk.core.methods": "In place",
    "dltk.core.dtypes": "Dtypes",
    "dltk.autograd.grad_modes": "Whether operations are recorded",
    "dltk.autograd.anomaly": "Looking for faults in a backward pass",
    "dltk.serialization": "Saving and loading",
}
OTHER = "More"
FEWEST = 3


def pages() -> dict[str, str]:
    """The text of each page by its path in the book."""
    names = {section.path: public_names(section) for section in SECTIONS}
    made = {f"api/{section.page}.rst": _page(section, names) for section in SECTIONS}
    made["api/index.rst"] = _index(names)
    return made


def _index(names: dict[str, list[Name]]) -> str:
    lines = [*_title("The API of dltk", "="), inline(ABOUT), ""]
    lines += [".. toctree::", "    :hidden:", ""]
    lines += [f"    {section.page}" for section in SECTIONS]
    lines += ["", ".. list-table::", "    :header-rows: 1", "", "    * - Page", "      - Names"]
    lines += ["      - What it holds"]
    for section in SECTIONS:
        about = inline(_about(section)) + (" Our own." if section.own else "")
        lines += [
            f"    * - :doc:`{section.path} <{section.page}>`",
            f"      - {len(names[section.path])}",
            f"      - {about}",
        ]
    return "\n".join(lines) + "\n"


def _about(section: Section) -> str:
    return first_sentence(inspect.getdoc(holder(section.path, dltk)) or "")


def _page(section: Section, names: dict[str, list[Name]]) -> str:
    value = holder(section.path, dltk)
    lines = [*_title(section.title, "="), *as_rst(inspect.getdoc(value) or "")]
    own = names[section.path]
    if section.path == "dltk":
        lines += _in_groups(section, own)
    elif isinstance(value, type):
        lines += _of_the_tensor(section, own, {each.name: each for each in names["dltk"]})
    else:
        at_home = {each.name: _home(section, each) for each in own}
        for each in own:
            if not at_home[each.name]:
                lines += _entry(section.path, each)
        elsewhere = [f":py:class:`{home}`" for home in at_home.values() if home]
        lines += [f"Also here: {', '.join(elsewhere)}.", ""] if elsewhere else []
    return "\n".join(lines) + "\n"


def _home(section: Section, each: Name) -> str:
    """Where a class is described that a page's own torch twin only repeats; "" if it is here."""
    above = section.path.rpartition(".")[0]
    while each.is_class and above:
        if vars(holder(above, dltk)).get(each.name) is each.value:
            return f"{above}.{each.name}"
        above = above.rpartition(".")[0]
    return ""


def _title(text: str, underline: str) -> list[str]:
    return [inline(text), underline * len(inline(text)), ""]


def _in_groups(section: Section, names: Sequence[Name]) -> list[str]:
    """The names under headings by the file that defines them; small groups come last, together."""
    groups: dict[str, list[Name]] = {}
    for each in names:
        groups.setdefault(_heading(each.value), []).append(each)
    for heading in [heading for heading, group in groups.items() if len(group) < FEWEST]:
        groups.setdefault(OTHER, []).extend(groups.pop(heading))
    lines = []
    for heading in sorted(groups, key=lambda each: (each == OTHER, each)):
        lines += _title(heading, "-")
        for each in groups[heading]:
            lines += _entry(section.path, each)
    return lines


def _heading(value: Any) -> str:
    if isinstance(value, dltk.dtype):
        return HEADINGS["dltk.core.dtypes"]
    origin = str(getattr(value, "__module__", None) or "")
    if origin.startswith("dltk.nn."):
        return "Of neural networks"
    return HEADINGS.get(origin, origin.rpartition(".")[2].replace("_", " ").capitalize() or OTHER)


def _of_the_tensor(
    section: Section, names: Sequence[Name], functions: dict[str, Name]
) -> list[str]:
    """Attributes, methods, and in a line each the methods that a function says it all of."""
    attributes = [each for each in names if not each.is_callable]
    twins = [each for each in names if _is_twin(each, functions)]
    methods = [each for each in names if each.is_callable and each not in twins]
    lines = _title("Attributes", "-")
    for each in attributes:
        lines += _entry(section.path, each)
    lines += _title("Methods", "-")
    for each in methods:
        lines += _entry(section.path, each)
    lines += _title("Methods that are functions too", "-")
    lines += ["The tensor is the function's first operand.", ""]
    lines += [f"- :py:func:`dltk.{each.name}`" for each in twins]
    return [*lines, ""]


def _is_twin(each: Name, functions: dict[str, Name]) -> bool:
    function = functions.get(each.name)
    return function is not None and each.is_callable and function.doc == each.doc


def _entry(path: str, each: Name) -> list[str]:
    kind = _kind(path, each)
    head = f".. py:{kind}:: {path}.{each.name}{each.signature}"
    body = as_rst(_doc(path, each)) + (
        _methods(f"{path}.{each.name}", each) if each.is_class else []
    )
    return [head, "", *_indented(body)]


def _kind(path: str, each: Name) -> str:
    in_class = isinstance(holder(path, dltk), type)
    if each.is_class:
        return "class"
    if each.is_callable:
        return "method" if in_class else "function"
    return "attribute" if in_class else "data"


def _doc(path: str, each: Name) -> str:
    """What the name says of itself; a value has no words, its type's would mislead."""
    described = each.is_callable or isinstance(each.value, property)
    if described and each.doc:
        return each.doc
    theirs = holder(path, torch)
    return (
        f"As `torch{path.removeprefix('dltk')}.{each.name}`." if hasattr(theirs, each.name) else ""
    )


def _methods(path: str, each: Name) -> list[str]:
    """The public methods that a class itself defines and describes."""
    lines: list[str] = []
    if path == "dltk.Tensor":
        return lines
    for name, value in sorted(vars(each.value).items()):
        doc = inspect.getdoc(value)
        if name.startswith("_") or not callable(value) or isinstance(value, type) or not doc:
            continue
        lines += [f".. py:method:: {path}.{name}{signature(value)}", "", *_indented(as_rst(doc))]
    return lines


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]
