"""Tests whether tensors are finite."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor


def are_finite(tensors: Iterable[Tensor]) -> bool:
    """Whether all values are finite, and small enough to be squared in float32, as optimizers do."""
    norms = [torch.linalg.vector_norm(tensor.detach().float()) for tensor in tensors if tensor.numel()]
    # One synchronization with the GPU for all tensors of a device.
    devices = {norm.device for norm in norms}
    return all(bool(torch.stack([n for n in norms if n.device == device]).isfinite().all()) for device in devices)
