"""Lectures executed as a reader executes them: a fresh kernel in a course, from top to bottom."""

import functools
import os
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

from autograder.course import Course
from autograder.release.student_course import student_course

ROOT = Path(__file__).parents[2]


class Executed:
    """A lecture after its run: what every cell printed, showed and complained about."""

    def __init__(self, notebook):
        self.notebook = notebook

    def outputs(self, kind):
        cells = (cell for cell in self.notebook.cells if cell.cell_type == "code")
        return [out for cell in cells for out in cell.outputs if out.output_type == kind]

    @property
    def printed(self):
        return "".join(out.text for out in self.outputs("stream") if out.name == "stdout")

    @property
    def complaints(self):
        return "".join(out.text for out in self.outputs("stream") if out.name == "stderr")

    @property
    def shown(self):
        return [out.data for out in self.outputs("execute_result")]


def execute(notebook, folder: Path) -> Executed:
    """Run a notebook in `folder`, whose packages come before those of this checkout."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "MPLBACKEND": "agg"}
    environment.pop("COVERAGE_PROCESS_START", None)
    # Several threads that wait for each other on a busy machine take ten times as long.
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    client = NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    )
    client.create_kernel_manager()
    client.km.kernel_spec.argv[0] = sys.executable
    client.execute(env=environment)
    return Executed(notebook)


@pytest.fixture(scope="session")
def blank_workspace(tmp_path_factory):
    """The student course with every blank open and no recorded answers."""
    folder = tmp_path_factory.mktemp("blank workspace")
    for path, content in student_course(Course.load(ROOT), None, dict).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


@pytest.fixture(scope="session")
def run_lecture():
    """Run a lecture of the reference (`.md`) or of a student course (`.ipynb`), once in each."""

    @functools.cache
    def run(folder: Path, name: str) -> Executed:
        path = folder / "lectures" / name
        text = path.with_suffix(".md")
        if text.is_file():
            return execute(jupytext.read(text), folder)
        return execute(nbformat.read(path.with_suffix(".ipynb"), as_version=4), folder)

    return run


@pytest.fixture(scope="module")
def on_the_reference(run_lecture, request):
    """The run of a test module's lecture, its `NAME`, in this checkout."""
    return run_lecture(ROOT, request.module.NAME)


@pytest.fixture(scope="module")
def in_a_blank_workspace(run_lecture, blank_workspace, request):
    """The run of a test module's lecture where no task is written."""
    return run_lecture(blank_workspace, request.module.NAME)


@pytest.fixture(params=["on_the_reference", "in_a_blank_workspace"])
def executed(request):
    """Both runs, one after the other."""
    return request.getfixturevalue(request.param)
