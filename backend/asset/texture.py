"""Bakes the unlit albedo of a field into a texture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ..maths.color import srgb_encode
from .field_sampler import FieldSampler
from .raster import fill_uncovered, rasterize
from .topology import Array, Mesh
from .unwrap import Unwrapped


@dataclass(frozen=True)
class Texture:
    """pixels [H, W, 3]: sRGB, top row first; covered [H, W]: whether the center of a texel is on a face."""

    pixels: NDArray[np.uint8]
    covered: NDArray[np.bool_]
    faces_without_texel: int  # faces too small to contain the center of a texel; they use the nearest one


def bake_albedo(
    sampler: FieldSampler,
    mesh: Mesh,
    normals: Array,
    unwrapped: Unwrapped,
    texture_px: int,
    samples: int,
    depth: float,
    progress: Callable[[float], None] = lambda fraction: None,
) -> Texture:
    """Bakes the albedo of the field at every texel.

    Args:
        normals: of the vertices of `mesh` [V, 3].
        texture_px: width and height of the texture.
        samples: number of samples along the normal, see `composite_albedo`.
        depth: distance of the first and last sample from the surface, world units.
        progress: receives a fraction from 0 to 1.
    """
    linear = np.zeros((texture_px * texture_px, 3), np.float32)
    covered = np.zeros(texture_px * texture_px, bool)
    has_texel = np.zeros(len(mesh.faces), bool)
    total = max(1.0, unwrapped.utilization * texture_px**2)
    for fragments in rasterize(unwrapped.uv[unwrapped.faces] * texture_px, texture_px, texture_px):
        has_texel[fragments.triangle] = True
        # Texel centers on a common edge belong to both faces; each texel is baked once.
        pixel, first = np.unique(fragments.pixel, return_index=True)
        fresh = ~covered[pixel]
        pixel, first = pixel[fresh], first[fresh]
        corner = mesh.faces[fragments.triangle[first]]
        weights = fragments.weights[first, :, None]
        points = (mesh.vertices[corner] * weights).sum(1)
        towards = (normals[corner] * weights).sum(1)
        towards /= np.maximum(np.linalg.norm(towards, axis=1, keepdims=True), 1e-12)
        linear[pixel] = composite_albedo(sampler, points, towards, samples, depth)
        covered[pixel] = True
        progress(min(0.95, float(covered.sum()) / total))
    mask = covered.reshape(texture_px, texture_px)
    filled = fill_uncovered(_encode(linear).reshape(texture_px, texture_px, 3), mask)
    progress(1.0)
    return Texture(np.ascontiguousarray(filled[::-1]), mask[::-1], int((~has_texel).sum()))


def composite_albedo(
    sampler: FieldSampler, points: Array, normals: Array, samples: int, depth: float
) -> NDArray[np.float32]:
    """Volume-renders the albedo along the inward normals: points, unit normals [N, 3] -> linear RGB [N, 3].

    The samples run from `depth` (world units) outside the surface to `depth` inside. Their weights are
    T_i (1 - exp(-density_i step)), where T_i is the transmittance of the samples before: the color comes from the layer
    that absorbs the light, as in the rendered views. In empty space the densest sample is used, or the one on the
    surface if all densities are 0.
    """
    offsets = np.linspace(depth, -depth, samples) if samples > 1 else np.zeros(1)
    step = 2 * depth / max(samples - 1, 1)
    result = np.empty((len(points), 3), np.float32)
    chunk = max(1, sampler.chunk_points // samples)
    for start in range(0, len(points), chunk):
        part = slice(start, start + chunk)
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
    """Linear RGB to 8-bit sRGB."""
    return (srgb_encode(torch.from_numpy(linear.clip(0, 1))) * 255).round().to(torch.uint8).numpy()
