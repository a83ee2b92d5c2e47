"""The code in lectures and labs is linted for real, though it stands in Markdown."""

import lint_notebooks
import pytest

HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  name: python3
  display_name: Python 3
---

"""


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / "a folder" / "lab.md"
    path.parent.mkdir()

    def write(*cells):
        blocks = [f"```{{code-cell}} ipython3\n{cell}\n```\n" for cell in cells]
        path.write_text(HEADER + "# A lab\n\n" + "\n".join(blocks), encoding="utf-8")
        return path

    return write


def test_an_undefined_name_is_found_and_its_notebook_named(notebook, tmp_path, capsys):
    path = notebook("x = 1", "print(y)")
    assert lint_notebooks.lint([path], tmp_path) == 1
    said = capsys.readouterr().out
    assert "a folder/lab.md:cell 3:1:7: F821" in said


def test_a_badly_formatted_cell_is_found(notebook, tmp_path, capsys):
    path = notebook("x=1")
    assert lint_notebooks.lint([path], tmp_path) == 1
    assert "would be reformatted" in capsys.readouterr().out


def test_magics_and_a_last_expression_are_fine(notebook, tmp_path, capsys):
    path = notebook("%matplotlib inline\nx = 1", "x")
    assert lint_notebooks.lint([path], tmp_path) == 0, capsys.readouterr().out


def test_every_lecture_and_lab_is_linted(repository):
    found = {path.name for path in lint_notebooks.notebooks(repository)}
    assert {path.name for path in (repository / "labs").glob("lab*.md")} <= found
    assert {path.name for path in (repository / "lectures").glob("[0-9]*.md")} <= found
