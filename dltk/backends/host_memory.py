"""Keep what the process freed: large temporaries then need no fresh pages from the system.

Each operation on large arrays makes a new one, and glibc gives a freed one back to the system,
which must clear every page again. That was 10 to 40 % of a training step of a convolutional network
or a transformer. glibc's `mallopt` can be told to keep it. This holds for the whole process, so it
can be switched off: `DLTK_KEEP_MEMORY=0`. Elsewhere than on glibc, and where the environment tunes
malloc itself, nothing is done.
"""

import ctypes
import os
import sys

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3

# Freed memory at the end of the heap is kept up to this size; arrays up to this size are on the
# heap. glibc itself raises the second to 32 MiB when it meets such arrays.
KEPT_BYTES, HEAP_BYTES = 2**29, 2**25


def keep_freed_memory() -> bool:
    """Tell glibc to keep what is freed; whether it was told."""
    tuned = "GLIBC_TUNABLES" in os.environ or "MALLOC_TRIM_THRESHOLD_" in os.environ
    if sys.platform != "linux" or tuned or os.environ.get("DLTK_KEEP_MEMORY") == "0":
        return False
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "gnu_get_libc_version"):
        return False
    return bool(
        libc.mallopt(M_TRIM_THRESHOLD, KEPT_BYTES) and libc.mallopt(M_MMAP_THRESHOLD, HEAP_BYTES)
    )
