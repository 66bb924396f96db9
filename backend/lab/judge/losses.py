"""The judge's losses. Features are unit vectors [B, D], [T, D]; `scale` multiplies their cosines."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy


def contrastive_loss(images: Tensor, texts: Tensor, scale: Tensor) -> Tensor:
    """CLIP's symmetric contrastive loss (Radford et al. 2021, figure 3). texts [B, D]: the captions of the images."""
    logits = scale * images @ texts.T
    target = torch.arange(len(images), device=images.device)
    return (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2


def classification_loss(images: Tensor, grid: Tensor, scale: Tensor, kind: Tensor, color: Tensor) -> Tensor:
    """Cross entropy over all kinds in all colors, with hard negatives such as the same kind in another color.

    Args:
        grid: text features of all kinds and colors [K, C, D].
        kind, color: labels [B]. For a color of -1 (textureless pictures), all colors of the kind count as correct.
    """
    logits = scale * images @ grid.flatten(0, 1).T
    log_probabilities = torch.log_softmax(logits, -1).view(len(images), *grid.shape[:2])
    rows = torch.arange(len(images), device=images.device)
    of_kind = log_probabilities[rows, kind]  # [B, C]
    return -torch.where(color < 0, of_kind.logsumexp(-1), of_kind[rows, color.clamp_min(0)]).mean()
