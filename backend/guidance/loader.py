"""From a name or a folder to a prior."""

from __future__ import annotations

from pathlib import Path

import torch

from ..errors import UserError
from .pixel_prior import BUILTIN, PixelPrior


def load_prior(name_or_path: str, device: torch.device) -> PixelPrior:
    """The prior called "builtin", or one in a folder with the built-in prior's layout.

    Raises:
        UserError: there is no such prior, or its files cannot be read.
    """
    folder = BUILTIN if name_or_path == "builtin" else Path(name_or_path)
    if not (folder / "model_index.json").is_file():
        raise UserError(
            f"There is no prior '{name_or_path}': say 'builtin', or give a folder that holds a model_index.json.",
            code="prior",
        )
    return PixelPrior.load(folder, device)
