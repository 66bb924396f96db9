"""How much a prior sees in noisy pictures of the project's world, by the very way on which score distillation asks it."""

from __future__ import annotations

import torch
from torch import Tensor

from ...guidance.base import Prior

SHARES = (0.1, 0.3, 0.5, 0.7, 0.9)  # of the timesteps


@torch.no_grad()
def errors(prior: Prior, pictures: Tensor, texts: list[str]) -> dict[float, float]:
    """Share of the timesteps -> mean square error of the picture that the prior sees, where 1 is as bad as to see nothing.

    The object that distillation finds forgives much: guidance is a difference, in which a wrong scale is a wrong step size
    and v taken for noise still points towards the prompt. Here either is an error of its own size.

    Args:
        pictures: [B, 3, H, W] in [-1, 1]; texts [B] as a family is told.
    """
    x, text = prior.encode(pictures / 2 + 0.5), prior.encode_text(texts)
    spread = (x - x.mean()).square().mean()
    generator = torch.Generator().manual_seed(0)
    found = {}
    for share in SHARES:
        t = torch.full((len(x),), int(share * len(prior.alphas_cumprod)))
        alphas_cumprod = prior.alphas_cumprod[t[0]]
        alpha, sigma = alphas_cumprod.sqrt(), (1 - alphas_cumprod).sqrt()
        noise = torch.randn(x.shape, generator=generator)
        wrong = prior.predict_noise(alpha * x + sigma * noise, t, text) - noise
        found[share] = float((wrong * sigma / alpha).square().mean() / spread)
    return found
