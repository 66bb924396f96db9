"""Renders of meshes for the retrieval evaluation, cached as PNG files."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from .glb_loader import load_glb
from .mesh_render import Renders, cameras_around, render_mesh

MODES = Renders._fields


@dataclass(frozen=True)
class MeshViews:
    """pixels [3, A, H, W, 3]: sRGB renders from A azimuths, in the order of `MODES`."""

    pixels: NDArray[np.uint8]

    def images(self) -> Tensor:
        """[3 A, H, W, 3]: sRGB in [0, 1]."""
        return torch.from_numpy(self.pixels).float().flatten(0, 1) / 255

    def save(self, path: Path) -> None:
        """Writes one image with a row for each mode. The file is replaced atomically."""
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")  # two processes may write the same file
        modes, count, height, width, _ = self.pixels.shape
        rows = self.pixels.transpose(0, 2, 1, 3, 4).reshape(modes * height, count * width, 3)
        Image.fromarray(rows).save(temporary, "png")
        temporary.replace(path)

    @staticmethod
    def load(path: Path) -> MeshViews:
        """Reads an image written by `save`."""
        rows = np.asarray(Image.open(path).convert("RGB"))
        px = rows.shape[0] // len(MODES)
        return MeshViews(rows.reshape(len(MODES), px, -1, px, 3).transpose(0, 2, 1, 3, 4))


def load_or_render_views(
    mesh: Path, path: Path, azimuths_deg: Sequence[float], elevation_deg: float, size_px: int
) -> MeshViews:
    """Loads the views of a mesh from `path`, or renders them and saves them to `path`.

    Raises:
        UserError: the mesh cannot be read.
    """
    if path.exists():
        return MeshViews.load(path)
    cameras = cameras_around(azimuths_deg, elevation_deg)
    views = MeshViews(np.stack(render_mesh(load_glb(mesh), cameras, size_px)))
    views.save(path)
    return views
