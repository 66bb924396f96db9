"""Pictures of a surface from fixed cameras, as linear functions of the colors of its voxels, and the colors that fit given pictures."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, diags_array, vstack
from scipy.sparse.linalg import LinearOperator, cg

from ..config.start_presets import FRAME_RADIUS
from ..maths.cameras import Cameras, framing_focal, orbit
from ..refine.render import rasterize_view, vertex_normals
from .scene import PaintedScene

# Every point of a simple object is in several views. The object fills them, so that its parts are as large as possible.
AZIMUTHS_DEG = (0, 60, 120, 180, 240, 300, 30, 150, 270)
ELEVATIONS_DEG = (12, 12, 12, 12, 12, 12, 50, 50, 50)
DISTANCE, FILL = 2.0, 1.0
SUBPIXELS = 4  # along a side of a pixel
BACKGROUND = 0.5  # sRGB, behind the surface and at the start
FACING_POWER = 2.0  # of the cosine at which a view sees the surface, in the weight of its pixels
SMOOTHNESS = 0.3  # weight of the squared difference of neighboring voxels
CREASE, LEAST = 0.05, 0.02  # 1 - cosine of neighboring normals that lowers this weight by e, and its lowest share
FIT_STEPS = 12  # of the conjugate gradients: the colors begin as those of the step before

Floats = NDArray[np.float32]


class FixedViews:
    """V views of `size_px` pixels along a side.

    The voxels are those of the finest level of the scene's colors, and the other levels do not count. Marks what the views show as seen.
    """

    def __init__(self, scene: PaintedScene, size_px: int) -> None:
        self.cameras, self.size_px = _cameras(), size_px
        grid = scene.colors.grid
        self.count = len(grid.levels[-1])
        parts, facing, normals = [], [], np.zeros((self.count, 3), np.float32)
        for view in range(len(self.cameras)):
            of_view = _View.of(scene, self.cameras, view, size_px)
            parts.append(of_view.matrix)
            facing.append(of_view.facing)
            normals += of_view.normals
        self.matrix: csr_array[Any, Any] = vstack(parts).tocsr()  # [V P, N]
        self.transposed: csr_array[Any, Any] = self.matrix.T.tocsr()
        self.coverage: Floats = self.matrix.sum(1).astype(np.float32)[:, None]  # [V P, 1]
        self.weight: Floats = self.coverage**2 * np.concatenate(facing)[:, None] ** np.float32(FACING_POWER)
        self.smoothing = _smoothing(grid.finest_pairs.cpu().numpy(), normals)
        self._diagonal = (self.transposed.power(2) @ self.weight) + self.smoothing.diagonal()[:, None]

    def show(self, colors: Floats) -> Floats:
        """Colors of voxels [N, 3] -> pictures [V, size_px, size_px, 3], sRGB."""
        pictures: Floats = self.matrix @ colors + (1 - self.coverage) * np.float32(BACKGROUND)
        return pictures.reshape(len(self.cameras), self.size_px, self.size_px, 3)

    def fit(self, pictures: Floats, start: Floats) -> Floats:
        """The colors [N, 3] in [0, 1] that best explain pictures [V, size_px, size_px, 3], and are smooth except at creases.

        Args:
            start: the colors from which the search begins, [N, 3].
        """
        wanted = pictures.reshape(-1, 3) - np.float32(BACKGROUND)
        size = 3 * self.count

        def apply(colors: Floats) -> Floats:
            one = colors.reshape(-1, 3)
            applied: Floats = self.transposed @ (self.weight * (self.matrix @ one)) + self.smoothing @ one
            return applied.ravel()

        def precondition(residual: Floats) -> Floats:
            scaled: Floats = residual.reshape(-1, 3) / self._diagonal
            return scaled.ravel()

        found, _ = cg(
            LinearOperator((size, size), apply, dtype=np.float32),
            (self.transposed @ (self.weight * wanted)).ravel(),
            (start - np.float32(BACKGROUND)).ravel(),
            maxiter=FIT_STEPS,
            M=LinearOperator((size, size), precondition, dtype=np.float32),
        )
        fitted: Floats = (found.reshape(-1, 3) + BACKGROUND).clip(0, 1).astype(np.float32)
        return fitted


class _View:
    """One view with P pixels.

    matrix: [P, N], share of each voxel's color in each pixel. facing: [P], mean cosine at which the surface is seen.
    normals: [N, 3], sum of the normals of what each voxel shows.
    """

    def __init__(self, matrix: csr_array[Any, Any], facing: Floats, normals: Floats) -> None:
        self.matrix, self.facing, self.normals = matrix, facing, normals

    @staticmethod
    @torch.no_grad()
    def of(scene: PaintedScene, cameras: Cameras, view: int, size_px: int) -> _View:
        vertices, faces = scene.vertices, scene.render_mesh.faces
        raster = rasterize_view(vertices, faces, cameras, view, SUBPIXELS * size_px)
        points = raster.interpolate(vertices, faces)
        normals = torch.nn.functional.normalize(raster.interpolate(vertex_normals(vertices, faces), faces), dim=-1)
        towards = torch.nn.functional.normalize(cameras.position[view].to(points) - points, dim=-1)
        cosine = (normals * towards).sum(-1, keepdim=True)
        scene.colors.mark_seen(points)
        grid = scene.colors.grid
        rows, weights = grid.voxels_at(points, len(grid.levels) - 1)
        pixels, side = size_px * size_px, SUBPIXELS * size_px
        pixel = (raster.pixel // side // SUBPIXELS) * size_px + raster.pixel % side // SUBPIXELS
        voxels, shares = rows.clamp_min(0).cpu().numpy(), weights.cpu().numpy() / SUBPIXELS**2
        at = pixel.cpu().numpy()
        shape = (pixels, len(grid.levels[-1]))
        matrix = coo_array((shares.ravel(), (at.repeat(8), voxels.ravel())), shape=shape).tocsr()
        facing = np.bincount(at, cosine[:, 0].abs().cpu().numpy(), pixels) / np.maximum(
            np.bincount(at, minlength=pixels), 1
        )
        # Both sides of a face are painted, so that the normal is the one towards the camera.
        shown = torch.where(cosine < 0, -normals, normals).cpu().numpy()
        summed = [np.bincount(voxels.ravel(), (shares * shown[:, axis, None]).ravel(), shape[1]) for axis in range(3)]
        return _View(matrix, facing.astype(np.float32), np.stack(summed, -1).astype(np.float32))


def _cameras() -> Cameras:
    azimuth, elevation = (torch.tensor([math.radians(a) for a in angles]) for angles in (AZIMUTHS_DEG, ELEVATIONS_DEG))
    distance = torch.full_like(azimuth, DISTANCE)
    return orbit(azimuth, elevation, distance, framing_focal(distance, FRAME_RADIUS, torch.full_like(azimuth, FILL)))


def _smoothing(pairs: NDArray[np.int32], normals: Floats) -> csr_array[Any, Any]:
    """The Laplacian [N, N] of the voxels, which hardly connects them across creases: there, parts and their colors end."""
    count = len(normals)
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    one, other = pairs
    bend = 1 - (normals[one] * normals[other]).sum(1)
    weight = (SMOOTHNESS * np.maximum(np.exp(-bend / CREASE), LEAST)).astype(np.float32)
    half = coo_array((weight, (one, other)), shape=(count, count))
    linked = (half + half.T).tocsr()
    # The small constant determines voxels without a view and without neighbors.
    return (diags_array(linked.sum(1) + np.float32(1e-3)) - linked).tocsr()
