"""Training pictures of the small models: rendered ones, before new backgrounds, with a family's captions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..dataset import Shards, before_backgrounds, render_shard, shard_folder
from .parts import PICTURE_PX
from .words import family_caption


class Pictures:
    """Every picture of the kinds whose caption `family_caption` can say.

    Raises:
        ValueError: a kind has no picture.
    """

    def __init__(self, folder: Path, kinds: tuple[str, ...]) -> None:
        self.kinds = kinds
        found = Shards(shard_folder(folder, PICTURE_PX), kinds)
        self._rows: dict[str, list[tuple[np.ndarray, str]]] = {
            kind: [
                (layers[row], text)
                for layers, captions in zip(found.layers[kind], found.captions[kind], strict=True)
                for row, caption in enumerate(captions)
                if (text := family_caption(caption)) is not None
            ]
            for kind in kinds
        }

    def __len__(self) -> int:
        return sum(len(rows) for rows in self._rows.values())

    def batch(self, size: int, generator: torch.Generator) -> tuple[Tensor, list[str]]:
        """Random pictures [B, 3, H, W] in [-1, 1], each kind as often as any other, and their captions."""
        layers, texts = [], []
        for which in torch.randint(len(self.kinds), (size,), generator=generator).tolist():
            rows = self._rows[self.kinds[which]]
            layer, text = rows[int(torch.randint(len(rows), (), generator=generator))]
            layers.append(layer)
            texts.append(text)
        return before_backgrounds(torch.from_numpy(np.stack(layers)), generator), texts


def render_missing(folder: Path, kinds: tuple[str, ...], shards: int) -> None:
    """The first `shards` shards of each kind, where they are not there yet."""
    for kind in kinds:
        for number in range(shards):
            render_shard(folder, kind, number, PICTURE_PX)
