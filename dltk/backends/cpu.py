"""The host's backend: NumPy."""

import numpy as np

from dltk.backends.arrays import ArrayOps
from dltk.backends.host_memory import keep_freed_memory

ops = ArrayOps(np)
keep_freed_memory()
