"""The host's backend: NumPy."""

import numpy as np

from dltk.backends.arrays import ArrayOps

ops = ArrayOps(np)
