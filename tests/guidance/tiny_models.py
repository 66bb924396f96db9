"""Small random models of every supported architecture, built from diffusers' and transformers' classes and saved like real ones.

Their pictures have 16 or 32 pixels, their widths are 8 to 32.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

PROMPT, NEGATIVE = "a red mushroom", "blurry"
WIDTH = 32  # of the text


def save_tiny(kind: str, folder: Path) -> Path:
    """Writes the model called `kind` (a key of MAKERS) into `folder`, the same every time; "sd+controlnet" has a ControlNet."""
    torch.manual_seed(0)
    pipeline = MAKERS[kind.partition("+")[0]]()
    if kind.endswith("+controlnet"):
        pipeline = with_controlnet(pipeline)
    for part in pipeline.components.values():
        if isinstance(part, torch.nn.Module):
            _randomize(part)
    pipeline.save_pretrained(folder, safe_serialization=True)
    return folder


def _randomize(network: torch.nn.Module) -> None:
    """Replaces zero-initialized layers, which would hide the conditioning."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.abs().max() == 0:
                parameter.copy_(0.1 * torch.randn(parameter.shape, generator=generator))


# --- tokenizers


def clip_tokenizer() -> Any:
    from transformers import CLIPTokenizer

    letters = "abcdefghijklmnopqrstuvwxyz,.-0123456789"
    pieces = [*letters, *(letter + "</w>" for letter in letters), "mu", "sh", "re", "red</w>", "fr", "view</w>"]
    words = {piece: number for number, piece in enumerate([*pieces, "<|startoftext|>", "<|endoftext|>"])}
    merges = [("m", "u"), ("s", "h"), ("r", "e"), ("re", "d</w>"), ("f", "r")]
    return CLIPTokenizer(vocab=words, merges=merges, model_max_length=24)


def t5_tokenizer() -> Any:
    from transformers import T5Tokenizer

    special = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
    pieces = [(letter, -5.0) for letter in "abcdefghijklmnopqrstuvwxyz,.-"] + [("▁red", -3.0), ("▁mush", -3.0)]
    return T5Tokenizer(vocab=special + pieces, extra_ids=0, additional_special_tokens=["<extra_id_0>"])


def gemma_tokenizer() -> Any:
    from transformers import GemmaTokenizer

    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "▁"]
    return GemmaTokenizer(vocab={piece: n for n, piece in enumerate([*special, *"abcdefghijklmnopqrstuvwxyz,.-:"])})


# --- parts


def clip_text(projected: bool = False) -> Any:
    from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

    tokenizer = clip_tokenizer()
    config = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=37,
        num_hidden_layers=3,
        num_attention_heads=4,
        projection_dim=WIDTH,
        max_position_embeddings=24,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return (CLIPTextModelWithProjection if projected else CLIPTextModel)(config)


def t5_text() -> Any:
    from transformers import T5Config, T5EncoderModel

    return T5EncoderModel(T5Config(vocab_size=64, d_model=WIDTH, d_kv=8, d_ff=37, num_layers=2, num_heads=4))


def gemma_text() -> Any:
    from transformers import Gemma2Config, Gemma2Model

    config = Gemma2Config(
        vocab_size=64, hidden_size=WIDTH, intermediate_size=37, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=8, query_pre_attn_scalar=8, pad_token_id=0, eos_token_id=1, bos_token_id=2,
    )  # fmt: skip
    return Gemma2Model(config)


def vae(scaling: float = 0.18215, shift: float | None = None) -> Any:
    """A VAE with a scale factor of two and four channels."""
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * 2,
        up_block_types=("UpDecoderBlock2D",) * 2,
        block_out_channels=(8, 8),
        norm_num_groups=4,
        latent_channels=4,
        sample_size=32,
        scaling_factor=scaling,
        shift_factor=shift,
    )


def unet(channels: int = 4, out: int = 4, width: int = WIDTH, **more: Any) -> Any:
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=16,
        in_channels=channels,
        out_channels=out,
        block_out_channels=(8, 16),
        norm_num_groups=4,
        layers_per_block=1,
        down_block_types=("CrossAttnDownBlock2D", "DownBlock2D"),
        up_block_types=("UpBlock2D", "CrossAttnUpBlock2D"),
        attention_head_dim=4,
        cross_attention_dim=width,
        **more,
    )


def _betas(**more: Any) -> dict[str, Any]:
    return {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear", **more}


# --- pipelines


def stable_diffusion(prediction: str = "epsilon") -> Any:
    from diffusers import DDIMScheduler, StableDiffusionPipeline

    scheduler = DDIMScheduler(**_betas(prediction_type=prediction, clip_sample=False, steps_offset=1))
    return StableDiffusionPipeline(
        vae(), clip_text(), clip_tokenizer(), unet(), scheduler, None, None, requires_safety_checker=False
    )


def sdxl() -> Any:
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline

    network = unet(
        width=2 * WIDTH,
        addition_embed_type="text_time",
        addition_time_embed_dim=4,
        projection_class_embeddings_input_dim=WIDTH + 6 * 4,
    )
    return StableDiffusionXLPipeline(
        vae=vae(0.13025),
        text_encoder=clip_text(),
        text_encoder_2=clip_text(projected=True),
        tokenizer=clip_tokenizer(),
        tokenizer_2=clip_tokenizer(),
        unet=network,
        scheduler=EulerDiscreteScheduler(**_betas(timestep_spacing="leading", steps_offset=1)),
    )


def deepfloyd() -> Any:
    from diffusers import DDPMScheduler, IFPipeline

    scheduler = DDPMScheduler(
        beta_schedule="squaredcos_cap_v2", variance_type="learned_range", thresholding=False, clip_sample=False
    )
    return IFPipeline(t5_tokenizer(), t5_text(), unet(3, 6), scheduler, None, None, None, requires_safety_checker=False)


def sd3(has_t5: bool = True) -> Any:
    from diffusers import FlowMatchEulerDiscreteScheduler, SD3Transformer2DModel, StableDiffusion3Pipeline

    transformer = SD3Transformer2DModel(
        sample_size=16,
        patch_size=2,
        in_channels=4,
        out_channels=4,
        num_layers=2,
        attention_head_dim=8,
        num_attention_heads=4,
        joint_attention_dim=2 * WIDTH,
        caption_projection_dim=32,
        pooled_projection_dim=2 * WIDTH,
        pos_embed_max_size=16,
    )
    t5 = _wide_t5() if has_t5 else None
    return StableDiffusion3Pipeline(
        transformer=transformer,
        scheduler=FlowMatchEulerDiscreteScheduler(shift=3.0),
        vae=vae(1.5305, 0.0609),
        text_encoder=clip_text(projected=True),
        tokenizer=clip_tokenizer(),
        text_encoder_2=clip_text(projected=True),
        tokenizer_2=clip_tokenizer(),
        text_encoder_3=t5,
        tokenizer_3=t5_tokenizer() if has_t5 else None,
    )


def _wide_t5() -> Any:
    from transformers import T5Config, T5EncoderModel

    return T5EncoderModel(T5Config(vocab_size=64, d_model=2 * WIDTH, d_kv=8, d_ff=37, num_layers=2, num_heads=4))


def flux(is_distilled: bool = True) -> Any:
    from diffusers import FlowMatchEulerDiscreteScheduler, FluxPipeline, FluxTransformer2DModel

    transformer = FluxTransformer2DModel(
        in_channels=16,
        num_layers=1,
        num_single_layers=1,
        attention_head_dim=16,
        num_attention_heads=2,
        joint_attention_dim=WIDTH,
        pooled_projection_dim=WIDTH,
        axes_dims_rope=(4, 4, 8),
        guidance_embeds=is_distilled,
    )
    return FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(
            shift=3.0 if is_distilled else 1.0, use_dynamic_shifting=is_distilled
        ),
        vae=vae(0.3611, 0.1159),
        text_encoder=clip_text(),
        tokenizer=clip_tokenizer(),
        text_encoder_2=t5_text(),
        tokenizer_2=t5_tokenizer(),
        transformer=transformer,
    )


def sana() -> Any:
    from diffusers import AutoencoderDC, DPMSolverMultistepScheduler, SanaPipeline, SanaTransformer2DModel

    encoder = AutoencoderDC(
        latent_channels=4,
        attention_head_dim=8,  # a smaller value makes its attention divide by zero
        encoder_block_types=("ResBlock", "EfficientViTBlock"),
        decoder_block_types=("ResBlock", "EfficientViTBlock"),
        encoder_block_out_channels=(8, 8),
        decoder_block_out_channels=(8, 8),
        encoder_qkv_multiscales=((), (5,)),
        decoder_qkv_multiscales=((), (5,)),
        encoder_layers_per_block=(1, 1),
        decoder_layers_per_block=(1, 1),
        downsample_block_type="conv",
        upsample_block_type="interpolate",
        decoder_norm_types="rms_norm",
        decoder_act_fns="silu",
        scaling_factor=0.41407,
    )
    transformer = SanaTransformer2DModel(
        patch_size=1, in_channels=4, out_channels=4, num_layers=1, num_attention_heads=2, attention_head_dim=4,
        num_cross_attention_heads=2, cross_attention_head_dim=4, cross_attention_dim=8, caption_channels=WIDTH, sample_size=16,
    )  # fmt: skip
    scheduler = DPMSolverMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0, solver_order=1,
        final_sigmas_type="zero",
    )  # fmt: skip
    return SanaPipeline(gemma_tokenizer(), gemma_text(), encoder, transformer, scheduler)


def pixart(version: str) -> Any:
    from diffusers import DDIMScheduler, PixArtAlphaPipeline, PixArtSigmaPipeline, PixArtTransformer2DModel

    transformer = PixArtTransformer2DModel(
        sample_size=16,
        num_layers=1,
        patch_size=2,
        attention_head_dim=8,
        num_attention_heads=3,
        caption_channels=WIDTH,
        cross_attention_dim=24,
        in_channels=4,
        out_channels=8,
        use_additional_conditions=False,
    )
    cls = PixArtAlphaPipeline if version == "alpha" else PixArtSigmaPipeline
    scheduler = DDIMScheduler(beta_start=1e-4, beta_end=0.02, beta_schedule="linear", clip_sample=False)
    return cls(t5_tokenizer(), t5_text(), vae(0.13025), transformer, scheduler)


def with_controlnet(pipeline: Any) -> Any:
    """The pipeline with a ControlNet, whose zero layers get random values when it is saved."""
    import diffusers

    network = diffusers.ControlNetModel.from_unet(pipeline.unet, conditioning_embedding_out_channels=(16, 32))
    cls = getattr(diffusers, type(pipeline).__name__.replace("Pipeline", "ControlNetPipeline"))
    more = {"requires_safety_checker": False} if cls is diffusers.StableDiffusionControlNetPipeline else {}
    return cls(**pipeline.components, controlnet=network, **more)


MAKERS: dict[str, Callable[[], Any]] = {
    "sd": stable_diffusion,
    "sd-v": lambda: stable_diffusion("v_prediction"),
    "sdxl": sdxl,
    "deepfloyd": deepfloyd,
    "sd3": sd3,
    "sd3-without-t5": lambda: sd3(has_t5=False),
    "flux-dev": flux,
    "flux-schnell": lambda: flux(is_distilled=False),
    "sana": sana,
    "pixart-alpha": lambda: pixart("alpha"),
    "pixart-sigma": lambda: pixart("sigma"),
}
