"""Reading what students hand in: a folder or a zip, hostile until read."""

from autograder.intake.reading import Intake, Submission, loose_files, read, submissions
from autograder.intake.refusal import LIMITS, IntakeError, Limits

__all__ = [
    "LIMITS",
    "Intake",
    "IntakeError",
    "Limits",
    "Submission",
    "loose_files",
    "read",
    "submissions",
]
