"""Score distillation on plain pixels: the picture itself is the parameter (DreamFusion, section 3 and figure 2)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from .base import Prior
from .sds import Noising, as_loss, draw_noising, sds_gradient


def distil_pixels(
    prior: Prior,
    texts: list[str],
    seeds: list[int],
    guidance_scale: float = 10.0,
    steps: int = 300,
    learning_rate: float = 0.03,
    t_range: tuple[float, float] = (0.02, 0.98),
    progress: Callable[[int], None] = lambda step: None,
) -> Tensor:
    """One picture for each text, each by descent from gray along the score distillation gradient.

    What this finds are modes: smooth and saturated where guidance is high, alike from seed to seed. Sampling draws from the
    whole distribution; a field in the pictures' place adds the agreement between views.

    Args:
        texts: as the prior wants to hear them (see `Prior.view_text`).
        seeds: one for each picture.
        learning_rate: of Adam; falls to a tenth.

    Returns:
        sRGB [B, H, W, 3] in [0, 1], on the CPU.
    """
    device = prior.alphas_cumprod.device
    picture = torch.full((len(texts), 3, prior.image_px, prior.image_px), 0.5, device=device, requires_grad=True)
    adam = torch.optim.Adam([picture], lr=learning_rate)
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    text, empty = prior.encode_text(texts), prior.encode_text([""] * len(texts))
    for step in range(steps):
        adam.param_groups[0]["lr"] = learning_rate * (1 - 0.9 * step / steps)
        x = prior.encode(picture)
        # Each from a stream of its own, whatever is drawn beside it.
        drawn = [
            draw_noising(one[None], t_range, len(prior.alphas_cumprod), g)
            for one, g in zip(x.detach(), generators, strict=True)
        ]
        noising = Noising(torch.cat([one.t for one in drawn]), torch.cat([one.noise for one in drawn]))
        gradient = sds_gradient(prior, x.detach(), text, empty, noising, guidance_scale)
        adam.zero_grad()
        as_loss(x, gradient).backward()
        adam.step()
        with torch.no_grad():
            picture.clamp_(0, 1)
        progress(step + 1)
    return picture.detach().permute(0, 2, 3, 1).cpu()
