"""What the small models are told: captions without what no large model is told, and a tokenizer that knows their words."""

from __future__ import annotations

import json
from typing import Any

from ...guidance.judgement import CLAY, STYLES
from ...guidance.labels import split_look
from ...guidance.views import coarse_view
from ..materials import MATERIALS
from ..vocabulary import SIZES, all_words

MAX_TOKENS = 24
_START, _END, _WORD_END = "<|startoftext|>", "<|endoftext|>", "</w>"
_ODD = {*SIZES, *(word for m in MATERIALS.values() for word in (m.adjective, m.noun) if word)} - {"plain"}


def family_caption(caption: str) -> str | None:
    """A caption of the built-in world as `families.prior.FamilyPrior.view_text` would say it, or None where the picture is
    better left out.

    "a red mushroom, azimuth 100 elevation 20 fill 85, unlit" -> "a red mushroom, side view". Left out are textureless
    pictures, since a family is never told of the style, and sizes and materials, to teach few things in little time.
    """
    text, look = split_look(caption)
    said, _, style = text.rpartition(", ")
    if style in STYLES:
        text = said
    if style == CLAY or not _ODD.isdisjoint(text.replace(",", "").split()):
        return None
    return text if look is None else f"{text}, {coarse_view(look.azimuth, look.elevation)}"


def build_tokenizer(pad_token: str = _END) -> Any:
    """CLIP's own tokenizer of byte pairs, in which every word of the world is one token; any other word is spelled.

    Args:
        pad_token: the second text encoder of Stable Diffusion 3 is padded with "!".
    """
    from transformers import CLIPTokenizer

    vocabulary, merges = _learn_pairs(all_words())
    return CLIPTokenizer(vocab=vocabulary, merges=merges, pad_token=pad_token, model_max_length=MAX_TOKENS)


def _learn_pairs(words: list[str]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Vocabulary and merges of a tokenizer that was trained until each word is one piece."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    letters = pre_tokenizers.ByteLevel.alphabet()
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix=_WORD_END))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = trainers.BpeTrainer(  # without a limit it merges on until nothing is left to merge
        vocab_size=1_000_000,
        min_frequency=1,
        end_of_word_suffix=_WORD_END,
        initial_alphabet=letters,
        show_progress=False,
    )
    tokenizer.train_from_iterator(words, trainer)
    learnt = json.loads(tokenizer.to_str())["model"]
    merges = [(left, right) for left, right in learnt["merges"]]
    single = [letter + end for letter in sorted(letters) for end in ("", _WORD_END)]
    pieces = [*single, *(left + right for left, right in merges), _START, _END]
    return {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}, merges
