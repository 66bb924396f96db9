"""Volume rendering by quadrature (NeRF, section 4; DreamFusion, section 3.1).

Shapes: density [..., S] per unit of length, interval lengths [..., S], weights [..., S] with a sum of at most 1.
"""

from __future__ import annotations

import torch
from torch import Tensor


def alpha_weights(density: Tensor, lengths: Tensor) -> tuple[Tensor, Tensor]:
    """alpha_i = 1 - exp(-density_i length_i) and weight_i = alpha_i * prod_{j<i} (1 - alpha_j).

    Two samples of alpha 0.5 have the weights 0.5 and 0.25.
    """
    depth = density * lengths
    before = torch.cumsum(depth, -1) - depth  # optical depth in front of each sample
    alpha = -torch.expm1(-depth)
    return alpha, alpha * torch.exp(-before)


def cube_interval(rays_o: Tensor, rays_d: Tensor, bound: float) -> tuple[Tensor, Tensor]:
    """Distances near, far [R] at which rays [R, 3] enter and leave the cube [-bound, bound]^3.

    near >= 0 (the camera may be inside); far <= near for rays that miss the cube.
    """
    inverse = 1.0 / torch.where(rays_d.abs() < 1e-9, 1e-9, rays_d)
    a, b = (-bound - rays_o) * inverse, (bound - rays_o) * inverse
    near = torch.minimum(a, b).amax(-1).clamp_min(0.0)
    return near, torch.maximum(a, b).amin(-1)


def sphere_interval(rays_o: Tensor, rays_d: Tensor, radius: float, nearest: float = 0.0) -> tuple[Tensor, Tensor]:
    """Distances near, far [R] at which rays [R, 3] of unit direction enter and leave a sphere around the origin.

    near >= nearest (the camera may be inside); far <= near for rays that miss the sphere.
    """
    along = -(rays_o * rays_d).sum(-1)
    half_squared = radius**2 - (rays_o + along[:, None] * rays_d).square().sum(-1)
    half = half_squared.clamp_min(0).sqrt()
    near = (along - half).clamp_min(nearest)
    return near, torch.where(half_squared > 0, along + half, near)
