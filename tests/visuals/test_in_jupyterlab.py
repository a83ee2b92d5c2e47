"""Lectures run in a real JupyterLab: their figures are drawn there and work by keyboard alone."""

import importlib.util

import notebook_browser
import pytest

from autograder.course import Course
from autograder.release.student_course import student_course

ROOT = Course.find(importlib.util.find_spec("autograder").origin).root
LECTURES = sorted(path.stem for path in (ROOT / "lectures").glob("[0-9][0-9]-*.md"))

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("jupyterlab-lectures"),
    pytest.mark.skipif(
        notebook_browser.installed_browser() is None,
        reason="no Chromium on this machine: JupyterLab cannot be looked at",
    ),
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a blank workspace, and a page in Chromium: `run(name)` runs a lecture there."""
    course = tmp_path_factory.mktemp("a workspace")
    private = tmp_path_factory.mktemp("jupyter")
    for path, content in student_course(Course.load(ROOT), None, dict).items():
        (course / path).parent.mkdir(parents=True, exist_ok=True)
        (course / path).write_bytes(content)
    with (
        notebook_browser.jupyterlab(course, private) as address,
        notebook_browser.browser_page() as page,
    ):

        def run(name):
            notebook_browser.run_all(page, address, course, f"lectures/{name}.ipynb")
            page.locator("figure.visual").first.wait_for()
            return page

        yield run


def focused(page, locator):
    locator.focus()
    return page.keyboard


def commit_by_keyboard(page, figure):
    """The prediction of a figure, if it asks for one: the first answer, with Space and Enter."""
    if figure.locator(".prediction input[type=radio]").count() == 0:
        return
    focused(page, figure.locator(".prediction input[type=radio]").first).press("Space")
    focused(page, figure.get_by_role("button", name="That is my prediction")).press("Enter")


def read(figure, name):
    shown = figure.locator(f'[data-read="{name}"]').first.inner_text()
    return shown.replace("\N{MINUS SIGN}", "-")


@pytest.mark.parametrize("name", LECTURES)
def test_every_figure_of_a_lecture_is_drawn_after_a_prediction_by_keyboard(lab, name):
    page = lab(name)
    figures = page.locator("figure.visual")
    assert figures.count() >= 2
    for number in range(figures.count()):
        figure = figures.nth(number)
        commit_by_keyboard(page, figure)
        figure.locator(".stage > *").first.wait_for()
        assert figure.get_by_text("This figure could not be drawn").count() == 0
    assert page.locator(".jp-RenderedText[data-mime-type*='stderr']").count() == 0


def test_what_is_typed_into_a_figure_is_no_shortcut_of_the_notebook(lab):
    page = lab("03-graphs-and-traces")
    cells = page.locator(".jp-Notebook .jp-Cell").count()
    for figure in page.locator("figure.visual").all():
        commit_by_keyboard(page, figure)
    focused(page, page.get_by_label("expression", exact=True).first).press("End")
    page.keyboard.type(" + exp(x1) - xdd")
    assert page.get_by_label("expression", exact=True).first.input_value().endswith("- xdd")
    page.wait_for_timeout(500)
    assert page.locator(".jp-Notebook .jp-Cell").count() == cells


def test_the_trace_stepper_ends_at_the_value_and_the_gradient_by_keyboard(lab):
    page = lab("03-graphs-and-traces")
    figure = page.locator("figure.visual:has([data-read=y]), figure.visual").first
    for candidate in page.locator("figure.visual").all():
        commit_by_keyboard(page, candidate)
        if candidate.locator("[data-read=gradient1]").count():
            figure = candidate
            break
    focused(page, figure.get_by_label("pass", exact=True)).press("End")
    focused(page, figure.get_by_role("button", name="Next")).press("End")
    assert read(figure, "y") == "11.652071"
    assert (read(figure, "gradient1"), read(figure, "gradient2")) == ("5.500000", "1.716338")
