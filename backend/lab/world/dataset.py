"""The training pictures in shards on disk: rendered once, in parallel and from seeds, and reused by later runs.

A shard holds objects of one kind without backgrounds, which are drawn for each use.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ...jobs.files import write_atomic
from ...maths.color import srgb_decode, srgb_encode
from .captions import Caption
from .kinds import KINDS
from .mirror import mirrored, planes_of
from .pictures import draw_backgrounds, make_batch
from .tracer import over

PER_SHARD = 200
# Sampling weights: plain solids need few pictures, kinds with thin parts or cavities need more.
EMPHASIS = {
    "ball": 0.4,
    "cube": 0.4,
    "cone": 0.5,
    "cylinder": 0.5,
    "capsule": 0.5,
    "pyramid": 0.6,
    "wedge": 0.8,
    "mug": 1.7,
    "bowl": 1.7,
    "bucket": 1.5,
    "vase": 1.3,
    "chair": 1.7,
    "table": 1.7,
    "stool": 1.3,
    "lamp": 1.2,
}
WORLD = 11  # version of the pictures and the shard format; shards of different versions are never mixed


def shard_folder(folder: Path, picture_px: int) -> Path:
    return folder / f"world{WORLD}-{picture_px}px"


def _stem(folder: Path, kind: str, number: int, picture_px: int) -> Path:
    return shard_folder(folder, picture_px) / kind / f"{number:05d}"


def is_rendered(folder: Path, kind: str, number: int, picture_px: int) -> bool:
    return _stem(folder, kind, number, picture_px).with_suffix(".json").exists()


def render_shard(folder: Path, kind: str, number: int, picture_px: int, device: str = "cpu") -> Path:
    """Writes a kind's shard `number` (layers as .npy, captions as .json) unless it exists. The number determines the content, on
    any device."""
    stem = _stem(folder, kind, number, picture_px)
    if is_rendered(folder, kind, number, picture_px):
        return stem
    stem.parent.mkdir(parents=True, exist_ok=True)
    layers, captions = make_batch(KINDS[kind], PER_SHARD, number * 1000 + list(KINDS).index(kind), picture_px, device)
    with open(stem.with_suffix(".npy.tmp"), "wb") as file:
        np.save(file, as_stored(layers).cpu().numpy())
    stem.with_suffix(".npy.tmp").rename(stem.with_suffix(".npy"))
    records = [caption.to_record() for caption in captions]
    write_atomic(stem.with_suffix(".json"), json.dumps(records))  # last: it marks the shard as complete
    return stem


def as_stored(layers: Tensor) -> Tensor:
    """Layers of `pictures.make_batch` as shards hold them: uint8 [B, H, W, 4], sRGB and opacity."""
    stored = torch.cat((srgb_encode(layers[..., :3].clamp(0, 1)), layers[..., 3:]), -1)
    return (stored * 255).round().to(torch.uint8)


@dataclass
class Shards:
    """All complete shards of some kinds in a folder. `refresh` adds new ones.

    Raises:
        ValueError: a kind has no shard.
    """

    folder: Path  # see `shard_folder`
    kinds: tuple[str, ...]
    layers: dict[str, list[np.ndarray]] = field(default_factory=dict, init=False)
    captions: dict[str, list[list[Caption]]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.refresh()
        if missing := [kind for kind in self.kinds if not self.layers[kind]]:
            raise ValueError(f"No pictures of {', '.join(missing)} in {self.folder}.")

    def refresh(self) -> int:
        """Opens new shards and returns the total number of pictures."""
        for kind in self.kinds:
            opened = self.layers.setdefault(kind, [])
            captions = self.captions.setdefault(kind, [])
            for path in sorted((self.folder / kind).glob("*.json"))[len(opened) :]:  # new shards have higher numbers
                opened.append(np.load(path.with_suffix(".npy"), mmap_mode="r"))
                captions.append([Caption.from_record(record) for record in json.loads(path.read_text())])
        return sum(len(captions) for shards in self.captions.values() for captions in shards)

    def batches(self, size: int, generator: torch.Generator) -> Iterator[tuple[Tensor, list[Caption]]]:
        """Yields random batches without end: stored layers, uint8 [B, H, W, 4], and captions. Half of them are mirrored if the
        kind is symmetric. New shards are included from time to time."""
        weights = torch.tensor([EMPHASIS.get(kind, 1.0) for kind in self.kinds])
        while True:
            for _ in range(200):
                layers, captions = [], []
                for which in torch.multinomial(weights, size, replacement=True, generator=generator).tolist():
                    kind = self.kinds[which]
                    shard = int(torch.randint(len(self.layers[kind]), (), generator=generator))
                    row = int(torch.randint(len(self.captions[kind][shard]), (), generator=generator))
                    layer, caption = self.layers[kind][shard][row], self.captions[kind][shard][row]
                    planes = planes_of(kind)
                    side = int(torch.randint(2 * len(planes), (), generator=generator)) if planes else 0
                    if side % 2 and (other := mirrored(caption, planes[side // 2])):
                        layer, caption = layer[:, ::-1], other
                    layers.append(layer)
                    captions.append(caption)
                yield torch.from_numpy(np.stack(layers)), captions
            self.refresh()


def drop_captions(
    stored: Tensor, captions: list[Caption], share: float, generator: torch.Generator
) -> tuple[Tensor, list[Caption]]:
    """Replaces a share of the captions by empty ones, for classifier-free guidance, and permutes the color channels of their
    pictures.

    The mean of the permuted pictures is gray. Without this it is orange, and guidance, which exaggerates the difference from
    that mean, paints gray objects blue.
    """
    is_dropped = (torch.rand(len(captions), generator=generator) < share).tolist()
    stored = stored.clone()
    for row, empty in enumerate(is_dropped):
        if empty:
            stored[row, ..., :3] = stored[row][..., torch.randperm(3, generator=generator)]
    return stored, [Caption("") if empty else caption for empty, caption in zip(is_dropped, captions, strict=True)]


def add_backgrounds(stored: Tensor, generator: torch.Generator) -> Tensor:
    """Stored layers, uint8 [B, H, W, 4] -> pictures [B, 3, H, W] in [-1, 1] with random backgrounds."""
    layers = stored.float() / 255
    layers = torch.cat((srgb_decode(layers[..., :3]), layers[..., 3:]), -1)
    backgrounds = draw_backgrounds(len(layers), layers.shape[1], generator).to(stored.device)
    return over(layers, backgrounds).permute(0, 3, 1, 2) * 2 - 1
