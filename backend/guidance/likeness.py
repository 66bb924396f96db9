"""Guidance by an image-text model, as in the DreamFusion paper's baselines: Dream Fields (Jain et al. 2022) and CLIP-Mesh
(Khalid et al. 2022).

The loss is the similarity of each view and the prompt. It rewards views that look right one by one and not a consistent shape:
measured by geometry, the paper finds it near chance (table 1).
"""

from __future__ import annotations

from torch import Tensor

from .clip import Clip
from .guide import GuidanceResult, RandomStreams
from .view_conditions import ViewConditions


class LikenessPrior:
    """An image-text model with the part of `base.Prior` that loading needs."""

    runs_beside = False
    depth_px = 0

    def __init__(self, clip: Clip) -> None:
        self.clip = clip
        self.name, self.image_px = clip.name, clip.image_px

    def prepare(self, prompt: str, *avoided: str) -> None:
        """Does nothing: the text encoder runs once, on one prompt."""

    def prompt_notes(self, prompt: str) -> str | None:
        return None

    def vocabulary_text(self) -> str:
        return "It supports any prompt."


class Likeness:
    """See `guide.Guide`. The loss is minus the cosine of a view and the prompt, without view words, as published."""

    def __init__(self, prior: LikenessPrior, prompt: str) -> None:
        self.prior = prior
        self._text = prior.clip.embed_texts([prompt]).to(prior.clip.device)

    def compute(
        self,
        image: Tensor,
        views: list[ViewConditions],
        step: int,
        random: RandomStreams,
        depth: Tensor | None = None,
        surface: Tensor | None = None,
    ) -> GuidanceResult:
        """`sizes` are cosine distances, 1 - cosine."""
        cosine = (self.prior.clip.image_vectors(image.permute(0, 2, 3, 1)) * self._text).sum(-1)
        pixels = image.shape[-1] * image.shape[-2]
        return GuidanceResult(-pixels * cosine.mean(), (1 - cosine).detach(), pixels)
