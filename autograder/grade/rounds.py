"""A grading round: its secret, kept with the output, and whether it is still open."""

import json
import re
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from autograder.files import json_text, write_atomically
from autograder.report.feedback import RoundSeal

FIRST = "first"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


class RoundError(ValueError):
    """A round cannot be used so; the message is one sentence."""


@dataclass(frozen=True)
class RoundFolder:
    """The folder of one round: `round.json`, `secret`, `records/`, `answers/`."""

    path: Path
    lab: str
    opened: str
    closed: str | None
    secret: bytes

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def seal(self) -> RoundSeal:
        """The hash of the secret, by which anybody can verify it once the round is closed."""
        return RoundSeal(seal_hash(self.secret), self.secret.hex() if self.closed else None)

    def close(self) -> "RoundFolder":
        """End the round: its secret may be shown, and nothing more is graded in it."""
        ended = self if self.closed else replace(self, closed=_now())
        ended._write()
        return ended

    def _write(self) -> None:
        about = {"lab": self.lab, "opened": self.opened, "closed": self.closed}
        write_atomically(self.path / "round.json", json_text(about))


def seal_hash(secret: bytes) -> str:
    """What is shown of an open round's secret."""
    return sha256(secret).hexdigest()


def open_round(out: Path, lab_id: str, name: str) -> RoundFolder:
    """The round of that name under `out`, made with a fresh secret where there is none."""
    if not _NAME.fullmatch(name):
        raise RoundError(
            f"{name!r} is no name for a round; use lower-case letters, digits and hyphens."
        )
    for other in all_rounds(out):
        if other.lab != lab_id:
            raise RoundError(
                f"{out} holds grades of {other.lab}; choose another folder for {lab_id}."
            )
    path = out / "rounds" / name
    if (path / "round.json").exists():
        return _load(path)
    secret_file = path / "secret"
    if not secret_file.exists():
        write_atomically(secret_file, secrets.token_hex(32) + "\n", mode=0o600)
    fresh = RoundFolder(path, lab_id, _now(), None, _secret(path))
    fresh._write()
    return fresh


def all_rounds(out: Path) -> list[RoundFolder]:
    """The rounds under `out`, the oldest first."""
    found = [_load(path.parent) for path in (out / "rounds").glob("*/round.json")]
    return sorted(found, key=lambda folder: (folder.opened, folder.name))


def _load(path: Path) -> RoundFolder:
    try:
        about = json.loads((path / "round.json").read_text(encoding="utf-8"))
        return RoundFolder(path, about["lab"], about["opened"], about["closed"], _secret(path))
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise RoundError(f"The round in {path} cannot be read ({problem}).") from None


def _secret(path: Path) -> bytes:
    return bytes.fromhex((path / "secret").read_text(encoding="ascii").strip())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
