"""Zero-shot classification of pictures by kind and color, with an image-text model."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from ...guidance.clip import JUDGE, Clip
from ..world.captions import article


def known_kinds(judge: str, kinds: Iterable[str]) -> list[str]:
    """Those of the kinds that a judge was trained on; all of them for an image-text model from elsewhere."""
    facts = (JUDGE if judge == "judge" else Path(os.path.expanduser(judge))) / "judge.json"
    if not facts.exists():
        return list(kinds)
    trained = json.loads(facts.read_text(encoding="utf-8"))["kinds"]
    return [kind for kind in kinds if kind in trained]


@dataclass(frozen=True)
class Prediction:
    """The most probable kind and the most probable color of a picture."""

    kind: str
    color: str
    confidence: float  # probability of the kind


class ZeroShotClassifier:
    """Classifies pictures into all combinations of kinds and colors, with prompts such as "a red mug".

    The probability of a kind is the sum over all colors, and that of a color the sum over all kinds, so that the
    predicted kind and color do not depend on each other.
    """

    def __init__(self, clip: Clip, kinds: list[str], colors: list[str]) -> None:
        self.kinds, self.colors, self._clip = kinds, colors, clip
        self._texts = clip.embed_texts([article(f"{color} {kind}") for kind in kinds for color in colors])

    def probabilities(self, images: Tensor) -> Tensor:
        """sRGB [B, H, H, 3] in [0, 1] -> probabilities [B, kinds, colors], which sum to 1 for each picture."""
        cosines = self._clip.embed_images(images) @ self._texts.T
        return torch.softmax(self._clip.scale * cosines, -1).view(-1, len(self.kinds), len(self.colors))

    def classify(self, images: Tensor) -> list[Prediction]:
        """Predicts kind and color of sRGB [B, H, H, 3] in [0, 1]."""
        both = self.probabilities(images)
        of_kind, of_color = both.sum(2), both.sum(1)
        return [
            Prediction(self.kinds[kind], self.colors[color], confidence)
            for kind, color, confidence in zip(
                of_kind.argmax(-1).tolist(), of_color.argmax(-1).tolist(), of_kind.amax(-1).tolist(), strict=True
            )
        ]
