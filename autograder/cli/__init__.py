"""The command `autograder`: check, submit, status; grade; release, init-course."""

import importlib
from collections.abc import Callable
from pathlib import Path

import click

from autograder.cli.common import Sentences

_COMMANDS = ("check", "grade", "init-course", "release", "status", "submit")
_PACKAGES = {"release": "release", "init-course": "nbgrader"}


class _Lazy(Sentences):
    """Commands that are imported when they are used: `autograder status` needs no NumPy."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in sorted(_COMMANDS) if self.get_command(ctx, name) is not None]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in _COMMANDS or not _is_here(name):
            return None
        module = importlib.import_module(f"autograder.cli.{name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from autograder.cli.common import did_you_mean

        name = args[0]
        if name in _COMMANDS and not _is_here(name):
            ctx.fail(f"{name!r} makes courses from the reference; this is a student course.")
        if name not in _COMMANDS and not name.startswith("-"):
            ctx.fail(f"There is no command {name!r}.{did_you_mean(name, _COMMANDS)}")
        return super().resolve_command(ctx, args)


def _is_here(name: str) -> bool:
    """Whether the command can do anything: a student course holds no tool that makes courses."""
    package = _PACKAGES.get(name)
    return package is None or (Path(__file__).parents[1] / package).is_dir()


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def group() -> None:
    """Check, hand in and grade the labs of the course."""


main: Callable[..., None] = group
