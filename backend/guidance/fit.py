"""Whether a model and a configuration fit into a device's memory, and what to do with when they do not.

The weights are counted exactly; what a step needs besides is estimated from shapes, with room to spare. The text encoders
have gone before the networks that look at pictures come (`families.prior`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch

from ..config.schedules import Schedule, max_value
from .families.prior import FamilyPrior

if TYPE_CHECKING:
    from ..config.settings import Settings
    from .base import Prior
    from .likeness import LikenessPrior

GIB = 1 << 30
CONTEXT = 0.8 * GIB  # the libraries' own, on a GPU
# Tensors of the first block's size that are alive at once, from the layers' structure.
ENCODER_TENSORS = 16  # forward and backward of one block; the others are computed again
ENCODER_TENSORS_KEPT = 48  # all blocks, where they are not
UNET_TENSORS = 80
TRANSFORMER_TENSORS = 24
# Bytes that one sample on a ray keeps for its gradient, twice what was counted: 105 in the grid, and in the paper's field 65
# for each unit of each block (8 octaves, 64 + 64 proposals).
GRID_SAMPLE, MLP_SAMPLE = 210, 130
GRID_CELL = 4 * 4 * 4  # four numbers, each with its gradient and two moments, in float32
SMALLEST_RENDER_PX = 128
SMALLEST_PICTURE_PX = 512


@dataclass(frozen=True)
class Need:
    """Bytes on the device. texts, pictures: weights of the text encoders, and of the denoiser with the encoder of pictures.
    step: what one step needs besides. Text encoders that do not fit are asked in main memory, so that only the others decide."""

    texts: int
    pictures: int
    step: int

    @property
    def optimizing(self) -> int:
        return self.pictures + self.step


def estimate(prior: FamilyPrior, settings: Settings) -> Need:
    """Raises UserError when the model's files are missing or damaged."""
    size = prior.dtype.itemsize
    texts = sum(prior.count(part) for part in prior.text_parts) * size
    denoiser = prior.count(prior.denoiser_part) * size
    if prior.is_offloaded:
        denoiser //= 20  # a block of it at a time
    vae = prior.count("vae") * prior.encoder_dtype.itemsize if prior.has_encoder else 0
    o = settings.optimizer
    at_once = min(o.views_at_once or o.views, o.views)
    step = at_once * (_encoding(prior) + 2 * _denoising(prior) + _rendering(settings)) + _field(settings)
    context = CONTEXT if prior.device.type == "cuda" else 0
    return Need(int(texts + context), int(denoiser + vae + context), int(step))


def _encoding(prior: FamilyPrior) -> float:
    """Of one picture, forward and back."""
    if not prior.has_encoder:
        return 0
    widths = prior.encoder_config.get("block_out_channels")
    kept = ENCODER_TENSORS if widths else ENCODER_TENSORS_KEPT
    width = (widths or prior.encoder_config["encoder_block_out_channels"])[0]
    return kept * prior.image_px**2 * int(width) * prior.encoder_dtype.itemsize


def _denoising(prior: FamilyPrior) -> float:
    """Of one picture, without a gradient."""
    config, size = prior.config, prior.dtype.itemsize
    if prior.denoiser_part == "unet":
        return UNET_TENSORS * (prior.image_px // prior.shrinks) ** 2 * int(config["block_out_channels"][0]) * size
    tokens = (prior.image_px // prior.patch_px()) ** 2 + 512
    return TRANSFORMER_TENSORS * tokens * config["num_attention_heads"] * config["attention_head_dim"] * size


def _rendering(settings: Settings) -> float:
    """Of one view at its largest, were no cell empty."""
    o, field = settings.optimizer, settings.field
    sample = GRID_SAMPLE if field.kind == "grid" else MLP_SAMPLE * field.mlp.width * field.mlp.blocks
    return max_value(o.render_px) ** 2 * o.samples * sample


def _field(settings: Settings) -> int:
    """The grid with its optimizer's state; the paper's field is small."""
    return GRID_CELL * sum(side**3 for side in settings.field.levels) if settings.field.kind == "grid" else 0


def free_bytes(device: torch.device) -> int:
    """What is free on the device now."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    if device.type == "mps":
        return int(torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory())
    import psutil

    return int(psutil.virtual_memory().available)


def savings(settings: Settings, prior: Prior | LikenessPrior) -> Iterator[tuple[str, Settings]]:
    """What can be saved, one thing on top of the other, each with the words for it. None changes the field, so a checkpoint
    goes on with any of them. Those that leave the result as it is come first.
    """
    o, g = settings.optimizer, settings.guidance
    if o.views > 1 and o.views_at_once != 1:
        settings = replace(settings, optimizer=replace(o, views_at_once=1))
        yield "one view at a time", settings
    if isinstance(prior, FamilyPrior) and prior.device.type != "cpu" and not g.offload:
        settings = replace(settings, guidance=replace(g, offload=True))
        yield "the model's weights waiting in main memory", settings
    if max_value(o.render_px) > SMALLEST_RENDER_PX:
        settings = _rendering_at_most(settings, SMALLEST_RENDER_PX)
        yield f"renders of at most {SMALLEST_RENDER_PX} pixels", settings
    if isinstance(prior, FamilyPrior) and prior.has_encoder and prior.image_px > SMALLEST_PICTURE_PX:
        settings = replace(settings, guidance=replace(settings.guidance, picture_px=SMALLEST_PICTURE_PX))
        yield f"pictures of {SMALLEST_PICTURE_PX} pixels for the model to look at", settings


def _rendering_at_most(settings: Settings, limit: int) -> Settings:
    o = settings.optimizer
    return replace(settings, optimizer=replace(o, render_px=_at_most(o.render_px, limit)))


def _at_most(schedule: Schedule, limit: float) -> Schedule:
    if isinstance(schedule, (int, float)):
        return min(schedule, limit)
    return tuple((step, min(value, limit)) for step, value in schedule)


def fitted(
    open_prior: Callable[[Settings], Prior | LikenessPrior],
    settings: Settings,
    free: Callable[[torch.device], int] = free_bytes,
) -> tuple[Settings, Prior | LikenessPrior, list[str]]:
    """Settings with which the prior fits, the prior opened with them, and what was saved, in words: nothing if it fits as
    it is. Where nothing is enough, the thriftiest settings; an estimate is no reason not to try.

    Raises:
        UserError: the model's files are missing or damaged.
    """
    prior = open_prior(settings)
    if not isinstance(prior, FamilyPrior):
        return settings, prior, []
    room = free(prior.device)
    need = estimate(prior, settings)  # also where nothing can be saved: it sees whether the files are whole
    saved: list[str] = []
    for words, thriftier in savings(settings, prior):
        if need.optimizing <= room:
            break
        settings, prior = thriftier, open_prior(thriftier)
        assert isinstance(prior, FamilyPrior)
        need = estimate(prior, settings)
        saved.append(words)
    return settings, prior, saved


def suited(settings: Settings, prior: Prior | LikenessPrior) -> Settings:
    """Renders no larger than what the model looks at: it would only see them made smaller."""
    o = settings.optimizer
    if not isinstance(prior, FamilyPrior) or max_value(o.render_px) <= prior.image_px:
        return settings
    return _rendering_at_most(settings, prior.image_px)


def gib(count: float) -> str:
    """Bytes in words, rounded up to a tenth."""
    return f"{math.ceil(10 * count / GIB) / 10:.1f} GiB"
