"""Which devices remain under `CUDA_VISIBLE_DEVICES` and its counterpart for simulated ones."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from dltk.devices.visible import visible

ROOT = Path(__file__).resolve().parents[2]
COUNT = 5


def _torchs(text, monkeypatch):
    """What torch reads out of the variable, as far as devices exist."""
    if text is None:
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    else:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", text)
    found = torch.cuda._parse_visible_devices()
    missing = next((place for place, each in enumerate(found) if each >= COUNT), len(found))
    return found[:missing]


@pytest.mark.parametrize(
    "text",
    [None, "", "0,2,3", " 1 , 0 ", "2,2", "0,-1,1", "1x,0", "x,1", "3", "1,,2", "0,9,1", "+1,0"],
)
def test_the_devices_that_remain_are_those_torch_leaves(text, monkeypatch):
    assert visible(text, COUNT) == _torchs(text, monkeypatch)


@settings(max_examples=80, deadline=None)
@given(st.text("01239 ,-x", max_size=8))
def test_any_setting_is_read_as_torch_reads_it(text):
    with pytest.MonkeyPatch.context() as patch:
        try:
            want = _torchs(text, patch)
        except ValueError:
            reject()  # torch stumbles over a minus sign without a number
        assert visible(text, COUNT) == want


def _run(program, **variables):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, cwd=ROOT
    )


def test_a_process_counts_the_devices_that_it_sees_anew():
    program = (
        "import dltk, dltk.sim as sim\n"
        "print(sim.device_count(), [sim.get_device_name(i) for i in range(sim.device_count())])\n"
        "print(dltk.ones(1, device='sim:1').device)\n"
    )
    found = _run(program, DLTK_SIM_DEVICES="3", SIM_VISIBLE_DEVICES="2,0")
    assert found.stdout.splitlines() == [
        "2 ['Simulated accelerator 2', 'Simulated accelerator 0']",
        "sim:1",
    ]


def test_a_wrong_count_and_a_missing_device_are_one_sentence():
    program = "import dltk\ndltk.ones(1, device='sim:1')"
    assert "DLTK_SIM_DEVICES is the number" in _run(program, DLTK_SIM_DEVICES="two").stderr
    assert "this process sees 1 simulated" in _run(program, DLTK_SIM_DEVICES="1").stderr


def test_import_dltk_loads_no_simulated_device():
    program = "import sys, dltk\nprint([name for name in sys.modules if name.endswith('.sim')])"
    assert _run(program).stdout.strip() == "[]"
