"""What torch answers: a program run with `lib=torch`. The only package that imports torch."""

from autograder.oracle.namespace import namespace
from autograder.oracle.run import OracleError, answer

__all__ = ["OracleError", "answer", "namespace"]
