"""Pages from a record: a student's feedback, and the result of a check in a notebook."""

import functools
from dataclasses import dataclass
from typing import Any

import jinja2

from autograder.course import Lab
from autograder.report.view import view


@dataclass(frozen=True)
class RoundSeal:
    """What may be shown of a round: its hash, and its secret (hex) once it is closed."""

    hash: str
    secret: str | None = None


@functools.cache
def environment() -> jinja2.Environment:
    """The templates beside this file; whatever they are given is escaped."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("autograder.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )


def feedback_html(record: dict[str, Any], lab: Lab, seal: RoundSeal) -> str:
    """One self-contained page for the student: no script, nothing fetched."""
    template = environment().get_template("feedback.html.j2")
    return template.render(record=view(record, lab), round=seal)
