"""Diffuse shading by a point light (DreamFusion, section 3.1), in linear light."""

from __future__ import annotations

import torch
from torch import Tensor


def lambert(normal: Tensor, points: Tensor, light: Tensor, ambient: Tensor | float) -> Tensor:
    """max(0, n . l) * (1 - ambient) + ambient for points and unit normals [M, 3] and light positions [M, 3] -> [M, 1]."""
    to_light = torch.nn.functional.normalize(light - points, dim=-1)
    diffuse = (normal * to_light).sum(-1, keepdim=True).clamp_min(0)
    return ambient + (1 - ambient) * diffuse


def occlude(light: Tensor, ambient: Tensor, openness: Tensor) -> Tensor:
    """Light [M, C] by how open its places are [M, 1] (see `openness`); what is unlit, by ambient [M, 1], stays as it is."""
    return light * torch.where(ambient < 1, openness, 1.0)
