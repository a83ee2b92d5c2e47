"""What dltk asks of the system's allocator when it is imported."""

import ctypes
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "gnu_get_libc_version"),
    reason="the C library is not glibc",
)

FAULTS_OF_TWENTY_TEMPORARIES = """
import resource, dltk
x = dltk.ones(1 << 20)
def step(): ((x * 2) + x) * x
step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20): step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(**variables: str) -> int:
    command = [sys.executable, "-c", FAULTS_OF_TWENTY_TEMPORARIES]
    finished = subprocess.run(
        command,
        env={"PYTHONPATH": ":".join(sys.path), **variables},
        capture_output=True,
        check=True,
    )
    return int(finished.stdout)


def test_large_temporaries_use_the_memory_that_others_left():
    # Each of the sixty has 1024 pages, which would all be new.
    assert faults() < 5_000


def test_it_can_be_switched_off():
    assert faults(DLTK_KEEP_MEMORY="0") > 5_000


def test_a_malloc_tuned_by_the_environment_is_left_alone():
    assert faults(MALLOC_TRIM_THRESHOLD_="131072") > 5_000
