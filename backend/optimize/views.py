"""Random cameras, lights and shading styles for one step (paper, section 3.3, steps 1 and 2)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ..config.schedules import value
from ..config.settings import CameraSettings, ShadingSettings
from ..guidance.view_conditions import SHADED, TEXTURELESS, UNLIT, ViewConditions, describe_views
from ..maths.cameras import Cameras, framing_focal, look_at, orbit
from ..maths.random_streams import RandomStreams
from ..maths.records import on_device, select_rows
from .backgrounds import draw_backgrounds
from .render import Lighting


def _uniform(low: float, high: float, count: int, generator: torch.Generator) -> Tensor:
    return low + (high - low) * torch.rand(count, generator=generator)


def draw_cameras(settings: CameraSettings, count: int, generator: torch.Generator) -> Cameras:
    """Draws cameras around the object.

    The azimuth is uniform, independent for each view or of the first of views around the object. The elevation is uniform in angle (or as `elevation_beta`) with probability `by_angle`,
    otherwise uniform in area on the sphere. `azimuth` and `elevation` of the result exclude the jitter, as in the paper's view-dependent prompts.
    """
    low, high = (math.radians(angle) for angle in settings.elevation_deg)
    share = torch.rand(count, generator=generator)
    if settings.elevation_beta is not None:
        from scipy.special import betaincinv  # the inverse of its distribution function; few presets need SciPy here

        share = torch.from_numpy(betaincinv(*settings.elevation_beta, share.double().numpy())).float()
    by_angle = low + (high - low) * share
    by_area = torch.asin(_uniform(math.sin(low), math.sin(high), count, generator))
    elevation = torch.where(torch.rand(count, generator=generator) < settings.by_angle, by_angle, by_area)
    azimuth = _uniform(0.0, 2 * math.pi, count, generator)
    if settings.azimuths == "even":
        azimuth = azimuth[0] + 2 * math.pi / count * torch.arange(count)
    distance = _uniform(*settings.distance, count, generator)
    if settings.focal is None:
        fill = _uniform(*settings.fill, count, generator)
        focal = framing_focal(distance, settings.frame_radius, fill)
    else:
        focal = _uniform(*settings.focal, count, generator)
    cameras = orbit(azimuth, elevation, distance, focal)
    if not (settings.position_jitter or settings.target_jitter or settings.up_jitter):
        return cameras
    position = cameras.position + settings.position_jitter * (2 * torch.rand(count, 3, generator=generator) - 1)
    target = settings.target_jitter * torch.randn(count, 3, generator=generator)
    up = cameras.rotation[:, :, 1] + settings.up_jitter * torch.randn(count, 3, generator=generator)
    return replace(cameras, position=position, rotation=look_at(position, target, up))


def draw_lighting(
    settings: ShadingSettings, cameras: Cameras, step: int, generator: torch.Generator
) -> tuple[Lighting, list[str]]:
    """Draws a point light near each camera's direction, and the style of each view: unlit, shaded or textureless."""
    count = len(cameras)
    direction = cameras.position + settings.light_spread * torch.randn(count, 3, generator=generator)
    reach = _uniform(*settings.light_distance, count, generator)
    light = torch.nn.functional.normalize(direction, dim=-1) * reach[:, None]
    draw = torch.rand(2, count, generator=generator)  # in every step, so that the random numbers do not depend on it
    shaded = (draw[0] < settings.shaded) & (step >= settings.albedo_only_steps)
    clay = shaded & (draw[1] < value(settings.textureless, step))
    ambient = torch.where(shaded, settings.ambient, 1.0)
    styles = [TEXTURELESS if c else SHADED if s else UNLIT for s, c in zip(shaded.tolist(), clay.tolist(), strict=True)]
    return Lighting(light, ambient, ~clay, settings.occlusion), styles


PREVIEW_FILL = 0.9  # the framed sphere's share of the width of previews


@dataclass(frozen=True)
class ViewBatch:
    """The B random views of one step.

    Attributes:
        cameras, lighting, styles: of each view.
        backgrounds: linear light, broadcastable to [B, H, W, 3].
        seeds: of each view, for the random numbers of its rendering and guidance.
        frame_radius: radius of the sphere that `ViewConditions.fill` refers to.
    """

    cameras: Cameras
    lighting: Lighting
    styles: list[str]
    backgrounds: Tensor
    seeds: list[int]
    frame_radius: float

    def select(self, rows: list[int]) -> ViewBatch:
        index = torch.tensor(rows)
        return ViewBatch(
            select_rows(self.cameras, index),
            select_rows(self.lighting, index),
            [self.styles[row] for row in rows],
            self.backgrounds[index],
            [self.seeds[row] for row in rows],
            self.frame_radius,
        )

    def conditions(self) -> list[ViewConditions]:
        return describe_views(self.cameras, self.frame_radius, self.lighting.light, self.styles)

    def random(self) -> RandomStreams:
        return RandomStreams(self.seeds)

    def to(self, device: torch.device) -> ViewBatch:
        return on_device(self, device)


def draw_views(
    cameras: CameraSettings,
    shading: ShadingSettings,
    count: int,
    step: int,
    generator: torch.Generator,
    size_px: int = 1,
) -> ViewBatch:
    """Draws `count` views for a step. size_px: size of the images, for textured backgrounds."""
    drawn = draw_cameras(cameras, count, generator)
    lighting, styles = draw_lighting(shading, drawn, step, generator)
    seeds = torch.randint(2**62, (count,), generator=generator).tolist()
    backgrounds = draw_backgrounds(count, generator, shading.backgrounds, size_px)
    return ViewBatch(drawn, lighting, styles, backgrounds, seeds, cameras.frame_radius)


def preview_view(frame_radius: float, azimuth_deg: float, elevation_deg: float, lit: bool = True) -> ViewBatch:
    """A fixed view for previews and the turntable: the camera frames the object, the light is at its upper right."""
    distance = torch.tensor([2.0])
    azimuth, elevation = (torch.tensor([math.radians(angle)]) for angle in (azimuth_deg, elevation_deg))
    camera = orbit(azimuth, elevation, distance, framing_focal(distance, frame_radius, PREVIEW_FILL))
    lighting = Lighting.unlit(1)
    if lit:
        side = camera.position + 0.6 * camera.rotation[:, :, 0] + 0.9 * camera.rotation[:, :, 1]
        lighting = Lighting(side, torch.tensor([0.25]), torch.tensor([True]))
    return ViewBatch(camera, lighting, [SHADED if lit else UNLIT], torch.full((1, 1, 1, 3), 0.2), [0], frame_radius)
