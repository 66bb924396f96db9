"""Score distillation sampling (DreamFusion, section 3) for any `base.Prior`. Float32 throughout."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ..config.settings import Weighting
from .base import Conditioning, Prior


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


@torch.no_grad()
def sds_gradient(
    prior: Prior,
    x: Tensor,
    text: Conditioning,
    empty: Conditioning,
    noising: Noising,
    guidance_scale: float,
    rescale: float = 0.0,
    weighting: Weighting = "sigma_squared",
) -> Tensor:
    """w(t) (eps_hat - eps) at x [B, C, h, w] (equation 3): the gradient of the loss with respect to x.

    No gradient flows through the prior. w(t) is sigma_t^2 as in the paper, or 1.

    It also applies to flow matching. There z_s = (1 - s) x + s eps, and the residual is that of the velocity,
    w'(s) (u_hat - (eps - x)) (as in rectified flow distillation). Each velocity implies a noise for the same z_s,

        eps_hat = z_s + (1 - s) u_hat,    eps = z_s + (1 - s) (eps - x),

    so eps_hat - eps = (1 - s) (u_hat - (eps - x)): the same direction, with w'(s) = (1 - s) w(t). `NoiseSchedule` scales z_s to
    the z_t of this function; w(t) = sigma_t^2 is then s^2 / ((1 - s)^2 + s^2). Guidance is linear and therefore the same in
    both.
    """
    alphas_cumprod = prior.alphas_cumprod[noising.t].view(-1, 1, 1, 1)
    sigma_squared = 1 - alphas_cumprod
    z_t = alphas_cumprod.sqrt() * x + sigma_squared.sqrt() * noising.noise
    if guidance_scale == 1:  # `empty` has no effect
        guided = prior.predict_noise(z_t, noising.t, text)
    else:
        both = Conditioning.join((text, empty))
        cond, uncond = prior.predict_noise(z_t.repeat(2, 1, 1, 1), noising.t.repeat(2), both).chunk(2)
        guided = guided_noise(cond, uncond, guidance_scale, rescale)
    residual = guided - noising.noise
    return residual * sigma_squared if weighting == "sigma_squared" else residual


def as_loss(x: Tensor, gradient: Tensor) -> Tensor:
    """Returns a scalar whose gradient with respect to x [B, ...] is `gradient` / B: half the squared distance to a fixed target."""
    target = (x - gradient).detach()
    return 0.5 * (x - target).square().sum() / len(x)
