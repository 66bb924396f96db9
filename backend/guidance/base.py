"""What a frozen text-to-image prior is, to score distillation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from .judgment import Look


@dataclass(frozen=True)
class Conditioning:
    """Encoded texts: hidden [B, L, D]; pooled [B, E] and mask [B, L] (1: a token, 0: padding), or None where the model has
    none."""

    hidden: Tensor
    pooled: Tensor | None
    mask: Tensor | None = None

    def __getitem__(self, rows: Tensor) -> Conditioning:
        return Conditioning(
            self.hidden[rows],
            None if self.pooled is None else self.pooled[rows],
            None if self.mask is None else self.mask[rows],
        )

    @staticmethod
    def join(parts: Sequence[Conditioning]) -> Conditioning:
        """Those of one model, one after the other along B."""

        def joined(tensors: list[Tensor | None]) -> Tensor | None:
            there = [tensor for tensor in tensors if tensor is not None]
            return torch.cat(there) if len(there) == len(tensors) else None

        return Conditioning(
            torch.cat([part.hidden for part in parts]),
            joined([part.pooled for part in parts]),
            joined([part.mask for part in parts]),
        )


class Prior(Protocol):
    """A frozen diffusion model. `encode` has a gradient, `predict_noise` none.

    alphas_cumprod: [T], float32; alpha_t = sqrt(alphas_cumprod[t]), sigma_t = sqrt(1 - alphas_cumprod[t]). Models with another
    forward process bring it to this form by themselves, see `times.Times`.
    image_px: side of the pictures that it looks at.
    """

    name: str
    image_px: int

    @property
    def coarse(self) -> Prior | None:
        """A prior for smaller pictures of the same world, quicker to ask, where there is one."""
        ...

    @property
    def alphas_cumprod(self) -> Tensor: ...

    def view_text(self, prompt: str, look: Look) -> str:
        """The prompt as this prior wants to hear it for a view."""
        ...

    def prepare(self, prompt: str, negative_prompt: str) -> None:
        """Encodes every text that a run will need, so that a large text encoder can go before the first step. `encode_text`
        answers with the same numbers before and after."""
        ...

    def encode_text(self, texts: list[str]) -> Conditioning: ...

    def encode(self, image: Tensor) -> Tensor:
        """sRGB [B, 3, H, W] in [0, 1] -> what is diffused [B, C, h, w]."""
        ...

    def predict_noise(self, z_t: Tensor, t: Tensor, text: Conditioning) -> Tensor:
        """z_t [B, C, h, w] at integer timesteps t [B] -> epsilon [B, C, h, w], float32."""
        ...

    def remark(self, prompt: str) -> str | None:
        """What to tell the person of how the prompt was read: words that mean nothing here, and what is near them. None
        where all is understood, or the vocabulary is open."""
        ...

    def known_words_text(self) -> str:
        """One sentence on what the prior knows."""
        ...
