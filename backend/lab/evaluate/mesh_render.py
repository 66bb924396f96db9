"""Renders of textured meshes with the paper's shading, in numpy alone: triangles, a depth buffer, a point light."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from ...asset.raster import rasterize
from ...maths.cameras import Cameras, framing_focal, orbit
from ...maths.color import srgb_encode
from .glb_loader import RADIUS, Floats, Primitive

AMBIENT = 0.1  # with 0.9 of diffuse light (DreamFusion, section 3.2)
BACKGROUND = 0.25  # linear light; about the middle of the sRGB scale
DISTANCE, FILL = 2.2, 0.9
SUPERSAMPLE = 2
_LIGHT = (0.5, 0.8)  # right of the camera and above it, in units of length


def cameras_around(azimuths_deg: Sequence[float], elevation_deg: float) -> Cameras:
    """Cameras [A] that frame the sphere of `glb.RADIUS`."""
    azimuth = torch.deg2rad(torch.tensor(list(azimuths_deg), dtype=torch.float32))
    distance = torch.full_like(azimuth, DISTANCE)
    elevation = torch.full_like(azimuth, math.radians(elevation_deg))
    return orbit(azimuth, elevation, distance, framing_focal(distance, RADIUS, FILL))


class Renders(NamedTuple):
    """The three kinds of renders of the paper's figure 6: uint8 sRGB [A, H, W, 3] each. "color" and "geo" (shaded with
    colors, and without) are those of its table 1."""

    albedo: NDArray[np.uint8]
    color: NDArray[np.uint8]
    geo: NDArray[np.uint8]


def render_mesh(surfaces: list[Primitive], cameras: Cameras, size_px: int) -> Renders:
    """All views of a mesh.

    The light stands up and to the right of each camera, as far away as the paper's distances. Both sides of a face are
    seen: other systems' meshes may be open.
    """
    found = [_one(surfaces, cameras, view, size_px) for view in range(len(cameras))]
    return Renders(*(np.stack(pictures) for pictures in zip(*found, strict=True)))


def _one(surfaces: list[Primitive], cameras: Cameras, view: int, size_px: int) -> Renders:
    fine = size_px * SUPERSAMPLE
    position = cameras.position[view].double().numpy()
    rotation, focal = cameras.rotation[view].double().numpy(), float(cameras.focal[view])
    towards = position + _LIGHT[0] * rotation[:, 0] + _LIGHT[1] * rotation[:, 1]
    light = towards * (1.5 / np.linalg.norm(towards))
    nearest = np.full(fine * fine, np.inf)
    albedo, color, clay = (np.full((fine * fine, 3), BACKGROUND) for _ in range(3))
    for surface in surfaces:
        local = (surface.vertices - position) @ rotation
        depth = -local[:, 2]
        flat = np.stack((0.5 + focal * local[:, 0] / depth, 0.5 - focal * local[:, 1] / depth), -1) * fine
        for fragments in rasterize(flat[surface.faces], fine, fine):
            inverse = (
                fragments.weights / depth[surface.faces[fragments.triangle]]
            )  # linear on the screen, as depth is not
            at = 1 / inverse.sum(1)
            order = np.lexsort((at, fragments.pixel))
            pixel, first = np.unique(fragments.pixel[order], return_index=True)
            rows = order[first]
            seen = at[rows] < nearest[pixel]
            pixel, rows = pixel[seen], rows[seen]
            nearest[pixel] = at[rows]
            triangle, weights = fragments.triangle[rows], inverse[rows] * at[rows, None]
            glow = _shade(surface, triangle, weights, position, light)
            clay[pixel] = glow
            albedo[pixel] = surface.albedo(triangle, weights)
            color[pixel] = albedo[pixel] * glow
    return Renders(*(_encode(linear, size_px) for linear in (albedo, color, clay)))


def _shade(surface: Primitive, triangle: NDArray[np.int64], weights: Floats, position: Floats, light: Floats) -> Floats:
    """ambient + diffuse * max(0, n . l), [N, 1], with normals turned towards the camera."""
    corners = surface.faces[triangle]
    points, normals = ((values[corners] * weights[..., None]).sum(1) for values in (surface.vertices, surface.normals))
    normals = _unit(normals)
    normals = np.where(((position - points) * normals).sum(1, keepdims=True) < 0, -normals, normals)
    diffuse = (normals * _unit(light - points)).sum(1, keepdims=True).clip(0)
    shaded: Floats = AMBIENT + (1 - AMBIENT) * diffuse
    return shaded


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return unit


def _encode(linear: Floats, size_px: int) -> NDArray[np.uint8]:
    blocks = linear.reshape(size_px, SUPERSAMPLE, size_px, SUPERSAMPLE, 3).mean((1, 3)).clip(0, 1)
    return (srgb_encode(torch.from_numpy(blocks)) * 255).round().to(torch.uint8).numpy()
