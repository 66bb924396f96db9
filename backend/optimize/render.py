"""From a field to pictures: rays, samples where something may be, shading, volume rendering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from ..maths.ambient_occlusion import openness
from ..maths.cameras import Cameras, pixel_rays
from ..maths.color import srgb_encode
from ..maths.shading import lambert, occlude
from ..maths.volume import alpha_weights, cube_interval

Query = Callable[[Tensor], tuple[Tensor, Tensor, Tensor]]  # points [N, 3] -> density, albedo, normal
Inside = Callable[[Tensor], Tensor]  # points [N, 3] -> bool [N]


@dataclass(frozen=True)
class Lighting:
    """light [B, 3]: point lights; ambient [B]: 1 is unlit; textured [B] bool: False is the paper's textureless. occluded:
    whether lit places are darker where they see less of the sky."""

    light: Tensor
    ambient: Tensor
    textured: Tensor
    occluded: bool = False

    @staticmethod
    def unlit(count: int, device: torch.device | None = None) -> Lighting:
        return Lighting(
            torch.zeros(count, 3, device=device),
            torch.ones(count, device=device),
            torch.ones(count, dtype=torch.bool, device=device),
        )


@dataclass(frozen=True)
class Rendered:
    """image: sRGB [B, H, W, 3] in [0, 1]; opacity [B, H, W]; facing: sum of weights * max(0, n . ray)^2 per ray [B, H, W].

    penalties: scalars that the kind of field brings along, by the name of their weight in the losses' settings; worked out
    when they are called for.
    """

    image: Tensor
    opacity: Tensor
    facing: Tensor
    penalties: dict[str, Callable[[], Tensor]] = field(default_factory=dict)


def render(
    query: Query,
    inside: Inside,
    bound: float,
    cameras: Cameras,
    lighting: Lighting,
    background: Tensor,
    size_px: int,
    samples: int,
    jitter: Tensor | None = None,
    sky: Tensor | None = None,
) -> Rendered:
    """Renders B views of [size_px, size_px] pixels.

    Args:
        sky: how open places are, see `maths.openness`, where `lighting` is occluded.
        background: linear light, broadcastable to [B, H, W, 3].
        samples: per ray, evenly spaced inside the cube.
        jitter: [B * H * W] in [0, 1), moves the samples of each ray; sample centers when None.
    """
    count = len(cameras)
    rays_o, rays_d = (rays.reshape(-1, 3) for rays in pixel_rays(cameras, size_px))
    near, far = cube_interval(rays_o, rays_d, bound)
    length = (far - near).clamp_min(0) / samples
    shift = torch.full_like(near, 0.5) if jitter is None else jitter
    t = near[:, None] + (torch.arange(samples, device=rays_o.device) + shift[:, None]) * length[:, None]
    points = rays_o[:, None] + t[..., None] * rays_d[:, None]
    kept = torch.nonzero((inside(points.view(-1, 3)).view(t.shape) & (length[:, None] > 0)).view(-1))[:, 0]
    points = points.view(-1, 3)[kept]
    ray = kept // samples
    view = ray // (size_px * size_px)

    density, albedo, normal = query(points)
    dense = torch.zeros(t.numel(), device=density.device).index_put((kept,), density).view(t.shape)
    _, weights = alpha_weights(dense, length[:, None])
    opacity = weights.sum(-1)
    weight = weights.view(-1)[kept]

    color, away = shade(points, albedo, normal, rays_d[ray], lighting, view)
    if sky is not None:
        color = occlude(color, lighting.ambient[view, None], openness(sky, bound, points.detach(), normal.detach()))
    total = torch.zeros(len(rays_o), 4, device=density.device)
    total = total.index_add(0, ray, torch.cat((color * weight[:, None], (away * weight.detach())[:, None]), -1))
    return compose(total[:, :3], opacity, total[:, 3], background, count, size_px)


def shade(
    points: Tensor, albedo: Tensor, normal: Tensor, rays_d: Tensor, lighting: Lighting, view: Tensor
) -> tuple[Tensor, Tensor]:
    """Color [N, 3] of points [N, 3] in linear light, and max(0, n . ray)^2 [N]: how much a normal faces away from the
    camera, for the orientation loss (paper, section 3.3, after Ref-NeRF), whose weights carry no gradient.

    view [N]: which row of `lighting` each point is under.
    """
    glow = lambert(normal, points, lighting.light[view], lighting.ambient[view, None])
    away = (normal * rays_d).sum(-1).clamp_min(0).square()
    return torch.where(lighting.textured[view, None], albedo, 1.0) * glow, away


def compose(color: Tensor, opacity: Tensor, facing: Tensor, background: Tensor, count: int, size_px: int) -> Rendered:
    """Rays' sums [B * H * W, ...] over the background, as pictures."""
    shape = (count, size_px, size_px)
    opacity = opacity.reshape(shape)
    image = color.view(*shape, 3) + (1 - opacity[..., None]) * background
    return Rendered(srgb_encode(image.clamp(0, 1)), opacity, facing.view(shape))
