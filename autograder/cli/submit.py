"""`autograder submit`: the zip to hand in."""

from pathlib import Path

import click

from autograder.cli.common import console, errors, find_course, find_lab, shown_path


@click.command()
@click.argument("lab_id", metavar="LAB")
@click.option("--out", type=click.Path(path_type=Path), help="The zip to write; <LAB>.zip here.")
def command(lab_id: str, out: Path | None) -> None:
    """Write a zip of your work on LAB: its files and its notebook, nothing else."""
    from autograder.local.handing_in import HandInError, hand_in

    course = find_course()
    lab = find_lab(course, lab_id)
    out = out or Path(f"{lab.id}.zip")
    try:
        written = hand_in(course, lab, out)
    except HandInError as problem:
        raise click.UsageError(str(problem)) from None
    console.print(f"Wrote {shown_path(out)}:", soft_wrap=True, markup=False)
    for path in written.files:
        console.print(f"  {path}", soft_wrap=True, markup=False)
    if written.blank:
        errors.print(f"Still blank: {', '.join(written.blank)}.", style="yellow", soft_wrap=True)
    for warning in written.warnings:
        errors.print(warning, style="yellow", soft_wrap=True, markup=False)
