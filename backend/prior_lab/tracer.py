"""A batched sphere tracer: signed distance functions to pictures, in plain torch."""

from __future__ import annotations

import torch
from torch import Tensor

from ..maths.cameras import Cameras, pixel_rays
from ..maths.colour import srgb_encode
from .scene import RADIUS, Objects

_STEPS = 40
_NEAR_ENOUGH = 1.5e-3  # world units; a pixel spans about 0.02


def _trace(objects: Objects, rays_o: Tensor, rays_d: Tensor, owner: Tensor) -> tuple[Tensor, Tensor]:
    """Which rays [M] hit, and how far along. Only rays that meet the bounding sphere march, and only until they end."""
    along = -(rays_o * rays_d).sum(-1)
    gap = (rays_o + along[:, None] * rays_d).square().sum(-1)
    half_chord = ((RADIUS * 1.03) ** 2 - gap).clamp_min(0).sqrt()
    t, end = (along - half_chord).clamp_min(0), along + half_chord
    active = torch.nonzero(half_chord > 0)[:, 0]
    hit = torch.zeros(len(t), dtype=torch.bool)
    for _ in range(_STEPS):
        points = rays_o[active] + t[active, None] * rays_d[active]
        distance = objects.distances(points, owner[active]).amin(-1)
        t[active] += 0.9 * distance  # some of the functions are bounds that overshoot a little
        arrived = distance < _NEAR_ENOUGH
        hit[active[arrived]] = True
        active = active[~arrived & (t[active] < end[active])]
        if len(active) == 0:
            break
    return hit, t


def _normals(objects: Objects, points: Tensor, owner: Tensor) -> Tensor:
    """Outward normals [M, 3] from four samples at a tetrahedron's corners."""
    corners = torch.tensor([[1.0, -1, -1], [-1, -1, 1], [-1, 1, -1], [1, 1, 1]])
    normal = torch.zeros_like(points)
    for corner in corners:
        normal += corner * objects.distances(points + 2e-3 * corner, owner).amin(-1, keepdim=True)
    return torch.nn.functional.normalize(normal, dim=-1)


@torch.no_grad()
def render(
    objects: Objects,
    cameras: Cameras,
    light: Tensor,
    ambient: Tensor,
    textured: Tensor,
    background: Tensor,
    size_px: int = 64,
    supersample: int = 2,
) -> Tensor:
    """Pictures of B objects by B cameras, with the paper's shading: albedo * (diffuse of a point light + ambient).

    Args:
        light: positions of the point lights [B, 3].
        ambient: [B]; 1 is unlit (the diffuse share is 1 - ambient).
        textured: [B] bool; False replaces albedo by white.
        background: linear light [B, size_px, size_px, 3].

    Returns:
        sRGB [B, size_px, size_px, 3] in [0, 1].
    """
    fine = size_px * supersample
    rays_o, rays_d = (rays.reshape(-1, 3) for rays in pixel_rays(cameras, fine))
    owner = torch.arange(len(cameras)).repeat_interleave(fine * fine)
    hit, t = _trace(objects, rays_o, rays_d, owner)
    owner_hit = owner[hit]
    points = rays_o[hit] + t[hit, None] * rays_d[hit]
    normal = _normals(objects, points, owner_hit)
    part = objects.distances(points, owner_hit).argmin(-1)
    albedo = objects.albedo[owner_hit, part]
    albedo = torch.where(textured[owner_hit, None], albedo, 1.0)
    to_light = torch.nn.functional.normalize(light[owner_hit] - points, dim=-1)
    diffuse = (normal * to_light).sum(-1, keepdim=True).clamp_min(0)
    glow = ambient[owner_hit, None]
    image = background.repeat_interleave(supersample, 1).repeat_interleave(supersample, 2).reshape(-1, 3).clone()
    image[hit] = albedo * (glow + (1 - glow) * diffuse)
    image = image.reshape(-1, size_px, supersample, size_px, supersample, 3).mean((2, 4))
    return srgb_encode(image.clamp(0, 1))
