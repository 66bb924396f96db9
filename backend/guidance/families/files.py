"""The files of a model: a folder in diffusers' layout, or a single-file checkpoint (`single_file`), behind one interface."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import torch

from ...catalog import contents
from .components import load_part, load_tokenizer, read_index, read_json, variant_note, weight_files
from .weights import count_parameters


class ModelFiles(Protocol):
    """path: of the folder or the file. index: as in model_index.json: the pipeline's class, and [library, class] of each part."""

    path: Path
    index: dict[str, Any]

    @property
    def name(self) -> str: ...

    def config(self, part: str) -> dict[str, Any]:
        """Returns the configuration of a network, or of the scheduler."""
        ...

    def load_network(self, part: str, dtype: torch.dtype, is_rehearsal: bool = False) -> Any:
        """Loads a network on the CPU; a rehearsal reads no weights. Raises UserError: it is missing or damaged."""
        ...

    def load_tokenizer(self, part: str) -> Any: ...

    def count(self, part: str) -> int:
        """Returns the number of parameters of a network."""
        ...

    def size(self, parts: list[str]) -> int:
        """Returns the bytes of these networks on the disk."""
        ...

    def notes(self, parts: list[str]) -> list[str]:
        """Returns sentences on what the user should know about the files of these networks."""
        ...


class FolderFiles:
    """A folder in diffusers' layout.

    Raises:
        UserError: it is no model, or a file differs from its download.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self.index = read_index(folder)
        contents.check_small(folder)

    @property
    def name(self) -> str:
        if self.path.parent.name == "snapshots":  # in the Hub's cache, the folder is named by its commit
            return self.path.parents[1].name.removeprefix("models--")
        return self.path.name

    def config(self, part: str) -> dict[str, Any]:
        name = "scheduler_config.json" if part == "scheduler" else "config.json"
        return read_json(self.path / part / name)

    def load_network(self, part: str, dtype: torch.dtype, is_rehearsal: bool = False) -> Any:
        return load_part(self.path, self.index, part, dtype, is_rehearsal)

    def load_tokenizer(self, part: str) -> Any:
        return load_tokenizer(self.path, self.index, part)

    def count(self, part: str) -> int:
        return count_parameters(self.path / part)

    def size(self, parts: list[str]) -> int:
        return sum(path.stat().st_size for part in parts for path in weight_files(self.path / part))

    def notes(self, parts: list[str]) -> list[str]:
        return [note for part in parts if (note := variant_note(self.path / part))]
