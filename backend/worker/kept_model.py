"""Keeps the model of the last job loaded, for the next job.

The built-in model is kept as long as the worker lives. A large one holds gigabytes: it is kept only while jobs wait.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ..devices import free_memory

T = TypeVar("T")


@dataclass(frozen=True)
class Kept:
    """A loaded model.

    Attributes:
        identity: what it was loaded from. The next job may use it if its own identity is equal.
        value: the model, with what else belongs to it.
    """

    identity: Hashable
    value: Any
    is_large: bool


_kept: Kept | None = None


def find(identity: Hashable) -> Any:
    """Returns what was kept with this identity. Releases anything else, and returns None."""
    if _kept is not None and _kept.identity == identity:
        return _kept.value
    release()
    return None


def keep(identity: Hashable, value: T, *, is_large: bool) -> T:
    """Keeps a model instead of the former one, and returns it."""
    global _kept
    _kept = Kept(identity, value, is_large)
    return value


def release() -> None:
    """Forgets the model and frees its memory."""
    global _kept
    if _kept is not None:
        _kept = None
        free_memory()


def release_large() -> None:
    """Forgets a large model: no job waits, or the last one has failed and might do so again."""
    if _kept is not None and _kept.is_large:
        release()


def has_model() -> bool:
    """Whether a model is kept."""
    return _kept is not None


def state_of(paths: Iterable[Path]) -> tuple[tuple[str, int, int], ...]:
    """The name, time and size of each file, and of all files in each folder. They change when the model is replaced."""
    files = (file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path]))
    found = ((str(file), file.stat()) for file in files if file.is_file())
    return tuple((name, facts.st_mtime_ns, facts.st_size) for name, facts in found)
