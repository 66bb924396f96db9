"""Presets for large models on a GPU: one for any model, and one per family with the values published for that family.

None of them has been run with the weights of a large model. Values without a publication are marked as our choice.
Published runs use one view per step. Renders grow from 64 to 256 pixels. The finest cells of the field, 512 along a side, are
half a pixel wide then. The model's input images have the size that it was trained on.
"""

from __future__ import annotations

from dataclasses import replace

from .mesh import MeshSettings
from .settings import (
    CameraSettings,
    FieldSettings,
    GuidanceSettings,
    LossSettings,
    OptimizerSettings,
    OutputSettings,
    Settings,
    ShadingSettings,
)

# Score distillation with the values of MVDream (Shi et al. 2023): guidance scale 50, rescaled by half, and an upper end of
# the timesteps that falls from 0.98 to 0.5 over the first 80% of the run. Four views per step.
QUALITY = Settings(
    shading=ShadingSettings(albedo_only_steps=1000, shaded=0.75, textureless=0.3),
    field=FieldSettings(levels=(16, 32, 64, 128), fine_levels=(256, 512), prune_from=500, prune_every=50),
    guidance=GuidanceSettings(guidance_scale=50.0, t_high=((0, 0.98), (8000, 0.5)), rescale=0.5),
    losses=LossSettings(
        opacity=((0, 1e-2), (3000, 1e-3)),
        orientation=((0, 1e-4), (5000, 1e-2)),
        entropy=((5000, 0.0), (8000, 1e-2)),
        total_variation=0.01,
    ),
    optimizer=OptimizerSettings(
        steps=10_000,
        views=4,
        render_px=((0, 64), (2000, 64), (3000, 128), (5000, 128), (6000, 256)),
        samples=128,
        density_rate=0.01,
        albedo_rate=0.01,
    ),
    mesh=MeshSettings(resolution=256, face_budget=50_000, texture_px=2048, normal_px=1024),
    output=OutputSettings(preview_px=256, preview_every=100, checkpoint_every=500),
)

_ONE_VIEW = replace(QUALITY, optimizer=replace(QUALITY.optimizer, views=1))
_LOW = CameraSettings(elevation_deg=(-10.0, 45.0))  # few training images look down

# The negative prompt of MVDream, reduced to terms that apply to objects.
UGLY = "ugly, blurry, pixelated, obscure, unnatural colors, poor lighting, dull, unclear, cropped, lowres, low quality, artifacts, duplicate, deformed, bad proportions"

# threestudio's configuration for Stable Diffusion: guidance scale 100, t from 0.02 to 0.98, w(t) = sigma_t^2, elevations
# from -10 to 45 degrees, 10,000 steps. What differs is listed in docs/research/presets-compared.md. The upper end of t drops to 0.5 in the second half as in ProlificDreamer (Wang et al. 2023, section 3.4).
# Rescaling by half, against oversaturation, is taken from MVDream.
SD = replace(
    _ONE_VIEW,
    camera=_LOW,
    guidance=GuidanceSettings(
        guidance_scale=100.0, t_high=((0, 0.98), (5000, 0.98), (5001, 0.5)), rescale=0.5, negative_prompt=UGLY
    ),
)

# Our choice, without published values: the values of Stable Diffusion.
SDXL = SD

# threestudio's configuration for DeepFloyd IF: guidance scale 20, the full range of t, no negative prompt, and renders of
# 64 pixels, the model's input size, which cannot show fine levels.
IF = replace(
    _ONE_VIEW,
    field=replace(_ONE_VIEW.field, fine_levels=()),
    mesh=MeshSettings(),
    guidance=GuidanceSettings(guidance_scale=20.0),
    optimizer=replace(_ONE_VIEW.optimizer, render_px=64, samples=64),
)

# Rectified flow distillation (Yang et al. 2024), configuration for Stable Diffusion 3: guidance scale 100, t up to 0.7,
# 15,000 steps. Its uniform weight on the velocity residual corresponds to w = 1 / (1 - s) in our notation (see
# `guidance.sds`); "uniform" is the closest weighting that we support.
SD3 = replace(
    _ONE_VIEW,
    camera=_LOW,
    guidance=GuidanceSettings(
        guidance_scale=100.0,
        t_high=0.7,
        rescale=0.5,  # our choice
        weighting="uniform",
        negative_prompt="unrealistic, blurry, low quality, oversaturation",
    ),
    optimizer=replace(_ONE_VIEW.optimizer, steps=15_000),
)

# Our choice, without published values: as Stable Diffusion 3, at half the scale because guidance is distilled into the
# model.
FLUX = replace(SD3, guidance=replace(SD3.guidance, guidance_scale=50.0))

# Our choice: flow matching, as in Stable Diffusion 3.
SANA = SD3

# Our choice: the noise schedule and latents of Stable Diffusion, with a transformer.
PIXART = SD

LARGE_PRESETS: dict[str, Settings] = {
    "quality": QUALITY,
    "sd": SD,
    "sdxl": SDXL,
    "if": IF,
    "sd3": SD3,
    "flux": FLUX,
    "sana": SANA,
    "pixart": PIXART,
}

LARGE_DESCRIPTIONS: dict[str, str] = {
    "quality": "Any large model: 10,000 steps of 4 views at up to 256 pixels; needs a GPU",
    "sd": "Stable Diffusion 1 and 2: 10,000 steps; needs a GPU",
    "sdxl": "Stable Diffusion XL: 10,000 steps; needs a GPU",
    "if": "DeepFloyd IF: 10,000 steps; needs a GPU",
    "sd3": "Stable Diffusion 3: 15,000 steps; needs a GPU",
    "flux": "FLUX: 15,000 steps; needs a GPU",
    "sana": "Sana: 15,000 steps; needs a GPU",
    "pixart": "PixArt: 10,000 steps; needs a GPU",
}
