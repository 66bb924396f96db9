"""Regularizers on rendered views. opacity [...] is the sum of a ray's weights."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable


def opacity_loss(opacity: Tensor) -> Tensor:
    """mean sqrt(opacity^2 + 0.01): penalizes fog in empty space (paper, section 3.3)."""
    return (opacity.square() + 0.01).sqrt().mean()


def entropy_loss(opacity: Tensor) -> Tensor:
    """Mean binary entropy in bits: penalizes half-transparent pixels. Not in the paper."""
    p = opacity.clamp(1e-4, 1 - 1e-4)
    return -(p * p.log2() + (1 - p) * (1 - p).log2()).mean()


def transmittance_loss(opacity: Tensor, target: float) -> Tensor:
    """-mean_B min(target, mean transmittance of a view), opacity [B, H, W]: rewards empty space up to the target share.

    From Dream Fields (Jain et al. 2022, section 4.2). Not in the paper.
    """
    return -(1 - opacity).flatten(1).mean(1).clamp_max(target).mean()


def orientation_loss(orientation: Tensor) -> Tensor:
    """Mean over rays of `Rendered.orientation`: penalizes visible normals that face away from the camera.

    Paper, section 3.3, after Ref-NeRF.
    """
    return orientation.mean()


def total_variation(volume: Tensor) -> Tensor:
    """Mean squared difference of neighboring voxels in [1, C, D, H, W]: suppresses voxel noise. Not in the paper."""
    total: Tensor = _TotalVariation.apply(volume)
    return total


class _TotalVariation(torch.autograd.Function):
    """Half the time of the same operations with automatic derivatives, which need more passes over the memory."""

    @staticmethod
    def forward(context: Any, volume: Tensor) -> Tensor:
        context.save_for_backward(volume)
        return torch.stack([volume.diff(dim=axis).square_().mean() for axis in (2, 3, 4)]).sum()

    @staticmethod
    @once_differentiable
    def backward(context: Any, gradient: Tensor) -> Tensor:
        (volume,) = context.saved_tensors
        total = torch.zeros_like(volume)
        for axis in (2, 3, 4):
            steps = volume.diff(dim=axis)
            steps *= 2 * gradient / steps.numel()
            count = steps.shape[axis]
            total.narrow(axis, 1, count).add_(steps)
            total.narrow(axis, 0, count).sub_(steps)
        return total
