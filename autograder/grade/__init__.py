"""Grading a class: rounds, records that survive a crash, and work spread over processes."""

from autograder.grade.class_run import GradeError, grade_class

__all__ = ["GradeError", "grade_class"]
