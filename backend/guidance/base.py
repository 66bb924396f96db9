"""The interface of frozen text-to-image models for score distillation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from .view_conditions import ViewConditions


@dataclass(frozen=True)
class Conditioning:
    """Encoded texts: hidden [B, L, D]; pooled [B, E] and mask [B, L] (1: token, 0: padding), None if the model has none.

    depth [B, 1, H, W]: depth images of the views in [0, 1], for a model with a ControlNet.
    """

    hidden: Tensor
    pooled: Tensor | None
    mask: Tensor | None = None
    depth: Tensor | None = None

    def __getitem__(self, rows: Tensor) -> Conditioning:
        return Conditioning(
            self.hidden[rows],
            None if self.pooled is None else self.pooled[rows],
            None if self.mask is None else self.mask[rows],
            None if self.depth is None else self.depth[rows],
        )

    @staticmethod
    def join(parts: Sequence[Conditioning]) -> Conditioning:
        """Concatenates the conditioning of one model along B."""

        def joined(tensors: list[Tensor | None]) -> Tensor | None:
            present = [tensor for tensor in tensors if tensor is not None]
            return torch.cat(present) if len(present) == len(tensors) else None

        return Conditioning(
            torch.cat([part.hidden for part in parts]),
            joined([part.pooled for part in parts]),
            joined([part.mask for part in parts]),
            joined([part.depth for part in parts]),
        )


class Prior(Protocol):
    """A frozen diffusion model. `encode` is differentiable, `predict_noise` is not.

    alphas_cumprod: [T], float32; alpha_t = sqrt(alphas_cumprod[t]), sigma_t = sqrt(1 - alphas_cumprod[t]). Models with another
    forward process convert to this form, see `noise_schedule.NoiseSchedule`.
    image_px: side of the pictures that the model takes.
    has_view_inputs: whether the model takes view conditions as numbers; other models only use the words of `view_text`.
    depth_px: side of the depth images that the model takes for each view, see `Conditioning`; 0: it takes none.
    runs_beside: whether another thread may compute meanwhile. Loading a part of a model with diffusers changes PyTorch's default type.
    """

    name: str
    image_px: int
    has_view_inputs: bool
    runs_beside: bool

    @property
    def depth_px(self) -> int: ...

    @property
    def coarse(self) -> Prior | None:
        """A faster model for smaller pictures of the same world, or None."""
        ...

    @property
    def alphas_cumprod(self) -> Tensor: ...

    def view_text(self, prompt: str, view: ViewConditions) -> str:
        """Returns the prompt with the words that this model uses for a view."""
        ...

    def prepare(self, prompt: str, *avoided: str) -> None:
        """Encodes all texts of a run, so that a large text encoder can be unloaded before the first step.

        `encode_text` returns the same numbers before and after.

        Args:
            avoided: the texts of `distillation.avoided_texts`.
        """
        ...

    def encode_text(self, texts: Sequence[str], views: Sequence[ViewConditions | None] | None = None) -> Conditioning:
        """Encodes texts, from `view_text` or plain.

        Args:
            views: the conditions of each text; ignored without `has_view_inputs`.
        """
        ...

    def encode(self, image: Tensor) -> Tensor:
        """sRGB [B, 3, H, W] in [0, 1] -> the variable that is diffused [B, C, h, w]."""
        ...

    def predict_noise(self, z_t: Tensor, t: Tensor, text: Conditioning) -> Tensor:
        """z_t [B, C, h, w] at integer timesteps t [B] -> epsilon [B, C, h, w], float32."""
        ...

    def prompt_notes(self, prompt: str) -> str | None:
        """Returns a message about unknown words and their replacements. None if the model uses the whole prompt."""
        ...

    def vocabulary_text(self) -> str:
        """Returns one sentence on the prompts that the model supports."""
        ...
