"""Cameras on a sphere around the object, and the rays through their pixels.

World: right-handed, z up, the object at the origin with its front towards -y. A camera at azimuth 0 is at -y and sees the
front, at 90 degrees it is at +x (the viewer's right), at elevation 90 degrees it looks straight down. Angles are in
radians; settings and the command line use degrees.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

_MAX_TANGENT = 10.0  # half an angle of 169 degrees


@dataclass(frozen=True)
class Cameras:
    """B pinhole cameras.

    Attributes:
        position: [B, 3].
        rotation: [B, 3, 3], camera to world; the columns are the camera's right, up and backward axes.
        focal: [B], focal length in units of the image width.
        azimuth, elevation: [B], radians, without jitter.
    """

    position: Tensor
    rotation: Tensor
    focal: Tensor
    azimuth: Tensor
    elevation: Tensor

    def __len__(self) -> int:
        return len(self.position)

    def fill(self, radius: float) -> Tensor:
        """Share of the image width [B] that a sphere of `radius` at the origin spans; the inverse of `framing_focal`."""
        return self.focal * 2 * _tangent(self.position.norm(dim=-1), radius)

    def angles_to(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Azimuth and elevation [B] of points [B, 3] around the origin, relative to each camera, in radians.

        Azimuth is 0 on the camera's side, positive to its right, and pi behind the object.
        """
        right, up, towards = torch.nn.functional.normalize((points[:, None] @ self.rotation)[:, 0], dim=-1).unbind(-1)
        return torch.atan2(right, towards), torch.asin(up.clamp(-1, 1))


def on_sphere(azimuth: Tensor, elevation: Tensor, distance: Tensor) -> Tensor:
    """Positions [B, 3] from angles [B] in radians and distances [B] from the origin."""
    horizontal = elevation.cos()
    direction = torch.stack((horizontal * azimuth.sin(), -horizontal * azimuth.cos(), elevation.sin()), -1)
    return direction * distance[..., None]


def look_at(position: Tensor, target: Tensor, up: Tensor) -> Tensor:
    """Rotations [B, 3, 3] of cameras at `position` that look at `target`; all arguments [B, 3]."""
    backward = torch.nn.functional.normalize(position - target, dim=-1)
    right = torch.linalg.cross(up, backward)
    # `up` and the viewing direction are parallel: +x as the right axis keeps the front at the bottom of the image.
    degenerate = right.norm(dim=-1, keepdim=True) < 1e-4
    right = torch.where(degenerate, torch.tensor([1.0, 0.0, 0.0], device=right.device), right)
    right = torch.nn.functional.normalize(right, dim=-1)
    return torch.stack((right, torch.linalg.cross(backward, right), backward), -1)


def orbit(azimuth: Tensor, elevation: Tensor, distance: Tensor, focal: Tensor) -> Cameras:
    """Cameras [B] that look at the origin with z up. Angles in radians, focal in image widths, all [B]."""
    position = on_sphere(azimuth, elevation, distance)
    # The tangent along the meridian gives the same image as z up, and is also defined at the poles.
    up = on_sphere(azimuth, elevation + torch.pi / 2, torch.ones_like(distance))
    return Cameras(position, look_at(position, torch.zeros_like(position), up), focal, azimuth, elevation)


def pixel_rays(cameras: Cameras, size_px: int, offset: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Rays through the pixels of square images, row by row from the top left.

    Args:
        offset: [B, size_px, size_px, 2] in [0, 1), position of each ray in its pixel; None means the center.

    Returns:
        rays_o, rays_d: [B, size_px * size_px, 3]. Directions are unit vectors.
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
    """Focal length [B], in image widths, at which a sphere of `radius` at the origin spans `fill` of the width."""
    return fill / (2 * _tangent(distance, radius))


def _tangent(distance: Tensor, radius: float) -> Tensor:
    """Tangent of half the angle that a sphere at the origin subtends from `distance`, limited for cameras inside of it."""
    return radius / (distance.square() - radius * radius).clamp_min((radius / _MAX_TANGENT) ** 2).sqrt()
