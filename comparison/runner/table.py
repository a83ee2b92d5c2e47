"""The table of frameworks: what is to be run, where, and what is known of it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

COURSE = "course"


class TableError(Exception):
    """The table, or what was asked of it, names something that is not there."""


@dataclass(frozen=True)
class Needs:
    """An environment: a Python version ("course" is the one that runs this) and pip's pins."""

    name: str
    python: str
    pins: tuple[str, ...] = ()
    pins_alone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Framework:
    """A row: a file to run in an environment, or `missing`, which says why it cannot be run."""

    id: str
    title: str
    year: int
    idiom: str
    language: str
    then: str
    now: str
    source: str
    environment: Needs | None = None
    file: Path | None = None
    packages: tuple[str, ...] = ()
    system: tuple[str, ...] = ()
    system_command: str | None = None
    links: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    limit: float = 600.0
    missing: str | None = None


def read(path: Path) -> list[Framework]:
    """The rows of frameworks.toml, in its order; files lie in `frameworks/` beside it.

    Raises:
        TableError: a row names an environment or a file that does not exist, or has neither a
            file nor a word on what is missing.
    """
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    environments = read_environments(path)
    rows = [_row(entry, environments, path.parent) for entry in document["framework"]]
    ids = [row.id for row in rows]
    twice = {name for name in ids if ids.count(name) > 1}
    if twice:
        raise TableError(f"{path.name}: used twice as an id: {', '.join(sorted(twice))}")
    return rows


def read_environments(path: Path) -> dict[str, Needs]:
    """The environments of frameworks.toml by their names."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: Needs(name, **_tuples(entry)) for name, entry in document["environments"].items()}


def wanted(only: str | None, known: list[str]) -> list[str]:
    """The ids in `only`, separated by commas; all that are known without it.

    Raises:
        TableError: one of them is unknown.
    """
    if not only:
        return known
    names = [name.strip() for name in only.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise TableError(f"There is no {', '.join(unknown)}; there are: {', '.join(known)}.")
    return names


def _row(entry: dict, environments: dict[str, Needs], folder: Path) -> Framework:
    entry = _tuples(entry)
    if "missing" in entry:
        return Framework(**entry)
    if "environment" not in entry or "file" not in entry:
        raise TableError(f"{entry['id']}: give environment and file, or say what is missing.")
    name, file = entry.pop("environment"), folder / "frameworks" / entry.pop("file")
    if name not in environments:
        raise TableError(f"{entry['id']}: there is no environment {name}.")
    if not file.is_file():
        raise TableError(f"{entry['id']}: there is no file {file.name} in {file.parent.name}/.")
    return Framework(environment=environments[name], file=file, **entry)


def _tuples(entry: dict) -> dict:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in entry.items()}
