"""Placeholder."""

BATCH = 500
