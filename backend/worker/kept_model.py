"""Keeps the built-in model loaded between the jobs of a worker. Large models are not kept: they would hold gigabytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from ..guidance.base import Prior
    from ..guidance.likeness import LikenessPrior

_kept: tuple[Any, Prior | LikenessPrior] | None = None


def open_kept(folder: Path, device: torch.device, load: Callable[[], Prior | LikenessPrior]) -> Prior | LikenessPrior:
    """Returns the model of the last job if it is this one and its files have not changed; otherwise loads it."""
    global _kept
    from ..guidance.builtin.prior import PixelPrior

    identity = str(folder), str(device), _state_of(folder)
    if _kept is not None and _kept[0] == identity:
        return _kept[1]
    _kept = None  # frees the memory first
    prior = load()
    if isinstance(prior, PixelPrior):
        _kept = identity, prior
    return prior


def has_model() -> bool:
    """Whether a model is kept."""
    return _kept is not None


def _state_of(folder: Path) -> tuple[tuple[str, int, int], ...]:
    found = ((str(path), path.stat()) for path in sorted(folder.rglob("*")) if path.is_file())
    return tuple((name, facts.st_mtime_ns, facts.st_size) for name, facts in found)
