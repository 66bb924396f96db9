"""Models with random weights that are made on the device: at full size, or small ones of the same families.

Saving a model to load it again takes longer than all its steps on a GPU, and needs up to 34 GB on the disk. Here, the weights are
written once, into the device's memory. `build.py full-size` tests loading.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import torch

from backend.guidance.families import load_family
from backend.guidance.families.components import part_class
from backend.guidance.families.precision import weights_dtype
from backend.guidance.families.prior import FamilyPrior

from .. import full_size_models
from .plan import Models

# The small model of the tests for each one at full size.
TINY = {
    "sd1": "sd",
    "sd2": "sd-v",
    "sdxl": "sdxl",
    "sd3": "sd3",
    "deepfloyd-if-xl": "deepfloyd",
    "pixart": "pixart-alpha",
    "sana": "sana",
    "flux": "flux-dev",
}


class RandomFiles:
    """Stands in for the files of a model, see `backend.guidance.families.files.ModelFiles`.

    Args:
        index: the contents of model_index.json.
        config, tokenizer: return those of a part.
        device: where the networks get their weights.
    """

    def __init__(
        self,
        name: str,
        index: dict[str, Any],
        config: Callable[[str], dict[str, Any]],
        tokenizer: Callable[[str], Any],
        device: torch.device,
    ) -> None:
        self.path, self.index = Path(name), index
        self._config, self._tokenizer, self._device = config, tokenizer, device
        self.count = cache(self._count)

    @property
    def name(self) -> str:
        return self.path.name

    def config(self, part: str) -> dict[str, Any]:
        return self._config(part)

    def load_network(self, part: str, dtype: torch.dtype, is_rehearsal: bool = False) -> Any:
        """Returns a network on the device, the same every time."""
        network = self._empty(part).to(dtype)
        if is_rehearsal:
            return network
        full_size_models.fill(network, self._device)
        return network.to(self._device).requires_grad_(False).eval()

    def load_tokenizer(self, part: str) -> Any:
        return self._tokenizer(part)

    def _count(self, part: str) -> int:
        return sum(parameter.numel() for parameter in self._empty(part).parameters())

    def size(self, parts: list[str]) -> int:
        return 0

    def notes(self, parts: list[str]) -> list[str]:
        return []

    def _empty(self, part: str) -> Any:
        return full_size_models.empty_network(part_class(self.index, part), self.config(part))


def random_files(name: str, models: Models, device: torch.device) -> RandomFiles:
    """The model of this name, at full size or small."""
    if models == "full":
        model = (full_size_models.MODELS | full_size_models.LARGER)[name]
        return RandomFiles(
            name,
            full_size_models.index_of(model),
            lambda part: full_size_models.config_of(model, part),
            lambda part: full_size_models.tokenizer_of(model, part),
            device,
        )
    from tests.guidance.tiny_models import MAKERS  # a checkout has the tests

    pipeline = MAKERS[TINY[name]]()
    index = {part: list(entry) if isinstance(entry, tuple) else entry for part, entry in pipeline.config.items()}

    def config(part: str) -> dict[str, Any]:
        found = pipeline.components[part].config
        return dict(found.to_dict() if hasattr(found, "to_dict") else found)

    return RandomFiles(
        name, index | {"_class_name": type(pipeline).__name__}, config, lambda part: pipeline.components[part], device
    )


def random_prior(
    name: str,
    models: Models,
    device: torch.device,
    dtype: torch.dtype | None = None,
    picture_px: int = 0,
    is_offloaded: bool = False,
) -> FamilyPrior:
    """Opens a model with random weights, see `load_family`. By default in the type that jobs use on the device."""
    place = torch.device("cpu") if is_offloaded else device
    return load_family(
        random_files(name, models, place), device, dtype or weights_dtype("auto", device), picture_px, is_offloaded
    )
