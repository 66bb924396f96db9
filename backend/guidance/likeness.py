"""Likeness to the prompt as the guide: Dream Fields (Jain et al. 2022), the DreamFusion paper's baseline.

An image-text model says how well a picture goes with the words, and the gradient runs through it. It rewards what looks right
from each side, not what is one object: measured by geometry, the paper finds it near chance (table 1).
"""

from __future__ import annotations

from torch import Tensor

from .clip import Clip
from .judgment import Judgment, Look, Random


class LikenessPrior:
    """An image-text model where a diffusion model is expected."""

    def __init__(self, clip: Clip) -> None:
        self.clip = clip
        self.name, self.image_px = clip.name, clip.image_px

    def prepare(self, prompt: str, negative_prompt: str) -> None:
        """Its text encoder reads one prompt, once."""

    def remark(self, prompt: str) -> str | None:
        return None

    def known_words_text(self) -> str:
        return "It compares pictures with any words."


class Likeness:
    """See `guides.Guide`: minus the cosine between a view and the prompt. View words play no part in it, as published."""

    def __init__(self, prior: LikenessPrior, prompt: str) -> None:
        self.prior = prior
        self._text = prior.clip.embed_texts([prompt]).to(prior.clip.device)

    def judge(self, image: Tensor, looks: list[Look], step: int, random: Random) -> Judgment:
        """`sizes` are distances: 1 - cosine."""
        cosine = (self.prior.clip.image_vectors(image.permute(0, 2, 3, 1)) * self._text).sum(-1)
        pixels = image.shape[-1] * image.shape[-2]
        return Judgment(-pixels * cosine.mean(), (1 - cosine).detach(), pixels)
