"""Pictures on disk in shards: rendered once, in parallel, from seeds, and found again by the next run.

A shard holds objects of one kind without backgrounds: those are drawn anew each time that a picture is looked at.
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
from .kinds import KINDS
from .mirror import mirrored, planes_of
from .pictures import draw_backgrounds, make_batch
from .tracer import over

PER_SHARD = 200
# Plain solids are learned soon; kinds with thin parts or cavities are harder, so they are seen more often than others.
EMPHASIS = {
    "ball": 0.4,
    "cube": 0.4,
    "cone": 0.5,
    "mug": 1.7,
    "bowl": 1.3,
    "bucket": 1.5,
    "vase": 1.3,
    "chair": 1.7,
    "table": 1.7,
    "stool": 1.3,
    "lamp": 1.2,
}
WORLD = 9  # goes up with every change of what the pictures show: shards of another world are never mixed in


def shard_folder(folder: Path, picture_px: int) -> Path:
    return folder / f"world{WORLD}-{picture_px}px"


def _stem(folder: Path, kind: str, number: int, picture_px: int) -> Path:
    return shard_folder(folder, picture_px) / kind / f"{number:05d}"


def is_rendered(folder: Path, kind: str, number: int, picture_px: int) -> bool:
    return _stem(folder, kind, number, picture_px).with_suffix(".json").exists()


def render_shard(folder: Path, kind: str, number: int, picture_px: int, device: str = "cpu") -> Path:
    """Writes a kind's shard `number` (layers as .npy, captions as .json) unless it is there. The number is the seed, whatever
    the device that traces."""
    stem = _stem(folder, kind, number, picture_px)
    if is_rendered(folder, kind, number, picture_px):
        return stem
    stem.parent.mkdir(parents=True, exist_ok=True)
    layers, captions = make_batch(KINDS[kind], PER_SHARD, number * 1000 + list(KINDS).index(kind), picture_px, device)
    stored = torch.cat((srgb_encode(layers[..., :3].clamp(0, 1)), layers[..., 3:]), -1)
    with open(stem.with_suffix(".npy.tmp"), "wb") as file:
        np.save(file, (stored * 255).round().to(torch.uint8).cpu().numpy())
    stem.with_suffix(".npy.tmp").rename(stem.with_suffix(".npy"))
    write_atomic(stem.with_suffix(".json"), json.dumps(captions))  # last: its presence says that the shard is whole
    return stem


@dataclass
class Shards:
    """All whole shards of some kinds in a folder. `refresh` picks up shards that appeared since.

    Raises:
        ValueError: a kind has no shard.
    """

    folder: Path  # as `shard_folder` names it
    kinds: tuple[str, ...]
    layers: dict[str, list[np.ndarray]] = field(default_factory=dict, init=False)
    captions: dict[str, list[list[str]]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.refresh()
        if missing := [kind for kind in self.kinds if not self.layers[kind]]:
            raise ValueError(f"no pictures of {', '.join(missing)} in {self.folder}")

    def refresh(self) -> int:
        """Opens new shards; returns how many pictures there are now."""
        for kind in self.kinds:
            opened = self.layers.setdefault(kind, [])
            texts = self.captions.setdefault(kind, [])
            for path in sorted((self.folder / kind).glob("*.json"))[len(opened) :]:  # numbers only ever go up
                opened.append(np.load(path.with_suffix(".npy"), mmap_mode="r"))
                texts.append(json.loads(path.read_text()))
        return sum(len(texts) for shards in self.captions.values() for texts in shards)

    def batches(self, size: int, generator: torch.Generator) -> Iterator[tuple[Tensor, list[str]]]:
        """Endless random batches: layers as they are stored, uint8 [B, H, W, 4], and captions, half of them mirrored where
        that is as true. New shards join as they appear."""
        weights = torch.tensor([EMPHASIS.get(kind, 1.0) for kind in self.kinds])
        while True:
            for _ in range(200):
                layers, texts = [], []
                for which in torch.multinomial(weights, size, replacement=True, generator=generator).tolist():
                    kind = self.kinds[which]
                    shard = int(torch.randint(len(self.layers[kind]), (), generator=generator))
                    row = int(torch.randint(len(self.captions[kind][shard]), (), generator=generator))
                    layer, text = self.layers[kind][shard][row], self.captions[kind][shard][row]
                    planes = planes_of(kind)
                    side = int(torch.randint(2 * len(planes), (), generator=generator)) if planes else 0
                    if side % 2 and (other := mirrored(text, planes[side // 2])):
                        layer, text = layer[:, ::-1], other
                    layers.append(layer)
                    texts.append(text)
                yield torch.from_numpy(np.stack(layers)), texts
            self.refresh()


def drop_captions(texts: list[str], share: float, generator: torch.Generator) -> list[str]:
    """Empties a share of them: what classifier-free guidance needs to know of no text at all."""
    gone = (torch.rand(len(texts), generator=generator) < share).tolist()
    return ["" if empty else text for empty, text in zip(gone, texts, strict=True)]


def before_backgrounds(stored: Tensor, generator: torch.Generator) -> Tensor:
    """Layers as they are stored, uint8 [B, H, W, 4] -> pictures [B, 3, H, W] in [-1, 1] before random backgrounds."""
    layers = stored.float() / 255
    layers = torch.cat((srgb_decode(layers[..., :3]), layers[..., 3:]), -1)
    backgrounds = draw_backgrounds(len(layers), layers.shape[1], generator).to(stored.device)
    return over(layers, backgrounds).permute(0, 3, 1, 2) * 2 - 1
