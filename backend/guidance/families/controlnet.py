"""ControlNets (Zhang et al. 2023): networks that condition the denoiser on a depth image of each view.

The depth image is the one that their training used (there estimated by MiDaS): inverse depth from 0 to 1 for each picture, near
is white, the background is black.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor

from ...catalog.controlnets import CLASS, NO_CONTROLNET, own_controlnet, recognize_controlnet
from ...catalog.headers import read_shapes
from ...errors import UserError
from ..base import Conditioning
from ..loading import Damaged, check_numbers, reading
from .components import load_part, read_json, weight_files
from .weights import count_parameters

ControlNet = tuple[str, float]  # the path of a folder or file, empty for the model's own one; and its strength
CHANNELS = 3
# Values that decide which tensors of the denoiser it adds to, and what it takes.
_SHARED = (
    "in_channels",
    "block_out_channels",
    "layers_per_block",
    "cross_attention_dim",
    "addition_embed_type",
    "projection_class_embeddings_input_dim",
)


class DepthControl:
    """The ControlNet of a model. Its weights are loaded on demand.

    Args:
        path: see `catalog.controlnets.recognize_controlnet`.
        scale: strength; diffusers' `controlnet_conditioning_scale`.
        config: of the denoiser.
        model: name and family of the model, for messages.

    Raises:
        UserError: it is none for depth, or belongs to another kind of model.
    """

    def __init__(self, path: str | Path, scale: float, config: Mapping[str, Any], model: tuple[str, str]) -> None:
        kind = recognize_controlnet(path)
        self.path, self.scale, self._config = kind.path, scale, config
        if self.path.is_file():
            fits = kind.width in (0, config.get("cross_attention_dim"))
        else:
            own = read_json(self.path / "config.json")
            fits = all(own.get(name) == config.get(name) for name in _SHARED)
            if own.get("conditioning_channels", CHANNELS) != CHANNELS:
                raise UserError(f"The ControlNet {self.path} takes no depth image: its pictures have other channels.", "prior")  # fmt: skip
        if not fits:
            raise UserError(
                f"The ControlNet {self.path} is for {kind.family or 'another kind of model'}, and does not fit '{model[0]}'. "
                f"Choose a depth ControlNet for {model[1]}, or remove it.",
                "prior",
            )

    def load(self, dtype: torch.dtype, is_rehearsal: bool = False) -> Any:
        """Loads the network on the CPU; a rehearsal reads no weights.

        Raises:
            UserError: a file is missing or damaged.
        """
        if self.path.is_file():
            return None if is_rehearsal else self._load_file(dtype)
        return load_part(self.path.parent, {self.path.name: ["diffusers", CLASS]}, self.path.name, dtype, is_rehearsal)

    def count(self) -> int:
        """Returns the number of parameters."""
        if self.path.is_file():
            return sum(math.prod(shape) for shape in read_shapes(self.path).values())
        return count_parameters(self.path)

    def size(self) -> int:
        """Returns the bytes on the disk."""
        files = [self.path] if self.path.is_file() else weight_files(self.path)
        return sum(os.stat(file).st_size for file in files)

    def _load_file(self, dtype: torch.dtype) -> Any:
        """diffusers converts the names of other programs. A file has no configuration: it is that of the denoiser."""
        from accelerate import init_empty_weights
        from diffusers import ControlNetModel, UNet2DConditionModel

        with reading(f"The ControlNet {self.path}", "Download it again, or choose its folder in diffusers' layout."):
            with init_empty_weights():
                empty = ControlNetModel.from_unet(
                    UNet2DConditionModel.from_config(dict(self._config)), load_weights_from_unet=False
                )
            with TemporaryDirectory() as place:
                empty.save_config(place)
                try:
                    network = ControlNetModel.from_single_file(
                        str(self.path), config=place, local_files_only=True, torch_dtype=dtype
                    )
                except NotImplementedError as error:  # diffusers' conversion needs tensors that the file lacks
                    raise Damaged("is incomplete: it lacks tensors") from error
            check_numbers(network, self.path)
        return network.requires_grad_(False).eval()


def residuals(
    network: Any, scale: float, z: Tensor, timestep: Tensor, text: Conditioning, **options: Any
) -> tuple[tuple[Tensor, ...], Tensor]:
    """What a ControlNet adds to the outputs of the denoiser's blocks: those on the way down, and the middle one.

    Args:
        z, timestep: the denoiser's own inputs. text: with a depth image [B, 1, H, W].
        options: further inputs, which some denoisers have.
    """
    assert text.depth is not None
    down, middle = network(
        z,
        timestep,
        encoder_hidden_states=text.hidden,
        controlnet_cond=text.depth.to(z.dtype).expand(-1, CHANNELS, -1, -1),
        conditioning_scale=scale,
        return_dict=False,
        **options,
    )
    return tuple(down), middle


def find_control(
    chosen: ControlNet | None, folder: Path, config: Mapping[str, Any], model: tuple[str, str], takes_one: bool
) -> DepthControl | None:
    """Returns the chosen ControlNet, or the model's own one. None for a strength of 0, or without one.

    Args:
        chosen: None to use none at all.
        folder: of the model. config: of its denoiser. model: its name and family.
        takes_one: whether ControlNets of its family are supported.

    Raises:
        UserError: it cannot be used.
    """
    if chosen is None:
        return None
    name, scale = chosen
    if not takes_one:
        if name:
            raise UserError(NO_CONTROLNET.format(model=model[1]), "prior")
        return None
    path = Path(name) if name else own_controlnet(folder)
    return DepthControl(path, scale, config, model) if path is not None and scale > 0 else None
