"""One run of a check's program under torch, in this process; torch's settings are put back."""

import contextlib
import copy
import tempfile
import warnings
from collections.abc import Iterator
from typing import Any

import torch

from autograder.checks.spec import Check
from autograder.oracle.namespace import namespace
from autograder.worker.canonical import canonical
from autograder.worker.kit import Kit
from autograder.worker.program import call, load


class OracleError(RuntimeError):
    """A check's program does not run under torch: the check is wrong. The message names it."""


def answer(check: Check, inputs: dict[str, Any]) -> dict[str, Any]:
    """What the program of a check returns under torch, in canonical form."""
    lib = namespace()
    with _as_in_a_fresh_process(), tempfile.TemporaryDirectory() as folder:
        kit = Kit(folder) if check.takes_kit else None
        try:
            result = call(load(check.source, check.name), lib, kit, copy.deepcopy(inputs))
            canonical_result = canonical(result, lib)
        except Exception as problem:
            raise OracleError(
                f"{check.where}: {check.id} raises {type(problem).__name__} under torch: {problem}"
            ) from problem
    if not isinstance(canonical_result, dict) or not canonical_result:
        raise OracleError(f"{check.where}: {check.id} returns no dict of results under torch.")
    return canonical_result


@contextlib.contextmanager
def _as_in_a_fresh_process() -> Iterator[None]:
    """torch's global settings at their defaults; the caller's own come back afterwards."""
    dtype, recording = torch.get_default_dtype(), torch.is_grad_enabled()
    with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(0)
        torch.set_default_dtype(torch.float32)
        torch.set_grad_enabled(True)
        try:
            yield
        finally:
            torch.set_default_dtype(dtype)
            torch.set_grad_enabled(recording)
