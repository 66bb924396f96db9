"""What a preset means if only the colors of a given mesh are optimized."""

from __future__ import annotations

from dataclasses import replace

from .presets import DETAILED, FAST
from .schedules import scaled
from .settings import Settings


def _built_in(preset: Settings, steps: int) -> Settings:
    """For the built-in model, which knows unlit views, so that nothing but the albedo appears in a picture.

    Timesteps that fall from noise to detail give sharper parts than random ones (as in DreamTime, Huang et al. 2023). The
    shape already tells what is meant, so that low guidance suffices, and even less at the end keeps the colors true.
    """
    return replace(
        preset,
        shading=replace(preset.shading, shaded=0.0, textureless=0.0),
        guidance=replace(
            preset.guidance,
            guidance_scale=((0, 4.0), (0.45 * steps, 4.0), (0.55 * steps, 1.2)),
            t_low=((0, 0.85), (0.6 * steps, 0.02)),
            t_high=((0, 0.98), (0.6 * steps, 0.6), (steps, 0.4)),
        ),
        optimizer=replace(
            preset.optimizer,
            steps=steps,
            render_px=64,
            albedo_rate=((0, 0.05), (0.8 * steps, 0.05), (steps, 0.005)),
        ),
        # A pixel of the model's pictures is two of these voxels wide. Finer ones would keep noise.
        paint=replace(preset.paint, levels=(8, 16, 32, 64)),
    )


_PAINT = {"fast": _built_in(FAST, 200), "detailed": _built_in(DETAILED, 400)}


def for_painting(name: str, preset: Settings) -> Settings:
    """The settings of a preset for a fixed surface."""
    settings = _PAINT.get(name, preset)
    # Views without texture have no gradient, and no regularizer of the density applies to a fixed shape.
    return replace(
        settings,
        shading=replace(settings.shading, textureless=0.0),
        losses=replace(
            settings.losses,
            opacity=0.0,
            orientation=0.0,
            entropy=0.0,
            transmittance=0.0,
            total_variation=0.0,
            matter=0.0,
        ),
    )


def at_strength(settings: Settings) -> Settings:
    """The settings of a run with the timesteps limited to the strength, as in image-to-image."""
    guidance, strength = settings.guidance, settings.paint.strength
    return replace(
        settings,
        guidance=replace(guidance, t_low=scaled(guidance.t_low, strength), t_high=scaled(guidance.t_high, strength)),
    )
