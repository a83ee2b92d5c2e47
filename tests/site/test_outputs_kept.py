"""A lecture runs again when its code, or a file it read, changed; and no other does."""

import nbformat
import pytest
from bookmaking import execution
from jupyter_cache import get_cache

pytestmark = pytest.mark.slow

HEAD = (
    "---\nkernelspec:\n  name: python3\n  display_name: Python 3\n---\n\n# {title}\n\n{prose}\n\n"
)
CELL = "```{{code-cell}} ipython3\n{code}\n```\n"


@pytest.fixture
def lecture(tmp_path, monkeypatch):
    """Write a lecture, `lecture("01", code, prose)`; what it reads lies in `tmp_path`."""
    for name in ("EXECUTED", "CACHE"):
        monkeypatch.setattr(execution, name, tmp_path / "build" / name)
    monkeypatch.setattr(execution, "ROOT", tmp_path)

    def write(name, code, prose="A sentence."):
        text = tmp_path / f"{name}.md"
        text.write_text(HEAD.format(title=name, prose=prose) + CELL.format(code=code), "utf-8")
        return execution.Lecture(text, tmp_path / "build" / "runs")

    return write


def outputs(lecture):
    notebook = nbformat.read(lecture.outputs, as_version=4)
    return "".join(out.text for cell in notebook.cells for out in cell.get("outputs", []))


def test_only_what_changed_runs_again(lecture, tmp_path, capsys):
    (tmp_path / "data.csv").write_text("1", "utf-8")
    reading = "print(open('../../data.csv').read())"
    first, second = lecture("01", "print(1 + 1)"), lecture("02", reading)
    assert execution.execute([first, second]) == []
    assert (outputs(first), outputs(second)) == ("2\n", "1\n")

    lecture("01", "print(1 + 1)", prose="Another sentence.")
    assert execution.is_current(first)
    assert execution.is_current(second)

    (tmp_path / "data.csv").write_text("7", "utf-8")
    assert execution.is_current(first)
    assert not execution.is_current(second)
    capsys.readouterr()
    assert execution.execute([first, second]) == []
    assert outputs(second) == "7\n"
    assert "01" not in capsys.readouterr().out

    lecture("01", "print(1 + 2)")
    assert not execution.is_current(first)
    assert execution.is_current(second)


def test_a_cell_that_raises_is_named_and_nothing_of_it_is_kept(lecture):
    broken = lecture("01", "1 / 0")
    (said,) = execution.execute([broken])
    assert "01 failed" in said
    assert "ZeroDivisionError" in said
    assert "\x1b" not in said
    assert not execution.is_current(broken)


def test_myst_nb_finds_the_outputs_by_the_text(lecture):
    only = lecture("01", "print(6 * 7)")
    execution.execute([only])
    execution.hand_to_sphinx([only])
    _, merged = get_cache(execution.CACHE).merge_match_into_notebook(only.notebook())
    assert merged.cells[-1].outputs[0].text == "42\n"
