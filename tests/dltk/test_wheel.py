"""The package as others install it: complete, and content with NumPy."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

REPOSITORY = Path(__file__).parents[2]
SOURCES = ("dltk", "autograder", "pyproject.toml", "README.md", "LICENSE")

EVERY_MODULE = """
import importlib, pkgutil, sys
class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "autograder", "matplotlib", "pytest", "cupy"):
            raise RuntimeError(f"dltk imports {name}")
sys.meta_path.insert(0, Refusing())
import dltk
count = 0
for module in pkgutil.walk_packages(dltk.__path__, "dltk."):
    importlib.import_module(module.name)
    count += 1
print(count)
"""

TRAINING = """
import sys
import dltk
from dltk import nn
from dltk.utils.data import DataLoader, TensorDataset
dltk.manual_seed(0)
x = dltk.randn(64, 2)
y = (x[:, 0] * x[:, 1] > 0).long()
model = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
optimizer = dltk.optim.Adam(model.parameters(), lr=0.05)
for _ in range(40):
    for inputs, classes in DataLoader(TensorDataset(x, y), 16, shuffle=True):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(inputs), classes).backward()
        optimizer.step()
dltk.save(model.state_dict(), "state.pt")
model.load_state_dict(dltk.load("state.pt"))
assert not {"torch", "autograder"} & set(sys.modules)
print((model(x).argmax(1) == y).float().mean().item(), dltk.__file__)
"""


def test_every_module_is_imported_without_torch_the_grader_or_matplotlib():
    done = subprocess.run(
        [sys.executable, "-c", EVERY_MODULE], capture_output=True, text=True, cwd=REPOSITORY
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    pytest.importorskip("setuptools", reason="needs the package setuptools to build a wheel")
    folder = tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", *SOURCES],
        capture_output=True, text=True, check=True, cwd=REPOSITORY,
    ).stdout.split()  # fmt: skip
    for name in listed:
        copy = folder / "source" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((REPOSITORY / name).read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation"]
    built = subprocess.run(
        [*command, "-q", "-w", str(folder)], capture_output=True, text=True, cwd=folder / "source"
    )
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_package_as_it_is_and_no_tests(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        source = wheel.parent / "source"
        files = [*(source / "dltk").rglob("*.*"), *(source / "autograder").rglob("*.*")]
        assert len(files) > 200
        for path in files:
            assert archive.read(path.relative_to(source).as_posix()) == path.read_bytes()
        described = archive.read(next(n for n in names if n.endswith("/METADATA"))).decode()
    assert {name.split("/")[0].split("-")[0] for name in names} == {"dltk", "autograder"}
    required = [line for line in described.splitlines() if line.startswith("Requires-Dist")]
    assert [line for line in required if "extra" not in line] == ["Requires-Dist: numpy>=2"]


@pytest.mark.slow
def test_the_wheel_trains_where_there_is_nothing_but_numpy(wheel, tmp_path):
    packages = tmp_path / "packages"
    packages.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    installed = Path(np.__file__).parents[1]
    for name in ("numpy", "numpy.libs"):
        if (installed / name).exists():
            os.symlink(installed / name, packages / name)
    program = f"import sys; sys.path.insert(0, {str(packages)!r})\n{TRAINING}"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    accuracy, place = done.stdout.split()
    assert float(accuracy) > 0.9
    assert Path(place).is_relative_to(packages)
