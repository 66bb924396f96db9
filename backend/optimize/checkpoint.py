"""Checkpoints: tensors as safetensors and metadata as JSON, without pickle.

`000250.safetensors` is written first. `000250.json`, which contains its size and checksum, is written last and marks the
checkpoint as complete. A crash or a full disk at any time leaves the previous checkpoint intact.
"""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load, save_file
from torch import Tensor

from ..errors import JobError
from ..jobs.files import replace_file, temporary_path, write_atomic
from ..jobs.reading import is_own_folder, open_regular, read_object

FORMAT = 1
MAX_BYTES = 1 << 33  # of a checkpoint
KEPT = 2  # the newest checkpoint, and one to fall back to


def save(folder: Path, step: int, tensors: Mapping[str, Tensor], meta: Mapping[str, Any]) -> Path:
    """Writes the checkpoint of a step and removes all but the newest two.

    Checkpoints of later steps could not be used, or the run would not be at this step: they are removed, too.

    Args:
        tensors: any shapes and dtypes, on any device.
        meta: values that JSON can represent.

    Returns:
        Path of the safetensors file.

    Raises:
        OSError: the folder cannot be written, or the disk is full. Earlier checkpoints are intact.
    """
    folder.mkdir(exist_ok=True)
    weights, metadata = folder / f"{step:06d}.safetensors", folder / f"{step:06d}.json"
    temporary = temporary_path(weights)
    # Copies, because safetensors rejects tensors that share memory.
    copies = {name: tensor.detach().to("cpu", copy=True).contiguous() for name, tensor in tensors.items()}
    _remove_leftovers(folder)
    try:
        save_file(copies, temporary)
        size, checksum = _checksum(temporary)
        _flush(temporary)
        with suppress(FileNotFoundError):
            metadata.unlink()  # if this step was saved before: incomplete until the new metadata is written
        replace_file(temporary, weights)
    except SafetensorError as error:
        temporary.unlink(missing_ok=True)
        raise _as_os_error(error, weights) from error
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    content = {"format": FORMAT, "step": step, "size": size, "crc32": checksum, "meta": meta}
    write_atomic(metadata, json.dumps(content) + "\n")
    steps = _steps(folder)
    useless = steps.index(step)
    for old in (*steps[:useless], *steps[useless + KEPT :]):
        remove(folder, old)
    return weights


def load_newest_first(folder: Path) -> Iterator[tuple[int, dict[str, Tensor], dict[str, Any]]]:
    """Loads the intact checkpoints, the newest first: step, tensors on the CPU, meta."""
    for step in _steps(folder):
        try:
            metadata = read_object(folder / f"{step:06d}.json")
            with open_regular(folder / f"{step:06d}.safetensors") as file:
                # The size first: reading a sparse file can take all memory.
                if metadata["format"] != FORMAT or not metadata["size"] == os.fstat(file.fileno()).st_size < MAX_BYTES:
                    continue
                data = file.read()
            if metadata["crc32"] != zlib.crc32(data):
                continue
            found = int(metadata["step"]), load(data), dict(metadata["meta"])
        except (OSError, ValueError, KeyError, TypeError, JobError, SafetensorError):
            continue
        yield found


def load_latest(folder: Path) -> tuple[int, dict[str, Tensor], dict[str, Any]] | None:
    """Loads the newest intact checkpoint, see `load_newest_first`. Returns None if no checkpoint is intact."""
    return next(load_newest_first(folder), None)


def has_checkpoint(folder: Path) -> bool:
    """Whether the folder contains a complete checkpoint. Only `load_latest` checks that it is intact."""
    return bool(_steps(folder))


def remove(folder: Path, step: int) -> None:
    """Removes one checkpoint, its metadata first."""
    for suffix in ("json", "safetensors"):
        with suppress(OSError):
            (folder / f"{step:06d}.{suffix}").unlink()


def remove_all(folder: Path) -> None:
    """Removes all checkpoints, the oldest first."""
    for step in reversed(_steps(folder)):
        remove(folder, step)


def remove_oldest(folder: Path) -> bool:
    """Removes the oldest checkpoint, to free disk space, unless it is the only one. Returns whether it did."""
    steps = _steps(folder)
    if len(steps) < 2:
        return False
    remove(folder, steps[-1])
    return True


def _steps(folder: Path) -> list[int]:
    """Steps of the complete checkpoints, newest first."""
    try:
        names = os.listdir(folder) if is_own_folder(folder) else []
    except OSError:
        return []
    return sorted((int(name[:-5]) for name in names if re.fullmatch(r"\d{6,}\.json", name)), reverse=True)


def _remove_leftovers(folder: Path) -> None:
    """Removes incomplete files of killed processes. The job's lock ensures that no other process writes here."""
    complete = {f"{step:06d}.safetensors" for step in _steps(folder)}
    for path in folder.iterdir():
        if path.name.endswith(".tmp") or (path.suffix == ".safetensors" and path.name not in complete):
            with suppress(OSError):
                path.unlink()


def _checksum(path: Path) -> tuple[int, int]:
    size, checksum = 0, 0
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            size, checksum = size + len(block), zlib.crc32(block, checksum)
    return size, checksum


def _flush(path: Path) -> None:
    """Flushes the file to the disk, so that a power failure cannot leave a file of zeros with the right size."""
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _as_os_error(error: SafetensorError, path: Path) -> OSError:
    """Recovers the errno from safetensors' message, such as `... No space left on device (os error 28)`."""
    found = re.search(r"os error (\d+)", str(error))
    number = int(found.group(1)) if found else 0
    return OSError(number, os.strerror(number) if found else str(error), str(path))
