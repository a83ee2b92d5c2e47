"""Reading what students hand in: a folder or a zip, hostile until read."""

from autograder.intake.reading import Intake, Submission, read, submissions
from autograder.intake.refusal import LIMITS, Limits, IntakeError

__all__ = ["LIMITS", "Intake", "Limits", "IntakeError", "Submission", "read", "submissions"]
