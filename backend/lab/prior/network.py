"""The trainable model: U-Net, text encoder and sketch, with export to the shipped format."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from ...guidance.builtin.labels import encode_captions
from ...guidance.builtin.prior import PIPELINE, refuse_earlier_versions
from ...guidance.builtin.sketch import WEIGHTS, predict_velocity
from ...jobs.files import write_atomic
from ..world.captions import Caption
from ..world.vocabulary import world
from .model import (
    build_scheduler,
    build_sketch,
    build_text_encoder,
    build_tokenizer,
    build_unet,
    keep_known_words,
)


class TrainableModel(nn.Module):
    """Tokenizer, text encoder, sketch and U-Net."""

    def __init__(self, picture_px: int = 64) -> None:
        super().__init__()
        self.tokenizer = build_tokenizer()
        self.text_encoder = build_text_encoder(self.tokenizer)
        self.sketch = build_sketch(picture_px)
        self.unet = build_unet(picture_px)

    def forward(self, z_t: Tensor, t: Tensor, alphas_cumprod: Tensor, captions: list[Caption]) -> Tensor:
        """Predicts v, see `sketch.predict_velocity`."""
        with torch.no_grad():  # trained before, see `sketching`
            hidden, labels = self.encode(captions)
        return predict_velocity(self.unet, self.sketch, z_t, t, alphas_cumprod, hidden, labels)

    def encode(self, captions: list[Caption]) -> tuple[Tensor, Tensor]:
        texts, views = zip(*captions, strict=True)
        return encode_captions(self.text_encoder, self.tokenizer, texts, views)


@torch.no_grad()
def warm_start(model: TrainableModel, folder: Path) -> None:
    """Loads the weights of an exported model. Its vocabulary may differ: common words keep their embeddings, new words have
    initial ones.

    Raises:
        UserError: the model was trained by an earlier version of this project.
    """
    refuse_earlier_versions(folder)
    model.unet.load_state_dict(load_file(folder / "unet" / "diffusion_pytorch_model.safetensors"))
    model.sketch.load_state_dict(load_file(folder / "sketch" / WEIGHTS))
    old = load_file(folder / "text_encoder" / "model.safetensors")
    (name,) = [key for key in old if key.endswith("token_embedding.weight")]
    ids = PreTrainedTokenizerFast.from_pretrained(folder / "tokenizer", local_files_only=True).get_vocab()
    table = keep_known_words(model.text_encoder.state_dict()[name], old[name], model.tokenizer.get_vocab(), ids)
    model.text_encoder.load_state_dict({**old, name: table})


def export(model: TrainableModel, average: list[Tensor], folder: Path, kinds: tuple[str, ...] = ()) -> None:
    """Writes a copy of the model in diffusers' layout, float16, with the averaged weights of the U-Net."""
    exported = copy.deepcopy(model).float()
    with torch.no_grad():
        for parameter, value in zip(exported.unet.parameters(), average, strict=True):
            parameter.copy_(value)
    exported.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]
    exported.half()
    exported.unet.save_pretrained(folder / "unet")
    exported.text_encoder.save_pretrained(folder / "text_encoder")
    exported.sketch.save(folder / "sketch")
    exported.tokenizer.save_pretrained(folder / "tokenizer")
    build_scheduler().save_pretrained(folder / "scheduler")
    index = {
        "_class_name": PIPELINE,
        "unet": ["diffusers", "UNet2DConditionModel"],
        "text_encoder": ["transformers", "CLIPTextModel"],
        "tokenizer": ["transformers", "PreTrainedTokenizerFast"],
        "scheduler": ["diffusers", "DDPMScheduler"],
    }
    write_atomic(folder / "world.json", json.dumps(world(kinds), indent=1) + "\n")
    write_atomic(folder / "model_index.json", json.dumps(index, indent=2) + "\n")
