"""Checks before the first long job whether a large model is read correctly, what it needs, and how long a job takes."""
