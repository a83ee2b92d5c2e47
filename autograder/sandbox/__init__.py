"""Runs a submission where it can read nothing but itself and harm no one.

Three levels, strongest first: `bubblewrap` (namespaces and seccomp), `landlock` (Landlock and
seccomp, needs no privilege) and `plain` (a child with resource limits, for self-checks only).
"""

from autograder.sandbox.compiled import precompile
from autograder.sandbox.levels import SandboxError, available, strongest
from autograder.sandbox.requests import Limits, Program, Reply
from autograder.sandbox.worker import Worker

__all__ = [
    "Limits",
    "Program",
    "Reply",
    "SandboxError",
    "Worker",
    "available",
    "precompile",
    "strongest",
]
