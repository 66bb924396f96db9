"""The tokenizers of CLIP and T5, which single-file checkpoints lack. Their vocabularies are the same in all models."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

VOCABULARIES = Path(__file__).parent / "published" / "vocabularies"


def load_vocabulary(config: dict[str, Any]) -> Any:
    """Builds a tokenizer.

    Args:
        config: "vocabulary" is "clip" or "t5"; the rest goes to the tokenizer.
    """
    options = dict(config)
    if options.pop("vocabulary") == "clip":
        from transformers import CLIPTokenizer

        vocabulary, merges = _clip()
        return CLIPTokenizer(vocab=vocabulary, merges=merges, **options)
    from transformers import T5Tokenizer

    return T5Tokenizer.from_pretrained(VOCABULARIES / "t5", local_files_only=True, **options)


@cache
def _clip() -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Returns the vocabulary and the merges. All tokens follow from the merges: bytes, bytes that end a word, merged pairs."""
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    letters = list(bytes_to_unicode().values())
    lines = json.loads((VOCABULARIES / "clip.json").read_text(encoding="utf-8"))
    merges = [(first, second) for first, second in (line.split(" ") for line in lines)]
    tokens = [*letters, *(letter + "</w>" for letter in letters), *("".join(pair) for pair in merges)]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    return {token: number for number, token in enumerate(tokens)}, merges
