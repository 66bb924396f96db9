"""Score distillation on plain pixels: the parameters are the pixels (DreamFusion, section 3 and figure 2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from .base import Prior
from .objectives import Objective, Texts, distillation_gradient
from .sds import Noising, as_loss, draw_noising
from .view_conditions import ViewConditions


def distil_pixels(
    prior: Prior,
    texts: list[str],
    seeds: list[int],
    guidance_scale: float = 10.0,
    steps: int = 300,
    learning_rate: float = 0.03,
    t_range: tuple[float, float] = (0.02, 0.98),
    progress: Callable[[int], None] = lambda step: None,
    views: Sequence[ViewConditions | None] | None = None,
) -> Tensor:
    """Optimizes one picture for each text, from gray along the score distillation gradient.

    This finds modes, which are smooth, saturated at high guidance, and similar for all seeds; sampling covers the whole
    distribution.

    Args:
        texts, views: see `Prior.view_text` and `Prior.encode_text`.
        seeds: one for each picture.
        learning_rate: of Adam; falls linearly to a tenth.

    Returns:
        sRGB [B, H, W, 3] in [0, 1], on the CPU.
    """
    device = prior.alphas_cumprod.device
    picture = torch.full((len(texts), 3, prior.image_px, prior.image_px), 0.5, device=device, requires_grad=True)
    adam = torch.optim.Adam([picture], lr=learning_rate)
    generators = [torch.Generator().manual_seed(seed) for seed in seeds]
    text, empty = prior.encode_text(texts, views), prior.encode_text([""] * len(texts))
    for step in range(steps):
        adam.param_groups[0]["lr"] = learning_rate * (1 - 0.9 * step / steps)
        x = prior.encode(picture)
        # One random stream per picture: a picture does not depend on the rest of the batch.
        drawn = [
            draw_noising(one[None], t_range, len(prior.alphas_cumprod), g)
            for one, g in zip(x.detach(), generators, strict=True)
        ]
        noising = Noising(torch.cat([one.t for one in drawn]), torch.cat([one.noise for one in drawn]))
        gradient = distillation_gradient(
            prior, x.detach(), Texts(text, empty), noising, Objective(guidance_scale=guidance_scale)
        )
        adam.zero_grad()
        as_loss(x, gradient).backward()
        adam.step()
        with torch.no_grad():
            picture.clamp_(0, 1)
        progress(step + 1)
    return picture.detach().permute(0, 2, 3, 1).cpu()
