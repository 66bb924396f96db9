"""The folder of downloaded models. All state is on disk.

    <root>/<name>/                a complete model in diffusers layout
    <root>/<name>/source.json     its source and its files' hashes; a folder without this file is ignored
    <root>/<name>.part/           an incomplete download
    <root>/<name>.pin.json        the commit of each source, pinned by the first download
    <root>/<name>.lock            held during a download
    <root>/<name>.removed/        a model that is being deleted

Standard library only, because the add-on uses this module, too.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import JobError
from ..jobs.files import write_atomic
from ..jobs.lock import is_locked
from ..jobs.reading import read_object
from .contents import FACTS, RECORD


@dataclass(frozen=True)
class Stored:
    """A complete model. size: of its files, in bytes."""

    name: str
    folder: Path
    repository: str
    commit: str
    size: int


def folder_of(root: Path, name: str) -> Path:
    return root / name


def staging_of(root: Path, name: str) -> Path:
    return root / f"{name}.part"


def lock_of(root: Path, name: str) -> Path:
    return root / f"{name}.lock"


def read(root: Path, name: str) -> Stored | None:
    """Returns the model with that name, or None if it is missing or incomplete."""
    facts = _read_json(folder_of(root, name) / FACTS)
    if not facts:
        return None
    size = facts.get("bytes")
    return Stored(
        name,
        folder_of(root, name),
        str(facts.get("repository", "")),
        str(facts.get("commit", "")),
        size if isinstance(size, int) else 0,
    )


def all_stored(root: Path) -> list[Stored]:
    """Returns all complete models, sorted by name."""
    try:
        names = sorted(path.name for path in root.iterdir() if path.is_dir())
    except OSError:
        return []
    return [stored for name in names if (stored := read(root, name))]


def part_bytes(root: Path, name: str) -> int:
    """Returns the size of an incomplete download."""
    try:
        return sum(path.stat().st_size for path in staging_of(root, name).rglob("*") if path.is_file())
    except OSError:  # a file was renamed meanwhile
        return 0


def pinned(root: Path, name: str, repository: str) -> str:
    """Returns the pinned commit of a source, or an empty string."""
    return str(_read_json(_pin_file(root, name)).get(repository, ""))


def pin(root: Path, name: str, repository: str, commit: str) -> None:
    facts = _read_json(_pin_file(root, name)) | {repository: commit}
    write_atomic(_pin_file(root, name), json.dumps(facts, indent=2) + "\n")


def finish(
    root: Path, name: str, repository: str, commit: str, license: str, files: Mapping[str, tuple[int, str]]
) -> Path:
    """Turns a finished download into a complete model. Returns its folder.

    Args:
        files: size and hash by path, see `contents`.
    """
    staging, folder = staging_of(root, name), folder_of(root, name)
    size = sum(path.stat().st_size for path in staging.rglob("*") if path.is_file())
    facts = {"repository": repository, "commit": commit, "license": license, "bytes": size, RECORD: files}
    (staging / FACTS).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    os.replace(staging, folder)
    return folder


def reopen(root: Path, name: str) -> None:
    """Turns a complete model back into an incomplete download."""
    shutil.rmtree(staging_of(root, name), ignore_errors=True)
    os.replace(folder_of(root, name), staging_of(root, name))


def remove(root: Path, name: str) -> bool:
    """Deletes a model or an incomplete download. Returns False if neither exists.

    The pinned commits stay, so that another download gets the same files.

    Raises:
        JobError: the model is being downloaded, or cannot be deleted.
    """
    if is_locked(lock_of(root, name)):
        raise JobError(f"'{name}' is being downloaded. Cancel the download first.")
    folder, removed = folder_of(root, name), root / f"{name}.removed"
    try:
        if read(root, name):  # keep a folder that was not downloaded
            os.replace(folder, removed)  # incomplete from now on, even if deleting fails
        leftovers = [place for place in (removed, staging_of(root, name)) if place.is_dir()]
        for place in leftovers:
            shutil.rmtree(place)
    except OSError as error:
        raise JobError(f"Cannot delete {folder}: {error.strerror or error}. Close programs that use it.") from error
    return bool(leftovers)


def _pin_file(root: Path, name: str) -> Path:
    return root / f"{name}.pin.json"


def _read_json(path: Path) -> dict[str, Any]:
    try:
        return read_object(path, of_model=True)
    except (OSError, JobError):
        return {}
