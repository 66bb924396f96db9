"""Renders textured meshes with the paper's shading in numpy: a rasterizer with a depth buffer and a point light."""

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

AMBIENT = 0.1  # ambient light; the diffuse light is 0.9 (DreamFusion, section 3.2)
BACKGROUND = 0.25  # linear; about the middle of the sRGB scale
DISTANCE, FILL = 2.2, 0.9
SUPERSAMPLE = 2
_LIGHT = (0.5, 0.8)  # offset of the light to the right of the camera and up, world units


def cameras_around(azimuths_deg: Sequence[float], elevation_deg: float) -> Cameras:
    """Returns one camera per azimuth, all framing the sphere of `glb_loader.RADIUS`."""
    azimuth = torch.deg2rad(torch.tensor(list(azimuths_deg), dtype=torch.float32))
    distance = torch.full_like(azimuth, DISTANCE)
    elevation = torch.full_like(azimuth, math.radians(elevation_deg))
    return orbit(azimuth, elevation, distance, framing_focal(distance, RADIUS, FILL))


def light_beside(cameras: Cameras) -> torch.Tensor:
    """Positions [A, 3] of the point light of each camera."""
    right, up = cameras.rotation[:, :, 0], cameras.rotation[:, :, 1]
    towards = cameras.position + _LIGHT[0] * right + _LIGHT[1] * up
    return towards * (1.5 / towards.norm(dim=-1, keepdim=True))


class Renders(NamedTuple):
    """The three modes of renders in the paper's figure 6, sRGB [A, H, W, 3] each; its table 1 has "color" and "geo"."""

    albedo: NDArray[np.uint8]  # unlit
    color: NDArray[np.uint8]  # shaded
    geo: NDArray[np.uint8]  # shaded, textureless


def render_mesh(primitives: list[Primitive], cameras: Cameras, size_px: int) -> Renders:
    """Renders all views of a mesh.

    The light is above and to the right of each camera, at a distance within the paper's range. Faces are two-sided,
    because meshes of other programs may be open.
    """
    views = [_render_view(primitives, cameras, view, size_px) for view in range(len(cameras))]
    return Renders(*(np.stack(pictures) for pictures in zip(*views, strict=True)))


def _render_view(primitives: list[Primitive], cameras: Cameras, view: int, size_px: int) -> Renders:
    fine = size_px * SUPERSAMPLE
    position = cameras.position[view].double().numpy()
    rotation, focal = cameras.rotation[view].double().numpy(), float(cameras.focal[view])
    light = light_beside(cameras)[view].double().numpy()
    nearest = np.full(fine * fine, np.inf)
    albedo, color, geo = (np.full((fine * fine, 3), BACKGROUND) for _ in range(3))
    for primitive in primitives:
        local = (primitive.vertices - position) @ rotation
        depth = -local[:, 2]
        flat = np.stack((0.5 + focal * local[:, 0] / depth, 0.5 - focal * local[:, 1] / depth), -1) * fine
        for fragments in rasterize(flat[primitive.faces], fine, fine):
            # 1 / depth is linear in screen space, depth is not.
            inverse = fragments.weights / depth[primitive.faces[fragments.triangle]]
            at = 1 / inverse.sum(1)
            order = np.lexsort((at, fragments.pixel))
            pixel, first = np.unique(fragments.pixel[order], return_index=True)
            rows = order[first]
            seen = at[rows] < nearest[pixel]
            pixel, rows = pixel[seen], rows[seen]
            nearest[pixel] = at[rows]
            triangle, weights = fragments.triangle[rows], inverse[rows] * at[rows, None]
            shading = _shade(primitive, triangle, weights, position, light)
            geo[pixel] = shading
            albedo[pixel] = primitive.albedo(triangle, weights)
            color[pixel] = albedo[pixel] * shading
    return Renders(*(_encode(linear, size_px) for linear in (albedo, color, geo)))


def _shade(
    primitive: Primitive, triangle: NDArray[np.int64], weights: Floats, position: Floats, light: Floats
) -> Floats:
    """[N, 1]: ambient + diffuse * max(0, n . l), with normals flipped toward the camera."""
    corners = primitive.faces[triangle]
    points, normals = (
        (values[corners] * weights[..., None]).sum(1) for values in (primitive.vertices, primitive.normals)
    )
    normals = _unit(normals)
    normals = np.where(((position - points) * normals).sum(1, keepdims=True) < 0, -normals, normals)
    diffuse = (normals * _unit(light - points)).sum(1, keepdims=True).clip(0)
    shaded: Floats = AMBIENT + (1 - AMBIENT) * diffuse
    return shaded


def _unit(vectors: Floats) -> Floats:
    unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)
    return unit


def _encode(linear: Floats, size_px: int) -> NDArray[np.uint8]:
    """Downsamples linear RGB and converts it to 8-bit sRGB [size_px, size_px, 3]."""
    blocks = linear.reshape(size_px, SUPERSAMPLE, size_px, SUPERSAMPLE, 3).mean((1, 3)).clip(0, 1)
    return (srgb_encode(torch.from_numpy(blocks)) * 255).round().to(torch.uint8).numpy()
