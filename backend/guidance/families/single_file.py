"""A model in one safetensors file in the layout of its publisher, as other programs use it.

diffusers' `from_single_file` converts and loads each network. The configurations, which the file lacks, ship in `published`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from ...catalog.checkpoints import SingleKind, recognize
from ...errors import UserError
from .. import loading
from ..loading import Damaged, check_numbers, reading
from .components import part_class, read_json
from .vocabularies import load_vocabulary

_MODEL, _PROJECTION = "text_model.", "text_projection.weight"
PUBLISHED = Path(__file__).parent / "published"


class SingleFile:
    """See `files.ModelFiles`.

    Args:
        configuration: a folder in diffusers' layout, of which the weights are not read; by default the published one of the
            file's kind.

    Raises:
        UserError: the file is no complete checkpoint of a supported family.
    """

    def __init__(self, path: Path, configuration: Path | None = None) -> None:
        self.path = path
        self.kind: SingleKind = recognize(path)
        self.configuration = configuration or PUBLISHED / self.kind.configuration
        self.index = read_json(self.configuration / "model_index.json")
        if not self.kind.has_t5:
            self.index |= {"text_encoder_3": [None, None], "tokenizer_3": [None, None]}

    @property
    def name(self) -> str:
        return self.path.stem

    def config(self, part: str) -> dict[str, Any]:
        if part == "scheduler":
            changed = dict(self.kind.scheduler or {})
            return read_json(self.configuration / part / "scheduler_config.json") | changed
        return read_json(self.configuration / part / "config.json")

    def load_network(self, part: str, dtype: torch.dtype, is_rehearsal: bool = False) -> Any:
        if is_rehearsal:  # the kind was recognized by the tensors of each part
            return self._empty(part)
        companion = self.kind.companions.get(part)
        with self._explained(companion or self.path):
            network = self._load(part, dtype) if companion is None else self._load_companion(part, companion, dtype)
            if hasattr(network, "tie_weights"):
                network.tie_weights()  # some files of T5 hold its shared embeddings once
            if lacking := [name for name, tensor in network.state_dict().items() if tensor.is_meta]:
                raise Damaged(f"is incomplete: its {part} lacks {len(lacking)} tensors ({min(lacking)})")
            check_numbers(network, companion or self.path)
        return network.requires_grad_(False).eval()

    def load_tokenizer(self, part: str) -> Any:
        config = read_json(self.configuration / part / "tokenizer_config.json")
        if "vocabulary" in config:
            return load_vocabulary(config)
        return loading.load_tokenizer(
            part_class(self.index, part, ("PreTrainedTokenizerBase",)), self.configuration / part
        )

    def count(self, part: str) -> int:
        tensors = self._empty(part).state_dict(keep_vars=True).values()
        return sum(tensor.numel() for tensor in {id(tensor): tensor for tensor in tensors}.values())  # shared ones once

    def size(self, parts: list[str]) -> int:
        files = {self.path, *(file for part, file in self.kind.companions.items() if part in parts)}
        return sum(file.stat().st_size for file in files)

    def notes(self, parts: list[str]) -> list[str]:
        return []

    def _load(self, part: str, dtype: torch.dtype) -> Any:
        import diffusers

        pipeline = getattr(diffusers, str(self.index["_class_name"]))
        others = {name: None for name, entry in self.index.items() if isinstance(entry, list) and name != part}
        loaded = pipeline.from_single_file(
            str(self.path), config=str(self.configuration), local_files_only=True, torch_dtype=dtype, **others
        )
        return getattr(loaded, part)

    def _load_companion(self, part: str, file: Path, dtype: torch.dtype) -> Any:
        """Loads a part from a separate file, as ComfyUI stores it."""
        if part == "vae":
            return part_class(self.index, part).from_single_file(
                str(file), config=str(self.configuration), subfolder=part, local_files_only=True, torch_dtype=dtype
            )
        network = self._empty(part)
        wanted, given = network.state_dict(), load_file(file)
        # transformers' names, some of which have changed between its versions.
        named = {
            name: given.get(name, given.get(f"{_MODEL}{name}", given.get(name.removeprefix(_MODEL)))) for name in wanted
        }
        if named.get(_PROJECTION, ...) is None:  # the identity, which files of Stable Diffusion 3 omit
            named[_PROJECTION] = torch.eye(len(wanted[_PROJECTION]))
        network.load_state_dict({name: t for name, t in named.items() if t is not None}, strict=False, assign=True)
        network.tie_weights()
        if lacking := [name for name, tensor in network.state_dict().items() if tensor.is_meta]:
            raise Damaged(f"is incomplete: it lacks {len(lacking)} tensors ({min(lacking)})")
        return network.to(dtype)

    def _empty(self, part: str) -> Any:
        """Returns the network without weights."""
        from accelerate import init_empty_weights

        cls, config = part_class(self.index, part), self.config(part)
        with init_empty_weights():
            if hasattr(cls, "from_config"):
                return cls.from_config(config)
            network = cls(cls.config_class.from_dict(config))
        network.tie_weights()
        return network

    @contextmanager
    def _explained(self, file: Path) -> Iterator[None]:
        remedy = "Download it again, or choose a folder in diffusers' layout."
        try:
            with reading(f"The checkpoint {file}", remedy):
                yield
        except ImportError as error:
            raise UserError(f"{file} needs a library that is not installed ({error}).", "environment") from error
