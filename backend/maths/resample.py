"""Hierarchical sampling along rays, guided by a proposal network (mip-NeRF 360, sections 3 and 3.1)."""

from __future__ import annotations

import torch
from torch import Tensor


def resample(edges: Tensor, weights: Tensor, count: int, blur: float = 0.01) -> Tensor:
    """Draws `count` new intervals per ray by inverting the cumulative distribution of the weights. Not differentiable.

    Args:
        edges: [R, S + 1], ascending, of the old intervals.
        weights: [R, S], at least 0.
        blur: added to every weight, as a share of the mean weight, so that every interval can be sampled.

    Returns:
        [R, count + 1]: ascending edges within the old ones.
    """
    edges, weights = edges.detach(), weights.detach()
    weights = weights + blur * weights.mean(-1, keepdim=True) + 1e-5
    cumulative = torch.cumsum(weights / weights.sum(-1, keepdim=True), -1)
    cumulative = torch.cat((torch.zeros_like(cumulative[:, :1]), cumulative), -1)
    cumulative[:, -1] = 1.0
    quantiles = torch.linspace(0, 1, count + 1, device=edges.device).expand(len(edges), -1)
    right = torch.searchsorted(cumulative, quantiles.contiguous(), right=True).clamp(1, weights.shape[-1])
    left = right - 1
    low, high = cumulative.gather(-1, left), cumulative.gather(-1, right)
    share = ((quantiles - low) / (high - low).clamp_min(1e-9)).clamp(0, 1)
    return torch.lerp(edges.gather(-1, left), edges.gather(-1, right), share)


def outer_bound(edges: Tensor, proposal_edges: Tensor, proposal_weights: Tensor) -> Tensor:
    """Upper bound on the weight of each interval: the sum of all proposal weights that it overlaps.

    Args:
        edges: [R, S + 1].
        proposal_edges: [R, P + 1].
        proposal_weights: [R, P].

    Returns:
        [R, S].
    """
    total = torch.cat((torch.zeros_like(proposal_weights[:, :1]), torch.cumsum(proposal_weights, -1)), -1)
    first = torch.searchsorted(proposal_edges.contiguous(), edges[:, :-1].contiguous(), right=True) - 1
    last = torch.searchsorted(proposal_edges.contiguous(), edges[:, 1:].contiguous(), right=False)
    size = proposal_weights.shape[-1]
    return total.gather(-1, last.clamp(0, size)) - total.gather(-1, first.clamp(0, size))


def interlevel_loss(edges: Tensor, weights: Tensor, proposal_edges: Tensor, proposal_weights: Tensor) -> Tensor:
    """Mean over rays of sum_i max(0, w_i - bound_i)^2 / w_i (mip-NeRF 360, equation 13).

    Penalizes proposal weights that do not cover the field's weights. The gradient reaches only the proposal.
    """
    weights = weights.detach()
    bound = outer_bound(edges.detach(), proposal_edges, proposal_weights)
    return ((weights - bound).clamp_min(0).square() / (weights + 1e-7)).sum(-1).mean()
