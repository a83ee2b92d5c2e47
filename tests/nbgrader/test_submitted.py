"""A submitted notebook, whatever was done to it, comes back with every graded cell once."""

import io
import json

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from autograder.nbgrader import submitted
from autograder.nbgrader.submitted import Managed

PNG = "iVBORw0KGgo="
ENGINE = Managed(
    "lab3-engine",
    "code",
    'check("lab3.engine")',
    {"grade_id": "lab3-engine", "grade": True, "solution": False, "points": 20.0},
    True,
    "lab3.engine",
)
ANSWER = Managed(
    "lab3-written",
    "markdown",
    "*Write your answer here.*",
    {"grade_id": "lab3-written", "grade": True, "solution": True, "points": 10.0},
    False,
    "lab3.written",
)
GIVEN = new_markdown_cell("A picture: <svg><path d='M0 0'/></svg>")


def cell(managed: Managed, source: str | None = None, **metadata: object) -> NotebookNode:
    make = new_code_cell if managed.cell_type == "code" else new_markdown_cell
    described = NotebookNode({**managed.metadata, **metadata})
    return make(source or managed.source, metadata=NotebookNode(nbgrader=described))


def read(*cells: NotebookNode) -> NotebookNode:
    stream = io.StringIO(writes(new_notebook(cells=list(cells))))
    return submitted.restored(submitted.read(stream), [ENGINE, ANSWER], [GIVEN])


def named(notebook: NotebookNode) -> list[str]:
    names = [part.metadata.get("nbgrader", {}).get("grade_id") for part in notebook.cells]
    return [name for name in names if name]


def test_an_untouched_notebook_stays_as_it_is() -> None:
    notebook = read(GIVEN, cell(ENGINE), cell(ANSWER))
    assert [part.source for part in notebook.cells] == [GIVEN.source, ENGINE.source, ANSWER.source]
    assert named(notebook) == ["lab3-engine", "lab3-written"]


def test_deleted_cells_come_back_in_their_order() -> None:
    notebook = read(GIVEN)
    assert named(notebook) == ["lab3-engine", "lab3-written"]
    assert notebook.cells[1].source == ANSWER.source
    assert named(read(cell(ANSWER, "mine"))) == ["lab3-engine", "lab3-written"]
    assert named(read(cell(ENGINE), GIVEN)) == ["lab3-engine", "lab3-written"]


def test_of_a_doubled_answer_the_one_with_an_answer_counts() -> None:
    notebook = read(cell(ANSWER), cell(ANSWER, "Because."), cell(ANSWER))
    assert named(notebook) == ["lab3-engine", "lab3-written"]
    answer = next(part for part in notebook.cells if part.id == "lab3-written")
    assert answer.source == "Because."
    assert len(notebook.cells) == 4


def test_changed_metadata_and_code_of_a_graded_cell_do_not_stay() -> None:
    changed = cell(ENGINE, "20.0", points=1000, locked=False, solution=True)
    changed.outputs = [
        NotebookNode(
            output_type="execute_result",
            data=NotebookNode({"text/plain": "1000.0"}),
            metadata={},
            execution_count=1,
        )
    ]
    restored = read(changed).cells[0]
    assert restored.source == ENGINE.source
    assert restored.metadata.nbgrader.points == 20.0
    assert restored.outputs == []


def test_an_answer_made_a_code_cell_is_still_the_answer() -> None:
    made_code = new_code_cell("Because.", metadata=cell(ANSWER).metadata)
    answer = next(part for part in read(made_code).cells if part.id == "lab3-written")
    assert (answer.cell_type, answer.source) == ("markdown", "Because.")


def test_the_courses_own_html_stays_and_a_students_does_not() -> None:
    notebook = read(GIVEN, new_markdown_cell("<svg onload=x>"))
    assert notebook.cells[2].source == GIVEN.source
    assert notebook.cells[3].source == "< svg onload=x>"


def test_an_attached_picture_stays_and_a_missing_one_costs_only_itself() -> None:
    with_picture = cell(ANSWER, "![drawing](attachment:trace.png)")
    with_picture["attachments"] = {"trace.png": {"image/png": PNG}}
    answer = next(part for part in read(with_picture).cells if part.id == "lab3-written")
    assert answer.source == "![drawing](attachment:trace.png)"
    assert answer.attachments == {"trace.png": {"image/png": PNG}}
    without = next(
        part
        for part in read(cell(ANSWER, "![drawing](attachment:trace.png)")).cells
        if part.id == "lab3-written"
    )
    assert without.source.startswith("This Markdown cannot be shown")
    assert "    ![drawing](attachment:trace.png)" in without.source


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a Jupyter notebook"),
        ("{", "not a Jupyter notebook"),
        ("[]", "not a Jupyter notebook"),
        ("null", "not a Jupyter notebook"),
        ('{"nbformat": 4}', "not a Jupyter notebook"),
        ('{"nbformat": 4, "cells": 3}', "not a Jupyter notebook"),
        ('{"nbformat": 99, "cells": []}', "not a Jupyter notebook"),
        ('{"nbformat": 3, "cells": []}', "not a Jupyter notebook"),
        ('{"nbformat": 3.0, "worksheets": []}', "not a Jupyter notebook"),
        ('{"nbformat": 2, "worksheets": [{"cells": [7]}]}', "not a Jupyter notebook"),
        ('{"nbformat": true, "worksheets": 5}', "not a Jupyter notebook"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_notebook_becomes_a_note(text: str, reason: str) -> None:
    notebook = submitted.restored(submitted.read(io.StringIO(text)), [ENGINE, ANSWER], [])
    assert reason in "".join(part.source for part in notebook.cells)
    assert named(notebook) == ["lab3-engine", "lab3-written"]


def test_bytes_that_are_no_text_become_a_note() -> None:
    stream = io.TextIOWrapper(io.BytesIO(b"\xff\xfe{"), encoding="utf-8")
    assert "it is not UTF-8 text" in submitted.read(stream).cells[0].source


@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
def test_half_a_surrogate_pair_does_not_keep_a_notebook_from_being_written(kind: str) -> None:
    broken = {"cell_type": kind, "source": "x = '\ud800'", "metadata": {}, "outputs": []}
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": [broken]})
    notebook = submitted.restored(submitted.read(io.StringIO(text)), [ENGINE, ANSWER], [])
    assert "x = '" in writes(notebook).encode("utf-8").decode("utf-8")


def test_a_flood_of_markdown_that_renders_slowly_is_shown_as_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rendered: list[str] = []

    def counted(source: str, attachments: object) -> bool:
        rendered.append(source)
        return True

    monkeypatch.setattr(submitted.sanitize, "is_shown", counted)
    flood = [new_markdown_cell("\\\\[" * 3_000) for _ in range(500)]
    notebook = read(GIVEN, cell(ANSWER, "Because."), *flood)
    as_they_were = [text for text in rendered if not text.startswith("This Markdown")]
    assert sum(map(len, as_they_were)) < 210_000
    assert "Because." in [part.source for part in notebook.cells]
    assert len(notebook.cells) == 503


@pytest.mark.parametrize(
    "broken",
    [
        1,
        None,
        {},
        {"cell_type": "code"},
        {"cell_type": "markdown", "source": 7, "metadata": 3},
        {"cell_type": "code", "source": ["a", 1], "metadata": {"nbgrader": 3}, "outputs": {"a": 1}},
        {
            "cell_type": "code",
            "source": "x",
            "metadata": {"nbgrader": {"grade_id": ["lab3-engine"]}},
        },
        {"cell_type": "markdown", "source": "x", "attachments": [1]},
        {"cell_type": "code", "outputs": [{"output_type": "display_data", "data": [1]}, [], 3]},
    ],
)
def test_cells_that_are_none_do_not_break_the_rest(broken: object) -> None:
    good = {"cell_type": "markdown", "source": "kept", "metadata": {}}
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": [broken, good]})
    notebook = submitted.restored(submitted.read(io.StringIO(text)), [ENGINE, ANSWER], [])
    assert "kept" in [part.source for part in notebook.cells]
    assert named(notebook) == ["lab3-engine", "lab3-written"]


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        ("*Write your answer here.*", False),
        ("", False),
        ("  \n\n", False),
        ("...\n---", False),
        ("*Write your answer here.*\n\n", False),
        ("*Write your answer here.*\n\nBecause.", True),
        ("b", True),
        ("![](attachment:drawing.png)", True),
    ],
)
def test_an_answer_is_a_word_or_a_picture_that_was_not_there(text: str, answered: bool) -> None:
    assert submitted.is_answered(text, ANSWER.source) is answered
