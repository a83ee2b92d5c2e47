"""Misconceptions of lab 3, Reverse mode: one module a task."""
