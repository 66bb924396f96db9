"""From a mesh to pictures with a gradient: visibility, interpolation, shading, anti-aliased outlines.

The steps are those of nvdiffrast (Laine et al. 2020): which face a pixel shows is found without a gradient; weights, positions,
normals and texture coordinates inside of it, and the share of a pixel that an outline leaves free, have one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ..asset.topology import Mesh
from ..asset.unwrap import Unwrapped
from ..maths.cameras import Cameras
from ..maths.color import srgb_encode
from ..maths.shading import lambert
from ..optimize.render import Lighting
from .contour import Edges, edges_of, find_blend
from .visibility import screen_weights, visible_faces

NEAR = 0.01  # units of length in front of the camera: what reaches nearer is not drawn

Albedo = Callable[[Tensor], Tensor]  # uv [N, 2] -> linear light [N, 3]


@dataclass(frozen=True)
class Body:
    """What does not change of a mesh: faces [F, 3], the faces of its cut-open copy [F, 3] with their uv [N, 2], the edges."""

    faces: Tensor
    cut_faces: Tensor
    uv: Tensor
    edges: Edges

    @staticmethod
    def of(mesh: Mesh, unwrapped: Unwrapped, device: torch.device, dtype: torch.dtype = torch.float32) -> Body:
        return Body(
            torch.from_numpy(mesh.faces).to(device),
            torch.from_numpy(unwrapped.faces).to(device),
            torch.from_numpy(unwrapped.uv).to(device, dtype),
            edges_of(mesh, device),
        )


@dataclass(frozen=True)
class Seen:
    """The pixels [N] of one view that show the surface, the face [N] that each shows, and its weights [N, 3], corrected for
    perspective; flat [V, 2] and nearness [V] of the vertices, nearest [P] of all pixels."""

    pixel: Tensor
    face: Tensor
    weights: Tensor
    flat: Tensor
    nearness: Tensor
    nearest: Tensor

    def interpolate(self, values: Tensor, faces: Tensor) -> Tensor:
        """values [V, C] at the corners of faces [F, 3] -> [N, C]."""
        return (values[faces[self.face]] * self.weights[..., None]).sum(1)


def project(vertices: Tensor, cameras: Cameras, view: int, size_px: int) -> tuple[Tensor, Tensor]:
    """vertices [V, 3] -> flat [V, 2] in pixels from the top left, nearness [V] = 1 / depth, 0 if not in front of the camera."""
    kind = vertices.dtype
    local = (vertices - cameras.position[view].to(kind)) @ cameras.rotation[view].to(kind)
    depth = (-local[:, 2]).clamp_min(NEAR)
    slope = local[:, :2] / depth[:, None] * cameras.focal[view].to(kind)
    flat = (0.5 + slope * slope.new_tensor([1.0, -1.0])) * size_px
    return flat, torch.where(-local[:, 2] > NEAR, 1 / depth, 0.0)


def look(vertices: Tensor, faces: Tensor, cameras: Cameras, view: int, size_px: int) -> Seen:
    """What one camera sees of a mesh."""
    flat, nearness = project(vertices, cameras, view, size_px)
    shown, nearest = visible_faces(flat.detach()[faces], nearness.detach()[faces], size_px)
    pixel = torch.nonzero(shown >= 0)[:, 0]
    face = shown[pixel]
    corners = faces[face]
    centers = torch.stack((pixel % size_px, pixel // size_px), -1) + 0.5
    weights = screen_weights(flat[corners], centers.to(flat.dtype)) * nearness[corners]
    return Seen(pixel, face, weights / weights.sum(1, keepdim=True), flat, nearness, nearest)


def vertex_normals(vertices: Tensor, faces: Tensor) -> Tensor:
    """[V, 3]: unit normals, the faces' weighted by area: unlike angles, areas have a slope everywhere."""
    summed = torch.zeros_like(vertices)
    crosses = face_crosses(vertices, faces)
    for corner in range(3):
        summed = summed.index_add(0, faces[:, corner], crosses)
    return torch.nn.functional.normalize(summed, dim=-1, eps=1e-20)


def face_crosses(vertices: Tensor, faces: Tensor) -> Tensor:
    """[F, 3]: outward, as long as twice the area."""
    a, b, c = (vertices[faces[:, i]] for i in range(3))
    return torch.linalg.cross(b - a, c - a)


def render(
    body: Body,
    vertices: Tensor,
    albedo: Albedo,
    cameras: Cameras,
    lighting: Lighting,
    background: Tensor,
    size_px: int,
) -> tuple[Tensor, Tensor]:
    """Renders B views of a mesh, one after the other: the memory is that of the pixels which see it.

    Args:
        vertices: [V, 3], with or without a gradient.
        background: linear light, broadcastable to [B, H, W, 3].

    Returns:
        sRGB [B, H, W, 3] in [0, 1] and opacity [B, H, W].
    """
    normals = vertex_normals(vertices, body.faces)
    views = []
    for view in range(len(cameras)):
        seen = look(vertices, body.faces, cameras, view, size_px)
        normal = torch.nn.functional.normalize(seen.interpolate(normals, body.faces), dim=-1)
        points = seen.interpolate(vertices, body.faces)
        light = lighting.light[view].to(points.dtype).expand_as(points)
        glow = lambert(normal, points, light, lighting.ambient[view].to(points.dtype))
        color = albedo(seen.interpolate(body.uv, body.cut_faces)) if lighting.textured[view] else points.new_ones(1, 3)
        layers = torch.cat((color * glow, points.new_ones(len(points), 1)), -1)
        picture = points.new_zeros(size_px * size_px, 4).index_put((seen.pixel,), layers)
        blend = find_blend(seen.flat, seen.nearness, body.faces, body.edges, seen.nearest, size_px)
        views.append(blend.apply(picture).view(size_px, size_px, 4))
    layers = torch.stack(views)
    opacity = layers[..., 3]
    image = layers[..., :3] + (1 - opacity[..., None]) * background
    return srgb_encode(image.clamp(0, 1)), opacity
