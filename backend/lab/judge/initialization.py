"""First weights with which a vision transformer looks at neighboring patches, as a convolution does.

From scratch, a transformer needs millions of pictures before its attention finds out that neighbors belong together
(Zheng, Li, Lucey 2024, "Structured Initialization for Vision Transformers", start from the same thought). Here the first
weights say so, exactly: positions are written into coordinates of their own, and each head's queries ask for the patch at a
fixed step from their own.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

# Rows and columns to go; the heads of a layer take them in turn, and the next layer goes on where it stopped.
STEPS = ((0, 1), (0, -1), (1, 0), (-1, 0), (0, 0), (1, 1), (-1, -1), (1, -1), (-1, 1), (0, 2), (0, -2), (2, 0), (-2, 0))
_PIXELS = 0.05  # standard deviation of the patches' first weights: about as loud as the positions


@torch.no_grad()
def init_as_convolutions(vision: Any) -> None:
    """Sets the first weights of a CLIPVisionModel.

    With frequencies w_f = pi (f + 1/2) / n, f = 0 .. n - 1, the sum of cos(w_f d) is n for d = 0 and 0 for every other whole
    d below 2 n: a query turned by w_f times a step meets the one key that lies there. The class token has no position, so
    that it sees the mean of all patches.
    """
    config = vision.config
    head = config.hidden_size // config.num_attention_heads
    side = config.image_size // config.patch_size
    rates = math.pi * (torch.arange(head // 4) + 0.5) / (head // 4)
    places = vision.embeddings.position_embedding.weight
    places.zero_()
    rows, columns = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    places[1:, :head] = _waves(rows.flatten(), columns.flatten(), rates)
    vision.embeddings.class_embedding[:head] = 0
    patches = vision.embeddings.patch_embedding.weight
    patches.normal_(std=_PIXELS)
    patches[:head] = 0
    number = 0
    for layer in vision.encoder.layers:
        attention = layer.self_attn
        attention.k_proj.weight.zero_()
        attention.q_proj.weight.zero_()
        for start in range(0, config.hidden_size, head):
            rows_of_head = slice(start, start + head)
            attention.k_proj.weight[rows_of_head, :head] = torch.eye(head)
            attention.q_proj.weight[rows_of_head, :head] = _turn(STEPS[number % len(STEPS)], rates)
            number += 1
        # Nothing is written over the positions to begin with.
        attention.out_proj.weight[:head] = 0
        layer.mlp.fc2.weight[:head] = 0


def _waves(rows: Tensor, columns: Tensor, rates: Tensor) -> Tensor:
    """[N] and [N] -> [N, 4 n]: cosines and sines of the rows, then of the columns."""
    angles = torch.stack((rows[:, None] * rates, columns[:, None] * rates), 1)  # [N, 2, n]
    return torch.cat((angles.cos(), angles.sin()), -1).flatten(1)


def _turn(step: tuple[int, int], rates: Tensor) -> Tensor:
    """The matrix [4 n, 4 n] that takes the waves of a place to those of the place a step further."""
    blocks = []
    for distance in step:
        cos, sin = torch.diag((distance * rates).cos()), torch.diag((distance * rates).sin())
        blocks.append(torch.cat((torch.cat((cos, -sin), 1), torch.cat((sin, cos), 1))))
    return torch.block_diag(*blocks)
