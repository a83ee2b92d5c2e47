"""A module as a tree: what its registries hold, who asks them, and what nobody finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from visuals.visual import Prediction, Table, Visual

PREDICT = Prediction(
    "A layer is kept in a plain Python list of the module. Who finds its weights?",
    (
        "the optimizer, through parameters()",
        "state_dict(), but not parameters()",
        "nobody who asks the module",
    ),
    answer=2,
    because="Modules and parameters set as attributes are filed; a list of them is not.",
)
QUESTIONS = ("parameters()", "buffers()", "modules()", "state_dict()")


def module_tree(module: Any, *, predict: Prediction | None = PREDICT) -> Visual:
    """The registries of a module and of all below it, and what plain lists and dicts hide.

    Args:
        module: an `nn.Module` of torch or of dltk.
    """
    modules = [_entry(*each) for each in _walk(module, "", 0, False)]
    answers = {question: _answer(module, question) for question in QUESTIONS}
    rows = [
        (row["path"], row["kind"], row["what"], row["numel"] or "", ", ".join(_asked(row, answers)))
        for each in modules
        for row in each["rows"]
    ]
    return Visual(
        "module_tree",
        data={"modules": modules, "answers": answers, "questions": list(QUESTIONS)},
        title="Where do the parameters live, and who finds them?",
        description=(
            "A tree of modules, each with what it holds: parameters, buffers, settings, and what "
            "lies in plain lists. For a question such as parameters() the tree marks everything "
            "that the answer contains; layers in a plain list are never marked."
        ),
        table=Table(("name", "kind", "what", "numbers", "found by"), rows),
        predict=predict,
    )


def _walk(
    module: Any, path: str, depth: int, hidden: bool, above: tuple[Any, ...] = ()
) -> Iterator[tuple[Any, str, int, bool]]:
    """The module and all below it with path, depth and whether a plain attribute hides it."""
    yield module, path, depth, hidden
    above = (*above, module)
    for name, child in module._modules.items():
        if child is not None:
            yield from _walk(child, _joined(path, name), depth + 1, hidden, above)
    for name, value in _plain(module):
        for place, each in _members(name, value):
            if hasattr(each, "_modules") and not any(each is one for one in above):
                yield from _walk(each, _joined(path, place), depth + 1, True, above)


def _entry(module: Any, path: str, depth: int, hidden: bool) -> dict[str, Any]:
    rows = [
        _row(_joined(path, name), "parameter", tensor, hidden)
        for name, tensor in module._parameters.items()
    ]
    rows += [
        _row(_joined(path, name), "buffer", tensor, hidden)
        for name, tensor in module._buffers.items()
    ]
    settings = []
    for name, value in _plain(module):
        members = list(_members(name, value))
        rows += [
            _row(_joined(path, place), "tensor in a plain attribute", each, True)
            for place, each in members
            if hasattr(each, "numel")
        ]
        if isinstance(value, int | float | str | tuple) and not members:
            settings.append(f"{name} = {value}")
    title = f"{path or 'the model'}: {type(module).__name__}"
    return {"path": path, "title": title, "depth": depth, "hidden": hidden} | {
        "rows": rows,
        "settings": settings,
    }


def _row(path: str, kind: str, tensor: Any, hidden: bool) -> dict[str, Any]:
    what = "None" if tensor is None else str(tuple(tensor.shape))
    numel = 0 if tensor is None else int(tensor.numel())
    return {"path": path, "kind": kind, "what": what, "numel": numel, "hidden": hidden}


def _plain(module: Any) -> list[tuple[str, Any]]:
    """The attributes that are in no registry, as their writer set them."""
    return [
        (name, value)
        for name, value in vars(module).items()
        if not name.startswith("_") and name != "training"
    ]


def _members(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Tensors and modules in a plain attribute, also inside of a list or a dict."""
    inside: list[tuple[str, Any]] = [(name, value)]
    if isinstance(value, list | tuple):
        inside = [(f"{name}[{at}]", each) for at, each in enumerate(value)]
    elif isinstance(value, dict):
        inside = [(f"{name}[{key!r}]", each) for key, each in value.items()]
    for place, each in inside:
        if hasattr(each, "numel") or hasattr(each, "_modules"):
            yield place, each


def _answer(module: Any, question: str) -> list[str]:
    """The dotted names that the answer to a question contains, a shared tensor once."""
    if question == "parameters()":
        return [name for name, _ in module.named_parameters()]
    if question == "buffers()":
        return [name for name, _ in module.named_buffers()]
    if question == "modules()":
        return [name for name, _ in module.named_modules()]
    return list(module.state_dict())


def _asked(row: dict[str, Any], answers: dict[str, list[str]]) -> list[str]:
    return [question for question, names in answers.items() if row["path"] in names]


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
