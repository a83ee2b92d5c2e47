"""The grader of the course: it runs the same small program under `dltk` and under `torch`."""
