"""The worker: a process that takes jobs from a folder, makes their assets, and ends when there is nothing left to do.

Only the standard library is imported until a job is there.
"""

from .queue import work

__all__ = ["work"]
