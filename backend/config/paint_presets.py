"""What a preset means if only the colors of a given mesh are optimized."""

from __future__ import annotations

from dataclasses import replace

from .presets import DETAILED, FAST
from .schedules import scaled
from .settings import Settings
from .start_presets import FRAME_RADIUS

# Weight of the total variation with the built-in model: voxels are finer than the pixels of its pictures, and would keep noise.
SMOOTHNESS = 0.3


def _built_in(preset: Settings, steps: int) -> Settings:
    """For the built-in model, which knows unlit views, so that nothing but the albedo appears in a picture.

    Timesteps that fall from noise to detail give sharper parts than random ones (as in DreamTime, Huang et al. 2023). The
    shape already tells what is meant, so that a little guidance suffices to place the parts. Guidance makes colors too strong:
    the second half of the steps has none and fits the texture to the means of what the model expects. Its timesteps stay so
    high that the model decides, and not the present colors.
    """
    return replace(
        preset,
        shading=replace(preset.shading, shaded=0.0, textureless=0.0),
        guidance=replace(
            preset.guidance,
            guidance_scale=((0, 1.8), (0.5 * steps, 1.8), (0.6 * steps, 1.0)),
            t_low=((0, 0.85), (0.4 * steps, 0.4), (steps, 0.2)),
            t_high=((0, 0.98), (0.5 * steps, 0.9), (steps, 0.7)),
        ),
        optimizer=replace(
            preset.optimizer,
            steps=steps,
            render_px=64,
            albedo_rate=((0, 0.05), (0.6 * steps, 0.05), (steps, 0.004)),
        ),
        # A pixel of the model's pictures is two of these voxels wide. Finer ones would keep noise.
        paint=replace(preset.paint, levels=(8, 16, 32, 64)),
    )


_PAINT = {"fast": _built_in(FAST, 240), "detailed": _built_in(DETAILED, 480)}


def for_painting(name: str, preset: Settings) -> Settings:
    """The settings of a preset for a fixed surface."""
    settings = _PAINT.get(name, preset)
    # Views without texture have no gradient, and no regularizer of the density applies to a fixed shape: the total variation is
    # that of the colors. The views frame the sphere of the mesh, so that parts are where the model expects them.
    return replace(
        settings,
        camera=replace(settings.camera, frame_radius=FRAME_RADIUS),
        shading=replace(settings.shading, textureless=0.0),
        losses=replace(
            settings.losses,
            opacity=0.0,
            orientation=0.0,
            entropy=0.0,
            transmittance=0.0,
            total_variation=SMOOTHNESS if name in _PAINT else 0.0,
            matter=0.0,
            volume_every=1,  # the schedules were tuned with it
        ),
    )


def at_strength(settings: Settings) -> Settings:
    """The settings of a run with the timesteps limited to the strength, as in image-to-image."""
    guidance, strength = settings.guidance, settings.paint.strength
    return replace(
        settings,
        guidance=replace(guidance, t_low=scaled(guidance.t_low, strength), t_high=scaled(guidance.t_high, strength)),
    )
