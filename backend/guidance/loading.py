"""Loads networks and tokenizers from a folder: complete, from safetensors only, and without running code of the folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import torch

from ..errors import UserError
from ..jobs.shortages import is_of_the_system

TEXTS = ("a red house", "a red chair")  # words of every vocabulary, the built-in model's included
_SAFE = {"local_files_only": True, "trust_remote_code": False}


class Damaged(Exception):
    """Files of a model are missing or damaged. The text is the end of a sentence that begins with the model."""


@contextmanager
def reading(model: Path | str, remedy: str = "Download it again.", code: str = "weights") -> Iterator[None]:
    """Turns the many kinds of errors of loaders into one. Errors of the system, such as a lack of memory, pass.

    Raises:
        UserError: the model cannot be read.
    """
    try:
        yield
    except UserError:
        raise
    except Damaged as error:
        raise UserError(f"{model} {error}. {remedy}", code) from error
    except Exception as error:
        if isinstance(error, ImportError) or is_of_the_system(error):
            raise
        reason = " ".join(str(error).split())[:120].rstrip(".")
        detail = f"{type(error).__name__}: {reason}" if reason else type(error).__name__
        raise UserError(f"{model} cannot be read ({detail}). {remedy}", code) from error


def load_network(
    cls: Any, folder: Path | str, dtype: torch.dtype | None = None, is_rehearsal: bool = False, **options: Any
) -> Any:
    """Loads a network of diffusers or transformers, frozen, on the CPU, with every tensor from the files.

    Args:
        dtype: float32 by default.
        is_rehearsal: reads no weights and returns a network without memory; checks all the same that none is missing.

    Raises:
        Damaged: a tensor is missing, has another shape, or holds values that are not numbers.
    """
    options = _SAFE | {"use_safetensors": True, "output_loading_info": True} | options
    if is_rehearsal:
        options["device_map"] = "meta"
    if cls.__module__.startswith("diffusers."):
        del options["trust_remote_code"]  # unknown to diffusers' networks, which have no code
        options |= {"torch_dtype": dtype} if dtype else {}
    else:
        options["dtype"] = dtype or torch.float32
    network, found = cls.from_pretrained(folder, **options)
    if lacking := sorted(map(str, {*found["missing_keys"], *(entry[0] for entry in found["mismatched_keys"])})):
        raise Damaged(f"is incomplete: {Path(folder).name} lacks {len(lacking)} of its tensors ({lacking[0]})")
    if not is_rehearsal:
        check_numbers(network, folder)
    return network.requires_grad_(False).eval()


def check_numbers(network: Any, folder: Path | str) -> None:
    """Raises Damaged for NaN. Infinity may come from the conversion to float16, which `check_finite` reports."""
    for name, tensor in network.state_dict().items():
        # The minimum is NaN if any value is, and takes a tenth of the time of `isnan`.
        if tensor.numel() and tensor.is_floating_point() and tensor.amin().isnan():
            raise Damaged(f"is damaged: {name} in {Path(folder).name} has values that are not numbers")


def load_tokenizer(cls: Any, folder: Path | str, **options: Any) -> Any:
    """Loads a tokenizer that knows words. (transformers replaces missing files by an empty vocabulary.)

    Raises:
        Damaged: it does not, or files are missing.
    """
    for name in _missing_files(cls, Path(folder)):
        raise Damaged(f"is incomplete: {Path(folder).name}/{name} is missing")
    tokenizer = cls.from_pretrained(folder, **_SAFE | options)
    check_words(lambda text: tokenizer(text).input_ids, partial(tokenizer.decode, skip_special_tokens=True), folder)
    return tokenizer


def check_words(encode: Callable[[str], list[int]], decode: Callable[[list[int]], str], folder: Path | str) -> None:
    """Checks that a tokenizer knows common words.

    Raises:
        Damaged: it does not.
    """
    if any(_letters(text) not in _letters(decode(encode(text))) for text in TEXTS):
        raise Damaged(f"is damaged: the vocabulary of its {Path(folder).name} lacks common words")


def _letters(text: str) -> str:
    return text.replace(" ", "").lower()


def _missing_files(cls: Any, folder: Path) -> list[str]:
    """The missing files of a tokenizer in a folder, which has one file or several separate ones."""
    if not folder.is_dir():
        return []  # the name of a model on Hugging Face
    names = dict(getattr(cls, "vocab_files_names", {}))
    whole, separate = names.pop("tokenizer_file", "tokenizer.json"), list(names.values())
    needed = ["tokenizer_config.json"]
    if not (folder / whole).exists() and not list(folder.glob("*.model")):
        needed += separate if any((folder / name).exists() for name in separate) else [whole]
    return [name for name in needed if not (folder / name).exists()]


@torch.no_grad()
def check_hears(tokenizer: Any, encoder: Any, folder: Path | str) -> None:
    """Checks that a text encoder embeds different texts differently.

    Raises:
        Damaged: it does not.
    """
    tokens = [torch.tensor([tokenizer(text).input_ids], device=encoder.device) for text in TEXTS]
    first, second = (encoder(input_ids=ids).last_hidden_state[0].float() for ids in tokens)
    if not (first.isfinite().all() and second.isfinite().all()):
        return  # overflows in half precision, which `check_finite` reports
    length = min(len(first), len(second))
    if torch.allclose(first[:length], second[:length], rtol=1e-3, atol=1e-6):
        raise Damaged(f"is damaged: its {Path(folder).name} ignores the prompt")
