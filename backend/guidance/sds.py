"""The parts of score distillation (DreamFusion, section 3): noise, guidance, and the loss. Float32 throughout."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Noising:
    """Timesteps t [B] and noise [B, C, h, w] of one step."""

    t: Tensor
    noise: Tensor


def draw_timesteps(share: Tensor, t_range: tuple[float, float], timesteps: int) -> Tensor:
    """share [B], uniform in [0, 1) -> t [B], uniform in t_range (fractions of the whole chain)."""
    return ((t_range[0] + (t_range[1] - t_range[0]) * share) * timesteps).long().clamp(0, timesteps - 1)


def draw_noising(like: Tensor, t_range: tuple[float, float], timesteps: int, generator: torch.Generator) -> Noising:
    """Draws a timestep for each view, and noise with the shape of `like`."""
    t = draw_timesteps(torch.rand(len(like), generator=generator), t_range, timesteps)
    return Noising(t.to(like.device), torch.randn(like.shape, generator=generator).to(like.device))


def guided_noise(cond: Tensor, uncond: Tensor, guidance_scale: float, rescale: float = 0.0) -> Tensor:
    """Classifier-free guidance, uncond + s (cond - uncond), as in diffusers.

    The paper writes (1 + w) cond - w uncond, so s = 1 + w: its w = 100 is s = 101.

    rescale: weight of the result rescaled to the standard deviation of `cond` (Lin et al. 2023, section 3.4). It reduces the
    oversaturation at large scales.
    """
    guided = uncond + guidance_scale * (cond - uncond)
    if rescale == 0:
        return guided
    axes = tuple(range(1, cond.dim()))
    rescaled = guided * (cond.std(axes, keepdim=True) / guided.std(axes, keepdim=True).clamp_min(1e-6))
    return rescale * rescaled + (1 - rescale) * guided


def as_loss(x: Tensor, gradient: Tensor) -> Tensor:
    """Returns a scalar whose gradient with respect to x [B, ...] is `gradient` / B: half the squared distance to a fixed target."""
    target = (x - gradient).detach()
    return 0.5 * (x - target).square().sum() / len(x)
