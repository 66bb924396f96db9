"""The albedo texture: what the field shows at every texel, without any light in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from ..maths.color import srgb_encode
from .raster import rasterize
from .sampling import Sampler
from .topology import Array, Mesh
from .unwrap import Unwrapped


@dataclass(frozen=True)
class Texture:
    """pixels [H, W, 3] sRGB in 8 bits, the top row first; covered [H, W]: texels on a face, before the fill."""

    pixels: NDArray[np.uint8]
    covered: NDArray[np.bool_]
    faces_without_texel: int  # too small for the center of any; they show the nearest texel


def bake_albedo(
    sampler: Sampler,
    mesh: Mesh,
    normals: Array,
    unwrapped: Unwrapped,
    texture_px: int,
    samples: int,
    depth: float,
    progress: Callable[[float], None] = lambda fraction: None,
) -> Texture:
    """Looks at the field from outside through every texel.

    Args:
        normals: [V, 3] of the mesh's vertices.
        samples: along the normal, from `depth` (in units of length) outside of the surface to as far inside.
    """
    linear = np.zeros((texture_px * texture_px, 3), np.float32)
    covered = np.zeros(texture_px * texture_px, bool)
    shown = np.zeros(len(mesh.faces), bool)
    total = max(1.0, unwrapped.utilization * texture_px**2)
    for fragments in rasterize(unwrapped.uv[unwrapped.faces] * texture_px, texture_px, texture_px):
        shown[fragments.triangle] = True
        # Neighboring faces share the centers on their edge: one answer is enough.
        pixel, first = np.unique(fragments.pixel, return_index=True)
        fresh = ~covered[pixel]
        pixel, first = pixel[fresh], first[fresh]
        corner = mesh.faces[fragments.triangle[first]]
        weights = fragments.weights[first, :, None]
        points = (mesh.vertices[corner] * weights).sum(1)
        towards = (normals[corner] * weights).sum(1)
        towards /= np.maximum(np.linalg.norm(towards, axis=1, keepdims=True), 1e-12)
        linear[pixel] = look_at_surface(sampler, points, towards, samples, depth)
        covered[pixel] = True
        progress(min(0.95, float(covered.sum()) / total))
    mask = covered.reshape(texture_px, texture_px)
    filled = fill_outside(_encode(linear).reshape(texture_px, texture_px, 3), mask)
    progress(1.0)
    return Texture(np.ascontiguousarray(filled[::-1]), mask[::-1], int((~shown).sum()))


def look_at_surface(sampler: Sampler, points: Array, normals: Array, samples: int, depth: float) -> NDArray[np.float32]:
    """points, normals [N, 3] -> albedo [N, 3] in linear light, as volume rendering would mix it along the inward normal.

    weights_i = T_i (1 - exp(-density_i step)) with T_i the light that the samples before let through: the color of the
    layer in which light is stopped, which is where the rendered color came from. Where nothing stops any, the densest
    sample counts, and the surface's own when there is none.
    """
    offsets = np.linspace(depth, -depth, samples) if samples > 1 else np.zeros(1)
    step = 2 * depth / max(samples - 1, 1)
    result = np.empty((len(points), 3), np.float32)
    portion = max(1, sampler.chunk_points // samples)
    for start in range(0, len(points), portion):
        part = slice(start, start + portion)
        along = points[part, None] + offsets[:, None] * normals[part, None]
        density, albedo = (
            values.reshape(along.shape[0], samples, -1) for values in sampler.query(along.reshape(-1, 3))
        )
        passed = np.exp(-density[..., 0] * step)
        weights = (1 - passed) * np.cumprod(np.c_[np.ones(len(along)), passed[:, :-1]], 1)
        center = np.where(offsets == offsets[samples // 2], 1e-9, 1e-12)
        weights = weights + 1e-6 * density[..., 0] / np.maximum(density.max(1), 1e-9) + center
        result[part] = (albedo * (weights / weights.sum(1, keepdims=True))[..., None]).sum(1)
    return result


def _encode(linear: NDArray[np.float32]) -> NDArray[np.uint8]:
    return (srgb_encode(torch.from_numpy(linear.clip(0, 1))) * 255).round().to(torch.uint8).numpy()


def fill_outside(pixels: NDArray[np.uint8], covered: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Texels outside of all charts take the nearest covered one's color: no filter or mip level ever meets a void."""
    if not covered.any():
        return pixels
    rows, columns = distance_transform_edt(~covered, return_distances=False, return_indices=True)
    return pixels[rows, columns]
