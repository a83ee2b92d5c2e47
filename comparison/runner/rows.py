"""Makes the row of one framework: prepare, run, compare, measure."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

from runner import agreement, code_lines, results
from runner.environments import Environments
from runner.installed import Installed
from runner.refusal import NotInstalledError, UnavailableError
from runner.running import import_seconds, run
from runner.table import Framework

_MEASURED = (
    "formula",
    "losses",
    "loss_difference",
    "loop",
    "import_seconds",
    "first_step_seconds",
    "steady_step_seconds",
    "installed_mb",
    "version",
    "python",
)


def row(
    framework: Framework, environments: Environments, inputs: Path, wanted: dict[str, Any]
) -> dict[str, Any]:
    """The row of one framework; whatever goes wrong is said in it and raised nowhere.

    Args:
        wanted: what the reference computed.
    """
    made = _described(framework)
    if framework.file is None:
        return made | {"status": "documented", "message": framework.missing}
    try:
        return made | _run(framework, framework.file, environments, inputs, wanted)
    except NotInstalledError as refusal:
        return made | {"status": "not installed", "message": f"{refusal}."}
    except UnavailableError as refusal:
        return made | {"status": "skipped", "message": f"{refusal}."}
    except Exception as error:
        return made | {"status": "failed", "message": f"{type(error).__name__}: {error}"[:300]}


def _run(
    framework: Framework,
    file: Path,
    environments: Environments,
    inputs: Path,
    wanted: dict[str, Any],
) -> dict[str, Any]:
    prepared = environments.prepare(framework)
    installed = Installed(prepared.python)
    outcome = run(file, prepared, inputs, framework.limit)
    made = {
        "status": outcome.status,
        "message": outcome.message,
        "python": installed.python,
        "version": installed.version(framework.packages[0]) if framework.packages else None,
        "installed_mb": round(installed.megabytes(framework.packages)),
    }
    if outcome.status != "ran":
        return made
    warm = import_seconds(file, prepared, framework.limit)
    done = outcome.done | ({"import_seconds": warm} if warm is not None else {})
    return made | _computed(done, wanted)


def _described(framework: Framework) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": framework.id,
        "title": framework.title,
        "file": f"frameworks/{framework.file.name}" if framework.file else None,
        "year": framework.year,
        "idiom": framework.idiom,
        "language": framework.language,
        "then": framework.then,
        "now": framework.now,
        "source": framework.source,
        "status": None,
        "agrees": None,
        "message": "",
        "cannot": {},
    }
    described |= dict.fromkeys(_MEASURED)
    described["code_lines"] = code_lines.count(framework.file) if framework.file else None
    described["measured"] = datetime.date.today().isoformat()
    described["machine"] = f"{results.machine()}, one core used"
    return described


def _computed(done: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    agrees, complaints = agreement.compare(done, wanted)
    training = done.get("training", {"losses": None, "step_seconds": []})
    return {
        "agrees": agrees,
        "message": "; ".join(complaints),
        "cannot": done["cannot"],
        "formula": done.get("formula"),
        "losses": training["losses"],
        "loss_difference": agreement.loss_difference(done, wanted),
        "loop": done.get("loop"),
        "import_seconds": results.rounded(done["import_seconds"]),
        **results.steps(training["step_seconds"]),
    }
