"""What `make lab` starts, used as a student does: JupyterLab in a browser, cells, a check."""

import subprocess
import sys

import pytest

browser = pytest.importorskip("notebook_browser", reason="playwright is not installed")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(browser.installed_browser() is None, reason="Chromium is not installed"),
]

NOTEBOOK = "labs/lab3-reverse-mode.ipynb"


@pytest.fixture(scope="module")
def course(tmp_path_factory, repository):
    folder = tmp_path_factory.mktemp("a student course") / "workspace"
    release = [sys.executable, "-m", "autograder", "release", "--to", str(folder)]
    subprocess.run(release, cwd=repository, check=True)
    return folder


@pytest.fixture
def page():
    with browser.browser_page() as page:
        yield page


def test_a_student_runs_a_check_in_jupyterlab_and_reads_what_is_left_to_do(course, page, tmp_path):
    picture = tmp_path / "check.png"
    with browser.jupyterlab(course, tmp_path) as address:
        said = browser.run_check(page, address, course, NOTEBOOK, "lab3.record")
        page.screenshot(path=picture)
    assert "lab3.record" in said
    assert "0 of 8" in said
    assert picture.stat().st_size > 10_000
