"""Runs every framework of frameworks.toml in its own environment and records what it did."""
