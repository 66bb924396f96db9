"""Every kind in every color as texts, and their features while the judge trains."""

from __future__ import annotations

import random
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import normalize

from .captions import TEMPLATES, class_prompts
from .training_state import TrainingState


class PromptGrid:
    """Features [K, C, D] of the closed question, from one template at a time.

    There are many more class_prompts than pictures in a step, and texts move slowly: they are asked again, with a gradient,
    every `every` steps, and stand still between.
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
        fresh = self._calls % self._every == 0
        self._calls += 1
        if not fresh:
            return self._features
        tokens = rng.choice(self._tokens)
        found = embed_tokens(self._judge, tokens).view(*self._shape, -1)
        self._features = found.detach()
        return found


def embed_tokens(judge: TrainingState, tokens: Any) -> Tensor:
    """-> unit vectors [T, D], with a gradient."""
    features = judge.model.get_text_features(input_ids=tokens.input_ids, attention_mask=tokens.attention_mask)
    return normalize(features.pooler_output.float(), dim=-1)
