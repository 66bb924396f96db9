"""Measures the accuracy of the judge on held-out pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import torch

from ...guidance.clip import BATCH
from ..evaluate.confidence import proportion
from ..evaluate.zero_shot import Prediction, ZeroShotClassifier
from .augment import augment
from .held_out_images import HeldOutImages
from .images import Label

GROUPS: dict[str, Callable[[Label], bool]] = {
    "all": lambda label: True,
    # Like the prompts of `evaluate`: without a material, and with the color of the main part only.
    "plain": lambda label: label.subject.material == "plain" and label.subject.accent is None,
    "unlit": lambda label: label.style == "unlit",
    "shaded": lambda label: label.style == "shaded",
    "textureless": lambda label: not label.shows_color,
}


def classify_all(
    classifier: ZeroShotClassifier, images: HeldOutImages, is_augmented: bool, seed: int = 0
) -> list[Prediction]:
    """Classifies all pictures, optionally with the augmentation of the training."""
    predictions: list[Prediction] = []
    generator = torch.Generator().manual_seed(seed)
    for rows in torch.arange(len(images)).split(BATCH):
        batch = images.batch(rows)
        predictions += classifier.classify((augment(batch, generator) if is_augmented else batch).permute(0, 2, 3, 1))
    return predictions


def accuracy(classifier: ZeroShotClassifier, images: HeldOutImages, is_augmented: bool = False) -> dict[str, Any]:
    """Computes the shares of correct objects, colors (of pictures that show one) and both, for each of `GROUPS`.

    Returns:
        One entry for each group; "mistaken": the most frequent confusions, as "label -> prediction"; "kinds": the
        accuracy of each kind, lowest first.
    """
    pairs = list(zip(images.labels, classify_all(classifier, images, is_augmented), strict=True))
    facts: dict[str, Any] = {}
    for name, is_member in GROUPS.items():
        group = [(label, found) for label, found in pairs if is_member(label)]
        seen = [(label, found) for label, found in group if label.shows_color]
        both = [(label.subject.kind, label.color) == (found.kind, found.color) for label, found in seen]
        facts[name] = {
            "object": proportion(sum(label.subject.kind == found.kind for label, found in group), len(group)),
            "color": proportion(sum(label.color == found.color for label, found in seen), len(seen)),
            "both": proportion(sum(both), len(seen)),
        }
    kinds = Counter(f"{label.subject.kind} -> {a.kind}" for label, a in pairs if label.subject.kind != a.kind)
    colors = Counter(
        f"{label.color} -> {a.color}" for label, a in pairs if label.shows_color and label.color != a.color
    )
    facts["mistaken"] = {"objects": dict(kinds.most_common(12)), "colors": dict(colors.most_common(12))}
    right = Counter(label.subject.kind for label, found in pairs if label.subject.kind == found.kind)
    total = Counter(label.subject.kind for label, _ in pairs)
    facts["kinds"] = {
        kind: round(right[kind] / total[kind], 3) for kind in sorted(total, key=lambda k: right[k] / total[k])
    }
    return facts
