"""MathJax from the installed package `sphinx-mathjax-offline`, and of its files those a page loads.

The package's own extension would copy 24 MB, of which a page of this book needs 2.
"""

from importlib.metadata import files
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.fileutil import copy_asset

PACKAGE = "sphinx-mathjax-offline"
LOADER = "tex-chtml.js"
PARTS = (LOADER, "output/chtml/fonts/woff-v2", "input/tex/extensions", "a11y/assistive-mml.js")


def mathjax_folder() -> Path:
    """Where the package has MathJax."""
    loader = next(file for file in files(PACKAGE) or [] if file.name == LOADER)
    return Path(str(loader.locate())).parent


def copy_parts(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None:
        return
    for part in PARTS:
        target = Path(app.outdir) / "_static" / "mathjax" / part
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = target if (mathjax_folder() / part).is_dir() else target.parent
        copy_asset(mathjax_folder() / part, folder)


def setup(app: Sphinx) -> dict[str, bool]:
    app.config.mathjax_path = f"mathjax/{LOADER}"
    app.connect("build-finished", copy_parts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
