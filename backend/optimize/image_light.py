"""Light and shadow in a reference image: found from the normals of the object, so that they do not become colors of it.

An image of a matte object is its albedo times the light that each point gets. The light of distant sources depends on the normal
only, and the second-order spherical harmonics describe it within a few percent (Ramamoorthi & Hanrahan 2001). Their nine numbers are
fitted to the image with the object's present albedo and normals. Cast shadows and highlights remain.

Albedo and light are ambiguous: each explains what the other one does not. As in methods for intrinsic images (Bell et al. 2014), an
object has few colors: similar ones count as one in the fit, so that shadows that have become colors become light again.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate

from ..maths.color import srgb_decode, srgb_encode
from .render import Lighting
from .views import ViewBatch

FAR = 1e3  # of the lights that show the normals
DARKEST = 0.15  # smallest light, as a share of the largest
STIFFNESS = 0.005  # of the fit: light is even unless the image says otherwise
BANDWIDTH, SHIFTS = 0.1, 5  # sRGB: colors that are nearer count as one; iterations of the mean shift
FITS = 3  # the second and the third one leave out cast shadows and highlights
OUTLIER = 0.1  # difference (linear light) from which a pixel counts less
BRIGHT = 0.95  # quantile of the light that shows the plain color

SMOOTH_PX = 32  # side at which an image is examined, so that noise does not count
STRIDE = 2  # distance of compared pixels
SLOPES = (0.015, 0.12)  # differences (0 to 1) that are neither plain color nor an edge
SHADED_SHARE = 0.2  # of the pixels with such differences, from which an image counts as shaded


def is_shaded(layers: NDArray[np.float32]) -> bool:
    """Whether the object of a framed image [S, S, 4] shows light and shadow: its colors change slowly almost everywhere."""
    block = layers.shape[0] // SMOOTH_PX
    small = layers.reshape(SMOOTH_PX, block, SMOOTH_PX, block, 4).mean((1, 3))
    inside = small[..., 3] > 0.99
    slopes = []
    for axis in (0, 1):
        first, last = range(SMOOTH_PX - STRIDE), range(STRIDE, SMOOTH_PX)
        one, other = np.take(small, first, axis), np.take(small, last, axis)
        both = np.take(inside, first, axis) & np.take(inside, last, axis)
        slopes.append(np.abs(one - other)[..., :3].max(-1)[both])
    found = np.concatenate(slopes)
    low, high = SLOPES
    return bool(len(found)) and float(((found > low) & (found < high)).mean()) > SHADED_SHARE


def surface_views(view: ViewBatch) -> ViewBatch:
    """Seven views from one camera in front of black: the albedo, then the light from both ends of each axis."""
    axes = torch.eye(3, device=view.backgrounds.device)
    lights = torch.cat((torch.zeros_like(axes[:1]), FAR * axes, -FAR * axes))
    count = len(lights)
    shows_albedo = torch.arange(count, device=lights.device) == 0
    row = torch.zeros(count, dtype=torch.long)
    return replace(
        view.select(row.tolist()),
        lighting=Lighting(lights, shows_albedo.float(), shows_albedo),
        backgrounds=torch.zeros(count, 1, 1, 3, device=lights.device),
    )


def light_of(images: Tensor, opacity: Tensor, seen: Tensor, coverage: Tensor) -> Tensor:
    """The light at each pixel of an image, as a share of the brightest.

    Args:
        images: [7, H, W, 3] sRGB, `surface_views` of the object; opacity [7, H, W].
        seen: [H, W, 3] sRGB, the reference image; coverage [H, W].

    Returns:
        [H, W], `DARKEST` to 1; 1 where there is no object.
    """
    solid = opacity[0] > 0.5
    used = solid & (coverage > 0.5)
    result = torch.ones_like(coverage)
    if int(used.sum()) < 4 * 9:
        return result
    layers = srgb_decode(images[:, solid]) / opacity[:, solid, None]
    normals = (layers[1:4, :, 0] - layers[4:7, :, 0]).T
    basis = _harmonics(torch.nn.functional.normalize(normals, dim=-1))
    chosen = used[solid]
    albedo, wanted = srgb_decode(_few_colors(srgb_encode(layers[0, chosen]))), srgb_decode(seen[used])
    light = (basis @ _fit(basis[chosen], albedo, wanted)).clamp_min(1e-4)
    light = (light / torch.quantile(light[chosen], BRIGHT)).clamp(DARKEST, 1.0)
    result[solid] = light
    return result


def without_light(color: Tensor, light: Tensor) -> Tensor:
    """The colors [..., 3] sRGB of an image at full light; light [...]."""
    return srgb_encode((srgb_decode(color) / light[..., None]).clamp(0, 1))


def enlarged(light: Tensor, size_px: int) -> Tensor:
    """light [H, W] -> [size_px, size_px]."""
    return interpolate(light[None, None], (size_px, size_px), mode="bilinear", align_corners=False)[0, 0]


def _fit(basis: Tensor, albedo: Tensor, wanted: Tensor) -> Tensor:
    """Coefficients [9] with albedo * (basis @ coefficients) ~ wanted; [N, 9], [N, 3], [N, 3], by robust least squares."""
    stiffness = STIFFNESS * torch.eye(9, device=basis.device, dtype=torch.float64)
    stiffness[0, 0] = 1e-6
    basis, albedo, wanted = basis.double(), albedo.double(), wanted.double()
    weight = torch.ones(len(basis), dtype=torch.float64, device=basis.device)
    found = basis.new_zeros(9)
    for _ in range(FITS):
        rows = basis * (weight * albedo.square().sum(-1))[:, None]
        right = basis * (weight * (albedo * wanted).sum(-1))[:, None]
        scale = (weight * albedo.square().sum(-1)).sum().clamp_min(1e-9)
        found = torch.linalg.solve(basis.T @ rows / scale + stiffness, right.sum(0) / scale)
        off = (albedo * (basis @ found)[:, None] - wanted).abs().amax(-1)
        weight = OUTLIER / off.clamp_min(OUTLIER)
    return found.float()


def _few_colors(colors: Tensor) -> Tensor:
    """Moves colors [N, 3] to the nearest one that is frequent, by mean shift."""
    moved = colors
    for _ in range(SHIFTS):
        near = torch.exp(-torch.cdist(moved, colors).square() / (2 * BANDWIDTH**2))
        moved = near @ colors / near.sum(1, keepdim=True)
    return moved


def _harmonics(normal: Tensor) -> Tensor:
    """The real spherical harmonics up to the second order at unit vectors [N, 3], without their constant factors: [N, 9]."""
    x, y, z = normal.unbind(-1)
    return torch.stack((torch.ones_like(x), x, y, z, x * y, y * z, z * x, x * x - y * y, 3 * z * z - 1), -1)
