"""How often the judge is right on pictures that it was not trained on."""

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
    # As `evaluate` asks: no material, and no part's color but the first.
    "plain": lambda label: label.subject.material == "plain" and label.subject.accent is None,
    "unlit": lambda label: label.style == "unlit",
    "shaded": lambda label: label.style == "shaded",
    "clay": lambda label: not label.shows_color,
}


def classify_all(
    question: ZeroShotClassifier, pictures: HeldOutImages, disturbed: bool, seed: int = 0
) -> list[Prediction]:
    """The answers for every picture, as it is or `disturbed` by what training does to them."""
    answers: list[Prediction] = []
    generator = torch.Generator().manual_seed(seed)
    for rows in torch.arange(len(pictures)).split(BATCH):
        batch = pictures.pictures(rows)
        answers += question.ask((augment(batch, generator) if disturbed else batch).permute(0, 2, 3, 1))
    return answers


def accuracy(question: ZeroShotClassifier, pictures: HeldOutImages, disturbed: bool = False) -> dict[str, Any]:
    """Shares of right objects, right colors (of pictures that show one), and both; for all pictures and groups of them.

    "mistaken": the most frequent confusions, as "asked -> answered".
    """
    pairs = list(zip(pictures.labels, classify_all(question, pictures, disturbed), strict=True))
    facts: dict[str, Any] = {}
    for name, belongs in GROUPS.items():
        group = [(label, answer) for label, answer in pairs if belongs(label)]
        seen = [(label, answer) for label, answer in group if label.shows_color]
        facts[name] = {
            "object": proportion(sum(label.subject.kind == answer.kind for label, answer in group), len(group)),
            "color": proportion(sum(label.color == answer.color for label, answer in seen), len(seen)),
            "both": proportion(
                sum((label.subject.kind, label.color) == (a.kind, a.color) for label, a in seen), len(seen)
            ),
        }
    kinds = Counter(f"{label.subject.kind} -> {a.kind}" for label, a in pairs if label.subject.kind != a.kind)
    colors = Counter(
        f"{label.color} -> {a.color}" for label, a in pairs if label.shows_color and label.color != a.color
    )
    facts["mistaken"] = {"objects": dict(kinds.most_common(12)), "colors": dict(colors.most_common(12))}
    right = Counter(label.subject.kind for label, answer in pairs if label.subject.kind == answer.kind)
    total = Counter(label.subject.kind for label, _ in pairs)
    facts["kinds"] = {
        kind: round(right[kind] / total[kind], 3) for kind in sorted(total, key=lambda k: right[k] / total[k])
    }
    return facts
