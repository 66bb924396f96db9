"""Turns errors of the system into messages of the command line."""

from __future__ import annotations

from ..jobs.shortages import is_disk_full, is_out_of_memory


def explain(error: BaseException) -> str:
    """One sentence about an error that ended a command, and what to do."""
    if is_out_of_memory(error):
        return "Memory ran out. Close other programs, then run the command again."
    if is_disk_full(error):
        return "A disk is full. Free up space, then run the command again."
    reason = getattr(error, "strerror", None) or error
    if not (name := getattr(error, "filename", None)):
        return f"A file cannot be read or written: {reason}. Run the command again."
    return f"Cannot access {str(name)[:200]}: {reason}. Check the path and its permissions."
