"""Integrated positional encoding of isotropic Gaussians (mip-NeRF, section 3.1; DreamFusion, appendix A.2)."""

from __future__ import annotations

import torch
from torch import Tensor


def integrated_encoding(mean: Tensor, variance: Tensor | float, octaves: int) -> Tensor:
    """Expected sines and cosines of mean * 2^l over a Gaussian of the given variance, l = 0 .. octaves - 1.

    E[sin(k x)] = sin(k mu) exp(-k^2 variance / 2): a large variance suppresses the high octaves.

    Args:
        mean: [..., D].
        variance: scalar, or [..., 1]. The Gaussian is isotropic, unlike mip-NeRF's cone frustums.

    Returns:
        [..., 2 * D * octaves], all sines before all cosines.
    """
    scales = 2.0 ** torch.arange(octaves, dtype=mean.dtype, device=mean.device)
    phase = (mean[..., None, :] * scales[:, None]).flatten(-2)
    damping = torch.exp(-0.5 * torch.as_tensor(variance, dtype=mean.dtype, device=mean.device) * scales.square())
    damping = damping.expand(*mean.shape[:-1], octaves).repeat_interleave(mean.shape[-1], -1)
    return torch.cat((phase.sin() * damping, phase.cos() * damping), -1)
