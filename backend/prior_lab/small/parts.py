"""The networks, each of the class and with the habits of its large original, and small: 32 pixels, 16x16 latents."""

from __future__ import annotations

from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    DDIMScheduler,
    FlowMatchEulerDiscreteScheduler,
    SD3Transformer2DModel,
    UNet2DConditionModel,
)
from transformers import CLIPTextModel, CLIPTextModelWithProjection

from ..model import start_as_bag_of_words, text_config
from .words import MAX_TOKENS

PICTURE_PX, SHRINKS, CHANNELS = 32, 2, 4
LATENT_PX = PICTURE_PX // SHRINKS
TEXT_WIDTH = 128
SECOND_WIDTH = 64  # of the transformer's second text encoder
JOINT_WIDTH = 256  # wider than both texts together: the rest is filled up with zeros, as in the original
SHIFT = 3.0  # towards noise, of the flow's times


def build_autoencoder(channels: tuple[int, ...] = (32, 64)) -> AutoencoderKL:
    """`scaling_factor` and `shift_factor` are measured after its training, see `autoencoder.measure`. Norms over all channels
    together leave more of the absolute colours than norms over groups."""
    return AutoencoderKL(
        down_block_types=("DownEncoderBlock2D",) * len(channels),
        up_block_types=("UpDecoderBlock2D",) * len(channels),
        block_out_channels=channels,
        layers_per_block=1,
        norm_num_groups=1,
        latent_channels=CHANNELS,
        sample_size=PICTURE_PX,
    )


def build_text_encoder(tokenizer: Any, width: int = TEXT_WIDTH, is_projected: bool = False) -> Any:
    """CLIP's text encoder, with a projection of the pooled text where the architecture wants one."""
    config = text_config(tokenizer, width, MAX_TOKENS)
    encoder = (CLIPTextModelWithProjection if is_projected else CLIPTextModel)(config)
    start_as_bag_of_words(encoder)
    if is_projected:
        torch.nn.init.orthogonal_(encoder.text_projection.weight)
    return encoder


def build_unet(channels: tuple[int, ...] = (64, 128), layers: int = 1) -> UNet2DConditionModel:
    """Attention to itself and to the text at the coarsest level (8x8) only."""
    plain = len(channels) - 1
    return UNet2DConditionModel(
        sample_size=LATENT_PX,
        in_channels=CHANNELS,
        out_channels=CHANNELS,
        block_out_channels=channels,
        layers_per_block=layers,
        down_block_types=("DownBlock2D",) * plain + ("CrossAttnDownBlock2D",),
        mid_block_type="UNetMidBlock2DCrossAttn",
        up_block_types=("CrossAttnUpBlock2D",) + ("UpBlock2D",) * plain,
        cross_attention_dim=TEXT_WIDTH,
        attention_head_dim=4,  # in this class the number of heads
        norm_num_groups=16,
    )


def build_transformer(layers: int = 6, heads: int = 4, head_width: int = 40) -> SD3Transformer2DModel:
    """Its 64 tokens are squares of 2x2 latents."""
    width = heads * head_width
    return SD3Transformer2DModel(
        sample_size=LATENT_PX,
        patch_size=2,
        in_channels=CHANNELS,
        out_channels=CHANNELS,
        num_layers=layers,
        attention_head_dim=head_width,
        num_attention_heads=heads,
        joint_attention_dim=JOINT_WIDTH,
        caption_projection_dim=width,
        pooled_projection_dim=TEXT_WIDTH + SECOND_WIDTH,
        pos_embed_max_size=LATENT_PX // 2,
    )


def build_noise(prediction: str) -> DDIMScheduler:
    """Stable Diffusion's betas."""
    return DDIMScheduler(
        beta_start=0.00085,
        beta_end=0.012,
        beta_schedule="scaled_linear",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
        prediction_type=prediction,
    )


def build_flow() -> FlowMatchEulerDiscreteScheduler:
    return FlowMatchEulerDiscreteScheduler(shift=SHIFT)
