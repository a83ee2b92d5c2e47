"""What befalls one framework is said in its row and reaches no other."""

import sys
from pathlib import Path

import pytest

HAND = Path(__file__).resolve().parents[2] / "comparison" / "frameworks" / "numpy_by_hand.py"
THIS_PYTHON = "{}.{}".format(*sys.version_info[:2])

pytestmark = pytest.mark.xdist_group("comparison")


def transposed(source):
    """The first matrix with its cells laid out the other way round."""
    line = "before = images @ w1.T + b1"
    assert line in source
    return source.replace(line, "before = images @ w1.reshape(64, 32) + b1")


@pytest.fixture(scope="module")
def done(table):
    source = HAND.read_text()
    table.environment("absent", python="3.99")
    table.environment("unknown", python=THIS_PYTHON, pins=["./no-such-package"])
    table.add("first", source)
    table.add("transposed", transposed(source))
    table.add("absent", source, environment="absent")
    table.add("unknown", source, environment="unknown")
    table.add("needy", source, system=["no-such-debian-package"])
    table.add("raises", "raise OSError('/some/deep/folder/lib.so: no such library')")
    table.add("hangs", "while True: pass", limit=2)
    table.add("segfault", "import ctypes\nctypes.string_at(0)")
    table.add("leaves", "import os\nos._exit(0)")
    table.add("idle", "CANNOT = {'train': 'It has no layers.'}")
    table.add("nan", "def formula(a, b):\n    return float('nan'), (5.5, 1.7163378)")
    table.add("short", "def formula(a, b):\n    return 11.65207, (5.5,)")
    table.add("text", "def train(data, report):\n    report('low')")
    table.add("told", missing="It runs on a computer that nobody has.")
    table.add("last", source)
    return table.run(), table


@pytest.fixture(scope="module")
def rows(done):
    return done[1].rows()


@pytest.mark.parametrize("name", ["first", "last"])
def test_a_framework_that_computes_the_same_agrees(rows, name):
    row = rows[name]
    assert (row["status"], row["agrees"], row["message"]) == ("ran", True, "")
    assert len(row["losses"]) == 20
    assert row["loss_difference"] < 1e-5


def test_transposed_weights_do_not_agree(rows):
    row = rows["transposed"]
    assert (row["status"], row["agrees"]) == ("ran", False)
    assert row["loss_difference"] > 1e-3
    assert row["message"].startswith("the loss of step 1 is ")


@pytest.mark.parametrize(
    ("name", "status", "said"),
    [
        ("absent", "skipped", "it needs Python 3.99, and this machine has none"),
        ("unknown", "not installed", "pip failed"),
        ("needy", "skipped", "it needs no-such-debian-package, "),
        ("raises", "failed", "OSError: lib.so: no such library"),
        ("hangs", "timed out", "ended after 2 s"),
        ("segfault", "crashed", "SIGSEGV"),
        ("leaves", "failed", "without results"),
        ("text", "failed", "ValueError: could not convert string to float"),
        ("told", "documented", "a computer that nobody has"),
    ],
)
def test_one_that_does_not_run_says_so_in_one_row(rows, name, status, said):
    row = rows[name]
    assert (row["status"], row["agrees"]) == (status, None)
    assert said in row["message"]
    assert "\n" not in row["message"]
    assert row["losses"] is None


def test_a_framework_that_does_nothing_does_not_agree(rows):
    assert rows["idle"]["agrees"] is False


def test_not_a_number_does_not_agree(rows):
    assert rows["nan"]["agrees"] is False


def test_half_a_gradient_does_not_agree(rows):
    assert rows["short"]["agrees"] is False
    assert rows["short"]["message"] == "the formula's gradient has 1 entries"


def test_the_exit_status_tells_that_one_disagrees(done):
    assert done[0].returncode == 1
    assert "DOES NOT AGREE" in done[0].stdout
    assert done[0].stderr == ""


def test_lines_and_times_are_measured(rows):
    row = rows["first"]
    assert row["code_lines"] == 35
    assert 0 < row["import_seconds"] < 60
    assert 0 < row["steady_step_seconds"] <= row["first_step_seconds"] * 10


def test_one_rerun_leaves_the_other_rows_as_they_are(done, rows):
    table = done[1]
    (table.folder / "frameworks" / "segfault.py").write_text(HAND.read_text())
    again = table.run("segfault")
    now = table.rows()
    assert again.stdout.splitlines()[0].startswith("segfault")
    assert now.pop("segfault")["agrees"] is True
    assert now == {name: row for name, row in rows.items() if name != "segfault"}
    assert list(table.rows()) == list(rows)


def test_an_unknown_name_is_one_sentence(done):
    said = done[1].run("torhc")
    assert said.returncode == 1
    assert said.stderr.startswith("There is no torhc; there are: first, ")
    assert len(said.stderr.splitlines()) == 1
