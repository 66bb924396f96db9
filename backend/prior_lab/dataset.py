"""Pictures on disk in shards: rendered once, in parallel, from seeds, and found again by the next run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..contract import write_atomic
from .kinds import KINDS
from .pictures import make_batch

PER_KIND = 20  # pictures of a kind in one shard
# Plain solids are learnt soon; kinds with thin parts or cavities are harder, so they are seen more often.
EMPHASIS = {"ball": 8, "cube": 8, "cone": 10, "mug": 30, "chair": 34, "table": 30, "stool": 26, "lamp": 24}
WORLD = 2  # goes up with every change of what the pictures show: shards of another world are never mixed in


def render_shard(folder: Path, number: int) -> Path:
    """Writes shard `number` (pictures as .npy, captions as .json) unless it is there. The number is the seed."""
    stem = folder / f"world{WORLD}-{number:05d}"
    if stem.with_suffix(".json").exists():
        return stem
    folder.mkdir(parents=True, exist_ok=True)
    pictures, captions = [], []
    for index, kind in enumerate(KINDS.values()):
        batch, texts = make_batch(kind, EMPHASIS.get(kind.name, PER_KIND), seed=number * 1000 + index)
        pictures.append(batch)
        captions += texts
    with open(stem.with_suffix(".npy.tmp"), "wb") as file:
        np.save(file, torch.cat(pictures).numpy())
    stem.with_suffix(".npy.tmp").rename(stem.with_suffix(".npy"))
    write_atomic(stem.with_suffix(".json"), json.dumps(captions))  # last: its presence says that the shard is whole
    return stem


@dataclass
class Shards:
    """All whole shards of a folder, or of their pictures those whose captions name one of `kinds`. `refresh` picks up shards
    that appeared since."""

    folder: Path
    kinds: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.pictures: list[np.ndarray] = []
        self.captions: list[list[str]] = []
        self.rows: list[list[int]] = []  # of each shard, those that are used
        self._known: set[str] = set()
        self.refresh()

    def refresh(self) -> int:
        """Opens new shards; returns how many pictures there are now."""
        for path in sorted(self.folder.glob(f"world{WORLD}-*.json")):
            if path.stem not in self._known:
                self._known.add(path.stem)
                self.pictures.append(np.load(path.with_suffix(".npy"), mmap_mode="r"))
                texts = json.loads(path.read_text())
                self.captions.append(texts)
                self.rows.append([row for row, text in enumerate(texts) if self._is_wanted(text)])
        return sum(len(rows) for rows in self.rows)

    def _is_wanted(self, text: str) -> bool:
        return not self.kinds or not self.kinds.isdisjoint(text.replace(",", "").split())

    def batches(self, size: int, generator: torch.Generator) -> Iterator[tuple[Tensor, list[str]]]:
        """Endless random batches: pictures in [-1, 1] [B, 3, H, W], and captions. New shards join as they appear."""
        while True:
            counts = torch.tensor([len(rows) for rows in self.rows], dtype=torch.float)
            for _ in range(200):
                shards = torch.multinomial(counts, size, replacement=True, generator=generator).tolist()
                rows = [self.rows[s][int(torch.randint(len(self.rows[s]), (), generator=generator))] for s in shards]
                batch = np.stack([self.pictures[s][r] for s, r in zip(shards, rows, strict=True)])
                texts = [self.captions[s][r] for s, r in zip(shards, rows, strict=True)]
                yield torch.from_numpy(batch).permute(0, 3, 1, 2).float() / 127.5 - 1, texts
            self.refresh()
