"""Whether the files that this process was started from are still the same.

An extension can be updated or removed while a worker or a relay runs. Standard library only.
"""

from __future__ import annotations

import os
from pathlib import Path

_MARK = Path(__file__).with_name("__init__.py")  # holds the version, and is replaced by every update


def _identity() -> tuple[int, ...] | None:
    try:
        facts = os.stat(_MARK)
    except OSError:
        return None
    return facts.st_dev, facts.st_ino, facts.st_mtime_ns, facts.st_size


_AT_START = _identity()


def has_changed() -> bool:
    """Whether the backend was updated or removed since this process was started."""
    return _identity() != _AT_START


def is_updated() -> bool:
    """Whether another version, or the same one again, was installed since this process was started."""
    return has_changed() and _MARK.with_name("__main__.py").exists()
