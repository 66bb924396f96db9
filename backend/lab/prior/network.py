"""What is trained: U-Net, text encoder and sketch under one roof, to and from the folder that is shipped."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from ...guidance.builtin.labels import describe
from ...guidance.builtin.prior import refuse_earlier_versions
from ...guidance.builtin.sketch import WEIGHTS, predict_velocity
from ...jobs.files import write_atomic
from ..world.vocabulary import world
from .model import build_scheduler, build_sketch, build_text_encoder, build_tokenizer, build_unet


class Prior(nn.Module):
    """U-Net and text encoder under one roof, in the precision in which they compute."""

    def __init__(self, picture_px: int = 64) -> None:
        super().__init__()
        self.tokenizer = build_tokenizer()
        self.text_encoder = build_text_encoder(self.tokenizer)
        self.sketch = build_sketch(picture_px)
        self.unet = build_unet(picture_px)

    def forward(self, z_t: Tensor, t: Tensor, alphas_cumprod: Tensor, captions: list[str]) -> Tensor:
        with torch.no_grad():  # taught before, like the sketch: see `sketching`
            hidden, labels = describe(self.text_encoder, self.tokenizer, captions)
        return predict_velocity(self.unet, self.sketch, z_t, t, alphas_cumprod, hidden, labels)


@torch.no_grad()
def warm_start(model: Prior, folder: Path) -> None:
    """Takes over the weights of an exported model. Its vocabulary may be another: each word brings its own embedding,
    new words keep their first one.

    Raises:
        UserError: an earlier version of this project trained it.
    """
    refuse_earlier_versions(folder)
    model.unet.load_state_dict(load_file(folder / "unet" / "diffusion_pytorch_model.safetensors"))
    model.sketch.load_state_dict(load_file(folder / "sketch" / WEIGHTS))
    old = load_file(folder / "text_encoder" / "model.safetensors")
    (name,) = [key for key in old if key.endswith("token_embedding.weight")]
    ids = PreTrainedTokenizerFast.from_pretrained(folder / "tokenizer", local_files_only=True).get_vocab()
    table = model.text_encoder.state_dict()[name].clone()
    for word, row in model.tokenizer.get_vocab().items():
        if word in ids:
            table[row] = old[name][ids[word]]
    model.text_encoder.load_state_dict({**old, name: table})


def export(model: Prior, average: list[Tensor], folder: Path, kinds: tuple[str, ...] = ()) -> None:
    """Writes the model, the U-Net with its averaged weights, in diffusers' layout, fp16, without touching the model that trains."""
    shipped = copy.deepcopy(model).float()
    with torch.no_grad():
        for parameter, value in zip(shipped.unet.parameters(), average, strict=True):
            parameter.copy_(value)
    shipped.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    shipped.half()
    shipped.unet.save_pretrained(folder / "unet")
    shipped.text_encoder.save_pretrained(folder / "text_encoder")
    shipped.sketch.save(folder / "sketch")
    shipped.tokenizer.save_pretrained(folder / "tokenizer")
    build_scheduler().save_pretrained(folder / "scheduler")
    index = {
        "_class_name": "PixelPriorPipeline",
        "unet": ["diffusers", "UNet2DConditionModel"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "PreTrainedTokenizerFast"],
        "scheduler": ["diffusers", "DDPMScheduler"],
    }
    write_atomic(folder / "world.json", json.dumps(world(kinds), indent=1) + "\n")
    write_atomic(folder / "model_index.json", json.dumps(index, indent=2) + "\n")
