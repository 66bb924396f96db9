"""How much a prior sees in noisy pictures of the project's world, by the very way on which score distillation asks it."""

from __future__ import annotations

import torch
from torch import Tensor

from ...guidance.base import Prior

# Deviation of the noise, in deviations of what is diffused: not in timesteps, or a prior that forgets to scale its latents
# would be asked easier questions than one that does not.
NOISES = (0.25, 0.5, 1.0, 2.0, 4.0)


@torch.no_grad()
def errors(prior: Prior, pictures: Tensor, texts: list[str]) -> dict[float, float]:
    """Noise (see NOISES) -> mean square error of the picture that the prior sees, where 1 is as bad as to see nothing.

    The object that distillation finds forgives much: guidance is a difference, in which a wrong scale is a wrong step size
    and v taken for noise still points towards the prompt. Here either is an error of its own size.

    Args:
        pictures: [B, 3, H, W] in [-1, 1]; texts [B] as a family is told.
    """
    x, text = prior.encode(pictures / 2 + 0.5), prior.encode_text(texts)
    spread = (x - x.mean()).square().mean().sqrt()
    ratios = (1 / prior.alphas_cumprod - 1).sqrt()  # noise to picture, of each timestep
    generator = torch.Generator().manual_seed(0)
    found = {}
    for noisy in NOISES:
        t = (ratios / (noisy * spread)).log().abs().argmin()
        alphas_cumprod = prior.alphas_cumprod[t]
        alpha, sigma = alphas_cumprod.sqrt(), (1 - alphas_cumprod).sqrt()
        noise = torch.randn(x.shape, generator=generator)
        wrong = prior.predict_noise(alpha * x + sigma * noise, t.expand(len(x)), text) - noise
        found[noisy] = float((wrong * sigma / alpha / spread).square().mean())
    return found
