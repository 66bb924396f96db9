"""Checkpoints: tensors as safetensors, facts as JSON beside them. Nothing is ever pickled.

`000250.safetensors` is written first and `000250.json`, which names its size and checksum, last: a checkpoint whose
facts are there is whole, and a crash or a full disk at any moment leaves the one before it untouched.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load, save_file
from torch import Tensor

from ..jobs.files import replace_file, write_atomic

FORMAT = 1
KEPT = 2  # the newest, and one to fall back to


def save(folder: Path, step: int, tensors: Mapping[str, Tensor], meta: Mapping[str, Any]) -> Path:
    """Writes the checkpoint of a step and forgets all but the newest two.

    Args:
        tensors: any shapes and dtypes, on any device; a generator's state is a uint8 tensor among them.
        meta: facts that JSON can hold.

    Returns:
        The path of the tensors' file.

    Raises:
        OSError: the folder cannot be written, or the disk is full; earlier checkpoints are untouched.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights, facts = folder / f"{step:06d}.safetensors", folder / f"{step:06d}.json"
    temporary = folder / f".{weights.name}.{os.getpid()}.tmp"
    # Copies: safetensors refuses tensors that share memory.
    held = {name: tensor.detach().to("cpu", copy=True).contiguous() for name, tensor in tensors.items()}
    _sweep(folder)
    try:
        save_file(held, temporary)
        size, checksum = _checksum(temporary)
        _flush(temporary)
        with suppress(FileNotFoundError):
            facts.unlink()  # of this very step: until its new facts are there, the one before it counts
        replace_file(temporary, weights)
    except SafetensorError as error:
        temporary.unlink(missing_ok=True)
        raise _as_os_error(error, weights) from error
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    write_atomic(
        facts, json.dumps({"format": FORMAT, "step": step, "size": size, "crc32": checksum, "meta": meta}) + "\n"
    )
    for old in _steps(folder)[KEPT:]:
        remove(folder, old)
    return weights


def load_latest(folder: Path) -> tuple[int, dict[str, Tensor], dict[str, Any]] | None:
    """The newest checkpoint that is whole, as (step, tensors on the CPU, meta); None when there is none."""
    for step in _steps(folder):
        try:
            facts = json.loads((folder / f"{step:06d}.json").read_text(encoding="utf-8"))
            data = (folder / f"{step:06d}.safetensors").read_bytes()
            if facts["format"] != FORMAT or (facts["size"], facts["crc32"]) != (len(data), zlib.crc32(data)):
                continue
            return int(facts["step"]), load(data), dict(facts["meta"])
        except (OSError, ValueError, KeyError, TypeError, SafetensorError):
            continue
    return None


def has_checkpoint(folder: Path) -> bool:
    """Whether there is something to try; only `load_latest` knows whether it can be read."""
    return bool(_steps(folder))


def remove(folder: Path, step: int) -> None:
    """Forgets one checkpoint, its facts first."""
    for suffix in ("json", "safetensors"):
        with suppress(OSError):
            (folder / f"{step:06d}.{suffix}").unlink()


def remove_oldest(folder: Path) -> bool:
    """Makes room on a full disk: forgets the oldest checkpoint if there is another. True if it did."""
    steps = _steps(folder)
    if len(steps) < 2:
        return False
    remove(folder, steps[-1])
    return True


def _steps(folder: Path) -> list[int]:
    """Steps whose facts are there, newest first."""
    try:
        names = os.listdir(folder)
    except OSError:
        return []
    return sorted((int(name[:-5]) for name in names if re.fullmatch(r"\d{6,}\.json", name)), reverse=True)


def _sweep(folder: Path) -> None:
    """Removes what writers that were killed left behind; the job's lock makes this process the only writer."""
    whole = {f"{step:06d}.safetensors" for step in _steps(folder)}
    for path in folder.iterdir():
        if path.name.endswith(".tmp") or (path.suffix == ".safetensors" and path.name not in whole):
            with suppress(OSError):
                path.unlink()


def _checksum(path: Path) -> tuple[int, int]:
    size, checksum = 0, 0
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            size, checksum = size + len(block), zlib.crc32(block, checksum)
    return size, checksum


def _flush(path: Path) -> None:
    """To the disk itself, so that a power cut cannot leave a whole-looking file of zeros."""
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _as_os_error(error: SafetensorError, path: Path) -> OSError:
    """safetensors wraps the system's error in words: `... No space left on device (os error 28)`."""
    found = re.search(r"os error (\d+)", str(error))
    number = int(found.group(1)) if found else 0
    return OSError(number, os.strerror(number) if found else str(error), str(path))
