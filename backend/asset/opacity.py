"""Measures the opacity of a field and chooses the iso level whose surface matches it best.

All functions work on one coarse grid of densities: volume[i, j, k] samples x, y, z = -bound .. bound, both ends
included. A ray is opaque if its optical depth, the integral of the density along it, exceeds ln 2, so that at most half
of the light passes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray

from ..errors import UserError
from .field_sampler import FieldSampler
from .raster import coverage
from .topology import Array, Mesh

LN2 = float(np.log(2.0))
VIEW_PX = 96  # of the silhouettes, square
LEVELS = 40  # candidate iso levels
FAINT = 1e-3  # lower bound of the density before the logarithm
TIE = 0.002  # scores this close to the best one count as equal, and scores twice as far off do not count

EMPTY = "The result contains no solid object. Try another seed, a simpler prompt, or a preset with more steps."


@dataclass(frozen=True)
class OrthographicView:
    """An orthographic camera. frame [3, 3]: right, up and backward as rows; the image spans center [3] +- radius."""

    frame: Array
    center: Array
    radius: float


@dataclass(frozen=True)
class Silhouettes:
    """masks [K, VIEW_PX, VIEW_PX]: the silhouette of the field in each of the K views, bottom row first."""

    views: tuple[OrthographicView, ...]
    masks: NDArray[np.bool_]


@dataclass(frozen=True)
class Opacity:
    """volume [G, G, G]: densities; bound: half its side; highest [K, VIEW_PX, VIEW_PX]: greatest density per ray."""

    volume: NDArray[np.float32]
    bound: float
    silhouettes: Silhouettes
    highest: NDArray[np.float32]

    @property
    def cell(self) -> float:
        """Spacing of the grid, world units."""
        return 2 * self.bound / (len(self.volume) - 1)


def measure_opacity(
    sampler: FieldSampler, resolution: int, progress: Callable[[float], None] = lambda fraction: None
) -> Opacity:
    """Samples the field on a grid [resolution^3] and projects it along the axes and the diagonals between two axes.

    Args:
        progress: receives a fraction from 0 to 1.

    Raises:
        UserError: the field is not opaque in any view (code "empty").
    """
    volume = _sample(sampler, resolution, progress)
    bound = sampler.bound
    # At lower densities, even a ray through the whole volume is transparent. Such fog is left out of the bounding box.
    low, high = _solid_box(volume, LN2 / (2 * bound))
    corners = np.array(list(product((0, 1), repeat=3)))
    box = 2 * bound * np.where(corners, high, low) / (resolution - 1) - bound
    center = box.mean(0)
    radius = float(np.linalg.norm(box[0] - center))
    views = tuple(OrthographicView(frame, center, radius) for frame in _frames())
    depth, highest = zip(*(_project(volume, bound, view) for view in views), strict=True)
    masks = np.stack(depth) > LN2
    if not masks.any():
        raise UserError(EMPTY, "empty")
    return Opacity(volume, bound, Silhouettes(views, masks), np.stack(highest))


def choose_iso_level(opacity: Opacity, progress: Callable[[float], None] = lambda fraction: None) -> float:
    """Chooses the density whose iso surface matches the field best in its silhouettes and in its depths along the axes.

    Silhouettes alone cannot detect a cavity that is filled with fog. The depth at which half of the light is absorbed
    can.
    """
    masks = opacity.silhouettes.masks
    top = float(opacity.highest[masks].max())
    bottom = max(LN2 / (2 * opacity.silhouettes.views[0].radius), 1e-3 * top)
    levels = np.geomspace(min(bottom, 0.5 * top), 0.95 * top, LEVELS)
    overlap = np.array([mean_iou(opacity.highest > level, masks) for level in levels])
    score = overlap - _depth_errors(opacity, levels, overlap > overlap.max() - 0.2, progress)
    # The mean of the best levels, with weights that fall to 0: rounding cannot move it from one level to the next.
    weights = np.clip(2 - (score.max() - score) / TIE, 0, 1)
    return float(np.exp(np.average(np.log(levels), weights=weights)))


def mean_iou(masks: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Intersection over union of two sets of masks [K, H, W], averaged over the views in which either is not empty."""
    union = (masks | truth).sum((1, 2))
    seen = union > 0
    return float(((masks & truth).sum((1, 2))[seen] / union[seen]).mean()) if seen.any() else 0.0


def mesh_silhouettes(mesh: Mesh, views: tuple[OrthographicView, ...]) -> NDArray[np.bool_]:
    """[K, VIEW_PX, VIEW_PX]: silhouettes of the mesh in the views, bottom row first."""
    masks = []
    for view in views:
        flat = (mesh.corners - view.center) @ view.frame[:2].T
        masks.append(coverage((flat / view.radius + 1) * (VIEW_PX / 2), VIEW_PX, VIEW_PX))
    return np.stack(masks)


def _sample(sampler: FieldSampler, resolution: int, progress: Callable[[float], None]) -> NDArray[np.float32]:
    """[resolution, resolution, resolution]: densities, x slowest."""
    axis = np.linspace(-sampler.bound, sampler.bound, resolution)
    volume = np.empty((resolution,) * 3, np.float32)
    slab = max(1, sampler.chunk_points // resolution**2)
    for start in range(0, resolution, slab):
        progress(start / resolution)
        grid = np.stack(np.meshgrid(axis[start : start + slab], axis, axis, indexing="ij"), -1)
        volume[start : start + slab] = sampler.density(grid.reshape(-1, 3)).reshape(grid.shape[:3])
    return volume


def _solid_box(volume: NDArray[np.float32], threshold: float) -> tuple[Array, Array]:
    """Two corners [3] of the box around all densities above the threshold, with a margin of one cell, in cells of the volume.

    Between two samples, the logarithm of the density is interpolated. A tiny change of the field moves the box only a little.

    Raises:
        UserError: no density is above the threshold (code "empty").
    """
    last = len(volume) - 1
    low, high = np.empty(3), np.empty(3)
    for axis in range(3):
        profile = np.log(np.maximum(volume.max(tuple({0, 1, 2} - {axis})), FAINT) / threshold)
        if not (profile > 0).any():
            raise UserError(EMPTY, "empty")
        low[axis] = _first_above_zero(profile) - 1
        high[axis] = last - _first_above_zero(profile[::-1]) + 1
    return low.clip(0), high.clip(None, last)


def _first_above_zero(values: Array) -> float:
    """The interpolated index at which `values` [N] exceed 0 for the first time."""
    first = int(np.argmax(values > 0))
    return first - float(values[first] / (values[first] - values[first - 1])) if first else 0.0


def _frames() -> list[Array]:
    """Right, up and backward vectors of the views along the three axes and the six diagonals between two of them."""
    frames = []
    for backward in (
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
        (1, 1, 0),
        (1, -1, 0),
        (1, 0, 1),
        (1, 0, -1),
        (0, 1, 1),
        (0, 1, -1),
    ):
        back = np.array(backward) / np.linalg.norm(backward)
        up = np.eye(3)[0 if backward[2] == 1 and not any(backward[:2]) else 2]
        right = np.cross(up, back)
        right /= np.linalg.norm(right)
        frames.append(np.stack((right, np.cross(back, right), back)))
    return frames


def _project(
    volume: NDArray[np.float32], bound: float, view: OrthographicView
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Optical depth and highest density along every ray of a view, both [VIEW_PX, VIEW_PX]."""
    step = 2 * bound / (len(volume) - 1)
    count = int(np.ceil(2 * view.radius / step))
    along = (np.arange(count) + 0.5) * (2 * view.radius / count) - view.radius
    across = ((np.arange(VIEW_PX) + 0.5) / VIEW_PX * 2 - 1) * view.radius
    right, up, back = (torch.as_tensor(row, dtype=torch.float32) for row in view.frame / bound)
    grid = torch.as_tensor(view.center / bound, dtype=torch.float32)
    for steps, direction in ((along, back), (across, up), (across, right)):
        grid = grid[..., None, :] + torch.as_tensor(steps, dtype=torch.float32)[:, None] * direction
    # Densities grow exponentially, so their logarithm is interpolated. grid_sample expects x as the last axis.
    logarithm = torch.as_tensor(np.ascontiguousarray(volume.transpose(2, 1, 0))).clamp_min(FAINT).log()[None, None]
    samples = torch.nn.functional.grid_sample(logarithm, grid[None], align_corners=True, padding_mode="border")[
        0, 0
    ].exp()
    samples *= (grid.abs() <= 1).all(-1)
    return (samples.sum(0) * (2 * view.radius / count)).numpy(), samples.amax(0).numpy()


def _depth_errors(
    opacity: Opacity, levels: Array, candidates: NDArray[np.bool_], progress: Callable[[float], None]
) -> Array:
    """[L]: mean distance between the depth at which half of the light is absorbed and the surface of each level.

    Measured from both sides along the axes, relative to the object's size. Levels that are not `candidates` [L] get
    infinity.
    """
    volume, size = opacity.volume, 2 * opacity.silhouettes.views[0].radius / opacity.cell
    total, rays = np.zeros(len(levels)), np.zeros(len(levels))
    for side, (axis, flip) in enumerate(product(range(3), (False, True))):
        progress(side / 6)
        seen = np.moveaxis(volume, axis, 0)
        seen = seen[::-1] if flip else seen
        passed = np.cumsum(seen, axis=0) * opacity.cell > LN2
        opaque, half = passed[-1], passed.argmax(0)
        for index in np.flatnonzero(candidates):
            dense = seen > levels[index]
            both = opaque & dense.any(0)
            total[index] += np.abs(dense.argmax(0) - half)[both].sum()
            rays[index] += both.sum()
    return np.where(candidates & (rays > 0), total / np.maximum(rays, 1) / size, np.inf)
