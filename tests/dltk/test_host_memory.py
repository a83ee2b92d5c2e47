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


@pytest.fixture(scope="module")
def fresh_pages() -> int:
    """The faults where glibc is left alone: each of the sixty temporaries has 1024 pages."""
    found = faults(DLTK_KEEP_MEMORY="0")
    if found < 5_000:
        pytest.skip("this system gives large arrays large pages")
    return found


def test_large_temporaries_use_the_memory_that_others_left(fresh_pages):
    assert faults() < fresh_pages / 10


def test_a_malloc_tuned_by_the_environment_is_left_alone(fresh_pages):
    assert faults(MALLOC_TRIM_THRESHOLD_="131072") > fresh_pages / 2
