"""Initializes a vision transformer so that its attention heads select neighboring patches, like a convolution.

With a random initialization, a transformer needs millions of pictures to learn that neighboring patches are related
(Zheng, Li, Lucey 2024, "Structured Initialization for Vision Transformers", have the same motivation). Here, positions
are encoded in separate coordinates, and the queries of each head match the keys at a fixed offset exactly.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

# (rows, columns) of each head's offset. The heads use them in turn, continuing from layer to layer.
OFFSETS = (
    (0, 1),
    (0, -1),
    (1, 0),
    (-1, 0),
    (0, 0),
    (1, 1),
    (-1, -1),
    (1, -1),
    (-1, 1),
    (0, 2),
    (0, -2),
    (2, 0),
    (-2, 0),
)
_PATCH_STD = 0.05  # standard deviation of the patch embedding's weights: similar in magnitude to the positions


@torch.no_grad()
def init_as_convolutions(vision: Any) -> None:
    """Initializes a CLIPVisionModel.

    With the frequencies w_f = pi (f + 1/2) / n, f = 0 .. n - 1, the sum of cos(w_f d) is n for d = 0 and 0 for all
    other integers |d| < 2 n. A query rotated by w_f times the offset therefore matches only the key at that offset. The
    class token has no position, so that it attends to all patches equally.
    """
    config = vision.config
    head = config.hidden_size // config.num_attention_heads
    side = config.image_size // config.patch_size
    rates = math.pi * (torch.arange(head // 4) + 0.5) / (head // 4)
    positions = vision.embeddings.position_embedding.weight
    positions.zero_()
    rows, columns = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    positions[1:, :head] = _encode_positions(rows.flatten(), columns.flatten(), rates)
    vision.embeddings.class_embedding[:head] = 0
    patches = vision.embeddings.patch_embedding.weight
    patches.normal_(std=_PATCH_STD)
    patches[:head] = 0
    number = 0
    for layer in vision.encoder.layers:
        attention = layer.self_attn
        attention.k_proj.weight.zero_()
        attention.q_proj.weight.zero_()
        for start in range(0, config.hidden_size, head):
            rows_of_head = slice(start, start + head)
            attention.k_proj.weight[rows_of_head, :head] = torch.eye(head)
            attention.q_proj.weight[rows_of_head, :head] = _shift_matrix(OFFSETS[number % len(OFFSETS)], rates)
            number += 1
        # The residual branches initially leave the coordinates of the positions unchanged.
        attention.out_proj.weight[:head] = 0
        layer.mlp.fc2.weight[:head] = 0


def _encode_positions(rows: Tensor, columns: Tensor, rates: Tensor) -> Tensor:
    """rows [N], columns [N], rates [n] -> [N, 4 n]: cosines and sines of the rows, then of the columns."""
    angles = torch.stack((rows[:, None] * rates, columns[:, None] * rates), 1)  # [N, 2, n]
    return torch.cat((angles.cos(), angles.sin()), -1).flatten(1)


def _shift_matrix(offset: tuple[int, int], rates: Tensor) -> Tensor:
    """[4 n, 4 n]: the matrix that maps the encoding of a position to that of the position at `offset`."""
    blocks = []
    for distance in offset:
        cos, sin = torch.diag((distance * rates).cos()), torch.diag((distance * rates).sin())
        blocks.append(torch.cat((torch.cat((cos, -sin), 1), torch.cat((sin, cos), 1))))
    return torch.block_diag(*blocks)
