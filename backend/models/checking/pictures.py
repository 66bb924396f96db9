"""Writes pictures side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor


def save_pictures(path: Path, pictures: Sequence[Tensor]) -> None:
    """Writes sRGB pictures [1, 3, H, W] in [0, 1] as one image (.png)."""
    from PIL import Image

    row = torch.cat([picture[0].float().cpu() for picture in pictures], dim=-1).nan_to_num(0).clamp(0, 1)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray((row.permute(1, 2, 0) * 255).round().byte().numpy()).save(path)
