"""Named values of the whole configuration. "fast" is what the panel starts with."""

from __future__ import annotations

from .settings import (
    GuidanceSettings,
    LossSettings,
    Settings,
    ShadingSettings,
)

# Found by trial with the built-in prior on two CPU cores.
FAST = Settings(
    shading=ShadingSettings(albedo_only_steps=60, shaded=0.7, textureless=0.45),
    guidance=GuidanceSettings(guidance_scale=10.0),
    losses=LossSettings(
        opacity=((0, 2e-3), (450, 5e-3)),
        orientation=((0, 1e-3), (450, 1e-2)),
        entropy=((150, 0.0), (450, 2e-2)),
        total_variation=1e-3,
    ),
)

PRESETS: dict[str, Settings] = {"fast": FAST}
