"""A batched sphere tracer that renders signed distance functions, in plain torch."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ...maths.ambient_occlusion import OPAQUE, ambient_occlusion, cell_axis, visibility_grid
from ...maths.cameras import Cameras, pixel_rays
from ...maths.color import srgb_encode
from ...maths.records import select_rows
from ...maths.shading import lambert, occlude
from .scene import RADIUS, Objects

_STEPS = 48
_NEAR_ENOUGH = 1.5e-3  # world units; a pixel spans about 0.02
_GRAZING = 0.01  # distance at which a ray counts as a hit when the steps run out: it runs along the surface
_VISIBLE = 0.04  # difference between neighbors, sRGB
_AT_ONCE = 50  # objects per batch: their rays fit into the CPU cache, which is a third faster
SKY_BOUND = 0.62  # half the side of the grid for ambient occlusion


@dataclass(frozen=True)
class Shading:
    """light: positions of the point lights [B, 3]. ambient: [B]; 1 is unlit (the diffuse share is 1 - ambient). textured:
    [B] bool; False replaces the albedo by white."""

    light: Tensor
    ambient: Tensor
    textured: Tensor


def trace(objects: Objects, rays_o: Tensor, rays_d: Tensor, owner: Tensor) -> tuple[Tensor, Tensor]:
    """Returns a mask of the rays [M] that hit, and their distances. Only rays through the bounding sphere march, and only inside it."""
    along = -(rays_o * rays_d).sum(-1)
    gap = (rays_o + along[:, None] * rays_d).square().sum(-1)
    half_chord = ((RADIUS * 1.03) ** 2 - gap).clamp_min(0).sqrt()
    t, end = (along - half_chord).clamp_min(0), along + half_chord
    active = torch.nonzero(half_chord > 0)[:, 0]
    hit = torch.zeros(len(t), dtype=torch.bool, device=t.device)
    for _ in range(_STEPS):
        points = rays_o[active] + t[active, None] * rays_d[active]
        distance = objects.distances(points, owner[active]).amin(-1)
        t[active] += 0.9 * distance  # some of the functions are bounds that overshoot slightly
        arrived = distance < _NEAR_ENOUGH
        hit[active[arrived]] = True
        active = active[~arrived & (t[active] < end[active])]
        if len(active) == 0:
            break
    else:
        points = rays_o[active] + t[active, None] * rays_d[active]
        hit[active[objects.distances(points, owner[active]).amin(-1) < _GRAZING]] = True
    return hit, t


def normals_at(objects: Objects, points: Tensor, owner: Tensor) -> Tensor:
    """Computes outward normals [M, 3] from four samples at the corners of a tetrahedron."""
    corners = torch.tensor([[1.0, -1, -1], [-1, -1, 1], [-1, 1, -1], [1, 1, 1]], device=points.device)
    normal = torch.zeros_like(points)
    for corner in corners:
        normal += corner * objects.distances(points + 2e-3 * corner, owner).amin(-1, keepdim=True)
    return torch.nn.functional.normalize(normal, dim=-1)


def sky_over(objects: Objects, count: int, device: torch.device) -> Tensor:
    """[B, 4, D, H, W]: see `ambient_occlusion.visibility_grid`, of `count` objects in the cube of `SKY_BOUND`."""
    axis = cell_axis(SKY_BOUND, device)
    z, y, x = torch.meshgrid(axis, axis, axis, indexing="ij")
    points = torch.stack((x, y, z), -1).view(-1, 3)
    owner = torch.arange(count, device=device).repeat_interleave(len(points))
    distance = objects.distances(points.repeat(count, 1), owner).amin(-1)
    solid = (0.5 - distance / (axis[1] - axis[0])).clamp(0, 1)
    return visibility_grid(OPAQUE * solid.view(count, *z.shape), SKY_BOUND)


def _shade(objects: Objects, rays_o: Tensor, rays_d: Tensor, owner: Tensor, shading: Shading, sky: Tensor) -> Tensor:
    """Linear light [M, 3] along rays [M, 3]; NaN for rays that miss."""
    hit, t = trace(objects, rays_o, rays_d, owner)
    owner = owner[hit]
    points = rays_o[hit] + t[hit, None] * rays_d[hit]
    normal = normals_at(objects, points, owner)
    albedo = objects.albedo_at(points, normal, owner)
    albedo = torch.where(shading.textured[owner, None], albedo, 1.0)
    ambient = shading.ambient[owner, None]
    light = lambert(normal, points, shading.light[owner], ambient)
    light = occlude(light, ambient, ambient_occlusion(sky, SKY_BOUND, points, normal, owner))
    color = torch.full_like(rays_o, torch.nan)
    color[hit] = albedo * light
    return color


def _edges(image: Tensor) -> Tensor:
    """image [B, H, W, C] -> [B, H, W] bool: pixels that differ visibly from one of their four neighbors."""
    edges = torch.zeros(image.shape[:3], dtype=torch.bool, device=image.device)
    across = (image[:, 1:] - image[:, :-1]).abs().amax(-1) > _VISIBLE
    along = (image[:, :, 1:] - image[:, :, :-1]).abs().amax(-1) > _VISIBLE
    edges[:, 1:] |= across
    edges[:, :-1] |= across
    edges[:, :, 1:] |= along
    edges[:, :, :-1] |= along
    return edges


@torch.no_grad()
def render_layer(objects: Objects, cameras: Cameras, shading: Shading, size_px: int = 64) -> Tensor:
    """Renders B objects from B cameras with the paper's shading, albedo * (diffuse of a point light + ambient), and ambient
    occlusion.

    Traces one ray per pixel, and four more where neighbors differ.

    Returns:
        [B, size_px, size_px, 4]: linear light times alpha, and alpha, the share of the pixel covered by the object.
    """
    at_once = _AT_ONCE if cameras.position.device.type == "cpu" else len(cameras)
    parts = [slice(start, start + at_once) for start in range(0, len(cameras), at_once)]
    return torch.cat(
        [_layers(select_rows(objects, p), select_rows(cameras, p), select_rows(shading, p), size_px) for p in parts]
    )


def _layers(objects: Objects, cameras: Cameras, shading: Shading, size_px: int) -> Tensor:
    count = len(cameras)
    rays_o, rays_d = pixel_rays(cameras, size_px)
    owner = torch.arange(count, device=rays_o.device).repeat_interleave(size_px * size_px)
    sky = sky_over(objects, count, rays_o.device)
    layer = _layer(_shade(objects, rays_o.reshape(-1, 3), rays_d.reshape(-1, 3), owner, shading, sky))
    layer = layer.view(count, size_px, size_px, 4)
    edges = _edges(torch.cat((srgb_encode(layer[..., :3].clamp(0, 1)), layer[..., 3:]), -1))
    fine_o, fine_d = (
        rays.view(count, size_px, 2, size_px, 2, 3).transpose(2, 3)[edges].reshape(-1, 3)
        for rays in pixel_rays(cameras, 2 * size_px)
    )
    owner = torch.nonzero(edges)[:, 0].repeat_interleave(4)
    layer[edges] = _layer(_shade(objects, fine_o, fine_d, owner, shading, sky)).view(-1, 4, 4).mean(1)
    return layer


def _layer(color: Tensor) -> Tensor:
    """[M, 3], NaN for misses -> [M, 4]."""
    hit = ~color.isnan().any(-1, keepdim=True)
    return torch.cat((torch.where(hit, color, 0.0), hit.float()), -1)


def over(layer: Tensor, background: Tensor) -> Tensor:
    """Composites a layer [B, H, W, 4] over a background [B, H, W, 3], both in linear light -> sRGB [B, H, W, 3] in [0, 1]."""
    return srgb_encode((layer[..., :3] + (1 - layer[..., 3:]) * background).clamp(0, 1))


def render(objects: Objects, cameras: Cameras, shading: Shading, background: Tensor, size_px: int = 64) -> Tensor:
    """`render_layer` over backgrounds (linear light [B, size_px, size_px, 3]): sRGB [B, size_px, size_px, 3] in [0, 1]."""
    return over(render_layer(objects, cameras, shading, size_px), background)
