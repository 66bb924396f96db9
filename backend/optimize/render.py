"""The renderer of the grid: from a field to images. **This is the file that shades a ray.**

`render` casts a ray through every pixel, samples the field along it, shades each sample (`shade`) and accumulates the
colors by volume rendering (`compose`). `mlp_scene` samples rays in a different way and shares `shade` and `compose`.
The shading model itself is in `maths.shading`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

import torch
from torch import Tensor

from ..maths.ambient_occlusion import ambient_occlusion
from ..maths.cameras import Cameras, pixel_rays
from ..maths.color import srgb_encode
from ..maths.shading import lambert, occlude
from ..maths.volume import alpha_weights, cube_interval

HIDDEN = 1e-4  # transmittance in front of a sample below which its color has no effect
SOLID = 0.5  # opacity from which a ray counts as one that meets the surface
SHADED_WEIGHT = 0.01  # samples with a smaller weight are shaded by chance, see `select`
Occupancy = Callable[[Tensor], Tensor]  # points [N, 3] -> bool [N]


class Sampled(Protocol):
    """A field at points [N, 3]."""

    def density(self, points: Tensor) -> Tensor:
        """[N], per unit of length."""
        ...

    def albedo(self, points: Tensor) -> Tensor:
        """[N, 3], linear light."""
        ...

    def normal(self, points: Tensor) -> Tensor:
        """[N, 3], outward unit vectors."""
        ...


@dataclass(frozen=True)
class Lighting:
    """Lighting of B views.

    Attributes:
        light: [B, 3], positions of point lights.
        ambient: [B], share of ambient light. 1 means unlit: the image shows the albedo.
        textured: [B] bool. False means textureless: white albedo (paper, section 3.1).
        occlusion: whether ambient occlusion darkens lit views.
    """

    light: Tensor
    ambient: Tensor
    textured: Tensor
    occlusion: bool = False

    @staticmethod
    def unlit(count: int, device: torch.device | None = None) -> Lighting:
        return Lighting(
            torch.zeros(count, 3, device=device),
            torch.ones(count, device=device),
            torch.ones(count, dtype=torch.bool, device=device),
        )


@dataclass(frozen=True)
class Rendered:
    """Images of B views and the quantities for the regularizers.

    Attributes:
        image: [B, H, W, 3], sRGB in [0, 1].
        opacity: [B, H, W], sum of each ray's weights.
        orientation: [B, H, W], sum of weights * max(0, n . ray)^2 along each ray. The weights carry no gradient.
        penalties: additional regularizers of this kind of field, by their name in `LossSettings`. Each call computes a
            scalar, so that those with weight 0 cost nothing.
        depth: [B, 1, h, w], depth images for a model that takes them, see `guidance.base.Conditioning`.
        surface: computes the mean point of each ray's samples, [B, H, W, 3] without a gradient; NaN where opacity is low. None if
            this kind of scene does not have it.
    """

    image: Tensor
    opacity: Tensor
    orientation: Tensor
    penalties: dict[str, Callable[[], Tensor]] = field(default_factory=dict)
    depth: Tensor | None = None
    surface: Callable[[], Tensor] | None = None


def render(
    sampled: Sampled,
    is_occupied: Occupancy,
    bound: float,
    cameras: Cameras,
    lighting: Lighting,
    background: Tensor,
    size_px: int,
    samples: int,
    jitter: Tensor | None = None,
    visibility: Tensor | None = None,
    chance: Tensor | None = None,
) -> Rendered:
    """Renders B views of [size_px, size_px] pixels.

    Args:
        sampled: the field. It is evaluated only where `is_occupied` is true, and its colors and normals only at the samples of
            `select`.
        bound: half the side of the cube that contains the scene.
        background: linear light, broadcastable to [B, H, W, 3].
        samples: per ray, evenly spaced inside the cube.
        jitter: [B * H * W] in [0, 1), position of each ray's samples in their intervals; None means the center.
        visibility: from `maths.ambient_occlusion.visibility_grid`; None means no ambient occlusion.
        chance: [B * H * W] in [0, 1), see `select`.
    """
    count = len(cameras)
    rays_o, rays_d = (rays.reshape(-1, 3) for rays in pixel_rays(cameras, size_px))
    near, far = cube_interval(rays_o, rays_d, bound)
    length = (far - near).clamp_min(0) / samples
    shift = torch.full_like(near, 0.5) if jitter is None else jitter
    t = distances(near, length, shift, samples)
    points = rays_o[:, None] + t[..., None] * rays_d[:, None]
    # Only samples in occupied voxels are kept, as flat lists.
    kept = torch.nonzero((is_occupied(points.view(-1, 3)).view(t.shape) & (length[:, None] > 0)).view(-1))[:, 0]
    points = points.view(-1, 3)[kept]
    density = sampled.density(points)
    density_along_rays = torch.zeros(t.numel(), device=density.device).index_put((kept,), density).view(t.shape)
    _, weights = alpha_weights(density_along_rays, length[:, None])
    opacity = weights.sum(-1)
    share = select(weights.detach(), chance).view(-1)[kept]
    seen = torch.nonzero(share)[:, 0]
    kept, points = kept[seen], points[seen]
    weight = weights.view(-1)[kept] / share[seen]
    ray = kept // samples
    view = ray // (size_px * size_px)

    albedo = sampled.albedo(points) if lighting.textured.any() else torch.ones_like(points)
    normal = sampled.normal(points)
    color, orientation = shade(points, albedo, normal, rays_d[ray], lighting, view)
    if visibility is not None:
        occlusion = ambient_occlusion(visibility, bound, points.detach(), normal.detach())
        color = occlude(color, lighting.ambient[view, None], occlusion)
    weighted = torch.cat((color * weight[:, None], (orientation * weight.detach())[:, None]), -1)
    total = torch.zeros(len(rays_o), 4, device=density.device).index_add(0, ray, weighted)
    rendered = compose(total[:, :3], opacity, total[:, 3], background, count, size_px)
    shape = (count, size_px, size_px, 3)

    def surface() -> Tensor:
        return mean_points(rays_o, rays_d, distances(near, length, shift, samples), weights).view(shape)

    return replace(rendered, surface=surface)


def distances(near: Tensor, length: Tensor, shift: Tensor, samples: int) -> Tensor:
    """Distances of the samples along rays [R, samples].

    Args:
        near: [R], where the first interval begins.
        length: [R], of an interval.
        shift: [R] in [0, 1), position of a sample in its interval.
    """
    return near[:, None] + (torch.arange(samples, device=near.device) + shift[:, None]) * length[:, None]


@torch.no_grad()
def mean_points(rays_o: Tensor, rays_d: Tensor, t: Tensor, weights: Tensor) -> Tensor:
    """The mean point of each ray [R, 3], by the weights [R, S] of its samples at t; NaN where they sum to less than `SOLID`."""
    opacity = weights.sum(-1, keepdim=True)
    mean = (weights * t).sum(-1, keepdim=True) / opacity.clamp_min(SOLID)
    return torch.where(opacity < SOLID, math.nan, rays_o + mean * rays_d)


@torch.no_grad()
def select(weights: Tensor, chance: Tensor | None) -> Tensor:
    """Selects the samples that are shaded. Most samples are in thin fog, so that their colors hardly count.

    Args:
        weights: [R, S] of the samples along rays.
        chance: [R] in [0, 1). A sample with a weight below `SHADED_WEIGHT` is selected with the probability weight / SHADED_WEIGHT, by
            systematic sampling along its ray. None selects all that are not hidden.

    Returns:
        [R, S], the probability of each selected sample, and 0 for the others. Weights divided by it have the right expectation, and
        so have the image in linear light and its gradient.
    """
    if chance is None:
        return (weights.cumsum(-1) - weights < 1 - HIDDEN).to(weights.dtype)
    probability = (weights / SHADED_WEIGHT).clamp_max(1)
    passed = torch.cat((chance[:, None], chance[:, None] + probability.cumsum(-1)), -1).floor()
    return torch.where(passed.diff(dim=-1) > 0, probability, 0.0)


def shade(
    points: Tensor, albedo: Tensor, normal: Tensor, rays_d: Tensor, lighting: Lighting, view: Tensor
) -> tuple[Tensor, Tensor]:
    """Shades samples by diffuse reflection (paper, section 3.1).

    Args:
        points, albedo, normal, rays_d: [N, 3] of each sample; normals and ray directions are unit vectors.
        view: [N], row of `lighting` for each sample.

    Returns:
        color [N, 3] in linear light, and max(0, n . ray)^2 [N] for the orientation loss (paper, section 3.3, after
        Ref-NeRF), which is positive where a normal faces away from the camera.
    """
    reflected = lambert(normal, points, lighting.light[view], lighting.ambient[view, None])
    orientation = (normal * rays_d).sum(-1).clamp_min(0).square()
    return torch.where(lighting.textured[view, None], albedo, 1.0) * reflected, orientation


def compose(
    color: Tensor, opacity: Tensor, orientation: Tensor, background: Tensor, count: int, size_px: int
) -> Rendered:
    """Composites rays over the background: image = srgb_encode(color + (1 - opacity) * background).

    Args:
        color, opacity, orientation: sums along each ray, [B * H * W, 3], [B * H * W], [B * H * W].
        background: linear light, broadcastable to [B, H, W, 3].
        count, size_px: B, and H = W.
    """
    shape = (count, size_px, size_px)
    opacity = opacity.reshape(shape)
    image = color.view(*shape, 3) + (1 - opacity[..., None]) * background
    return Rendered(srgb_encode(image.clamp(0, 1)), opacity, orientation.view(shape))
