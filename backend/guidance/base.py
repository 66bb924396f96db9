"""What a frozen text-to-image prior is, to score distillation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from torch import Tensor


@dataclass(frozen=True)
class Conditioning:
    """Encoded texts: hidden [B, L, D] and pooled [B, E] (or None where the model has none)."""

    hidden: Tensor
    pooled: Tensor | None

    def __getitem__(self, rows: Tensor) -> Conditioning:
        return Conditioning(self.hidden[rows], None if self.pooled is None else self.pooled[rows])


class Prior(Protocol):
    """A frozen diffusion model. `encode` has a gradient, `predict_noise` none.

    alphas_cumprod: [T], float32; alpha_t = sqrt(alphas_cumprod[t]), sigma_t = sqrt(1 - alphas_cumprod[t]).
    image_px: side of the pictures that it was made for.
    """

    name: str
    image_px: int
    alphas_cumprod: Tensor

    def view_text(self, prompt: str, azimuth: float, elevation: float, style: str) -> str:
        """The prompt as this prior wants to hear it for a camera (radians) and a style of rendering."""
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
