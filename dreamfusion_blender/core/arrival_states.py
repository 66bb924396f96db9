"""Whether the result of a job is in the open file."""

from __future__ import annotations

from enum import Enum


class Arrival(Enum):
    """Import state of a job's mesh in the open file."""

    NOT_IMPORTED = "not imported"  # the user can import it
    PENDING = "pending"  # is imported when the job is done
    HELD = "held"  # is imported when Blender is back in Object Mode
    BUSY = "busy"  # is imported when Blender has finished a render or an operation of the user
    IMPORTED = "imported"  # a scene of the file has an object of the job
    FAILED = "failed"
