"""Large models at full size with random weights: they need the same memory and time as the published ones.

Configurations that the backend does not ship state what the publishers' model cards and papers state. The number of parameters
is compared with the published one.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate import init_empty_weights

from backend.guidance.families.components import part_class
from backend.guidance.families.single_file import PUBLISHED
from backend.guidance.families.vocabularies import load_vocabulary

SHARD = "2GB"
POOL = 1 << 22  # random numbers that all weights repeat


@dataclass(frozen=True)
class FullSize:
    """A model to build.

    Attributes:
        base: its folder in the backend's published configurations, which parts without an own configuration come from.
        index: entries of model_index.json that differ from those of `base`. None removes a part.
        configs: configurations of parts that differ.
        denoiser, millions: the largest network, and its published number of parameters in millions.
    """

    base: str
    denoiser: str
    millions: float
    index: dict[str, Any]
    configs: dict[str, dict[str, Any]]


_T5 = {"text_encoder": ["transformers", "T5EncoderModel"], "tokenizer": ["transformers", "T5Tokenizer"]}
_GEMMA = {
    "vocab_size": 256_000, "hidden_size": 2304, "intermediate_size": 9216, "num_hidden_layers": 26,
    "num_attention_heads": 8, "num_key_value_heads": 4, "head_dim": 256,
}  # fmt: skip
_PIXART = {
    "sample_size": 64, "num_layers": 28, "num_attention_heads": 16, "attention_head_dim": 72, "in_channels": 4,
    "out_channels": 8, "caption_channels": 4096, "cross_attention_dim": 1152, "patch_size": 2,
}  # fmt: skip
_SANA = {
    "in_channels": 32, "out_channels": 32, "num_layers": 28, "num_attention_heads": 36, "attention_head_dim": 32,
    "num_cross_attention_heads": 16, "cross_attention_head_dim": 72, "cross_attention_dim": 1152,
    "caption_channels": 2304, "mlp_ratio": 2.5, "sample_size": 16, "patch_size": 1,
}  # fmt: skip
_BLOCKS = ["ResBlock"] * 3 + ["EfficientViTBlock"] * 3
_AUTOENCODER = {
    "in_channels": 3, "latent_channels": 32, "attention_head_dim": 32, "encoder_block_types": _BLOCKS,
    "decoder_block_types": _BLOCKS, "encoder_block_out_channels": [128, 256, 512, 512, 1024, 1024],
    "decoder_block_out_channels": [128, 256, 512, 512, 1024, 1024], "encoder_layers_per_block": [2, 2, 2, 3, 3, 3],
    "decoder_layers_per_block": [3] * 6, "encoder_qkv_multiscales": [[]] * 3 + [[5]] * 3,
    "decoder_qkv_multiscales": [[]] * 3 + [[5]] * 3, "upsample_block_type": "interpolate",
    "downsample_block_type": "conv", "decoder_norm_types": "rms_norm", "decoder_act_fns": "silu",
    "scaling_factor": 0.41407,
}  # fmt: skip


def _if_unet(width: int, text_width: int = 0) -> dict[str, Any]:
    """The network of DeepFloyd IF, stage I. `text_width`: by default that of the coarsest level, as published for XL."""
    return {
        "sample_size": 64, "in_channels": 3, "out_channels": 6, "act_fn": "gelu", "addition_embed_type": "text",
        "addition_embed_type_num_heads": 64, "attention_head_dim": 64,
        "block_out_channels": [width, 2 * width, 3 * width, 4 * width], "cross_attention_dim": text_width or 4 * width,
        "cross_attention_norm": "group_norm", "encoder_hid_dim": 4096, "layers_per_block": 3,
        "down_block_types": ["ResnetDownsampleBlock2D"] + ["SimpleCrossAttnDownBlock2D"] * 3,
        "mid_block_type": "UNetMidBlock2DSimpleCrossAttn", "resnet_time_scale_shift": "scale_shift",
        "up_block_types": ["SimpleCrossAttnUpBlock2D"] * 3 + ["ResnetUpsampleBlock2D"],
    }  # fmt: skip


_COSINE = {"beta_schedule": "squaredcos_cap_v2", "num_train_timesteps": 1000, "variance_type": "learned_range"}
_NO_CHECKER = {"safety_checker": None, "feature_extractor": None}
_IF_INDEX = {
    "_class_name": "IFPipeline", "vae": None, "scheduler": ["diffusers", "DDPMScheduler"], **_T5, **_NO_CHECKER,
}  # fmt: skip

MODELS = {
    "sd1": FullSize("sd1", "unet", 859.5, {}, {}),
    "sd2": FullSize("sd2", "unet", 865.9, {}, {}),
    "sdxl": FullSize("sdxl", "unet", 2567.5, {}, {}),
    "pixart": FullSize(
        "sd1",
        "transformer",
        610.9,
        {
            "_class_name": "PixArtAlphaPipeline", "unet": None, "transformer": ["diffusers", "PixArtTransformer2DModel"],
            "scheduler": ["diffusers", "DPMSolverMultistepScheduler"], **_T5, **_NO_CHECKER,
        },
        {"transformer": _PIXART, "scheduler": {"beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": "linear"}},
    ),
    "sana": FullSize(
        "sd3",
        "transformer",
        590.0,
        {
            "_class_name": "SanaPipeline", "transformer": ["diffusers", "SanaTransformer2DModel"],
            "vae": ["diffusers", "AutoencoderDC"], "text_encoder": ["transformers", "Gemma2Model"],
            "tokenizer": ["transformers", "GemmaTokenizer"],
            **dict.fromkeys(["text_encoder_2", "text_encoder_3", "tokenizer_2", "tokenizer_3"]),
        },
        {"transformer": _SANA, "vae": _AUTOENCODER, "text_encoder": _GEMMA},
    ),
    "sd3": FullSize("sd3", "transformer", 2028.3, {}, {}),
    "deepfloyd": FullSize("sd1", "unet", 400.0, _IF_INDEX, {"unet": _if_unet(192, 2048), "scheduler": _COSINE}),
    "deepfloyd-if-l": FullSize("sd1", "unet", 900.0, _IF_INDEX, {"unet": _if_unet(320), "scheduler": _COSINE}),
}  # fmt: skip
# Too large for the memory of most computers without a GPU.
LARGER = {
    "deepfloyd-if-xl": FullSize(
        "sd1",
        "unet",
        4300.0,
        _IF_INDEX,
        {"unet": _if_unet(704), "scheduler": _COSINE},
    ),
    "flux": FullSize("flux-dev", "transformer", 11901.4, {}, {}),
}


def index_of(model: FullSize) -> dict[str, Any]:
    """The contents of model_index.json, without the parts that the model does not have."""
    index = json.loads((PUBLISHED / model.base / "model_index.json").read_text()) | model.index
    return {part: entry for part, entry in index.items() if entry is not None}


def config_of(model: FullSize, part: str) -> dict[str, Any]:
    """The configuration of a network or of the scheduler."""
    if part == "scheduler":
        own = model.configs.get(part) or _published(model.base, part, "scheduler_config.json")
        return own | {"_class_name": index_of(model)[part][1]}
    if part in model.configs:
        return model.configs[part]
    if model.index.get(part) == _T5.get(part) and part == "text_encoder":
        return _published("sd3", "text_encoder_3", "config.json")
    return _published(model.base, part, "config.json")


def tokenizer_of(model: FullSize, part: str) -> Any:
    """A tokenizer of transformers."""
    if model.configs.get("text_encoder") is _GEMMA:  # the vocabulary does not change memory or time
        from transformers import GemmaTokenizer

        pieces = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "\u2581", *"abcdefghijklmnopqrstuvwxyz,.-:"]
        return GemmaTokenizer(vocab={piece: number for number, piece in enumerate(pieces)})
    base = model.base
    if model.index.get(part) == _T5["tokenizer"]:
        base, part = "sd3", "tokenizer_3"
    return load_vocabulary(_published(base, part, "tokenizer_config.json"))


def _published(base: str, part: str, file: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PUBLISHED / base / part / file).read_text())
    return found


def save(name: str, folder: Path, dtype: torch.dtype) -> dict[str, float]:
    """Writes a model in diffusers' layout, one network at a time. Returns the millions of parameters of each network."""
    model = MODELS[name]
    index = index_of(model)
    folder.mkdir(parents=True)
    (folder / "model_index.json").write_text(json.dumps(index, indent=1))
    counts = {}
    for part, entry in index.items():
        if not isinstance(entry, list) or entry[0] is None:
            continue
        if part.startswith("tokenizer"):
            tokenizer_of(model, part).save_pretrained(folder / part)
        elif part == "scheduler":
            (folder / part).mkdir()
            text = json.dumps(config_of(model, part), indent=1)
            (folder / part / "scheduler_config.json").write_text(text)
        else:
            network = empty_network(part_class(index, part), config_of(model, part)).to(dtype)
            fill(network)
            counts[part] = round(sum(parameter.numel() for parameter in network.parameters()) / 1e6, 1)
            network.save_pretrained(folder / part, max_shard_size=SHARD)
            del network
    return counts


def empty_network(kind: Any, config: dict[str, Any]) -> Any:
    """A network without weights in memory."""
    with init_empty_weights():
        if getattr(kind, "config_class", None):  # of transformers
            config = {name: value for name, value in config.items() if name != "architectures"}
            network = kind(kind.config_class(**config))
        else:
            network = kind.from_config(config)
    return network


def fill(network: Any, device: torch.device | str = "cpu") -> None:
    """Gives the parameters memory on a device and random values whose outputs stay finite.

    The values are the same on every device, up to rounding to the parameters' types.
    """
    pool = torch.randn(POOL, generator=torch.Generator().manual_seed(0)).to(device)
    for module in network.modules():
        for name, parameter in list(module.named_parameters(recurse=False)):
            if not parameter.is_meta:  # shared with another module, which has filled it
                continue
            filled = torch.empty(parameter.shape, dtype=parameter.dtype, device=device)
            if filled.dim() > 1:
                scale = 1 / math.sqrt(filled[0].numel())
                for piece in filled.view(-1).split(POOL):
                    piece.copy_(pool[: len(piece)] * scale)
            else:
                filled.fill_(1.0 if name == "weight" else 0.0)
            module.register_parameter(name, torch.nn.Parameter(filled, requires_grad=False))
    if hasattr(network, "tie_weights"):
        network.tie_weights()
