"""Estimates whether a model and a configuration fit into a device's memory, and reduces the configuration if not.

Weights are counted exactly. The rest of a step is estimated from shapes, with a margin. Text encoders are unloaded before the
image networks are loaded (`families.prior`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch

from ..config.schedules import Schedule, max_value
from ..devices import free_bytes
from .families.prior import FamilyPrior

if TYPE_CHECKING:
    from ..config.settings import Settings
    from .base import Prior
    from .likeness import LikenessPrior

GIB = 1 << 30
CONTEXT = 0.8 * GIB  # used by the libraries on a GPU
CPU_CONTEXT = 0.4 * GIB  # by libraries that the steps load, and by copies of the field
# Tensors of the first block's size that are in memory together, from the layers' structure.
ENCODER_TENSORS = 16  # forward and backward of one block, with gradient checkpointing
ENCODER_TENSORS_KEPT = 40  # all blocks, without gradient checkpointing
UNET_TENSORS = 80
TRANSFORMER_TENSORS = 24
RESIDUAL_TENSORS = 12  # of a ControlNet, which stay in memory while the denoiser runs
HINT_TENSORS, HINT_WIDTH = 4, 16  # of the first layers of a ControlNet, at the size of the picture
# Bytes per sample on a ray that autograd keeps. Measured for the grid: 105, of which a step needs up to 1.5 times. For the paper's
# field, twice the measured 65 per unit of each block (8 octaves, 64 + 64 proposals).
GRID_SAMPLE, MLP_SAMPLE = 160, 130
# For each fine level of the grid: 352 measured, in 30 % of the samples, which is what a ball as large as the frame fills.
FINE_SAMPLE = 105
SPHERE_PIXEL = 740  # bytes that autograd keeps per pixel that the sphere fills, twice the measured value
GRID_CELL = 4 * 4 * 4  # four float32 values, each with a gradient and two moments
SMALLEST_RENDER_PX = 128
SMALLEST_PICTURE_PX = 512


@dataclass(frozen=True)
class Need:
    """Bytes on the device.

    texts: weights of the text encoders, which run on the CPU if they do not fit. pictures: weights of the denoiser and the VAE.
    step: everything else in one step.
    """

    texts: int
    pictures: int
    step: int

    @property
    def optimizing(self) -> int:
        return self.pictures + self.step


def estimate(prior: FamilyPrior, settings: Settings) -> Need:
    """Estimates the memory of a run.

    Raises:
        UserError: the model's files are missing or damaged.
    """
    size = prior.dtype.itemsize
    texts = sum(prior.count(part) for part in prior.text_parts) * size
    denoiser = (prior.count(prior.denoiser_part) + (prior.depth_control.count() if prior.depth_control else 0)) * size
    if prior.is_offloaded:
        denoiser //= 20  # one block at a time
    vae = prior.count("vae") * prior.encoder_dtype.itemsize if prior.has_encoder else 0
    o = settings.optimizer
    at_once = min(o.views_at_once or o.views, o.views)
    view = _encoding(prior) + 2 * (_denoising(prior) + _control(prior)) + _rendering(settings)
    step = at_once * view + _field(settings) + (CPU_CONTEXT if prior.device.type == "cpu" else 0)
    context = CONTEXT if prior.device.type == "cuda" else 0
    return Need(int(texts + context), int(denoiser + vae + context), int(step))


def _encoding(prior: FamilyPrior) -> float:
    """Bytes to encode one picture, forward and backward."""
    if not prior.has_encoder:
        return 0
    widths = prior.encoder_config.get("block_out_channels")
    kept = ENCODER_TENSORS if widths else ENCODER_TENSORS_KEPT
    width = (widths or prior.encoder_config["encoder_block_out_channels"])[0]
    return kept * prior.image_px**2 * int(width) * prior.encoder_dtype.itemsize


def _denoising(prior: FamilyPrior) -> float:
    """Bytes to denoise one picture, without a gradient."""
    config, size = prior.config, prior.dtype.itemsize
    if prior.denoiser_part == "unet":
        return (
            UNET_TENSORS * (prior.image_px // prior.vae_scale_factor) ** 2 * int(config["block_out_channels"][0]) * size
        )
    tokens = (prior.image_px // prior.patch_px()) ** 2 + 512
    return TRANSFORMER_TENSORS * tokens * config["num_attention_heads"] * config["attention_head_dim"] * size


def _control(prior: FamilyPrior) -> float:
    """Bytes to condition one picture on its depth image, without a gradient: what the ControlNet adds, and the image's features."""
    if prior.depth_control is None:
        return 0
    width, size = int(prior.config["block_out_channels"][0]), prior.dtype.itemsize
    latents = (prior.image_px // prior.vae_scale_factor) ** 2 * width
    return (RESIDUAL_TENSORS * latents + HINT_TENSORS * HINT_WIDTH * prior.image_px**2) * size


def _rendering(settings: Settings) -> float:
    """Bytes to render one view at the largest size, if no cell is empty."""
    o, field = settings.optimizer, settings.field
    if field.kind == "sphere":
        return max_value(o.render_px) ** 2 * SPHERE_PIXEL
    grid = GRID_SAMPLE + FINE_SAMPLE * len(field.fine_levels)
    sample = grid if field.kind == "grid" else MLP_SAMPLE * field.mlp.width * field.mlp.blocks
    return max_value(o.render_px) ** 2 * o.samples * sample


def _field(settings: Settings) -> int:
    """Bytes of the grid and its optimizer state; the paper's field is small."""
    field = settings.field
    if field.kind != "grid":
        return 0
    return GRID_CELL * (sum(side**3 for side in field.levels) + len(field.fine_levels) * (1 << field.fine_entries_log2))


def savings(settings: Settings, prior: Prior | LikenessPrior) -> Iterator[tuple[str, Settings]]:
    """Yields measures that save memory, each with a description and on top of the previous ones.

    Measures that do not change the result come first. None changes the field, so checkpoints remain valid.
    """
    o, g = settings.optimizer, settings.guidance
    if o.views > 1 and o.views_at_once != 1:
        settings = replace(settings, optimizer=replace(o, views_at_once=1))
        yield "one view at a time", settings
    if isinstance(prior, FamilyPrior) and prior.device.type != "cpu" and not g.offload:
        settings = replace(settings, guidance=replace(g, offload=True))
        yield "the model's weights in main memory", settings
    if max_value(o.render_px) > SMALLEST_RENDER_PX:
        settings = _rendering_at_most(settings, SMALLEST_RENDER_PX)
        yield f"renders of at most {SMALLEST_RENDER_PX} pixels", settings
    if isinstance(prior, FamilyPrior) and prior.has_encoder and prior.image_px > SMALLEST_PICTURE_PX:
        settings = replace(settings, guidance=replace(settings.guidance, picture_px=SMALLEST_PICTURE_PX))
        yield f"model pictures of {SMALLEST_PICTURE_PX} pixels", settings


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
    """Reduces settings until the model fits into memory.

    Returns:
        The settings, the model opened with them, and descriptions of the measures (empty if it fits). If no measure is enough,
        all of them are applied: the memory is only an estimate.

    Raises:
        UserError: the model's files are missing or damaged.
    """
    prior = open_prior(settings)
    if not isinstance(prior, FamilyPrior):
        return settings, prior, []
    available = free(prior.device)
    need = estimate(prior, settings)  # before `savings`, which may be empty: it also checks that the files are complete
    saved: list[str] = []
    for measure, reduced in savings(settings, prior):
        if need.optimizing <= available:
            break
        settings, prior = reduced, open_prior(reduced)
        assert isinstance(prior, FamilyPrior)
        need = estimate(prior, settings)
        saved.append(measure)
    return settings, prior, saved


def suited(settings: Settings, prior: Prior | LikenessPrior) -> Settings:
    """Limits the render size to the model's input size: larger renders would only be downscaled."""
    o = settings.optimizer
    if not isinstance(prior, FamilyPrior) or max_value(o.render_px) <= prior.image_px:
        return settings
    return _rendering_at_most(settings, prior.image_px)


def gib(count: float) -> str:
    """Formats bytes as GiB, rounded up to a tenth."""
    return f"{math.ceil(10 * count / GIB) / 10:.1f} GiB"
