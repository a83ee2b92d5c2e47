"""Run the programs of frameworks.toml and side_by_side.toml and record what they did.

python comparison/run.py            all of them
python comparison/run.py jax,export  these; what is recorded of the others stays
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from runner import inputs, results, rows, side_by_side, table
from runner.environments import Environments, Prepared
from runner.running import run

HERE = Path(__file__).resolve().parent
REFERENCE_LIMIT = 600.0


class NoReferenceError(Exception):
    """What all others are compared with did not run."""


class Run:
    """One call: the tables, where results go, and what was asked for."""

    def __init__(self, options: argparse.Namespace, given: Path) -> None:
        self.given = given
        self.folder = options.out
        self.reference = options.reference
        self.environments = Environments(options.environments)
        self.frameworks = table.read(options.table)
        beside = options.table.with_name("side_by_side.toml")
        self.comparisons = side_by_side.read(beside, options.table) if beside.exists() else []
        known = [each.id for each in self.frameworks] + [each.id for each in self.comparisons]
        self.wanted = table.wanted(options.only, known)

    def run_frameworks(self) -> list[dict[str, Any]]:
        """The rows of results.json after the wanted frameworks ran."""
        path = self.folder / "results.json"
        record = results.read(path)
        chosen = [each for each in self.frameworks if each.id in self.wanted]
        if not chosen:
            return record["rows"]
        record["inputs"] = inputs.write(self.given)
        reference = self._computed_by_reference()
        order = [each.id for each in self.frameworks]
        for framework in chosen:
            row = rows.row(framework, self.environments, self.given, reference)
            record["rows"] = results.merged(record["rows"], [row], order)
            results.write(path, record)
            print(_line(row), flush=True)
        return record["rows"]

    def _computed_by_reference(self) -> dict[str, Any]:
        outcome = run(self.reference, Prepared(Path(sys.executable)), self.given, REFERENCE_LIMIT)
        if outcome.status != "ran":
            name = self.reference.name
            raise NoReferenceError(f"{name}, the reference, does not run here: {outcome.message}.")
        return outcome.done

    def run_comparisons(self) -> None:
        """Record the wanted programs of side_by_side.toml in side_by_side.json."""
        path = self.folder / "side_by_side.json"
        record = results.read(path, "comparisons")
        order = [each.id for each in self.comparisons]
        for comparison in self.comparisons:
            if comparison.id not in self.wanted:
                continue
            record["inputs"] = inputs.write(self.given)
            made = side_by_side.compared(comparison, self.environments, self.given)
            record["comparisons"] = results.merged(record["comparisons"], [made], order)
            results.write(path, record)
            for part in made["parts"]:
                said = f"{made['id']}: {part['id']}"
                print(f"{said:<42} {part['status']:<15} {part['message']}".rstrip(), flush=True)


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="frameworks-") as folder:
        try:
            this = Run(options, Path(folder) / "inputs.npz")
            recorded = this.run_frameworks()
            this.run_comparisons()
        except (table.TableError, NoReferenceError) as error:
            print(error, file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("Interrupted; what ran before is recorded.", file=sys.stderr)
            return 130
    agreeing = sum(row["agrees"] is True for row in recorded)
    print(f"{agreeing} of {len(recorded)} recorded rows agree with PyTorch.")
    return 0 if all(row["agrees"] is not False for row in recorded) else 1


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
    parser = argparse.ArgumentParser(prog="frameworks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("only", nargs="?", help="ids of the tables, separated by commas")
    parser.add_argument("--table", type=Path, default=HERE / "frameworks.toml")
    parser.add_argument(
        "--reference",
        type=Path,
        default=HERE / "frameworks" / "pytorch.py",
        help="what all others are compared with",
    )
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the results")
    parser.add_argument(
        "--environments", type=Path, default=HERE.parent / "build" / "frameworks", help="folder"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
