"""Without what the lab on devices asks for, dltk imports, prints and computes on the CPU."""

import os
import subprocess
import sys
from pathlib import Path

from taken_out import functions, without

ROOT = Path(__file__).resolve().parents[2]
OWNED = [
    *(f"dltk/devices/{name}.py" for name in ("spec", "visible", "current", "placement", "epoch")),
    "dltk/nn/moving.py",
]
PROGRAM = """
import dltk
model = dltk.nn.Linear(2, 1)
x = dltk.tensor([[1.0, 2.0]], requires_grad=True)
model(x).sum().backward()
print(model, x.grad is not None, dltk.device("cpu"), x.device)
"""


def test_importing_printing_and_differentiating_meet_no_blank_of_the_lab(tmp_path):
    for source in (ROOT / "dltk").rglob("*.py"):
        path, text = source.relative_to(ROOT).as_posix(), source.read_text(encoding="utf-8")
        for name in functions(text) if path in OWNED else ():
            text = without(text, name, "taken out")
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == ("Linear(in_features=2, out_features=1, bias=True) True cpu cpu\n")
