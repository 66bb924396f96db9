"""The renderer of the mesh: rasterization, interpolation, shading and anti-aliased silhouettes, all differentiable.

The stages are those of nvdiffrast (Laine et al. 2020). Finding the face that a pixel shows is not differentiable.
Barycentric weights, positions, normals, texture coordinates and the coverage at silhouettes are.
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
from .contour import Edges, build_edges, find_blend
from .visibility import screen_weights, visible_faces

NEAR = 0.01  # near clipping distance, units of length: faces with a nearer vertex are not drawn

Albedo = Callable[[Tensor], Tensor]  # uv [N, 2] -> linear light [N, 3]
Color = Callable[["Rasterized", Tensor], Tensor]  # surface points [N, 3] -> linear light [N, 3]
Bend = Callable[["Rasterized", Tensor], Tensor]  # smooth unit normals [N, 3] -> those of a normal map [N, 3]


@dataclass(frozen=True)
class RenderMesh:
    """The constant part of a mesh with F faces; its vertices are separate, because they are optimized.

    Attributes:
        faces: [F, 3], indices of vertices.
        uv_faces: [F, 3], indices into `uv`.
        uv: [N, 2], texture coordinates of the unwrapped copy.
        edges: of `faces`.
    """

    faces: Tensor
    uv_faces: Tensor
    uv: Tensor
    edges: Edges

    @staticmethod
    def of(mesh: Mesh, unwrapped: Unwrapped, device: torch.device, dtype: torch.dtype = torch.float32) -> RenderMesh:
        return RenderMesh(
            torch.from_numpy(mesh.faces).to(device),
            torch.from_numpy(unwrapped.faces).to(device),
            torch.from_numpy(unwrapped.uv).to(device, dtype),
            build_edges(mesh, device),
        )


@dataclass(frozen=True)
class Rasterized:
    """One view of a mesh: N of its P pixels show the surface.

    Attributes:
        pixel: [N], index of each pixel.
        face: [N], the face that it shows.
        weights: [N, 3], perspective-correct barycentric weights. Differentiable.
        flat, inverse_depth: [V, 2] and [V], the projected vertices, see `project`.
        nearest: [P], inverse depth of all pixels; 0 is background.
    """

    pixel: Tensor
    face: Tensor
    weights: Tensor
    flat: Tensor
    inverse_depth: Tensor
    nearest: Tensor

    def interpolate(self, values: Tensor, faces: Tensor) -> Tensor:
        """Interpolates values [V, C] at the corners of faces [F, 3] -> [N, C]."""
        return (values[faces[self.face]] * self.weights[..., None]).sum(1)


def project(vertices: Tensor, cameras: Cameras, view: int, size_px: int) -> tuple[Tensor, Tensor]:
    """Projects vertices [V, 3] by camera `view`.

    Returns:
        flat [V, 2] in pixels from the top left, and inverse depth [V]; 0 if not in front of the camera.
    """
    dtype = vertices.dtype
    local = (vertices - cameras.position[view].to(dtype)) @ cameras.rotation[view].to(dtype)
    depth = (-local[:, 2]).clamp_min(NEAR)
    slope = local[:, :2] / depth[:, None] * cameras.focal[view].to(dtype)
    flat = (0.5 + slope * slope.new_tensor([1.0, -1.0])) * size_px
    return flat, torch.where(-local[:, 2] > NEAR, 1 / depth, 0.0)


def rasterize_view(vertices: Tensor, faces: Tensor, cameras: Cameras, view: int, size_px: int) -> Rasterized:
    """Rasterizes a mesh with vertices [V, 3] and faces [F, 3] for camera `view`."""
    flat, inverse_depth = project(vertices, cameras, view, size_px)
    shown, nearest = visible_faces(flat.detach()[faces], inverse_depth.detach()[faces], size_px)
    pixel = torch.nonzero(shown >= 0)[:, 0]
    face = shown[pixel]
    corners = faces[face]
    centers = torch.stack((pixel % size_px, pixel // size_px), -1) + 0.5
    weights = screen_weights(flat[corners], centers.to(flat.dtype)) * inverse_depth[corners]
    return Rasterized(pixel, face, weights / weights.sum(1, keepdim=True), flat, inverse_depth, nearest)


def vertex_normals(vertices: Tensor, faces: Tensor) -> Tensor:
    """Area-weighted unit normals [V, 3]. Areas, unlike angles, are differentiable everywhere."""
    summed = torch.zeros_like(vertices)
    crosses = face_crosses(vertices, faces)
    for corner in range(3):
        summed = summed.index_add(0, faces[:, corner], crosses)
    return torch.nn.functional.normalize(summed, dim=-1, eps=1e-20)


def face_crosses(vertices: Tensor, faces: Tensor) -> Tensor:
    """Outward face normals with twice the face's area as their length: [F, 3]."""
    a, b, c = (vertices[faces[:, i]] for i in range(3))
    return torch.linalg.cross(b - a, c - a)


def render(
    mesh: RenderMesh,
    vertices: Tensor,
    albedo: Albedo,
    cameras: Cameras,
    lighting: Lighting,
    background: Tensor,
    size_px: int,
    bend: Bend | None = None,
) -> tuple[Tensor, Tensor]:
    """Renders B views of a mesh with a texture, see `render_surface`."""

    def color(raster: Rasterized, _points: Tensor) -> Tensor:
        return albedo(raster.interpolate(mesh.uv, mesh.uv_faces))

    return render_surface(mesh, vertices, color, cameras, lighting, background, size_px, bend)


def render_surface(
    mesh: RenderMesh,
    vertices: Tensor,
    color: Color,
    cameras: Cameras,
    lighting: Lighting,
    background: Tensor,
    size_px: int,
    bend: Bend | None = None,
    is_two_sided: bool = False,
) -> tuple[Tensor, Tensor]:
    """Renders B views of a mesh, one after the other. Memory is proportional to the pixels that show the surface.

    Args:
        vertices: [V, 3].
        color: the colors of the surface.
        background: linear light, broadcastable to [B, H, W, 3].
        bend: the normal map.
        is_two_sided: whether the back of a face is lit like its front.

    Returns:
        sRGB [B, H, W, 3] in [0, 1] and opacity [B, H, W], differentiable in vertices, colors and background.
    """
    normals = vertex_normals(vertices, mesh.faces)
    views = []
    for view in range(len(cameras)):
        raster = rasterize_view(vertices, mesh.faces, cameras, view, size_px)
        normal = torch.nn.functional.normalize(raster.interpolate(normals, mesh.faces), dim=-1)
        if bend is not None:
            normal = bend(raster, normal)
        points = raster.interpolate(vertices, mesh.faces)
        if is_two_sided:
            is_away = ((cameras.position[view] - points) * normal).sum(-1, keepdim=True) < 0
            normal = torch.where(is_away, -normal, normal)
        light = lighting.light[view].to(points.dtype).expand_as(points)
        reflected = lambert(normal, points, light, lighting.ambient[view].to(points.dtype))
        albedo = color(raster, points) if lighting.textured[view] else points.new_ones(1, 3)
        layers = torch.cat((albedo * reflected, points.new_ones(len(points), 1)), -1)
        image = points.new_zeros(size_px * size_px, 4).index_put((raster.pixel,), layers)
        blend = find_blend(raster.flat, raster.inverse_depth, mesh.faces, mesh.edges, raster.nearest, size_px)
        views.append(blend.apply(image).view(size_px, size_px, 4))
    layers = torch.stack(views)
    opacity = layers[..., 3]
    image = layers[..., :3] + (1 - opacity[..., None]) * background
    return srgb_encode(image.clamp(0, 1)), opacity
