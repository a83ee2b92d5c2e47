"""What an environment has installed: versions, and the size of a package with all it needs."""

from __future__ import annotations

import json
import re
import subprocess
from importlib.metadata import Distribution, distributions
from pathlib import Path
from urllib.parse import unquote, urlparse

from packaging.requirements import InvalidRequirement, Requirement

_PROBE = (
    "import json, sys; print(sys.version.split()[0]); print(json.dumps([p for p in sys.path if p]))"
)


class Installed:
    """The distributions that a Python finds, read without running them."""

    def __init__(self, python: Path) -> None:
        said = subprocess.run(
            [str(python), "-I", "-c", _PROBE], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        self.python = said[0]
        found = distributions(path=json.loads(said[1]))
        self._by_name = {_plain(each.metadata["Name"] or ""): each for each in found}

    def version(self, package: str) -> str | None:
        each = self._by_name.get(_plain(package))
        return each.version if each else None

    def megabytes(self, packages: tuple[str, ...]) -> float:
        """The files of the packages and of everything they need, in MB."""
        names = self._with_needs(packages)
        return sum(_size(self._by_name[name]) for name in names) / 1e6

    def _with_needs(self, packages: tuple[str, ...]) -> set[str]:
        waiting = [_plain(name) for name in packages]
        reached: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in reached or name not in self._by_name:
                continue
            reached.add(name)
            waiting += self._needs(self._by_name[name])
        return reached

    def _needs(self, each: Distribution) -> list[str]:
        names = []
        for line in each.requires or []:
            try:
                requirement = Requirement(line)
            except InvalidRequirement:
                continue
            version = ".".join(self.python.split(".")[:2])
            where = {"extra": "", "python_version": version, "python_full_version": self.python}
            if requirement.marker is None or requirement.marker.evaluate(where):
                names.append(_plain(requirement.name))
        return names


def _size(each: Distribution) -> int:
    files = [Path(str(file.locate())) for file in each.files or []]
    files += _sources_elsewhere(each)
    return sum(path.stat().st_size for path in files if path.suffix != ".pyc" and path.is_file())


def _sources_elsewhere(each: Distribution) -> list[Path]:
    """The files of a package that was installed as editable: they stay in its own folder."""
    record = json.loads(each.read_text("direct_url.json") or "{}")
    if not record.get("dir_info", {}).get("editable"):
        return []
    folder = Path(unquote(urlparse(record["url"]).path))
    return list((folder / each.metadata["Name"]).rglob("*"))


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
