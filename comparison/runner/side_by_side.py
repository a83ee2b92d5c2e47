"""The programs of side_by_side.toml: run every part, record what it returned and its source."""

from __future__ import annotations

import ast
import datetime
import textwrap
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner import results
from runner.environments import Environments
from runner.refusal import NotInstalledError, UnavailableError
from runner.running import run_part
from runner.table import Needs, TableError, read_environments

LIMIT = 600.0


@dataclass(frozen=True)
class Comparison:
    """A question, a file, and the functions in it with the environment each runs in."""

    id: str
    title: str
    question: str
    file: Path
    parts: dict[str, Needs]


def read(path: Path, frameworks: Path) -> list[Comparison]:
    """The comparisons of side_by_side.toml; the environments are those of frameworks.toml.

    Raises:
        TableError: a file or an environment is not there.
    """
    environments = read_environments(frameworks)
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    made = []
    for entry in document["comparison"]:
        file = path.parent / "side_by_side" / entry.pop("file")
        unknown = set(entry["parts"].values()) - set(environments)
        if unknown or not file.is_file():
            raise TableError(f"{entry['id']}: no {file.name}, or no environment {unknown}.")
        parts = {name: environments[where] for name, where in entry.pop("parts").items()}
        made.append(Comparison(file=file, parts=parts, **entry))
    return made


def compared(comparison: Comparison, environments: Environments, inputs: Path) -> dict[str, Any]:
    """What the parts of one comparison did; a part that cannot run says so and no more."""
    return {
        "id": comparison.id,
        "title": comparison.title,
        "question": comparison.question,
        "file": f"side_by_side/{comparison.file.name}",
        "measured": datetime.date.today().isoformat(),
        "machine": results.machine(),
        "parts": [
            _part(comparison.file, name, needs, environments, inputs)
            for name, needs in comparison.parts.items()
        ],
    }


def _part(
    file: Path, name: str, needs: Needs, environments: Environments, inputs: Path
) -> dict[str, Any]:
    part = {"id": name, "status": None, "message": "", "code": source(file, name), "found": None}
    try:
        prepared = environments.plain(needs)
    except NotInstalledError as refusal:
        return part | {"status": "not installed", "message": f"{refusal}."}
    except UnavailableError as refusal:
        return part | {"status": "skipped", "message": f"{refusal}."}
    outcome = run_part(file, name, prepared, inputs, LIMIT)
    found = outcome.done if outcome.status == "ran" else None
    return part | {"status": outcome.status, "message": outcome.message, "found": found}


def source(file: Path, function: str) -> str:
    """The text of a function of the file.

    Raises:
        TableError: the file has no such function.
    """
    text = file.read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return textwrap.dedent(ast.get_source_segment(text, node) or "")
    raise TableError(f"{file.name} has no function {function}.")
