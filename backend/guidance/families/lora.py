"""LoRA files (Hu et al. 2021): small changes of a model's networks. diffusers' loaders read them; peft computes the sums.

The changes are added to the weights once (fused), so that steps cost the same as without them.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...catalog.headers import read_shapes
from ...errors import UserError
from ..loading import reading

Lora = tuple[str, float]  # the path of a file, and its weight


def check_loras(loras: Sequence[Lora], pipeline_name: str) -> None:
    """Checks without reading weights that the files are LoRAs, and that the family takes some.

    Raises:
        UserError: they are not, or it does not (code "prior" or "weights").
    """
    import diffusers

    if loras and not hasattr(getattr(diffusers, pipeline_name), "load_lora_weights"):
        raise UserError(f"Models of the kind {pipeline_name} take no LoRA. Remove it from the list.", "prior")
    for name, _ in loras:
        path = Path(os.path.expanduser(name))
        if not path.is_file():
            raise UserError(f"The LoRA {path} was not found. Choose another file, or remove it from the list.", "prior")
        if path.suffix.lower() != ".safetensors":
            raise UserError(f"{path} is no .safetensors file. Choose a LoRA in this format.", "prior")
        if not any("lora" in key.lower() for key in read_shapes(path)):
            raise UserError(f"{path} is no LoRA. Choose a LoRA, or remove it from the list.", "prior")


def add_loras(
    loras: Sequence[Lora],
    pipeline_name: str,
    networks: Mapping[str, Any],
    denoiser: tuple[str, Mapping[str, Any]],
    model: str,
) -> None:
    """Adds LoRAs to the weights of networks.

    Args:
        networks: some networks of one model by their part, changed in place. Changes of other parts are ignored.
        denoiser: its part and its configuration.
        model: its name, for messages.

    Raises:
        UserError: a file is damaged, or belongs to another kind of model.
    """
    import diffusers

    pipeline = getattr(diffusers, pipeline_name)
    used: dict[str, list[Lora]] = {part: [] for part in networks}
    for number, (file, weight) in enumerate(loras):
        path, name = Path(os.path.expanduser(file)), f"lora{number}"
        remedy = f"Choose a LoRA for models like '{model}', or remove it from the list."
        with reading(f"The LoRA {path}", remedy, "prior"):
            found = _read(pipeline, path, denoiser[1])
            if not found.changes((denoiser[0], "text_encoder", "text_encoder_2")):
                raise UserError(f"The LoRA {path} changes no part of '{model}'. {remedy}", "prior")
            for part, network in networks.items():
                if found.changes((part,)):
                    _load(pipeline, found, part, network, name, is_denoiser=part == denoiser[0])
                    used[part].append((name, weight))
    for part, network in networks.items():
        if used[part]:
            _fuse(network, used[part], is_denoiser=part == denoiser[0])


@dataclass(frozen=True)
class _Found:
    """The tensors of a LoRA by diffusers' names. alphas, metadata: their scales, in two formats."""

    tensors: dict[str, Any]
    alphas: dict[str, Any] | None
    metadata: dict[str, Any] | None

    def changes(self, parts: Sequence[str]) -> bool:
        return any(key.startswith(f"{part}.") for key in self.tensors for part in parts)


def _read(pipeline: Any, path: Path, config: Mapping[str, Any]) -> _Found:
    from diffusers.configuration_utils import FrozenDict

    options = {
        "weight_name": path.name,
        "local_files_only": True,
        "use_safetensors": True,
        "return_lora_metadata": True,
    }
    if "return_alphas" in inspect.signature(pipeline.lora_state_dict).parameters:
        options["return_alphas"] = True
    if pipeline.__name__ == "StableDiffusionXLPipeline":
        options["unet_config"] = FrozenDict(config)  # other programs number its blocks differently
    tensors, *scales = pipeline.lora_state_dict(str(path.parent), **options)
    return _Found(tensors, scales[0] if len(scales) == 2 else None, scales[-1])


def _load(pipeline: Any, found: _Found, part: str, network: Any, name: str, *, is_denoiser: bool) -> None:
    load = getattr(pipeline, f"load_lora_into_{part}") if is_denoiser else pipeline.load_lora_into_text_encoder
    options = {part if is_denoiser else "text_encoder": network, "prefix": part, "adapter_name": name}
    options |= {"network_alphas": found.alphas, "metadata": found.metadata, "low_cpu_mem_usage": True}
    known = inspect.signature(load).parameters
    load(found.tensors, **{key: value for key, value in options.items() if key in known})


def _fuse(network: Any, loras: Sequence[Lora], *, is_denoiser: bool) -> None:
    from diffusers.loaders.lora_base import fuse_text_encoder_lora
    from diffusers.utils import recurse_remove_peft_layers, set_weights_and_activate_adapters

    names, weights = [name for name, _ in loras], [weight for _, weight in loras]
    if is_denoiser:
        network.set_adapters(names, weights)
        network.fuse_lora(adapter_names=names)
        network.unload_lora()
    else:
        set_weights_and_activate_adapters(network, names, weights)
        fuse_text_encoder_lora(network, adapter_names=names)
        recurse_remove_peft_layers(network)
    network.requires_grad_(False)
