"""The frameworks of the course's own environment run whenever the tests do."""

import json
import subprocess
import sys

import pytest


@pytest.mark.xdist_group("comparison")
def test_pytorch_numpy_and_dltk_agree(comparison, tmp_path):
    command = [sys.executable, str(comparison / "run.py"), "pytorch,numpy,dltk", "--out"]
    command += [str(tmp_path), "--environments", str(tmp_path / "none")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    record = json.loads((tmp_path / "results.json").read_text())
    assert [row["id"] for row in record["rows"]] == ["pytorch", "numpy", "dltk"]
    for row in record["rows"]:
        assert row["agrees"] is True
        assert row["loss_difference"] < 1e-5
        assert row["version"]
        assert row["installed_mb"] > 0


def test_results_go_into_a_folder_that_is_not_there_yet(comparison, tmp_path):
    from runner import results

    path = tmp_path / "build" / "comparison" / "results.json"
    record = results.read(path)
    results.write(path, record)
    assert results.read(path) == record == json.loads(path.read_text())


def test_lines_of_code_leave_out_what_is_no_code(comparison, tmp_path):
    from runner import code_lines

    file = tmp_path / "file.py"
    file.write_text(
        '"""A docstring\nof two lines."""\n\n# a comment\nCANNOT = {\n    "root": "No."\n}\n\n'
        'def f(x):\n    """What it is."""\n    return (\n        x  # twice\n        + x\n    )\n'
    )
    assert code_lines.count(file) == 5
