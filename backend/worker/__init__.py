"""The worker: a process that runs the jobs in a folder and exits when none is left.

It imports only the standard library until it runs a job.
"""

from .queue import work

__all__ = ["work"]
