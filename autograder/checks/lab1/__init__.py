"""Checks of lab 1, Tensors: one module a task."""
