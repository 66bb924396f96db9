"""Bakes the painted colors into the textures of the mesh, through its own UV map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from scipy.spatial import cKDTree

from ..asset.raster import Fragments, rasterize
from ..inputs.mesh_file import double_areas
from .scene import PaintedColors
from .surface import Surface, look_up

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
MAX_TREE = 100_000  # seen texels that unseen ones take their color from
NEIGHBORS = 16
BORDER_TEXELS = 1.5  # around charts, in which a linear filter at their edges looks up
OVERLAP_TEXELS = 3.0  # two points of the surface share a texel if they are farther apart than this many texels


@dataclass(frozen=True)
class PaintedSheets:
    """pixels: the texture of each sheet, [H, W, 3] uint8 sRGB, top row first; report: counts of texels."""

    pixels: tuple[Pixels, ...]
    report: dict[str, Any]


@dataclass
class _Sheet:
    """Sums over the points of the surface that share each texel of a sheet; P = height * width."""

    colors: Floats  # [P, 3], sum
    points: Floats  # [P, 3], the first point
    count: NDArray[np.int32]  # [P]
    mask: Floats  # [P], the largest
    face: NDArray[np.int32]  # [P], of the first point, as a number of the faces of the sheet
    is_seen: NDArray[np.bool_]  # [P]
    is_shared: NDArray[np.bool_]  # [P], by distant points


@torch.no_grad()
def bake_sheets(
    surface: Surface,
    colors: PaintedColors,
    texture_px: int,
    padding_px: int,
    keeps_present: bool,
    progress: Callable[[float], None] = lambda fraction: None,
) -> PaintedSheets:
    """Bakes all sheets.

    Args:
        texture_px: side of the textures, except where a present one is kept.
        padding_px: texels beyond the borders of charts that are painted as well.
        keeps_present: whether unpainted texels keep the present color; the texture then keeps its size.
    """
    count = len(surface.sheets)
    has_area = double_areas(surface.source.uv) > 1e-12
    baked, totals = [], np.zeros(3, np.int64)
    for number, present in enumerate(surface.sheets):
        faces = np.flatnonzero((surface.source.sheet == number) & has_area)
        if not len(faces):
            baked.append(present)
            continue
        if not (keeps_present and present.size > 3):
            shape = (texture_px, texture_px)
            present = present if present.size > 3 else np.broadcast_to(present, (*shape, 3))
        else:
            shape = present.shape[:2]
        sums = _collect(surface, colors, number, faces, shape, partial(_report, progress, number, count))
        pixels, counts = _finish(sums, present, shape, padding_px, keeps_present)
        if not keeps_present:
            _extend(pixels, surface, colors, sums, faces)
        baked.append(pixels)
        totals += counts
        progress((number + 1) / count)
    texels, unseen, shared = (int(total) for total in totals)
    return PaintedSheets(
        tuple(baked),
        {
            "sheets": count,
            "texels": texels,
            "texels_unseen": unseen,
            "texels_shared": shared,
            "faces_without_uv": int((~has_area).sum()),
        },
    )


def _report(progress: Callable[[float], None], number: int, count: int, fraction: float) -> None:
    """Reports the fraction of one sheet of `count`."""
    progress((number + fraction) / count)


def _collect(
    surface: Surface,
    colors: PaintedColors,
    number: int,
    faces: NDArray[np.int64],
    shape: tuple[int, int],
    progress: Callable[[float], None],
) -> _Sheet:
    height, width = shape
    texels = height * width
    device = colors.seen.device
    sums = _Sheet(
        np.zeros((texels, 3), np.float32),
        np.zeros((texels, 3), np.float32),
        np.zeros(texels, np.int32),
        np.zeros(texels, np.float32),
        np.zeros(texels, np.int32),
        np.zeros(texels, bool),
        np.zeros(texels, bool),
    )
    uv = surface.source.uv[faces].astype(np.float64)
    flat = np.stack((uv[..., 0] * width, (1 - uv[..., 1]) * height), -1)
    corners = surface.mesh.corners[faces]
    present = torch.from_numpy(np.ascontiguousarray(surface.sheets[number])).permute(2, 0, 1)[None].float() / 255
    texel_length, done = _texel_length(corners, flat), 0
    for fragments in rasterize(flat, width, height):
        weights = fragments.weights
        points = (corners[fragments.triangle] * weights[..., None]).sum(1).astype(np.float32)
        mask = _mask_at(surface, faces[fragments.triangle], weights)
        at = np.stack(((fragments.pixel % width + 0.5) / width, 1 - (fragments.pixel // width + 0.5) / height), -1)
        before = look_up([present], torch.zeros(len(at), dtype=torch.long), torch.from_numpy(at).float())
        on_device = torch.from_numpy(points).to(device)
        painted = colors(on_device, before.to(device), torch.from_numpy(mask)[:, None].to(device)).cpu().numpy()
        seen = colors.is_seen(on_device).cpu().numpy()
        _add(sums, fragments, points, painted, mask, seen, texel_length)
        done += len(fragments.pixel)
        progress(min(0.9, done / texels))
    return sums


def _texel_length(corners: NDArray[np.float64], flat: NDArray[np.float64]) -> float:
    """Mean length of a texel on the surface, units of length."""
    p, q = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    area = np.linalg.norm(np.cross(p, q), axis=1).sum()
    return float(np.sqrt(area / max(double_areas(flat).sum(), 1e-12)))


def _mask_at(surface: Surface, faces: NDArray[np.int64], weights: Floats) -> Floats:
    if not surface.source.has_mask:
        return np.ones(len(faces), np.float32)
    mask: Floats = (surface.source.mask[faces] * weights).sum(1)
    return mask


def _add(
    sums: _Sheet,
    fragments: Fragments,
    points: Floats,
    painted: Floats,
    mask: Floats,
    seen: NDArray[np.bool_],
    texel_length: float,
) -> None:
    pixel = fragments.pixel
    here, first, index = np.unique(pixel, return_index=True, return_inverse=True)
    fresh = sums.count[here] == 0
    sums.points[here[fresh]] = points[first[fresh]]
    sums.face[here[fresh]] = fragments.triangle[first[fresh]]
    for channel in range(3):
        sums.colors[here, channel] += np.bincount(index, painted[:, channel]).astype(np.float32)
    sums.count[here] += np.bincount(index).astype(np.int32)
    np.maximum.at(sums.mask, pixel, mask)
    sums.is_seen[pixel[seen]] = True
    far = np.linalg.norm(points - sums.points[pixel], axis=1) > OVERLAP_TEXELS * texel_length
    sums.is_shared[pixel[far]] = True


def _finish(
    sums: _Sheet, present: Pixels, shape: tuple[int, int], padding_px: int, keeps_present: bool
) -> tuple[Pixels, NDArray[np.int64]]:
    """The texture of a sheet, and its numbers of texels: painted, unseen, shared."""
    covered = sums.count > 0
    colors = (sums.colors / np.maximum(sums.count, 1)[:, None]).astype(np.float32)
    unseen = covered & ~sums.is_seen & (sums.mask > 0)
    _fill_unseen(colors, sums, unseen)
    texels = (colors * 255).round().clip(0, 255).astype(np.uint8).reshape(*shape, 3)
    is_painted = (covered & (sums.mask > 0)).reshape(shape)
    counts = np.array([is_painted.sum(), unseen.sum(), (sums.is_shared & (sums.mask > 0)).sum()], np.int64)
    result = np.array(np.broadcast_to(present, (*shape, 3))) if keeps_present else texels.copy()
    result[is_painted] = texels[is_painted]
    if not covered.any():
        return result, counts
    # Beyond the borders of charts, so that filtering finds no gaps.
    distance, (rows, columns) = distance_transform_edt(~covered.reshape(shape), return_indices=True)
    beyond = ~covered.reshape(shape)
    if not keeps_present:
        result[beyond] = result[rows[beyond], columns[beyond]]
        return result, counts
    beyond &= (distance <= padding_px) & is_painted[rows, columns]
    nearest = rows[beyond], columns[beyond]
    change = result[nearest].astype(np.int16) - np.broadcast_to(present, result.shape)[nearest]
    result[beyond] = (result[beyond] + change).clip(0, 255).astype(np.uint8)
    return result, counts


def _extend(pixels: Pixels, surface: Surface, colors: PaintedColors, sums: _Sheet, faces: NDArray[np.int64]) -> None:
    """Gives the texels next to charts the color that the adjacent face would have there if it were larger.

    A filter at the edge of a chart then finds the color of the surface, as on the other side of the seam.
    """
    height, width, _ = pixels.shape
    distance, (rows, columns) = distance_transform_edt(sums.count.reshape(height, width) == 0, return_indices=True)
    y, x = np.nonzero((distance > 0) & (distance <= BORDER_TEXELS))
    nearest = rows[y, x] * width + columns[y, x]
    shown = sums.is_seen[nearest]  # the others have been filled
    y, x, face = y[shown], x[shown], faces[sums.face[nearest[shown]]]
    if not len(face):
        return
    uv = surface.source.uv[face].astype(np.float64)
    weights = _barycentric(uv, np.stack(((x + 0.5) / width, 1 - (y + 0.5) / height), -1))
    points = (surface.mesh.corners[face] * weights[..., None]).sum(1)
    on_device = torch.from_numpy(points.astype(np.float32)).to(colors.seen.device)
    exists = colors.grid.covers(on_device)
    blank = on_device.new_zeros(len(points), 3)
    painted = (255 * colors(on_device, blank, torch.ones_like(blank[:, :1]))).round().to(torch.uint8)
    kept = exists.cpu().numpy()
    pixels[y[kept], x[kept]] = painted[exists].cpu().numpy()


def _barycentric(triangles: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights [N, 3] of the corners of triangles [N, 3, 2] for points [N, 2], also outside of them."""
    origin = triangles[:, 0]
    p, q, r = triangles[:, 1] - origin, triangles[:, 2] - origin, points - origin

    def cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
        found: NDArray[np.float64] = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
        return found

    area = cross(p, q)
    second, third = cross(r, q) / area, cross(p, r) / area
    return np.stack((1 - second - third, second, third), -1)


def _fill_unseen(colors: Floats, sums: _Sheet, unseen: NDArray[np.bool_]) -> None:
    """Texels that no view has shown take the mean color of the nearest ones that were shown, weighted by their distance.

    The weights make the colors smooth in space, so that they agree at the seams of the UV map.
    """
    seen = np.flatnonzero(sums.is_seen)
    if not unseen.any() or not len(seen):
        return
    seen = seen[:: -(-len(seen) // MAX_TREE)]
    neighbors = min(NEIGHBORS, len(seen))
    distance, nearest = cKDTree(sums.points[seen]).query(sums.points[unseen], k=neighbors, workers=-1)
    distance, nearest = distance.reshape(-1, neighbors), nearest.reshape(-1, neighbors)
    # Falls to 0 at the farthest neighbor, where the choice of neighbors changes.
    weights = (1 - distance / (1.01 * distance[:, -1:] + 1e-12)) / (distance + 1e-4)
    filled = (colors[seen][nearest] * weights[..., None]).sum(1) / weights.sum(1, keepdims=True)
    share = sums.mask[unseen, None]
    colors[unseen] = colors[unseen] + share * (filled.astype(np.float32) - colors[unseen])
