"""Turns exceptions into messages for the user, with error codes."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from .. import installed
from ..errors import UserError
from ..jobs.shortages import is_disk_full, is_out_of_memory

# Something else has the name of a file or a folder.
_IN_THE_WAY = (errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.EINVAL, errno.ENXIO)
_DURING = {
    "loading": "while loading the model",
    "optimising": "during the optimization",
    "extracting": "while extracting the mesh",
    "baking": "while baking the texture",
    "refining": "while refining the mesh",
    "exporting": "while exporting the mesh",
}
_LIBRARY_VARIABLES = ("LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES")
_RESUME = "Then resume the job from its last checkpoint."


def explain(error: BaseException, phase: str, folder: Path) -> tuple[str, str]:
    """Returns the message and the code of an error that ended a job.

    Args:
        phase: the phase in which it occurred, one of `jobs.states.PHASES` or empty.
        folder: the job's folder.
    """
    message, code = _explain(error, phase, folder)
    if code in ("environment", "files", "internal", "weights") and installed.has_changed():
        return "The add-on was updated or removed while the job ran. Resume the job from its last checkpoint.", "files"
    return message, code


def _explain(error: BaseException, phase: str, folder: Path) -> tuple[str, str]:
    if isinstance(error, UserError):
        return str(error), error.code
    if is_out_of_memory(error):
        memory = "graphics memory" if "CUDA" in str(error) or "MPS" in str(error) else "memory"
        return f"Not enough {memory}. Close other programs, or choose a smaller preset. {_RESUME}", "memory"
    if is_disk_full(error):
        return f"The disk of {folder} is full. Free up space. {_RESUME}", "disk"
    if isinstance(error, ImportError):
        return explain_import(error), "environment"
    if isinstance(error, FileNotFoundError):
        path = error.filename or folder
        return f"{path} is missing. Was it deleted while the job ran? Resume the job from its last checkpoint.", "files"
    # Libraries raise OSError without a number.
    if isinstance(error, OSError) and error.errno and not isinstance(error, ConnectionError):
        is_in_the_way = error.filename and error.errno in _IN_THE_WAY
        advice = "Remove or rename it" if is_in_the_way else "Check its permissions"
        if error.errno in (errno.EMFILE, errno.ENFILE, errno.EFBIG):
            advice = "Raise this limit of your account or its disk"
        return f"Cannot access {error.filename or folder}: {error.strerror}. {advice}. {_RESUME}", "files"
    reason = " ".join(str(error).split())
    reason = reason if len(reason) <= 120 else reason[:117] + "..."
    detail = f"{type(error).__name__}: {reason}" if reason else type(error).__name__
    return f"Unexpected error {_DURING.get(phase, 'while starting the job')} ({detail}). See the log.", "internal"


def explain_import(error: ImportError) -> str:
    """Returns the message for a module or a library that cannot be loaded, for a reason other than memory."""
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"The backend's Python lacks the module {error.name}. Install the backend's requirements again."
    reason = " ".join(str(error).split())[:120].rstrip(".")
    foreign = [name for name in _LIBRARY_VARIABLES if os.environ.get(name)]
    if foreign:
        return f"A library cannot be loaded ({reason}), possibly because {foreign[0]} is set. Unset it, then start Blender again."
    return f"A library cannot be loaded ({reason}). Install the backend again."
