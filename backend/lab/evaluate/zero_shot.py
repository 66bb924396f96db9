"""Zero-shot class_prompts to an image-text model: which object is it, and in which color?"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ...guidance.clip import Clip
from ..world.captions import article


@dataclass(frozen=True)
class Prediction:
    """What the model takes one picture for; `sure` is the probability of the kind."""

    kind: str
    color: str
    sure: float


class ZeroShotClassifier:
    """All kinds in all colors, "a red mug" and so on, as one closed question.

    The probability of a kind is the sum over its colors, and of a color the sum over all kinds: neither answer hangs
    on the other one being right.
    """

    def __init__(self, clip: Clip, kinds: list[str], colors: list[str]) -> None:
        self.kinds, self.colors, self._clip = kinds, colors, clip
        self._texts = clip.embed_texts([article(f"{color} {kind}") for kind in kinds for color in colors])

    def probabilities(self, images: Tensor) -> Tensor:
        """sRGB [B, H, H, 3] in [0, 1] -> [B, kinds, colors], each picture's sum is 1."""
        cosines = self._clip.embed_images(images) @ self._texts.T
        return torch.softmax(self._clip.scale * cosines, -1).view(-1, len(self.kinds), len(self.colors))

    def ask(self, images: Tensor) -> list[Prediction]:
        both = self.probabilities(images)
        of_kind, of_color = both.sum(2), both.sum(1)
        return [
            Prediction(self.kinds[kind], self.colors[color], sure)
            for kind, color, sure in zip(
                of_kind.argmax(-1).tolist(), of_color.argmax(-1).tolist(), of_kind.amax(-1).tolist(), strict=True
            )
        ]
