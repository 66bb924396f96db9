"""Samples pictures from a diffusion model: DDIM (Song et al. 2021) or ancestral sampling, classifier-free guidance."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn.functional import pixel_shuffle

from ...guidance.base import Conditioning, Prior
from ...guidance.sds import guided_noise
from ...guidance.view_conditions import ViewConditions

# Upper limit of eta. At 1, the first step takes the square root of a difference that is 0 or, after rounding, negative.
_JUST_BELOW_ONE = 1 - 1e-4


@torch.no_grad()
def draw_samples(
    prior: Prior,
    texts: list[str],
    seeds: list[int],
    guidance_scale: float = 4.0,
    steps: int = 25,
    rescale: float = 0.0,
    eta: float = 0.0,
    progress: Callable[[int], None] = lambda step: None,
    views: Sequence[ViewConditions | None] | None = None,
) -> Tensor:
    """Samples one picture for each text, in one batch.

    Args:
        texts, views: see `Prior.view_text` and `Prior.encode_text`.
        seeds: one for each picture, so that a picture does not depend on what else is in its batch.
        guidance_scale, rescale: as in `guidance.sds.guided_noise`; a scale of 1 is no guidance.
        eta: amount of noise added in each step; 0 is DDIM, 1 the ancestral sampling of DDPM (DDIM, equation 16).
        progress: receives the number of finished steps.

    Returns:
        sRGB [B, H, W, 3] in [0, 1], on the CPU.
    """
    from diffusers import DDIMScheduler

    alphas_cumprod = prior.alphas_cumprod.double().cpu()
    betas = 1 - alphas_cumprod / torch.cat((torch.ones(1, dtype=torch.float64), alphas_cumprod[:-1]))
    scheduler = DDIMScheduler(
        num_train_timesteps=len(betas),
        trained_betas=betas.numpy(),
        prediction_type="epsilon",
        timestep_spacing="trailing",
        clip_sample=True,
        set_alpha_to_one=True,
    )
    scheduler.set_timesteps(steps)
    blank = prior.encode(torch.zeros(1, 3, prior.image_px, prior.image_px, device=prior.alphas_cumprod.device))
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]

    def noise() -> Tensor:
        return torch.stack([torch.randn(blank.shape[1:], generator=g) for g in generators]).to(blank.device)

    x = noise()
    text, empty = prior.encode_text(texts, views), prior.encode_text([""] * len(texts))
    both = Conditioning.join((text, empty))
    for number, t in enumerate(scheduler.timesteps):
        when = torch.full((2 * len(x),), int(t), device=x.device)
        cond, uncond = prior.predict_noise(x.repeat(2, 1, 1, 1), when, both).chunk(2)
        guided = guided_noise(cond, uncond, guidance_scale, rescale)
        x = scheduler.step(guided, t, x, eta=eta * _JUST_BELOW_ONE, variance_noise=noise() if eta else None).prev_sample
        progress(number + 1)
    return _as_pictures(x)


def _as_pictures(x: Tensor) -> Tensor:
    """Patches [B, 3 p p, h, w] in [-1, 1], the space of a pixel model, -> sRGB [B, H, W, 3] in [0, 1]."""
    pixels = pixel_shuffle(x, math.isqrt(x.shape[1] // 3))
    return (pixels * 0.5 + 0.5).clamp(0, 1).permute(0, 2, 3, 1).float().cpu()
