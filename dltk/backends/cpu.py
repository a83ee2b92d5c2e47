"""The host's backend: NumPy."""

import numpy as np

from dltk.backends.arrays import ArrayOps
from dltk.backends.backend import Backend
from dltk.backends.host_memory import keep_freed_memory
from dltk.core.device import CPU

ops = ArrayOps(np)
backend = Backend(CPU, ops)
keep_freed_memory()
