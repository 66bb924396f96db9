"""Shading of a surface point: diffuse reflection of a point light (DreamFusion, section 3.1), in linear light.

`optimize.render.shade` applies these functions to the samples of a ray, `refine.render.render` to the pixels of a mesh.
"""

from __future__ import annotations

import torch
from torch import Tensor


def lambert(normal: Tensor, points: Tensor, light: Tensor, ambient: Tensor | float) -> Tensor:
    """Reflected light per albedo: ambient + (1 - ambient) * max(0, n . l), with l the unit vector to the light.

    Args:
        normal: unit normals [M, 3].
        points, light: positions [M, 3] of the surface and its point light. Intensity does not fall off with distance.
        ambient: share of ambient light, scalar or [M, 1].

    Returns:
        [M, 1].
    """
    to_light = torch.nn.functional.normalize(light - points, dim=-1)
    diffuse = (normal * to_light).sum(-1, keepdim=True).clamp_min(0)
    return ambient + (1 - ambient) * diffuse


def occlude(color: Tensor, ambient: Tensor, occlusion: Tensor) -> Tensor:
    """Multiplies color [M, C] by ambient occlusion [M, 1]. Unlit points (ambient [M, 1] is 1) keep their color."""
    return color * torch.where(ambient < 1, occlusion, 1.0)
