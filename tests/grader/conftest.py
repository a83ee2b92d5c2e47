"""A tiny course of three labs over four functions, so that the grader is tried alone."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder import sandbox
from autograder.answers import Round
from autograder.checks.draws import normal, uniform
from autograder.checks.spec import check
from autograder.course import Course
from autograder.misconceptions.spec import right, wrong

COURSE = """
[[lab]]
id = "lab1"
title = "Signs"
notebook = "labs/lab1.md"
files = ["dltk/signs.py"]
imports = []
[[lab.task]]
id = "lab1.negate"
title = "Negate"
kind = "code"
points = 90
[[lab.task]]
id = "lab1.written"
title = "Why?"
kind = "written"
points = 10

[[lab]]
id = "lab2"
title = "Products"
notebook = "labs/lab2.md"
files = ["dltk/products.py", "dltk/powers.py"]
imports = ["math"]
[[lab.task]]
id = "lab2.times"
title = "Multiply"
kind = "code"
points = 50
[[lab.task]]
id = "lab2.square"
title = "Square"
kind = "code"
points = 40
needs = ["lab2.times"]
[[lab.task]]
id = "lab2.written"
title = "Why?"
kind = "written"
points = 10

[[lab]]
id = "lab3"
title = "Growth"
notebook = "labs/lab3.md"
files = ["dltk/growth.py"]
imports = ["math"]
[[lab.task]]
id = "lab3.exponential"
title = "Grow"
kind = "code"
points = 90
"""

PACKAGE = {
    "dltk/__init__.py": """
from dltk.growth import exp
from dltk.powers import square
from dltk.products import mul
from dltk.signs import neg
from dltk.tensor import Tensor, tensor
""",
    "dltk/tensor.py": """
import numpy as np


class Tensor:
    def __init__(self, values):
        self.values = np.asarray(values)

    def detach(self):
        return self

    def numpy(self):
        return self.values


def tensor(values):
    return Tensor(values)
""",
    "dltk/signs.py": '''
from dltk.tensor import tensor


def neg(x):
    """Minus x."""
    # BEGIN SOLUTION lab1.negate
    return tensor(-x.values)
    # END SOLUTION
''',
    "dltk/products.py": '''
from dltk.signs import neg
from dltk.tensor import tensor


def mul(x, y):
    """The product, element by element."""
    # BEGIN SOLUTION lab2.times
    if x.values.shape != y.values.shape:
        raise RuntimeError("the shapes differ")
    return neg(tensor(x.values * -y.values))
    # END SOLUTION
''',
    "dltk/powers.py": '''
from dltk.products import mul


def square(x):
    """The square, element by element."""
    # BEGIN SOLUTION lab2.square
    # a product with itself
    return mul(x, x)
    # END SOLUTION
''',
    "dltk/growth.py": '''
from dltk.tensor import tensor


def exp(x):
    """The exponential."""
    # BEGIN SOLUTION lab3.exponential
    import numpy as np

    return tensor(np.exp(x.values))
    # END SOLUTION
''',
}


@check("lab1.negate", x=normal(3))
def minus_turns_the_sign(lib, x):
    """Minus turns the sign."""
    return {"y": lib.neg(lib.tensor(x))}


@check("lab2.times", weight=2, x=uniform(1, 2, 2, 3), y=uniform(1, 2, 2, 3))
def elements_meet_their_own_partner(lib, x, y):
    """Each element is multiplied by its own partner."""
    return {"product": lib.mul(lib.tensor(x), lib.tensor(y))}


@check("lab2.times", x=uniform(1, 2, 3), y=uniform(1, 2, 2))
def other_shapes_are_refused(lib, kit, x, y):
    """Shapes that do not fit are refused."""
    x, y = lib.tensor(x), lib.tensor(y)
    return {"raised": kit.raises(lib.mul, x, y), "product": lib.mul(x, x)}


@check("lab2.square", x=uniform(1, 2, 4))
def a_square_is_a_product(lib, x):
    """A square is the product of a number with itself."""
    return {"square": lib.square(lib.tensor(x))}


@check("lab3.exponential", x=normal(3))
def growth_is_exponential(lib, x):
    """The exponential of each element."""
    return {"y": lib.exp(lib.tensor(x))}


@wrong("lab2.times", blank="mul")
def partners_are_added(x, y):
    """The elements are added."""
    return tensor(x.values + y.values)  # noqa: F821


@wrong("lab2.times", blank="mul")
def everything_fits(x, y):
    """shapes are never compared."""
    count = min(x.values.size, y.values.size)
    return tensor(x.values.reshape(-1)[:count] * y.values.reshape(-1)[:count])  # noqa: F821


@wrong("lab2.square", blank="square")
def the_square_is_doubled(x):
    """the number is added to itself."""
    return tensor(x.values + x.values)  # noqa: F821


@right("lab2.square", blank="square")
def the_square_is_a_power(x):
    """A power."""
    return tensor(x.values**2)  # noqa: F821


CHECKS = {
    "lab1": [minus_turns_the_sign],
    "lab2": [elements_meet_their_own_partner, other_shapes_are_refused, a_square_is_a_product],
    "lab3": [growth_is_exponential],
}
MISCONCEPTIONS = [partners_are_added, everything_fits, the_square_is_doubled, the_square_is_a_power]


def write_course(root: Path) -> Course:
    (root / "labs").mkdir(parents=True)
    (root / "labs" / "course.toml").write_text(COURSE, encoding="utf-8")
    for path, text in PACKAGE.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text.lstrip(), encoding="utf-8")
    return Course.load(root)


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """The tiny course on disk; no test changes it."""
    return write_course(tmp_path_factory.mktemp("course"))


@pytest.fixture
def own_course(tmp_path):
    """A tiny course of the test's own."""
    return write_course(tmp_path / "own")


@pytest.fixture(scope="session")
def tiny(course):
    """The parts of the tiny course by name: checks and misconceptions."""
    return SimpleNamespace(
        course=course,
        checks=CHECKS,
        misconceptions=MISCONCEPTIONS,
        check={item.name: item for items in CHECKS.values() for item in items},
        wrong={item.id: item for item in MISCONCEPTIONS},
    )


@pytest.fixture(scope="session")
def quickest():
    """The level of the sandbox that starts fastest."""
    return sandbox.available()[-1]


@pytest.fixture(scope="session")
def answers(course, quickest):
    """A round of the tiny course's lab 2, its answers computed once."""
    pytest.importorskip("torch")
    return Round(
        course,
        "lab2",
        b"a secret",
        checks=CHECKS["lab2"],
        misconceptions=MISCONCEPTIONS,
        level=quickest,
    )


@pytest.fixture(scope="session")
def real_course():
    """The course of this repository."""
    return Course.find(Path(__file__).parent)
