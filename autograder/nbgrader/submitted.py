"""Reading a submitted notebook, whatever is in it, and putting it back into its released form."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TextIO

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.nbgrader import sanitize

MAX_BYTES = 50_000_000
MAX_CELLS = 1_000
MAX_MARKDOWN = 200_000
"""Characters of a student's Markdown that are rendered: what takes a renderer seconds is short."""


@dataclass(frozen=True)
class Managed:
    """A cell that nbgrader keeps: a task's check, a written answer, or a place for notes."""

    grade_id: str
    cell_type: str
    source: str
    metadata: dict[str, Any]
    locked: bool
    task: str | None


def read(stream: TextIO) -> NotebookNode:
    """The cells of a submitted notebook, made harmless; a note alone where it cannot be read.

    No content makes this raise: not JSON, not UTF-8, no cells, cells that are no cells.
    """
    try:
        text = stream.read(MAX_BYTES + 1)
        if len(text) > MAX_BYTES:
            return _unreadable(f"it is larger than {MAX_BYTES // 1_000_000} MB")
        notebook = _parsed(text)
    except UnicodeDecodeError:
        return _unreadable("it is not UTF-8 text")
    except RecursionError:
        return _unreadable("it is nested too deeply")
    except Exception:  # what nbformat raises on a broken notebook of an old format is no one class
        return _unreadable("it is not a Jupyter notebook")
    submitted = [cell for cell in map(_harmless, notebook[:MAX_CELLS]) if cell is not None]
    return new_notebook(cells=submitted)


def _parsed(text: str) -> list[Any]:
    """The cells of the JSON; a notebook of an older format is brought to this one."""
    notebook = json.loads(text)
    if notebook["nbformat"] != 4:
        notebook = nbformat.convert(nbformat.from_dict(notebook), 4)
    if not isinstance(notebook["cells"], list):
        raise TypeError("cells")
    return notebook["cells"]


def _unreadable(reason: str) -> NotebookNode:
    note = new_markdown_cell(
        f"The submitted notebook cannot be read: {reason}. The tasks are graded from the files of "
        "the package; nothing of the notebook counts."
    )
    return new_notebook(cells=[note])


def _harmless(cell: Any) -> NotebookNode | None:
    """A cell of known type with clean content; of its metadata, nbgrader's name for it alone."""
    if not isinstance(cell, dict):
        return None
    source = sanitize.as_text(cell.get("source"))
    metadata = NotebookNode()
    name = _grade_id(cell.get("metadata"))
    if name is not None:
        metadata["nbgrader"] = NotebookNode(grade_id=name)
    if cell.get("cell_type") == "code":
        outputs = cell.get("outputs")
        cleaned = sanitize.clean_outputs(outputs if isinstance(outputs, list) else [])
        return new_code_cell(sanitize.cut(source), metadata=metadata, outputs=cleaned)
    markdown = new_markdown_cell(source, metadata=metadata)
    attachments = sanitize.clean_attachments(cell.get("attachments"))
    if attachments:
        markdown["attachments"] = NotebookNode(attachments)
    return markdown


def _grade_id(metadata: Any) -> str | None:
    described = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = described.get("grade_id") if isinstance(described, dict) else None
    return name if isinstance(name, str) else None


def restored(
    notebook: NotebookNode, managed: Iterable[Managed], given: Iterable[NotebookNode]
) -> NotebookNode:
    """The submitted cells with every managed cell exactly once, in its released form.

    A managed cell that is missing comes back as it was released. Of several with one name, the
    first that holds an answer stays; the others become ordinary cells. Markdown is made harmless
    unless it is the course's own (`given`).
    """
    wanted = {cell.grade_id: cell for cell in managed}
    own = {cell.source for cell in given if cell.cell_type == "markdown"}
    chosen = _chosen(notebook.cells, wanted)
    _show_the_rest_as_text(notebook.cells, own)
    cells: list[NotebookNode] = []
    places: dict[str, int] = {}
    for place, cell in enumerate(notebook.cells):
        name = _grade_id(cell.metadata)
        if name in wanted and chosen[name] == place:
            places[name] = len(cells)
            cells.append(_in_form(wanted[name], cell))
        else:
            cells.append(_ordinary(cell, own))
    _put_back(cells, places, wanted)
    for place, cell in enumerate(cells):
        cell["id"] = cell.metadata.get("nbgrader", {}).get("grade_id", f"submitted-{place}")
    return new_notebook(cells=cells, metadata=notebook.metadata)


def is_answered(text: str, released: str) -> bool:
    """Whether a written answer has a word or a picture that the released cell did not have."""
    given = {line.strip() for line in released.splitlines()}
    return any(
        any(character.isalnum() for character in line)
        for line in (line.strip() for line in text.splitlines())
        if line not in given
    )


def _chosen(cells: list[NotebookNode], wanted: dict[str, Managed]) -> dict[str, int]:
    """Which of the submitted cells of one name counts, by its place."""
    chosen: dict[str, int] = {}
    answered: set[str] = set()
    for place, cell in enumerate(cells):
        name = _grade_id(cell.metadata)
        if name not in wanted:
            continue
        holds_answer = is_answered(cell.source, wanted[name].source)
        if name not in chosen or (holds_answer and name not in answered):
            chosen[name] = place
        if holds_answer:
            answered.add(name)
    return chosen


def _in_form(managed: Managed, cell: NotebookNode | None) -> NotebookNode:
    """The managed cell with the student's text where students may write."""
    source = managed.source
    if cell is not None and not managed.locked and cell.source != source:
        source = cell.source
        if managed.cell_type == "markdown":
            source = _markdown(cell)
    metadata = NotebookNode(nbgrader=NotebookNode(managed.metadata))
    if managed.cell_type == "code":
        outputs = [] if cell is None or managed.locked else cell.get("outputs", [])
        return new_code_cell(source, metadata=metadata, outputs=outputs)
    restored_cell = new_markdown_cell(source, metadata=metadata)
    if cell is not None and "attachments" in cell:
        restored_cell["attachments"] = cell["attachments"]
    return restored_cell


def _ordinary(cell: NotebookNode, own: set[str]) -> NotebookNode:
    cell.metadata = NotebookNode()
    if cell.cell_type == "markdown" and cell.source not in own:
        cell.source = _markdown(cell)
    return cell


def _show_the_rest_as_text(cells: list[NotebookNode], own: set[str]) -> None:
    """Bound what a page of a notebook costs: Markdown can take time with its length squared."""
    spent = 0
    for cell in cells:
        if cell.cell_type == "markdown" and cell.source not in own:
            spent += min(len(cell.source), sanitize.MAX_TEXT)
            if spent > MAX_MARKDOWN:
                cell.source = _as_text(sanitize.clean_markdown(cell.source))


def _markdown(cell: NotebookNode) -> str:
    """The cell's Markdown made harmless; as a block of plain text where it cannot be shown."""
    source = sanitize.clean_markdown(cell.source)
    return source if sanitize.is_shown(source, cell.get("attachments", {})) else _as_text(source)


def _as_text(source: str) -> str:
    lines = "\n".join(f"    {line}" for line in source.splitlines())
    return f"This Markdown cannot be shown; its text:\n\n{lines}"


def _put_back(
    cells: list[NotebookNode], places: dict[str, int], wanted: dict[str, Managed]
) -> None:
    """Insert each missing managed cell after the one before it, or at the start."""
    after = 0
    for name, managed in wanted.items():
        if name not in places:
            for other, place in places.items():
                places[other] = place + (place >= after)
            cells.insert(after, _in_form(managed, None))
            places[name] = after
        after = places[name] + 1
