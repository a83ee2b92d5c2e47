"""What the notebook of each lab says must be what `course.toml` says."""

import re
from pathlib import Path

import jupytext
import pytest

from autograder.course import Course

ROOT = Path(__file__).parents[2]
LABS = Course.load(ROOT).labs


def text_of(lab):
    cells = jupytext.read(ROOT / lab.notebook).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
def test_it_names_the_modules_that_may_be_imported(lab):
    (listed,) = re.findall(r"files may import (.+?)\.\s", text_of(lab), re.DOTALL)
    assert re.findall(r"`(\w+)`", listed) == [*lab.imports, "dltk"]


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
def test_it_sends_nobody_to_a_lab_that_is_not_there(lab):
    there_are = {each.id.removeprefix("lab") for each in LABS}
    assert set(re.findall(r"\b[Ll]ab (\d)", text_of(lab))) <= there_are
