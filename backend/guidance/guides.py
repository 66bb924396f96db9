"""What tells a render what it should become: a diffusion model by score distillation, or an image-text model by likeness."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor

from ..config.settings import GuidanceSettings
from .base import Prior
from .distillation import Distillation
from .judgment import Judgment, Look, Random
from .likeness import Likeness, LikenessPrior


class Guide(Protocol):
    def judge(self, image: Tensor, looks: list[Look], step: int, random: Random) -> Judgment:
        """image: sRGB [B, 3, H, W] in [0, 1], with a gradient; `looks` and `random` tell of each of its views."""
        ...


def build_guide(prior: Prior | LikenessPrior, prompt: str, negative_prompt: str, settings: GuidanceSettings) -> Guide:
    """The guide that this model is good for."""
    if isinstance(prior, LikenessPrior):
        return Likeness(prior, prompt)
    return Distillation(prior, prompt, negative_prompt, settings)
