"""Recognizes single-file checkpoints from the names and shapes of their tensors, and describes other files.

Standard library only, because the add-on uses this module, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import UserError
from .companions import CLIP_G, CLIP_L, SCALED, T5, USUAL_NAMES, VAE, find_companions
from .headers import read_shapes

Shapes = Mapping[str, Sequence[int]]

_PREFIX = "model.diffusion_model."  # of the denoiser in files with all parts; files with a denoiser alone omit it
_CLIP_L = "cond_stage_model.transformer.text_model.embeddings.position_embedding.weight"
_OPEN_CLIP = "cond_stage_model.model.token_embedding.weight"
_XL_CLIP = "conditioner.embedders.1.model.positional_embedding"
_UNET = f"{_PREFIX}input_blocks.0.0.weight"
_FLUX = "double_blocks.0.img_attn.norm.key_norm.scale"
_FLUX_GUIDANCE = "guidance_in.in_layer.bias"
_SD3 = "joint_blocks.0.context_block.adaLN_modulation.1.bias"
_SD3_POSITIONS = "pos_embed"
_VAES = ("first_stage_model.", "vae.")
_T5 = "text_encoders.t5xxl.transformer.shared.weight"
_V_PREDICTION = "v_pred"  # empty tensors that some fine-tuned models of Stable Diffusion XL have
_ZERO_SNR = "ztsnr"
SD35_MEDIUM_POSITIONS, SD35_LARGE_BLOCKS = 384**2, 38
# What a file without a denoiser is: (a part of the names of its tensors, description).
_OTHERS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("lora_", ".lora_A", ".lora_B", "lora.down", "lora.up"), "is a LoRA, which changes a model. Choose the model, and add this file with --lora or in the list 'LoRA'"),
    (("control_model.", "controlnet_", "input_hint_block."), "is a ControlNet, which conditions a model. Choose the model, and add this file with --controlnet or in the section 'Texture'"),
    (("motion_modules.", "temporal_transformer", "head.modulation", "patchify_proj", "time_stack", "attn_temporal"), "is a model for video, which is not supported. Choose a model for images"),
    (("emb_params", "string_to_param"), "is an embedding of words, which is not supported. Choose the model that it belongs to"),
)  # fmt: skip
_OF_VAE = (
    "encoder.conv",
    "encoder.down",
    "encoder.mid",
    "encoder.norm",
    "decoder.",
    "quant_conv",
    "post_quant",
    *_VAES,
)
_PIPELINES = {
    "sd1": "StableDiffusionPipeline",
    "sd2": "StableDiffusionPipeline",
    "sdxl": "StableDiffusionXLPipeline",
    "sd3": "StableDiffusion3Pipeline",
    "flux": "FluxPipeline",
}
_REFINER = "conditioner.embedders.0.model.text_projection"


@dataclass(frozen=True)
class SingleKind:
    """What a checkpoint is: the folder of its configuration in `guidance/families/published`, and its differences from it.

    has_t5: whether Stable Diffusion 3 has its third text encoder. scheduler: changed values of the noise schedule.
    companions: parts that the file lacks, in separate files.
    """

    configuration: str
    has_t5: bool = True
    scheduler: Mapping[str, object] | None = None
    companions: Mapping[str, Path] = field(default_factory=dict)

    @property
    def pipeline(self) -> str:
        """The class in diffusers, as in model_index.json."""
        return next(name for prefix, name in _PIPELINES.items() if self.configuration.startswith(prefix))


def recognize(path: Path) -> SingleKind:
    """Returns what a safetensors file holds.

    Raises:
        UserError: the file is no complete checkpoint of a supported family, or it is damaged.
    """
    if path.suffix.lower() != ".safetensors":
        raise UserError(f"{path} {_why_not(path)}.", "prior")
    shapes = read_shapes(path)
    if any(name.endswith(SCALED) for name in shapes):
        raise UserError(
            f"{path} has scaled 8-bit weights, which are not supported. Choose a file of the same model with 16-bit weights.",
            "prior",
        )
    for find in (_stable_diffusion, _sd3, _flux):
        if kind := find(path, shapes):
            return kind
    raise UserError(f"{path} {_describe(shapes)}.", "prior")


def _why_not(path: Path) -> str:
    if path.suffix.lower() in (".ckpt", ".pt", ".pth", ".bin"):
        return "is pickled, which can run programs. Choose a .safetensors file of the same model"
    if path.suffix.lower() == ".gguf":
        return "is quantized (GGUF), which is not supported. Choose a .safetensors file of the same model"
    return "is no model. Choose a folder in diffusers' layout or a .safetensors file"


def _stable_diffusion(path: Path, shapes: Shapes) -> SingleKind | None:
    if _UNET not in shapes:
        return None
    if any("temporal" in name or "time_stack" in name for name in shapes):
        return None
    if (channels := shapes[_UNET][1]) != 4:
        raise UserError(
            f"{path} is a model for inpainting or editing ({channels} input channels), which is not supported. Choose a model for "
            "images from text.",
            "prior",
        )
    if _REFINER in shapes and _XL_CLIP not in shapes:
        raise UserError(f"{path} is the refiner of Stable Diffusion XL. Choose the base model.", "prior")
    found = {
        "sdxl": _XL_CLIP in shapes,
        "sd2": _OPEN_CLIP in shapes,
        "sd1": _CLIP_L in shapes,
    }
    name = next((name for name, is_there in found.items() if is_there), "")
    if not name:
        raise UserError(
            f"{path} has no text encoder. Choose a checkpoint that has one, or a folder in diffusers' layout.", "prior"
        )
    _need_vae(path, shapes)
    if name == "sd2" and not _predicts_v(path):
        name = "sd2-base"
    scheduler: dict[str, object] = {"prediction_type": "v_prediction"} if _V_PREDICTION in shapes else {}
    if _ZERO_SNR in shapes:
        scheduler["rescale_betas_zero_snr"] = True
    return SingleKind(name, scheduler=scheduler or None)


def _predicts_v(path: Path) -> bool:
    """Whether a file of Stable Diffusion 2 is the one with 768 pixels. The tensors are the same; other programs read the .yaml."""
    configuration = path.with_suffix(".yaml")
    if configuration.is_file():
        return 'parameterization: "v"' in configuration.read_text(encoding="utf-8", errors="replace")
    return "768" in path.stem


def _sd3(path: Path, shapes: Shapes) -> SingleKind | None:
    prefix = _PREFIX if _PREFIX + _SD3 in shapes else ""
    if prefix + _SD3 not in shapes:
        return None
    parts = {CLIP_L: "text_encoder", CLIP_G: "text_encoder_2", T5: "text_encoder_3", VAE: "vae"}
    companions = _companions(path, shapes, "Stable Diffusion 3", parts, vae_names=("sd3", "sd35"), optional=(T5,))
    positions = shapes.get(prefix + _SD3_POSITIONS, (1, 0, 0))[1]
    blocks = sum(name.endswith("x_block.mlp.fc1.weight") for name in shapes)
    name = (
        "sd35-medium" if positions == SD35_MEDIUM_POSITIONS else "sd35-large" if blocks == SD35_LARGE_BLOCKS else "sd3"
    )
    return SingleKind(name, has_t5=_T5 in shapes or parts[T5] in companions, companions=companions)


def _flux(path: Path, shapes: Shapes) -> SingleKind | None:
    prefix = _PREFIX if _PREFIX + _FLUX in shapes else ""
    if prefix + _FLUX not in shapes:
        return None
    parts = {CLIP_L: "text_encoder", T5: "text_encoder_2", VAE: "vae"}
    companions = _companions(path, shapes, "FLUX.1", parts, vae_names=("ae", "flux"))
    return SingleKind("flux-dev" if prefix + _FLUX_GUIDANCE in shapes else "flux-schnell", companions=companions)


def _companions(
    path: Path,
    shapes: Shapes,
    title: str,
    parts: Mapping[str, str],
    vae_names: Sequence[str],
    optional: Sequence[str] = (),
) -> dict[str, Path]:
    """The files for the parts that a file lacks, by part. `parts` has the part of each kind of file.

    Raises:
        UserError: a file that is needed was not found.
    """
    missing = [kind for kind in parts if not any(name.startswith(_beginnings(kind)) for name in shapes)]
    found = find_companions(path, missing, vae_names)
    if lacking := [kind for kind in missing if kind not in found and kind not in optional]:
        what = [*(["text encoders"] if set(lacking) - {VAE} else []), *(["VAE"] if VAE in lacking else [])]
        files = ", ".join(USUAL_NAMES[kind] for kind in lacking)
        raise UserError(
            f"{path} holds {title} without its {' and its '.join(what)}. Choose a complete checkpoint, or put files such as "
            f"{files} beside it, or into the folders 'text_encoders' and 'vae' beside its folder.",
            "prior",
        )
    return {parts[kind]: file for kind, file in found.items()}


def _beginnings(kind: str) -> tuple[str, ...]:
    """How the tensors of a part begin in a file that includes it."""
    return _VAES if kind == VAE else (f"text_encoders.{kind}.",)


def _need_vae(path: Path, shapes: Shapes) -> None:
    if not any(name.startswith(_VAES) for name in shapes):
        raise UserError(
            f"{path} has no VAE. Choose a checkpoint that includes it, or a folder in diffusers' layout.", "prior"
        )


def _describe(shapes: Shapes) -> str:
    for parts, text in _OTHERS:
        if any(part in name for name in shapes for part in parts):
            return text
    if shapes and all(name.startswith(_OF_VAE) for name in shapes):
        return "is a VAE alone. Choose the model that it belongs to"
    if any(name.startswith(("text_model.", "text_encoders.", "encoder.block.")) for name in shapes):
        return "is a text encoder alone. Choose the model that it belongs to"
    if any(name.startswith(("down_blocks.", "transformer_blocks.", "joint_blocks.")) for name in shapes):
        return "is one part of a model in diffusers' layout. Choose the folder that holds its model_index.json"
    return "is a model of an unknown kind. Choose a checkpoint of Stable Diffusion 1, 2, XL, 3 or 3.5, or FLUX.1"
