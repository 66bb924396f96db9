"""What went wrong, in one sentence that says what to do, and a code. The traceback goes to the log."""

from __future__ import annotations

import errno
from pathlib import Path

from ..errors import JobError, UserError

_FILES = (
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.ENOENT),
    *(errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.EIO),
)
RESUME = "the job can be resumed from its last checkpoint"


def explain(error: BaseException, phase: str, folder: Path) -> tuple[str, str]:
    """The sentence and the code of an error that ended a job.

    Args:
        phase: where it happened.
        folder: the job's folder.
    """
    if isinstance(error, UserError):
        return str(error), error.code
    if isinstance(error, JobError):
        return str(error), "job"
    if is_out_of_memory(error):
        where = "graphics memory" if "CUDA" in str(error) or "MPS" in str(error) else "memory"
        return (
            f"There is not enough {where} for this job: close other programs, or choose a smaller preset; {RESUME}.",
            "memory",
        )
    if is_disk_full(error):
        return f"The disk that holds {folder} is full: make room there; {RESUME}.", "disk"
    if isinstance(error, ModuleNotFoundError) and error.name:
        return (
            f"The backend's Python lacks the module {error.name}: install the backend's requirements there.",
            "environment",
        )
    if isinstance(error, OSError) and error.errno in _FILES:
        return (
            f"{error.filename or folder} cannot be used ({error.strerror}): see to it or its permissions; {RESUME}.",
            "files",
        )
    reason = " ".join(str(error).split())
    reason = reason if len(reason) <= 120 else reason[:117] + "..."
    detail = f"{type(error).__name__}: {reason}" if reason else type(error).__name__
    return f"Something unexpected happened while {phase or 'starting'} ({detail}): see the log; {RESUME}.", "internal"


def is_out_of_memory(error: BaseException) -> bool:
    """On any device: torch says it in different classes and words."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    words = ("out of memory", "can't allocate memory", "not enough memory", "CUDNN_STATUS_ALLOC_FAILED")
    return isinstance(error, RuntimeError) and any(word in str(error) for word in words)


def is_disk_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return "No space left on device" in str(error)
