"""What a preset means for a fixed surface."""

from __future__ import annotations

from dataclasses import replace

from ..config.settings import Settings


def for_painting(settings: Settings) -> Settings:
    """The settings of a preset without what only concerns the shape."""
    # Views without texture have no gradient. The shape cannot change, so that no regularizer of the density applies.
    return replace(
        settings,
        shading=replace(settings.shading, textureless=0.0),
        losses=replace(settings.losses, opacity=0.0, orientation=0.0, entropy=0.0, transmittance=0.0, matter=0.0),
    )
