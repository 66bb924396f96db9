"""Named values of the whole configuration. "fast" is what the panel starts with."""

from __future__ import annotations

from .settings import (
    FieldSettings,
    GuidanceSettings,
    LossSettings,
    OptimiserSettings,
    Settings,
    ShadingSettings,
)

# Found by trial with the built-in prior on two CPU cores. Small pictures first: a quarter of the rays while the shape is
# still fog. A weak start and a strong opacity loss let holes and stems open before anything is firm.
FAST = Settings(
    shading=ShadingSettings(albedo_only_steps=60, shaded=0.7, textureless=0.45),
    field=FieldSettings(start_density=1.5),
    guidance=GuidanceSettings(guidance_scale=((0, 10.0), (150, 10.0), (300, 7.0))),
    losses=LossSettings(
        opacity=((0, 0.05), (150, 0.05), (300, 0.01)),
        orientation=((0, 1e-3), (300, 1e-2)),
        entropy=((150, 0.0), (300, 0.05)),
        total_variation=0.03,
    ),
    optimiser=OptimiserSettings(steps=300, render_px=((0, 32), (120, 32), (160, 64)), density_rate=0.025),
)

PRESETS: dict[str, Settings] = {"fast": FAST}
