"""The networks of the built-in model: diffusers' U-Net on 2x2 pixel blocks, transformers' text encoder, a word tokenizer."""

from __future__ import annotations

import torch
from diffusers import DDPMScheduler, UNet2DConditionModel
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import CLIPTextConfig, CLIPTextModel, PreTrainedTokenizerFast

from ...guidance.builtin.labels import label_width
from ...guidance.builtin.networks import PATCH as PATCH
from ...guidance.builtin.sketch import Sketch
from ..world.vocabulary import all_words

MAX_TOKENS = 32
TEXT_WIDTH = 128
SPREAD = 0.15  # see `Sketch`; measured: .17 on the background, .11 on objects
_SPECIAL = ("[PAD]", "[UNK]", "[BOS]", "[EOS]")
_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


def build_tokenizer(more_words: tuple[str, ...] = ()) -> PreTrainedTokenizerFast:
    """Builds a tokenizer for the vocabulary and `more_words`. Other words are split into characters."""
    pieces = [*_SPECIAL, *all_words(), *more_words, *_CHARACTERS, *(f"##{c}" for c in _CHARACTERS)]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[BOS] $A [EOS]", special_tokens=[(name, vocabulary[name]) for name in ("[BOS]", "[EOS]")]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=MAX_TOKENS,
        pad_token="[PAD]",
        unk_token="[UNK]",
        bos_token="[BOS]",
        eos_token="[EOS]",
    )


def text_config(tokenizer: PreTrainedTokenizerFast, width: int, max_tokens: int) -> CLIPTextConfig:
    """Returns the configuration of a text encoder of the given width and sequence length."""
    return CLIPTextConfig(
        vocab_size=len(tokenizer),
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=3,
        num_attention_heads=4,
        max_position_embeddings=max_tokens,
        projection_dim=width,
        pad_token_id=tokenizer.pad_token_id,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )


def build_text_encoder(tokenizer: PreTrainedTokenizerFast) -> CLIPTextModel:
    encoder = CLIPTextModel(text_config(tokenizer, TEXT_WIDTH, MAX_TOKENS))
    start_as_bag_of_words(encoder)
    return encoder


@torch.no_grad()
def start_as_bag_of_words(encoder: CLIPTextModel) -> None:
    """Initializes attention layers to add the mean of the previous tokens, so that the pooled output differs between captions
    from the first step.

    With CLIP's initialization, made for 400 million captions, the U-Net ignored the text after 50,000 pictures.
    """
    for name, module in encoder.named_modules():
        if name.endswith("token_embedding"):
            module.weight.normal_(std=0.7)
        elif name.endswith("position_embedding"):
            module.weight.normal_(std=0.1)
        elif name.endswith("self_attn"):
            torch.nn.init.orthogonal_(module.v_proj.weight)
            module.out_proj.weight.copy_(module.v_proj.weight.T)


@torch.no_grad()
def keep_known_words(
    table: torch.Tensor, earlier: torch.Tensor, words: dict[str, int], earlier_words: dict[str, int]
) -> torch.Tensor:
    """Returns the token embeddings [V, D] of a new vocabulary: those of an earlier model for common words, those of `table` for new
    words. The vocabularies map words to rows."""
    table = table.clone()
    for word, row in words.items():
        if word in earlier_words:
            table[row] = earlier[earlier_words[word]]
    return table


def build_unet(
    picture_px: int = 64, channels: tuple[int, ...] = (64, 128, 192), layers: int = 2, attentive: int = 1
) -> UNet2DConditionModel:
    """Builds a U-Net with attention at the `attentive` coarsest levels (the last is 8x8 for pictures of 64 pixels). The labels of
    `guidance.builtin.labels` are added to the time embedding."""
    plain = len(channels) - attentive
    return UNet2DConditionModel(
        sample_size=picture_px // PATCH,
        in_channels=(3 + 4) * PATCH * PATCH,  # z_t, and the sketch
        out_channels=3 * PATCH * PATCH,
        block_out_channels=channels,
        layers_per_block=layers,
        down_block_types=("DownBlock2D",) * plain + ("CrossAttnDownBlock2D",) * attentive,
        mid_block_type="UNetMidBlock2DCrossAttn",
        up_block_types=("CrossAttnUpBlock2D",) * attentive + ("UpBlock2D",) * plain,
        cross_attention_dim=TEXT_WIDTH,
        attention_head_dim=4,  # in this class the number of heads
        norm_num_groups=16,
        class_embed_type="projection",
        projection_class_embeddings_input_dim=label_width(TEXT_WIDTH),
    )


def build_sketch(picture_px: int) -> Sketch:
    return Sketch(label_width(TEXT_WIDTH), picture_px // PATCH, 4 * PATCH * PATCH, spread=SPREAD)


def build_scheduler() -> DDPMScheduler:
    return DDPMScheduler(
        num_train_timesteps=1000, beta_schedule="squaredcos_cap_v2", prediction_type="v_prediction", clip_sample=True
    )
