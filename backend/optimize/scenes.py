"""From the settings to a scene."""

from __future__ import annotations

import torch

from ..config.settings import FieldSettings
from .grid_scene import GridScene
from .mlp_scene import MlpScene
from .scene import Scene


def build_scene(settings: FieldSettings, device: torch.device, seed: int) -> Scene:
    """The scene of a preset with its first parameters; `seed` decides those that are random."""
    if settings.kind == "mlp":
        return MlpScene(settings.mlp, device, seed)
    return GridScene(settings, device)
