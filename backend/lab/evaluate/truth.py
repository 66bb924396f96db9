"""Compares pictures of a mesh with pictures of the true object from the same cameras."""

from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion

from ...maths.cameras import pixel_rays
from ...maths.color import srgb_encode
from ...maths.shading import lambert
from ..world.scene import Objects, middle_object
from ..world.tracer import normals_at, trace
from .glb_loader import load_glb
from .mesh_render import AMBIENT, BACKGROUND, cameras_around, light_beside, render_mesh

AZIMUTHS_DEG, ELEVATION_DEG, PICTURE_PX = tuple(range(0, 360, 45)), 20.0, 96
EDGE_PX = 3  # pixels inside the true silhouette in which colors and roughness are not compared

Pixels = NDArray[np.float64]


class Truth(NamedTuple):
    """Pictures of an object, sRGB [A, H, W, 3] in 0..255, and where it covers whole pixels [A, H, W]."""

    albedo: Pixels  # unlit
    geo: Pixels  # shaded, textureless
    inside: NDArray[np.bool_]

    @property
    def inner(self) -> NDArray[np.bool_]:
        """The pixels of each view without those near the silhouette."""
        return np.stack([binary_erosion(mask, iterations=EDGE_PX) for mask in self.inside])


@lru_cache(maxsize=4)
def true_pictures(kind: str, color: str) -> Truth:
    """Renders a kind with middle proportions and plain colors."""
    return pictures_of(middle_object(kind, color))


@torch.no_grad()
def pictures_of(objects: Objects) -> Truth:
    """Renders one object, lit as in `mesh_render`."""
    cameras = cameras_around(AZIMUTHS_DEG, ELEVATION_DEG)
    rays_o, rays_d = (rays.reshape(len(cameras), -1, 3) for rays in pixel_rays(cameras, 2 * PICTURE_PX))
    pictures = []
    for origins, along, light in zip(rays_o, rays_d, light_beside(cameras), strict=True):
        layers = torch.full((len(along), 7), BACKGROUND)
        hit, distance = trace(objects, origins, along, torch.zeros(len(along), dtype=torch.long))
        points = origins[hit] + distance[hit, None] * along[hit]
        owner = torch.zeros(len(points), dtype=torch.long)
        normals = normals_at(objects, points, owner)
        shading = lambert(normals, points, light.expand_as(points), torch.full((len(points), 1), AMBIENT))
        layers[:, 6] = hit.float()
        layers[hit, :3] = objects.albedo_at(points, normals, owner)
        layers[hit, 3:6] = shading.expand(-1, 3)
        pictures.append(layers.view(PICTURE_PX, 2, PICTURE_PX, 2, 7).mean((1, 3)))
    found = torch.stack(pictures)
    colors = (srgb_encode(found[..., :6].clamp(0, 1)) * 255).double().numpy()
    return Truth(colors[..., :3], colors[..., 3:], (found[..., 6] > 0.99).numpy())


def compare_with_truth(mesh: Path, kind: str, color: str) -> dict[str, float]:
    """Compares a mesh with the true object.

    Returns:
        "color error": mean difference of unlit pictures (0 to 255); "shading dB": PSNR of lit pictures without colors;
        "roughness": difference between neighboring pixels of the lit pictures, as a multiple of the true object's.
    """
    truth = true_pictures(kind, color)
    made = render_mesh(load_glb(mesh), cameras_around(AZIMUTHS_DEG, ELEVATION_DEG), PICTURE_PX)
    inner = truth.inner
    return {
        "color error": round(float(np.abs(made.albedo - truth.albedo)[inner].mean()), 2),
        "shading dB": round(_psnr(made.geo - truth.geo, truth.inside), 2),
        "roughness": round(_unevenness(made.geo.astype(float), inner) / _unevenness(truth.geo, inner), 3),
    }


def _psnr(difference: Pixels, mask: NDArray[np.bool_]) -> float:
    return -10 * math.log10(max(float(np.square(difference[mask] / 255).mean()), 1e-10))


def _unevenness(pictures: Pixels, mask: NDArray[np.bool_]) -> float:
    """Mean absolute Laplacian of gray pictures [A, H, W, 3] inside a mask."""
    gray = pictures[..., 0]
    around = sum(np.roll(gray, shift, axis) for shift in (1, -1) for axis in (1, 2))
    return max(float(np.abs(4 * gray - around)[mask].mean()), 1e-6)
