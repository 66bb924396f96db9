"""Cameras on a sphere around the object, and the rays through their pixels.

World: right-handed, z up, the object at the origin with its front towards -y. Azimuth 0 looks at the front, 90 degrees
stands at +x (the viewer's right), elevation 90 looks straight down. Angles in radians here, in degrees at the edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Cameras:
    """`count` pinhole cameras.

    position [B, 3]; rotation [B, 3, 3], whose columns are the camera's right, up and backward axes in the world;
    focal [B], the focal length in units of the image's width; azimuth, elevation [B], in radians, before any jitter.
    """

    position: Tensor
    rotation: Tensor
    focal: Tensor
    azimuth: Tensor
    elevation: Tensor

    def __len__(self) -> int:
        return len(self.position)

    def fill(self, radius: float) -> Tensor:
        """Share of the picture's width [B] that a sphere of `radius` at the origin spans; the inverse of `framing_focal`."""
        return self.focal * 2 * _tangent(self.position.norm(dim=-1), radius)

    def angles_to(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Where points [B, 3] stand around the origin, seen from the camera: angles [B] to its right (0: on its own side,
        pi: behind the object) and upwards."""
        right, up, towards = torch.nn.functional.normalize((points[:, None] @ self.rotation)[:, 0], dim=-1).unbind(-1)
        return torch.atan2(right, towards), torch.asin(up.clamp(-1, 1))


def on_sphere(azimuth: Tensor, elevation: Tensor, distance: Tensor) -> Tensor:
    """Positions [B, 3] from angles [B] and distances [B]."""
    flat = elevation.cos()
    return torch.stack((flat * azimuth.sin(), -flat * azimuth.cos(), elevation.sin()), -1) * distance[..., None]


def look_at(position: Tensor, target: Tensor, up: Tensor) -> Tensor:
    """Rotations [B, 3, 3] of cameras at `position` that look at `target`; all arguments [B, 3]."""
    backward = torch.nn.functional.normalize(position - target, dim=-1)
    right = torch.linalg.cross(up, backward)
    # Straight down, `up` and the line of sight coincide: any right will do, the world's +x keeps the front at the bottom.
    degenerate = right.norm(dim=-1, keepdim=True) < 1e-4
    right = torch.where(degenerate, torch.tensor([1.0, 0.0, 0.0], device=right.device), right)
    right = torch.nn.functional.normalize(right, dim=-1)
    return torch.stack((right, torch.linalg.cross(backward, right), backward), -1)


def orbit(azimuth: Tensor, elevation: Tensor, distance: Tensor, focal: Tensor) -> Cameras:
    """Cameras [B] that look at the origin with z up."""
    position = on_sphere(azimuth, elevation, distance)
    # Between the poles the vector along the meridian is as good an up as z, and it is defined at the pole too.
    up = on_sphere(azimuth, elevation + torch.pi / 2, torch.ones_like(distance))
    return Cameras(position, look_at(position, torch.zeros_like(position), up), focal, azimuth, elevation)


def pixel_rays(cameras: Cameras, size_px: int, offset: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Rays through the pixels of square images, row by row from the top left.

    Args:
        offset: [B, size_px, size_px, 2], where inside its pixel each ray goes, in [0, 1); the center when None.

    Returns:
        rays_o, rays_d [B, size_px * size_px, 3]; directions have length 1.
    """
    device = cameras.position.device
    steps = torch.arange(size_px, device=device, dtype=torch.float32)
    rows, columns = torch.meshgrid(steps, steps, indexing="ij")
    pixels = torch.stack((columns, rows), -1)[None] + (0.5 if offset is None else offset)
    pixels = pixels.expand(len(cameras), -1, -1, -1)
    x, y = (pixels / size_px - 0.5).unbind(-1)
    depth = cameras.focal[:, None, None].expand_as(x)
    local = torch.nn.functional.normalize(torch.stack((x, -y, -depth), -1), dim=-1).flatten(1, 2)
    rays_d = local @ cameras.rotation.transpose(1, 2)
    return cameras.position[:, None].expand_as(rays_d), rays_d


def framing_focal(distance: Tensor, radius: float, fill: Tensor | float) -> Tensor:
    """Focal length [B] at which a sphere of `radius` at the origin spans `fill` of the image's width."""
    return fill / (2 * _tangent(distance, radius))


def _tangent(distance: Tensor, radius: float) -> Tensor:
    """Of half the angle that the sphere subtends."""
    return radius / (distance.square() - radius * radius).sqrt()
