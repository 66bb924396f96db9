"""Presets for large models on a GPU: one for any of them, and one for each family with the values that were published for it.

None was tried here: no large model's weights were at hand. Where a publication gives no value, the comment says that it is a
choice. Published runs show one view a step. Renders grow with the object from 64 to 256 pixels, where each of the grid's finest
cells (128 along a side) is two pixels wide: the 512 of those who render a finer field would cost four times the memory and show
nothing more. The pictures that a model looks at are as large as those that it was trained on.
"""

from __future__ import annotations

from dataclasses import replace

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

# Score distillation with the values of MVDream (Shi et al. 2023): guidance 50, half rescaled, and an upper end of t that
# falls from 0.98 to 0.5 over the first four fifths. Four views a step.
QUALITY = Settings(
    shading=ShadingSettings(albedo_only_steps=1000, shaded=0.75, textureless=0.3),
    field=FieldSettings(levels=(16, 32, 64, 128), prune_from=500, prune_every=50),
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
    output=OutputSettings(preview_px=256, preview_every=100, checkpoint_every=500),
)

_ONE_VIEW = replace(QUALITY, optimizer=replace(QUALITY.optimizer, views=1))
_LOW = CameraSettings(elevation_deg=(-10.0, 45.0))  # few of their training pictures look down

# MVDream's, shortened to what can befall an object.
UGLY = "ugly, blurry, pixelated, obscure, unnatural colors, poor lighting, dull, unclear, cropped, lowres, low quality, artifacts, duplicate, deformed, bad proportions"

# threestudio's configuration for Stable Diffusion: guidance 100, t from 0.02 to 0.98, w(t) = sigma_t^2, 10,000 steps. The
# fall of t's upper end to 0.5 in the second half is ProlificDreamer's (Wang et al. 2023, section 3.4); rescaling by half,
# against the colors that such a scale brings, is MVDream's.
SD = replace(
    _ONE_VIEW,
    guidance=GuidanceSettings(
        guidance_scale=100.0, t_high=((0, 0.98), (5000, 0.98), (5001, 0.5)), rescale=0.5, negative_prompt=UGLY
    ),
)

# threestudio's for SDXL differs in how low the cameras stay.
SDXL = replace(SD, camera=_LOW)

# threestudio's for DeepFloyd IF, "way better" than Stable Diffusion by its authors' word: guidance 20, the whole range of t,
# and renders of the 64 pixels that the model looks at. No negative prompt.
IF = replace(
    _ONE_VIEW,
    guidance=GuidanceSettings(guidance_scale=20.0),
    optimizer=replace(_ONE_VIEW.optimizer, render_px=64, samples=64),
)

# Rectified flow distillation (Yang et al. 2024), its configuration for Stable Diffusion 3: guidance 100, no times above 0.7 of
# the schedule, 15,000 steps. It weights the velocity's residual evenly, which is w = 1 / (1 - s) here (see `guidance.sds`):
# "uniform" is the nearest that there is.
SD3 = replace(
    _ONE_VIEW,
    camera=_LOW,
    guidance=GuidanceSettings(
        guidance_scale=100.0,
        t_high=0.7,
        rescale=0.5,  # a choice
        weighting="uniform",
        negative_prompt="unrealistic, blurry, low quality, oversaturation",
    ),
    optimizer=replace(_ONE_VIEW.optimizer, steps=15_000),
)

# A choice: nobody has published values for it. Those of Stable Diffusion 3, at half of the scale, as guidance is distilled
# into the model already.
FLUX = replace(SD3, guidance=replace(SD3.guidance, guidance_scale=50.0))

# A choice: flow matching like Stable Diffusion 3.
SANA = SD3

# A choice: Stable Diffusion's noise and latents, under a transformer.
PIXART = replace(SD, camera=_LOW)

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
