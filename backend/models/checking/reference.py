"""A picture from which every model should be able to remove noise: a shaded ball on a plain background."""

from __future__ import annotations

import torch
from torch import Tensor

PROMPT = "a red ball"
COLOR = (0.8, 0.1, 0.1)


def ball(
    px: int, color: tuple[float, float, float] = COLOR, center: tuple[float, float] = (0.0, 0.0), radius: float = 0.6
) -> Tensor:
    """Draws a ball, lit from the upper left.

    Args:
        center, radius: in half sides of the picture; x to the right, y down.

    Returns:
        sRGB [1, 3, px, px] in [0, 1].
    """
    y, dx, dy, distance, dz = _coordinates(px, center, radius)
    light = (0.35 + 0.65 * ((-dx - dy + 1.5 * dz) / 4.25**0.5).clamp(min=0)).unsqueeze(0)
    inside = ((1 - distance) * radius * px / 2 + 0.5).clamp(0, 1)  # smooth at the edge
    background = (0.75 - 0.1 * y).expand(3, px, px)
    return (inside * light * torch.tensor(color).view(3, 1, 1) + (1 - inside) * background).unsqueeze(0)


def ball_depth(px: int, center: tuple[float, float] = (0.0, 0.0), radius: float = 0.6) -> Tensor:
    """Returns the depth image of the same ball, seen from a distance of four radii: [1, 1, px, px] in [0, 1], near is white."""
    *_, distance, dz = _coordinates(px, center, radius)
    return torch.where(distance < 1, 3 / (4 - dz), 0.0).view(1, 1, px, px)


def _coordinates(px: int, center: tuple[float, float], radius: float) -> tuple[Tensor, ...]:
    """For each pixel: y; its place on the ball dx, dy, with the distance from the center; and the height dz of the ball."""
    axis = (torch.arange(px) + 0.5) / px * 2 - 1
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    dx, dy = (x - center[0]) / radius, (y - center[1]) / radius
    distance = (dx.square() + dy.square()).sqrt()
    return y, dx, dy, distance, (1 - distance.square()).clamp(min=0).sqrt()
