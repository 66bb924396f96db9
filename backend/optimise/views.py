"""Random cameras, lights and shading for one step (paper, section 3.3, steps 1 and 2)."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ..maths.cameras import Cameras, framing_focal, orbit
from ..settings import CameraSettings, ShadingSettings
from .render import Lighting

UNLIT, SHADED, CLAY = "unlit", "shaded", "clay"  # the words for the paper's albedo, shaded and textureless renders


def _uniform(low: float, high: float, count: int, generator: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(count, generator=generator)


def draw_cameras(settings: CameraSettings, count: int, generator: torch.Generator) -> Cameras:
    """Elevation uniform in the angle with probability `by_angle`, else uniform in area; azimuth all around."""
    low, high = (math.radians(angle) for angle in settings.elevation_deg)
    by_angle = _uniform(low, high, count, generator)
    by_area = torch.asin(_uniform(math.sin(low), math.sin(high), count, generator))
    elevation = torch.where(torch.rand(count, generator=generator) < settings.by_angle, by_angle, by_area)
    azimuth = _uniform(0.0, 2 * math.pi, count, generator)
    distance = _uniform(*settings.distance, count, generator)
    fill = _uniform(*settings.fill, count, generator)
    return orbit(azimuth, elevation, distance, framing_focal(distance, settings.frame_radius, fill))


def draw_lighting(
    settings: ShadingSettings, cameras: Cameras, step: int, generator: torch.Generator
) -> tuple[Lighting, list[str]]:
    """A point light around each camera's direction, and the style of each view: unlit, shaded or clay."""
    count = len(cameras)
    direction = cameras.position + settings.light_spread * torch.randn(count, 3, generator=generator)
    reach = _uniform(*settings.light_distance, count, generator)
    light = torch.nn.functional.normalize(direction, dim=-1) * reach[:, None]
    draw = torch.rand(2, count, generator=generator)  # drawn in every step, so that the stream does not depend on it
    shaded = (draw[0] < settings.shaded) & (step >= settings.albedo_only_steps)
    clay = shaded & (draw[1] < settings.textureless)
    ambient = torch.where(shaded, settings.ambient, 1.0)
    styles = [CLAY if c else SHADED if s else UNLIT for s, c in zip(shaded.tolist(), clay.tolist(), strict=True)]
    return Lighting(light, ambient, ~clay), styles


def draw_backgrounds(count: int, generator: torch.Generator) -> Tensor:
    """One plain colour behind each view, linear light [B, 1, 1, 3]: a fixed one lets the prior paint it onto the object."""
    return torch.rand(count, 1, 1, 3, generator=generator).square()
