"""The parameters of the deformed sphere: control vertices, texture and normal map."""

from __future__ import annotations

import numpy as np
import torch
import trimesh
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import conv2d, normalize, pad

from ..asset.tangents import compute_tangents
from ..asset.topology import Mesh
from ..asset.unwrap import unwrap
from ..maths.color import srgb_decode
from ..refine.render import Rasterized, RenderMesh, vertex_normals
from ..refine.texture import TextureLookup

PADDING_PX = 4  # between UV charts: the blur mixes texels up to 2 apart
BLUR_TAPS, BLUR_SIGMA_PX = 5, 3.0  # as published
STEEPEST = 1.0  # slope of the normal map: 45 degrees


class SphereSurface(nn.Module):
    """A closed mesh that starts as a sphere, with one texture and one normal map (CLIP-Mesh, section 3).

    The control vertices are in units of the initial radius, so that one learning rate suits them and both maps. The
    surface has its vertices at their limit positions under Loop subdivision: no vertex moves without its neighbors. The
    maps are blurred before they are used. Both are published measures against noise.

    Args:
        radius: scene units.
        texture_px: side of both maps.
        seed: of the texture's initial noise.

    Attributes:
        control: [V, 3].
        colors: [1, 3, H, W], sRGB in [0, 1], top row first.
        slopes: [1, 2, H, W]. The normal in tangent space is (x, y, 1), normalized, so that it never faces inward.
    """

    degree: Tensor
    limit: Tensor
    kernel: Tensor

    def __init__(self, subdivisions: int, radius: float, texture_px: int, device: torch.device, seed: int = 0) -> None:
        super().__init__()
        ball = trimesh.creation.icosphere(subdivisions=subdivisions)
        start = np.asarray(ball.vertices, float)
        self.radius, self.faces = radius, np.asarray(ball.faces, np.int64)
        mesh = Mesh(radius * start, self.faces)
        self.unwrapped = unwrap(mesh, texture_px, PADDING_PX)
        self.mesh = RenderMesh.of(mesh, self.unwrapped, device)
        degree = np.bincount(self.faces.ravel())  # of a closed mesh: as many edges as faces
        at = torch.arange(BLUR_TAPS, dtype=torch.float32) - BLUR_TAPS // 2
        kernel = torch.exp(-0.5 * (at / BLUR_SIGMA_PX).square())
        for name, value in (
            ("degree", torch.from_numpy(degree).float()[:, None]),
            ("limit", torch.from_numpy(limit_weights(degree)).float()[:, None]),
            ("kernel", kernel / kernel.sum()),
        ):
            self.register_buffer(name, value.to(device), persistent=False)
        noise = torch.rand(1, 3, texture_px, texture_px, generator=torch.Generator().manual_seed(seed))
        self.control = nn.Parameter(torch.from_numpy(start).float().to(device))
        self.colors = nn.Parameter(noise.to(device))
        self.slopes = nn.Parameter(torch.zeros(1, 2, texture_px, texture_px, device=device))

    def vertices(self) -> Tensor:
        """The surface's vertices [V, 3], scene units."""
        return self.radius * torch.lerp(self.control, self._mean_of_neighbors(), self.limit)

    def laplacian(self) -> Tensor:
        """Mean squared distance, per axis, between a control vertex and the mean of its neighbors, as published."""
        return (self._mean_of_neighbors() - self.control).square().mean()

    def albedo(self) -> Tensor:
        """[1, 3, H, W]: sRGB in [0, 1]."""
        return self._blurred(self.colors)

    def bumps(self) -> Tensor:
        """[1, 3, H, W]: unit normals in tangent space, for textures with v up."""
        slopes = self._blurred(self.slopes)
        return normalize(torch.cat((slopes, torch.ones_like(slopes[:, :1])), 1), dim=1)

    def maps(self, vertices: Tensor) -> Maps:
        """The maps at this step, for vertices [V, 3]."""
        return Maps(self, vertices)

    @torch.no_grad()
    def clamp_maps(self) -> None:
        """Call after each step: keeps the maps in their ranges."""
        self.colors.clamp_(0, 1)
        self.slopes.clamp_(-STEEPEST, STEEPEST)

    @torch.no_grad()
    def to_mesh(self) -> Mesh:
        return Mesh(self.vertices().cpu().double().numpy(), self.faces)

    def _mean_of_neighbors(self) -> Tensor:
        one, other = self.mesh.edges.ends.T
        summed = torch.zeros_like(self.control).index_add(0, one, self.control[other])
        return summed.index_add(0, other, self.control[one]) / self.degree

    def _blurred(self, image: Tensor) -> Tensor:
        """image [1, C, H, W], blurred channel by channel."""
        channels = image[0, :, None]
        channels = pad(channels, 4 * (BLUR_TAPS // 2,), mode="replicate")
        channels = conv2d(conv2d(channels, self.kernel.view(1, 1, 1, -1)), self.kernel.view(1, 1, -1, 1))
        return channels[:, 0][None]


class Maps:
    """Texture and normal map as functions of the renderer (`refine.render.Albedo` and `refine.render.Bend`)."""

    def __init__(self, surface: SphereSurface, vertices: Tensor) -> None:
        self.albedo = TextureLookup(srgb_decode(surface.albedo()))
        self._mesh = surface.mesh
        self._bumps = TextureLookup(surface.bumps())
        # The frame is that of the exported file. It carries no gradient: the normal map's own gradient does not need it.
        mesh, normals = surface.to_mesh(), vertex_normals(vertices.detach(), self._mesh.faces).cpu().double().numpy()
        frame = compute_tangents(mesh, normals, surface.unwrapped)
        self._tangents = torch.from_numpy(frame.tangent).to(vertices)
        self._signs = torch.from_numpy(frame.sign).to(vertices)

    def bend(self, raster: Rasterized, normal: Tensor) -> Tensor:
        """Unit normals [N, 3] of the smooth surface -> those of the normal map."""
        uv = raster.interpolate(self._mesh.uv, self._mesh.uv_faces)
        x, y, z = self._bumps(uv).T[..., None]
        tangent = raster.interpolate(self._tangents, self._mesh.uv_faces)
        bitangent = self._signs[raster.face, None] * torch.linalg.cross(normal, tangent)
        return normalize(x * tangent + y * bitangent + z * normal, dim=-1)


def limit_weights(degree: NDArray[np.int64]) -> NDArray[np.float64]:
    """Share of the neighbors' mean in the limit position under Loop subdivision of vertices with `degree` neighbors.

    The limit is (1 - n chi) v + chi * (sum of the n neighbors) with chi = 1 / (n + 3 / (8 beta)) and Loop's beta.
    """
    n = degree.astype(float)
    beta = (0.625 - (0.375 + 0.25 * np.cos(2 * np.pi / n)) ** 2) / n
    share: NDArray[np.float64] = n / (n + 3 / (8 * beta))
    return share
