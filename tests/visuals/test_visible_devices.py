"""Visible devices: torch's rule for the list, bash's for the line."""

import os
import shutil
import subprocess

import pytest
import torch

from visuals.figures.visible_devices import LINES, VARIABLE, typed, visible, visible_devices

TEXTS = ["0,2,3", " 1 , 0 ", "2,2", "0,-1,1", "", "1x,0", "7", "0,7,1", "+1", "x", ",1"]


@pytest.mark.parametrize("text", TEXTS)
def test_the_list_is_read_as_torch_reads_it(text, monkeypatch):
    monkeypatch.setenv(VARIABLE, text)
    theirs = torch.cuda._parse_visible_devices()
    within = theirs[: next((k for k, number in enumerate(theirs) if number >= 4), len(theirs))]
    assert visible(text, 4) == within


def test_nothing_set_leaves_all_devices():
    assert visible(None, 3) == [0, 1, 2]


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash on this machine")
@pytest.mark.parametrize(
    "line", [*[each for each in LINES if "python" not in each], f"export {VARIABLE}=1, 0"]
)
def test_bash_passes_on_what_the_figure_says(line):
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    done = subprocess.run(
        ["bash", "-c", f"{line}\nprintenv {VARIABLE}"],
        env=environment,
        capture_output=True,
        text=True,
    )
    text, said = typed(line)
    assert (done.stdout.rstrip("\n") if done.returncode == 0 else None) == text
    assert ("bash:" in said) == bool(done.stderr)
    if "export:" in said:
        assert "not a valid identifier" in done.stderr


def test_the_table_names_the_three_mistakes():
    rows = {row[0]: row[1:] for row in visible_devices().table.rows}
    assert rows[f"export {VARIABLE}=2,0"][0] == "cuda:0 is GPU 2, cuda:1 is GPU 0"
    assert "nobody reads it" in rows["export CUDA_VISIBLE_DEVICE=1"][1]
    assert "not a valid identifier" in rows[f"export {VARIABLE} = 1"][1]


@pytest.mark.slow
def test_the_figure_reads_every_line_as_python_does(opened):
    figure = opened(visible_devices(), width="narrow")
    lines = [*LINES, *[f'export {VARIABLE}="{text}"' for text in TEXTS], f"export {VARIABLE}=1, 0"]
    for line in lines:
        figure.control("typed in the shell").fill(line)
        text, said = typed(line)
        seen = visible(text, 4)
        assert figure.read("count") == str(len(seen))
        assert figure.read("first") == (f"GPU {seen[0]}" if seen else "nothing")
        assert figure.read("remark") == said
    assert figure.errors == []


@pytest.mark.slow
def test_the_number_of_gpus_is_moved_by_keyboard(opened):
    figure = opened(visible_devices(f"export {VARIABLE}=0,1,2,3,4"))
    assert figure.read("count") == "4"
    figure.control("GPUs in the machine").press("ArrowRight")
    assert figure.read("count") == "5"
