"""The API has every public name of dltk, and docstrings survive the way into it."""

import inspect
import re

import pytest
from bookmaking import api, docstrings
from bookmaking.api_names import SECTIONS, public_names

import dltk


@pytest.fixture(scope="module")
def pages():
    return api.pages()


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.path)
def test_every_name_that_torch_has_too_is_on_its_page(section, pages):
    text = pages[f"api/{section.page}.rst"]
    names = public_names(section)
    assert names
    assert [each.name for each in names if not re.search(rf"dltk[\w.]*\.{each.name}\b", text)] == []


def test_a_function_is_shown_with_its_parameters_and_its_docstring(pages):
    text = pages["api/dltk.rst"]
    assert ".. py:function:: dltk.add(input, other, *, alpha=1, out=None)" in text
    assert inspect.getdoc(dltk.cat).split("\n")[0].split("`")[0] in text


def test_a_method_that_a_function_describes_leads_to_it(pages):
    assert "- :py:func:`dltk.exp`" in pages["api/dltk.Tensor.rst"]


def test_what_rst_would_read_as_markup_is_shown_as_it_stands():
    assert docstrings.as_rst("Takes *args and x_, not |x|.") == [
        r"Takes \*args and x\_, not \|x\|.",
        "",
    ]


def test_arguments_and_errors_are_lists():
    arguments = "Args:\n    x, y: two numbers,\n        or more.\n\n"
    errors = "Raises:\n    TypeError: `x` is text."
    assert docstrings.as_rst(f"A line.\n\n{arguments}{errors}") == [
        "A line.",
        "",
        "**Args**",
        "",
        "``x``, ``y``",
        "    two numbers, or more.",
        "",
        "",
        "**Raises**",
        "",
        "``TypeError``",
        "    \\ ``x``\\  is text.",
        "",
        "",
    ]


def test_indented_code_stays_code():
    assert docstrings.as_rst("See:\n\n    y = f(*x)\n") == [
        "See:",
        "",
        "::",
        "",
        "    y = f(*x)",
        "",
    ]
