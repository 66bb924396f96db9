"""From a field to pictures: rays, samples where something may be, shading, volume rendering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..maths.cameras import Cameras, pixel_rays
from ..maths.colour import srgb_encode
from ..maths.shading import lambert
from ..maths.volume import alpha_weights, cube_interval

Query = Callable[[Tensor], tuple[Tensor, Tensor, Tensor]]  # points [N, 3] -> density, albedo, normal
Inside = Callable[[Tensor], Tensor]  # points [N, 3] -> bool [N]


@dataclass(frozen=True)
class Lighting:
    """light [B, 3]: point lights; ambient [B]: 1 is unlit; textured [B] bool: False is the paper's textureless."""

    light: Tensor
    ambient: Tensor
    textured: Tensor

    @staticmethod
    def unlit(count: int, device: torch.device | None = None) -> Lighting:
        return Lighting(
            torch.zeros(count, 3, device=device),
            torch.ones(count, device=device),
            torch.ones(count, dtype=torch.bool, device=device),
        )


@dataclass(frozen=True)
class Rendered:
    """image: sRGB [B, H, W, 3] in [0, 1]; opacity [B, H, W]; facing: sum of weights * max(0, n . ray)^2 per ray [B, H, W]."""

    image: Tensor
    opacity: Tensor
    facing: Tensor


def render(
    query: Query,
    inside: Inside,
    bound: float,
    cameras: Cameras,
    lighting: Lighting,
    background: Tensor,
    size_px: int,
    samples: int,
    generator: torch.Generator | None = None,
) -> Rendered:
    """Renders B views of [size_px, size_px] pixels.

    Args:
        background: linear light, broadcastable to [B, H, W, 3].
        samples: per ray, evenly spaced inside the cube.
        generator: jitters the samples when given; sample centres otherwise.
    """
    count = len(cameras)
    rays_o, rays_d = (rays.reshape(-1, 3) for rays in pixel_rays(cameras, size_px))
    near, far = cube_interval(rays_o, rays_d, bound)
    length = (far - near).clamp_min(0) / samples
    shift = torch.rand(len(rays_o), 1, generator=generator) if generator is not None else torch.tensor(0.5)
    t = near[:, None] + (torch.arange(samples, device=rays_o.device) + shift.to(rays_o.device)) * length[:, None]
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

    glow = lambert(normal, points, lighting.light[view], lighting.ambient[view, None])
    colour = torch.where(lighting.textured[view, None], albedo, 1.0) * glow
    # Orientation loss (paper, section 3.3, after Ref-NeRF): visible normals that face away from the camera. Its
    # weights carry no gradient.
    away = (normal * rays_d[ray]).sum(-1).clamp_min(0).square() * weight.detach()
    total = torch.zeros(len(rays_o), 4, device=density.device)
    total = total.index_add(0, ray, torch.cat((colour * weight[:, None], away[:, None]), -1))
    shape = (count, size_px, size_px)
    backdrop = background.expand(*shape, 3).reshape(-1, 3)
    image = total[:, :3] + (1 - opacity[:, None]) * backdrop
    return Rendered(srgb_encode(image.clamp(0, 1)).view(*shape, 3), opacity.view(shape), total[:, 3].view(shape))
