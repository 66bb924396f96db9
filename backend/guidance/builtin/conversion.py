"""Converts the built-in model for OpenVINO: `python -m backend.guidance.builtin.conversion FOLDER TARGET DTYPE`.

Runs in a separate process, because a compiler of OpenVINO can crash, and because PyTorch and the conversion need a gigabyte of
memory that the job then does not need.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ...catalog.lookup import BUILTIN_FOLDER
from ..view_conditions import SHADED, UNLIT, ViewConditions
from .labels import encode_tokens
from .networks import PATCH, TorchNetworks, fastest_dtype
from .openvino_networks import (
    COMPILED,
    DENOISER,
    FACTS,
    TEXT_ENCODER,
    OpenVinoNetworks,
    find_converted,
    hashes,
    import_openvino,
)

MAX_ERROR = 0.02  # of the predicted v, relative; bfloat16 has .006
_TEXTS = ("a red mushroom, shaded", "a tall blue striped vase, unlit", "")
_VIEWS = (ViewConditions(0.5, 0.3, SHADED, 0.8, (0.4, 0.6)), ViewConditions(-2.0, 0.1, UNLIT), None)


class _TextEncoder(nn.Module):
    def __init__(self, text_encoder: nn.Module) -> None:
        super().__init__()
        self.text_encoder = text_encoder

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        return encode_tokens(self.text_encoder, input_ids, attention_mask)


class _Denoiser(nn.Module):
    """As in `sketch.predict_velocity`, but returns the sketch and the residual, which are added in float32."""

    def __init__(self, networks: TorchNetworks) -> None:
        super().__init__()
        self.unet, self.sketch = networks.unet, networks.sketch

    def forward(self, z_t: Tensor, t: Tensor, hidden: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
        drawn = self.sketch(labels)
        residual = self.unet(torch.cat((z_t, drawn), 1), t, hidden, class_labels=labels, return_dict=False)[0]
        return drawn, residual


@torch.no_grad()
def convert(folder: Path, target: Path, dtype: torch.dtype) -> None:
    """Writes the converted model and facts about it to `target`, which exists only once it is complete.

    Args:
        dtype: of the computations in the denoiser.

    Raises:
        Damaged: the model cannot be read.
    """
    networks = TorchNetworks.load(folder, torch.device("cpu"), torch.float32)
    staging = target.with_name(f"{target.name}-{os.getpid()}")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir(parents=True)
    try:
        _save(_TextEncoder(networks.text_encoder), _example_tokens(networks), staging / TEXT_ENCODER)
        _save(_Denoiser(networks), _example_inputs(networks)[:4], staging / DENOISER)
        facts: dict[str, Any] = {"alphas_cumprod": networks.alphas_cumprod.tolist()}
        (staging / FACTS).write_text(json.dumps(facts))
        made = OpenVinoNetworks(folder, staging, dtype)
        facts["error"] = error = _error(networks, made)
        facts["is_usable"] = error < MAX_ERROR
        (staging / COMPILED).write_bytes(made.export_usual())
        facts["hashes"] = hashes(staging)
        (staging / FACTS).write_text(json.dumps(facts))
        staging.rename(target)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _example_tokens(networks: TorchNetworks) -> tuple[Tensor, ...]:
    tokens = networks.tokenizer(list(_TEXTS), padding="max_length", truncation=True, return_tensors="pt")
    return tokens.input_ids, tokens.attention_mask


def _example_inputs(networks: TorchNetworks) -> tuple[Tensor, ...]:
    """z_t, t, hidden, labels, and alphas_cumprod of each timestep."""
    hidden, labels = networks.encode_text(_TEXTS, _VIEWS)
    side = networks.image_px // PATCH
    z_t = torch.randn(len(_TEXTS), 3 * PATCH**2, side, side, generator=torch.Generator().manual_seed(0))
    t = torch.tensor([50, 500, 950])
    return z_t, t, hidden, labels, networks.alphas_cumprod[t].view(-1, 1, 1, 1)


def _save(network: nn.Module, inputs: tuple[Tensor, ...], file: Path) -> None:
    openvino = import_openvino()
    model = openvino.convert_model(network.eval(), example_input=inputs)
    # All inputs keep their sizes except the batch.
    model.reshape({port: [-1, *given.shape[1:]] for port, given in zip(model.inputs, inputs, strict=True)})
    openvino.save_model(model, file, compress_to_fp16=True)  # exact: the shipped weights are float16


def _error(reference: TorchNetworks, networks: OpenVinoNetworks) -> float:
    """The largest relative error of the encoded texts and the predicted v, for single and joint inputs."""
    z_t, t, hidden, labels, alphas_cumprod = _example_inputs(reference)
    pairs = list(zip(networks.encode_text(_TEXTS, _VIEWS), (hidden, labels), strict=True))
    for rows in (slice(0, 3), slice(1, 2)):
        given = [tensor[rows] for tensor in (z_t, t, alphas_cumprod, hidden, labels)]
        pairs.append((networks.predict_velocity(*given), reference.predict_velocity(*given)))
    errors = [float((made - true).norm() / true.norm()) for made, true in pairs]
    return max(error if error == error else float("inf") for error in errors)


def main() -> None:
    """Without arguments: prepares the built-in model in this environment."""
    if len(sys.argv) == 1:
        find_converted(BUILTIN_FOLDER, fastest_dtype(torch.device("cpu")))
        return
    folder, target, dtype = sys.argv[1:]
    convert(Path(folder), Path(target), getattr(torch, dtype.removeprefix("torch.")))


if __name__ == "__main__":
    main()
