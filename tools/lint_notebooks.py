"""Lint the code of the lectures and labs, since `ruff check notebook.md` looks at nothing.

Each notebook is written as an .ipynb into a scratch folder; ruff reads it cell by cell and what it
says names the notebook, the cell and the line.

    python tools/lint_notebooks.py [NOTEBOOK.md …]      without a name: all of lectures/ and labs/
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import jupytext

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("lectures", "labs")
STEPS = (("check", "--output-format=concise"), ("format", "--check"))


def notebooks(root: Path) -> list[Path]:
    """The .md files with a jupytext header."""
    found = sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.md"))
    return [path for path in found if path.read_text(encoding="utf-8").startswith("---\njupytext:")]


def convert(path: Path, root: Path, into: Path) -> Path:
    """Write the notebook as an .ipynb, at the same relative path under `into`."""
    target = (into / path.resolve().relative_to(root)).with_suffix(".ipynb")
    target.parent.mkdir(parents=True, exist_ok=True)
    notebook = jupytext.read(path)
    # Without a language ruff takes the notebook for another one's and checks nothing.
    notebook.metadata["language_info"] = {"name": "python"}
    jupytext.write(notebook, target)
    return target


def lint(paths: list[Path], root: Path) -> int:
    """How many of ruff's steps found something; their words are printed."""
    config = f"--config={ROOT / 'pyproject.toml'}"
    with tempfile.TemporaryDirectory() as scratch:
        converted = [str(convert(path, root, Path(scratch))) for path in paths]
        failed = 0
        for step in STEPS:
            command = [sys.executable, "-m", "ruff", *step, config, "--no-cache", *converted]
            done = subprocess.run(command, capture_output=True, text=True)
            said = (done.stdout + done.stderr).replace(".ipynb", ".md")
            print(said.replace(scratch, str(root)), end="")
            failed += done.returncode != 0
    return failed


def main() -> int:
    paths = [Path(name) for name in sys.argv[1:]] or notebooks(ROOT)
    if not paths:
        print("lint_notebooks: there is no notebook in " + " or ".join(FOLDERS), file=sys.stderr)
        return 1
    return 1 if lint(paths, ROOT) else 0


if __name__ == "__main__":
    sys.exit(main())
