"""`make frameworks`: run the frameworks of frameworks.toml and record what they did.

python comparison/run.py            all of them
python comparison/run.py jax,mxnet  these; the other rows of results.json stay as they are
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from runner import inputs, results, rows, table
from runner.environments import Environments, Prepared
from runner.running import run

HERE = Path(__file__).resolve().parent
REFERENCE = "pytorch.py"


class NoReferenceError(Exception):
    """PyTorch, which all others are compared with, did not run."""


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        chosen = table.chosen(table.read(options.table), options.only)
        record = _record(options, chosen)
    except (table.TableError, NoReferenceError) as error:
        print(error, file=sys.stderr)
        return 1
    agreeing = sum(row["agrees"] is True for row in record["rows"])
    print(f"{agreeing} of {len(record['rows'])} rows in {options.out.name} agree with PyTorch.")
    return 0 if all(row["agrees"] is not False for row in record["rows"]) else 1


def _record(options: argparse.Namespace, chosen: list[table.Framework]) -> dict[str, Any]:
    environments = Environments(options.environments)
    record = results.read(options.out)
    order = [framework.id for framework in table.read(options.table)]
    with tempfile.TemporaryDirectory(prefix="frameworks-") as folder:
        given = Path(folder) / "inputs.npz"
        record["inputs"] = inputs.write(given)
        wanted = _reference(given)
        for framework in chosen:
            row = rows.row(framework, environments, given, wanted)
            record["rows"] = results.merged(record["rows"], [row], order)
            results.write(options.out, record)
            print(_line(row), flush=True)
    return record


def _reference(given: Path) -> dict[str, Any]:
    outcome = run(HERE / "frameworks" / REFERENCE, Prepared(Path(sys.executable)), given, 600)
    if outcome.status != "ran":
        raise NoReferenceError(f"PyTorch itself does not run here: {outcome.message}")
    return outcome.done


def _line(row: dict[str, Any]) -> str:
    verdict = {True: "agrees", False: "DOES NOT AGREE", None: row["status"]}[row["agrees"]]
    name = " ".join(filter(None, [row["title"], row["version"]]))
    facts = []
    if row["loss_difference"] is not None:
        facts.append(f"losses within {row['loss_difference']:.1e}")
    if row["message"]:
        facts.append(row["message"])
    return f"{name:<42} {verdict:<15} {'; '.join(facts)}".rstrip()


def _parser() -> argparse.ArgumentParser:
    root = HERE.parent
    parser = argparse.ArgumentParser(prog="frameworks", description=__doc__)
    parser.add_argument("only", nargs="?", help="ids of the table, separated by commas")
    parser.add_argument("--table", type=Path, default=HERE / "frameworks.toml")
    parser.add_argument("--out", type=Path, default=HERE / "results.json")
    parser.add_argument("--environments", type=Path, default=root / "build" / "frameworks")
    return parser


if __name__ == "__main__":
    sys.exit(main())
