"""Derivatives: rules, the graph that recording leaves behind, and the ways through it."""
