"""The judge's network: a small `CLIPModel` of transformers for 64x64 pictures."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from torch import Tensor
from transformers import CLIPConfig, CLIPModel, CLIPTextConfig, CLIPVisionConfig, PreTrainedTokenizerFast

from ...jobs.files import write_atomic
from ..prior.model import MAX_TOKENS, build_tokenizer, start_as_bag_of_words
from ..world.vocabulary import SYNONYMS
from .initialization import init_as_convolutions

IMAGE_PX, PATCH_PX = 64, 8
VISION_WIDTH, VISION_LAYERS, VISION_HEADS = 192, 6, 6
TEXT_WIDTH, TEXT_LAYERS, TEXT_HEADS = 128, 2, 4
SHARED_WIDTH = 128
MEAN = STD = (0.5, 0.5, 0.5)  # pixels are in [-1, 1]


def judge_tokenizer() -> PreTrainedTokenizerFast:
    """Returns the tokenizer of the procedural world, with synonyms as additional words because prompts have them."""
    return build_tokenizer(tuple(SYNONYMS))


def build_judge(tokenizer: PreTrainedTokenizerFast) -> CLIPModel:
    """Builds the untrained network with torch's global random generator.

    The text encoder is initialized as a bag of words. With CLIP's initialization, which is made for hundreds of
    millions of captions, a small encoder makes no progress for a long time.
    """
    common = {"hidden_act": "gelu", "projection_dim": SHARED_WIDTH}  # fused in torch, unlike the activation of CLIP
    text = CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=TEXT_WIDTH,
        intermediate_size=4 * TEXT_WIDTH,
        num_hidden_layers=TEXT_LAYERS,
        num_attention_heads=TEXT_HEADS,
        max_position_embeddings=MAX_TOKENS,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        **common,
    )
    vision = CLIPVisionConfig(
        image_size=IMAGE_PX,
        patch_size=PATCH_PX,
        hidden_size=VISION_WIDTH,
        intermediate_size=4 * VISION_WIDTH,
        num_hidden_layers=VISION_LAYERS,
        num_attention_heads=VISION_HEADS,
        **common,
    )
    # The backward pass of fused attention is slow in bfloat16 on CPUs. For 65 tokens, eager attention is fast enough.
    options = {"projection_dim": SHARED_WIDTH, "attn_implementation": "eager"}
    model = CLIPModel(CLIPConfig(text_config=text.to_dict(), vision_config=vision.to_dict(), **options))
    start_as_bag_of_words(model.text_model)
    init_as_convolutions(model.vision_model)
    return model


def image_features(model: CLIPModel, pixels: Tensor, kept: Tensor | None = None) -> Tensor:
    """pixels [B, 3, H, W] -> features [B, D], not normalized.

    kept: indices of the patches to use [K], or None for all. Half of the patches take half the time and have most of
    the information (Li et al. 2023, "Scaling Language-Image Pre-training via Masking").
    """
    if kept is None:
        features: Tensor = model.get_image_features(pixel_values=pixels).pooler_output
        return features
    vision = model.vision_model
    tokens = vision.embeddings(pixels)
    rows = torch.cat((torch.zeros_like(kept[:1]), kept + 1))  # the first one is the class token
    hidden = vision.encoder(inputs_embeds=vision.pre_layrnorm(tokens[:, rows])).last_hidden_state
    pooled: Tensor = model.visual_projection(vision.post_layernorm(hidden[:, 0]))
    return pooled


def export_judge(model: CLIPModel, tokenizer: PreTrainedTokenizerFast, folder: Path) -> None:
    """Writes float16 weights, the tokenizer and the preprocessor configuration in the layout of transformers."""
    import copy

    folder.mkdir(parents=True, exist_ok=True)
    copy.deepcopy(model).to(torch.float16).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    facts = {"image_mean": MEAN, "image_std": STD, "size": {"height": IMAGE_PX, "width": IMAGE_PX}, "resample": 3}
    write_atomic(folder / "preprocessor_config.json", json.dumps(facts, indent=2) + "\n")
