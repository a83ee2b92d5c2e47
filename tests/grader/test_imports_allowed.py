"""What a lab's files may import, and the sentence where they import more."""

import pytest

from autograder.imports import forbidden, imported_modules

PATH = "dltk/products.py"


@pytest.fixture
def lab(course):
    return course.lab("lab2")


@pytest.mark.parametrize(
    "text",
    [
        "import math\n",
        "from math import pi\n",
        "import dltk.tensor\n",
        "from dltk import tensor\n",
        "from dltk.tensor import tensor as t\n",
        "from . import tensor\n",
        "from .tensor import tensor\n",
        "def f(x):\n    return x.numpy()\n",
        "def f(x):\n    return getattr(x, 'shape')\n",
    ],
)
def test_the_list_and_the_package_are_allowed(text, lab):
    assert forbidden(text, PATH, lab) is None


@pytest.mark.parametrize(
    ("text", "line", "name"),
    [
        ("import numpy\n", 1, "numpy"),
        ("import math\nimport numpy as np\n", 2, "numpy"),
        ("import math, numpy.linalg\n", 1, "numpy.linalg"),
        ("from numpy import broadcast_shapes\n", 1, "numpy"),
        ("import torch\n", 1, "torch"),
        ("def f():\n    if True:\n        import os\n", 3, "os"),
        ("from dltk.tensor import np\n", 1, "np"),
        ("from dltk.tensor import *\n", 1, "*"),
        ("import dltk.tensor\nx = dltk.tensor.np\n", 2, "np"),
        ("import dltk.tensor\nx = getattr(dltk.tensor, 'np')\n", 2, "np"),
        ("__import__('numpy')\n", 1, "__import__"),
        ("exec('import numpy')\n", 1, "exec"),
        ("eval('1')\n", 1, "eval"),
        ("x = ().__class__.__bases__\n", 1, "__bases__"),
        ("def f():\n    pass\nf.__globals__['x']\n", 3, "__globals__"),
        ("import importlib\n", 1, "importlib"),
    ],
)
def test_anything_else_is_one_sentence_with_file_line_and_name(text, line, name, lab):
    found = forbidden(text, PATH, lab)
    assert (found.path, found.line, found.name) == (PATH, line, name)
    assert found.sentence.startswith(f"{PATH}, line {line}: ")
    assert name in found.sentence
    assert "math" in found.sentence


def test_numpy_is_allowed_where_it_is_listed(own_course):
    text = (own_course.root / "labs" / "course.toml").read_text()
    listed = text.replace('imports = ["math"]', 'imports = ["math", "numpy"]')
    (own_course.root / "labs" / "course.toml").write_text(listed)
    lab = type(own_course).load(own_course.root).lab("lab2")
    assert forbidden("import numpy as np\nfrom dltk.tensor import np\nnp.sum\n", PATH, lab) is None


def test_relative_imports_are_resolved():
    text = "from . import a\nfrom .b import c\nimport dltk.d\n"
    assert imported_modules(text, "dltk/sub/x.py") >= {"dltk.sub.a", "dltk.sub.b", "dltk.d"}
