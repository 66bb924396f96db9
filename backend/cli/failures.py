"""Turns errors of the system into messages of the command line."""

from __future__ import annotations

from ..jobs.shortages import is_disk_full, is_out_of_memory


def is_of_the_caller(error: BaseException) -> bool:
    """Whether an error comes from the system or a path, not from a defect of the program. `explain` describes it."""
    has_cause = isinstance(error, OSError) and error.errno is not None
    return has_cause or isinstance(error, MemoryError) or _is_unknown_home(error)


def _is_unknown_home(error: BaseException) -> bool:
    return isinstance(error, RuntimeError) and "home directory" in str(error)  # of pathlib, for ~name


def explain(error: BaseException) -> str:
    """One sentence about an error that ended a command, and what to do."""
    if _is_unknown_home(error):
        return "A path begins with the home folder of a user who does not exist. Correct the path, or set HOME."
    if is_out_of_memory(error):
        return "Memory ran out. Close other programs, then run the command again."
    if is_disk_full(error):
        return "A disk is full. Free up space, then run the command again."
    reason = getattr(error, "strerror", None) or error
    if not (name := getattr(error, "filename", None)):
        return f"A file cannot be read or written: {reason}. Run the command again."
    return f"Cannot access {str(name)[:200]}: {reason}. Check the path and its permissions."
