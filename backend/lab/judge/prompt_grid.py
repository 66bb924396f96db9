"""Text features of every kind in every color, for the classification loss."""

from __future__ import annotations

import random
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import normalize

from .captions import TEMPLATES, class_prompts
from .training_state import TrainingState


class PromptGrid:
    """Text features [K, C, D] of K kinds in C colors, from one random template at a time.

    There are many more prompts than pictures in a step, and text features change slowly. They are computed with a
    gradient every `every` steps and are constant in between.
    """

    def __init__(self, judge: TrainingState, kinds: list[str], colors: list[str], every: int) -> None:
        self._judge, self._every, self._calls = judge, every, 0
        self._shape = (len(kinds), len(colors))
        device = judge.settings.device
        self._tokens: list[Any] = [
            judge.tokenizer(class_prompts(kinds, colors, template), padding=True, return_tensors="pt").to(device)
            for template in TEMPLATES
        ]
        self._features = torch.zeros(0)

    def features(self, rng: random.Random) -> Tensor:
        """[K, C, D]: unit vectors, with a gradient if they were computed in this call."""
        is_due = self._calls % self._every == 0
        self._calls += 1
        if not is_due:
            return self._features
        tokens = rng.choice(self._tokens)
        features = embed_tokens(self._judge, tokens).view(*self._shape, -1)
        self._features = features.detach()
        return features


def embed_tokens(judge: TrainingState, tokens: Any) -> Tensor:
    """[T, D]: text features as unit vectors, with a gradient. tokens: T texts from the tokenizer."""
    features = judge.model.get_text_features(input_ids=tokens.input_ids, attention_mask=tokens.attention_mask)
    return normalize(features.pooler_output.float(), dim=-1)
