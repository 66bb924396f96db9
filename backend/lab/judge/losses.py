"""What the judge is trained with. Image and text features are unit vectors [B, D], [T, D]; scale multiplies their cosines."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy


def contrastive_loss(images: Tensor, texts: Tensor, scale: Tensor) -> Tensor:
    """CLIP's symmetric loss (Radford et al. 2021, figure 3): each picture finds its caption and each caption its picture."""
    logits = scale * images @ texts.T
    target = torch.arange(len(images), device=images.device)
    return (cross_entropy(logits, target) + cross_entropy(logits.T, target)) / 2


def classification_loss(images: Tensor, grid: Tensor, scale: Tensor, kind: Tensor, color: Tensor) -> Tensor:
    """Which of all kinds in which of all colors: the hardest negatives, same kind in another color and the reverse.

    Args:
        grid: features of the class_prompts [K, C, D].
        kind, color: the right ones [B]; color -1 where nobody sees it, then any color will do.
    """
    logits = scale * images @ grid.flatten(0, 1).T
    chances = torch.log_softmax(logits, -1).view(len(images), *grid.shape[:2])
    rows = torch.arange(len(images), device=images.device)
    of_kind = chances[rows, kind]  # [B, C]
    return -torch.where(color < 0, of_kind.logsumexp(-1), of_kind[rows, color.clamp_min(0)]).mean()
