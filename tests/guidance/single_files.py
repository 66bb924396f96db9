"""Writes models as single files with the names of their publishers: the reverse of diffusers' conversion.

After the published layouts (CompVis and Stability-AI's ldm and sgm, SD3's and FLUX's reference code, as ComfyUI saves them).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor

Tensors = dict[str, Tensor]
DENOISER, VAE = "model.diffusion_model.", "first_stage_model."


def save_single(
    pipeline: Any, path: Path, dtype: torch.dtype = torch.float32, edit: Callable[[Tensors], None] | None = None
) -> Path:
    """Writes a pipeline of diffusers as one file."""
    tensors = single_tensors(pipeline)
    if edit:
        edit(tensors)
    save_file({name: tensor.to(dtype).contiguous().clone() for name, tensor in tensors.items()}, path)
    return path


def single_tensors(pipeline: Any) -> Tensors:
    """Returns the tensors of a pipeline by their published names."""
    name = type(pipeline).__name__
    parts = {
        part: network.state_dict()
        for part, network in pipeline.components.items()
        if isinstance(network, torch.nn.Module)
    }
    found = {VAE + key: value for key, value in _vae(parts["vae"], len(pipeline.vae.config.block_out_channels))}
    if name in ("StableDiffusionPipeline", "StableDiffusionXLPipeline"):
        found |= {DENOISER + key: value for key, value in _unet(parts["unet"], pipeline.unet.config)}
    if name == "StableDiffusionPipeline":
        is_v2 = pipeline.text_encoder.config.hidden_act == "gelu"
        found |= (
            _open_clip(parts["text_encoder"], "cond_stage_model.model.")
            if is_v2
            else _clip(parts["text_encoder"], "cond_stage_model.transformer.")
        )
    elif name == "StableDiffusionXLPipeline":
        found |= _clip(parts["text_encoder"], "conditioner.embedders.0.transformer.")
        found |= _open_clip(parts["text_encoder_2"], "conditioner.embedders.1.model.")
    elif name == "StableDiffusion3Pipeline":
        found |= {DENOISER + key: value for key, value in _mmdit(parts["transformer"], pipeline.transformer.config)}
        clip = _clip(parts["text_encoder"], "text_encoders.clip_l.transformer.")
        found |= {
            key: value for key, value in clip.items() if "text_projection" not in key
        }  # the identity, and omitted
        found |= _clip(parts["text_encoder_2"], "text_encoders.clip_g.transformer.")
        if "text_encoder_3" in parts:
            found |= {f"text_encoders.t5xxl.transformer.{key}": value for key, value in parts["text_encoder_3"].items()}
    else:
        found |= {DENOISER + key: value for key, value in _flux(parts["transformer"], pipeline.transformer.config)}
        found |= _clip(parts["text_encoder"], "text_encoders.clip_l.transformer.")
        found |= {f"text_encoders.t5xxl.transformer.{key}": value for key, value in parts["text_encoder_2"].items()}
    return found


def _replace(key: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        key = re.sub(old, new, key)
    return key


def _unet(tensors: Tensors, config: Any, *, has_decoder: bool = True) -> Iterator[tuple[str, Tensor]]:
    layers = config.layers_per_block
    has_attention = ["CrossAttn" in kind for kind in config.up_block_types] if has_decoder else []

    def down(match: re.Match[str]) -> str:
        block, kind, layer = int(match[1]), match[2], int(match[3])
        number = (layers + 1) * block + (layers if kind == "downsamplers" else layer) + 1
        return f"input_blocks.{number}.{ {'resnets': 0, 'attentions': 1, 'downsamplers': 0}[kind] }."

    def up(match: re.Match[str]) -> str:
        block, kind, layer = int(match[1]), match[2], int(match[3])
        number = (layers + 1) * block + (layers if kind == "upsamplers" else layer)
        place = 2 if kind == "upsamplers" and has_attention[block] else 0 if kind == "resnets" else 1
        return f"output_blocks.{number}.{place}."

    for key, value in tensors.items():
        is_resnet, old = "resnets" in key, key
        key = _replace(
            key,
            (r"^time_embedding\.linear_1", "time_embed.0"), (r"^time_embedding\.linear_2", "time_embed.2"),
            (r"^add_embedding\.linear_1", "label_emb.0.0"), (r"^add_embedding\.linear_2", "label_emb.0.2"),
            (r"^conv_in", "input_blocks.0.0"), (r"^conv_norm_out", "out.0"), (r"^conv_out", "out.2"),
            (r"^mid_block\.resnets\.0", "middle_block.0"), (r"^mid_block\.attentions\.0", "middle_block.1"),
            (r"^mid_block\.resnets\.1", "middle_block.2"), (r"downsamplers\.0\.conv", "downsamplers.0.op"),
        )  # fmt: skip
        key = re.sub(r"^down_blocks\.(\d+)\.(\w+)\.(\d+)\.", down, key)
        key = re.sub(r"^up_blocks\.(\d+)\.(\w+)\.(\d+)\.", up, key)
        if is_resnet:
            key = _replace(
                key, (r"\.norm1\.", ".in_layers.0."), (r"\.conv1\.", ".in_layers.2."), (r"\.norm2\.", ".out_layers.0."),
                (r"\.conv2\.", ".out_layers.3."), (r"time_emb_proj", "emb_layers.1"), (r"conv_shortcut", "skip_connection"),
            )  # fmt: skip
        assert key != old or "blocks" not in key, key
        yield key, value


def control_tensors(network: Any) -> Tensors:
    """Returns the tensors of a ControlNet by the names of its first publication (Zhang et al. 2023)."""
    own = {name: value for name, value in network.state_dict().items() if name.startswith("controlnet_")}
    encoder = {name: value for name, value in network.state_dict().items() if name not in own}
    found = {f"control_model.{name}": value for name, value in _unet(encoder, network.config, has_decoder=False)}
    for name, value in own.items():
        key = re.sub(
            r"^controlnet_cond_embedding\.blocks\.(\d+)", lambda m: f"input_hint_block.{2 * int(m[1]) + 2}", name
        )
        key = _replace(
            key, (r"^controlnet_cond_embedding\.conv_in", "input_hint_block.0"), (r"^controlnet_cond_embedding\.conv_out", "input_hint_block.14"),
            (r"^controlnet_down_blocks\.(\d+)", r"zero_convs.\1.0"), (r"^controlnet_mid_block", "middle_block_out.0"),
        )  # fmt: skip
        assert key != name, name
        found[f"control_model.{key}"] = value
    return found


def _vae(tensors: Tensors, count: int) -> Iterator[tuple[str, Tensor]]:
    for key, value in tensors.items():
        if ".attentions." in key:
            key = _replace(
                key, (r"mid_block\.attentions\.0", "mid.attn_1"), (r"group_norm", "norm"), (r"to_([qkv])\.", r"\1."),
                (r"to_out\.0", "proj_out"),
            )  # fmt: skip
            value = value[:, :, None, None] if value.ndim == 2 else value
        key = _replace(
            key, (r"mid_block\.resnets\.0", "mid.block_1"), (r"mid_block\.resnets\.1", "mid.block_2"),
            (r"down_blocks\.(\d+)\.resnets", r"down.\1.block"), (r"down_blocks\.(\d+)\.downsamplers\.0", r"down.\1.downsample"),
            (r"conv_norm_out", "norm_out"), (r"conv_shortcut", "nin_shortcut"),
        )  # fmt: skip
        key = re.sub(r"up_blocks\.(\d+)\.", lambda match: f"up.{count - 1 - int(match[1])}.", key)
        yield _replace(key, (r"\.resnets\.", ".block."), (r"upsamplers\.0", "upsample")), value


def _clip(tensors: Tensors, prefix: str) -> Tensors:
    """transformers' names. Its newer versions omit the prefix "text_model." in some classes."""
    return {prefix + (key if key.startswith("text_") else f"text_model.{key}"): value for key, value in tensors.items()}


def _open_clip(tensors: Tensors, prefix: str) -> Tensors:
    found: Tensors = {}
    for old, value in tensors.items():
        key = _replace(
            old.removeprefix("text_model."), (r"encoder\.layers", "transformer.resblocks"), (r"layer_norm1", "ln_1"), (r"layer_norm2", "ln_2"),
            (r"mlp\.fc1", "mlp.c_fc"), (r"mlp\.fc2", "mlp.c_proj"), (r"self_attn\.out_proj", "attn.out_proj"),
            (r"^final_layer_norm", "ln_final"), (r"^embeddings\.token_embedding\.weight", "token_embedding.weight"),
            (r"^embeddings\.position_embedding\.weight", "positional_embedding"),
        )  # fmt: skip
        if match := re.fullmatch(r"(.*)\.self_attn\.q_proj\.(weight|bias)", key):
            joined = [tensors[old.replace("q_proj", f"{name}_proj")] for name in "qkv"]
            found[f"{prefix}{match[1]}.attn.in_proj_{match[2]}"] = torch.cat(joined)
        elif key == "text_projection.weight":
            found[f"{prefix}text_projection"] = value.T
        elif "self_attn" not in key:
            found[prefix + key] = value
    return found


def _swapped(value: Tensor) -> Tensor:
    """The reference code has shift and scale in the other order."""
    return torch.cat(value.chunk(2)[::-1])


_COMMON = (
    (r"^context_embedder", "context_embedder"),
    (r"^time_text_embed\.timestep_embedder\.linear_1", "t_embedder.mlp.0"), (r"^time_text_embed\.timestep_embedder\.linear_2", "t_embedder.mlp.2"),
    (r"^time_text_embed\.text_embedder\.linear_1", "y_embedder.mlp.0"), (r"^time_text_embed\.text_embedder\.linear_2", "y_embedder.mlp.2"),
    (r"^proj_out", "final_layer.linear"), (r"^norm_out\.linear", "final_layer.adaLN_modulation.1"),
    (r"^pos_embed\.pos_embed", "pos_embed"), (r"^pos_embed\.proj", "x_embedder.proj"),
)  # fmt: skip


def _mmdit(tensors: Tensors, config: Any) -> Iterator[tuple[str, Tensor]]:
    last = f"transformer_blocks.{config.num_layers - 1}.norm1_context"
    joined = _joined(
        tensors, {"attn.to_": "x_block.attn", "attn.add_": "context_block.attn", "attn2.to_": "x_block.attn2"}
    )
    for key, value in joined:
        if key.startswith((last, "norm_out")):
            value = _swapped(value)
        yield _replace(
            key, *_COMMON, (r"^transformer_blocks", "joint_blocks"), (r"attn2\.to_out\.0", "x_block.attn2.proj"), (r"\.attn\.to_out\.0", ".x_block.attn.proj"),
            (r"attn\.to_add_out", "context_block.attn.proj"), (r"norm1_context\.linear", "context_block.adaLN_modulation.1"),
            (r"norm1\.linear", "x_block.adaLN_modulation.1"), (r"ff_context\.net\.0\.proj", "context_block.mlp.fc1"),
            (r"ff_context\.net\.2", "context_block.mlp.fc2"), (r"ff\.net\.0\.proj", "x_block.mlp.fc1"), (r"ff\.net\.2", "x_block.mlp.fc2"),
            (r"attn2\.norm_([qk])\.", r"x_block.attn2.ln_\1."), (r"\.attn\.norm_([qk])\.", r".x_block.attn.ln_\1."),
            (r"attn\.norm_added_([qk])\.", r"context_block.attn.ln_\1."),
        ), value  # fmt: skip


def _flux(tensors: Tensors, config: Any) -> Iterator[tuple[str, Tensor]]:
    for key, value in _joined(tensors, {"attn.to_": "img_attn", "attn.add_": "txt_attn"}, single="linear1"):
        if key.startswith("norm_out"):
            value = _swapped(value)
        yield _replace(
            key, (r"^time_text_embed\.timestep_embedder\.linear_1", "time_in.in_layer"), (r"^time_text_embed\.timestep_embedder\.linear_2", "time_in.out_layer"),
            (r"^time_text_embed\.text_embedder\.linear_1", "vector_in.in_layer"), (r"^time_text_embed\.text_embedder\.linear_2", "vector_in.out_layer"),
            (r"^time_text_embed\.guidance_embedder\.linear_1", "guidance_in.in_layer"), (r"^time_text_embed\.guidance_embedder\.linear_2", "guidance_in.out_layer"),
            (r"^context_embedder", "txt_in"), (r"^x_embedder", "img_in"), *_COMMON, (r"^single_transformer_blocks\.(\d+)\.norm\.linear", r"single_blocks.\1.modulation.lin"),
            (r"^single_transformer_blocks\.(\d+)\.final_layer\.linear", r"single_blocks.\1.linear2"), (r"^single_transformer_blocks\.(\d+)\.proj_out", r"single_blocks.\1.linear2"),
            (r"^single_transformer_blocks\.(\d+)\.attn\.norm_q\.weight", r"single_blocks.\1.norm.query_norm.scale"),
            (r"^single_transformer_blocks\.(\d+)\.attn\.norm_k\.weight", r"single_blocks.\1.norm.key_norm.scale"),
            (r"^single_transformer_blocks", "single_blocks"), (r"^transformer_blocks", "double_blocks"), (r"norm1_context\.linear", "txt_mod.lin"), (r"norm1\.linear", "img_mod.lin"),
            (r"attn\.norm_q\.weight", "img_attn.norm.query_norm.scale"), (r"attn\.norm_k\.weight", "img_attn.norm.key_norm.scale"),
            (r"attn\.norm_added_q\.weight", "txt_attn.norm.query_norm.scale"), (r"attn\.norm_added_k\.weight", "txt_attn.norm.key_norm.scale"),
            (r"ff_context\.net\.0\.proj", "txt_mlp.0"), (r"ff_context\.net\.2", "txt_mlp.2"), (r"ff\.net\.0\.proj", "img_mlp.0"), (r"ff\.net\.2", "img_mlp.2"),
            (r"attn\.to_out\.0", "img_attn.proj"), (r"attn\.to_add_out", "txt_attn.proj"),
        ), value  # fmt: skip


def _joined(tensors: Tensors, names: dict[str, str], single: str = "") -> Iterator[tuple[str, Tensor]]:
    """Joins queries, keys and values; in FLUX's single blocks also the projection of the MLP."""
    for key, value in tensors.items():
        match = re.fullmatch(
            r"(single_)?(transformer_blocks\.\d+)\.(attn2?\.(?:to|add)_)([qkv])(_proj)?\.(weight|bias)", key
        )
        if match is None:
            if not (single and key.startswith("single_") and "proj_mlp" in key):
                yield key, value
        elif match[4] == "q":
            parts = [tensors[key.replace(f"_q{match[5] or ''}.", f"_{name}{match[5] or ''}.")] for name in "qkv"]
            if match[1]:
                parts.append(tensors[f"single_{match[2]}.proj_mlp.{match[6]}"])
                yield f"single_{match[2]}.{single}.{match[6]}", torch.cat(parts)
            else:
                yield f"{match[2]}.{names[match[3]]}.qkv.{match[6]}", torch.cat(parts)
