"""Errors that mean that memory or disk space ran out, whatever the library that raised them. Standard library only."""

from __future__ import annotations

import errno

# torch (CPU, CUDA, MPS), safetensors, Windows
_MEMORY_TEXTS = (
    "out of memory",
    "can't allocate memory",
    "cannot allocate memory",
    "not enough memory",
    "cudnn_status_alloc_failed",
    "cublas_status_alloc_failed",
    "paging file is too small",
    "std::bad_alloc",
)
_NO_CONTENT = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, on any device. Libraries raise different classes with different texts."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    if isinstance(error, OSError) and error.errno == errno.ENOMEM:
        return True
    return mentions_memory(str(error))


def mentions_memory(text: str) -> bool:
    """Whether a text, such as the end of a log, says that memory ran out."""
    return "MemoryError" in text or any(known in text.lower() for known in _MEMORY_TEXTS)


def is_disk_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return "No space left on device" in str(error)


def is_of_the_system(error: BaseException) -> bool:
    """Whether the computer caused an error while a file was read, not the file's content: memory, permissions, a bad disk."""
    has_cause = isinstance(error, OSError) and error.errno is not None and error.errno not in _NO_CONTENT
    return has_cause or is_out_of_memory(error) or is_disk_full(error)
