"""The folder that holds the fetched models. What is in it, a look at its names tells: nothing is kept in memory.

    <root>/<name>/                a whole model in diffusers' layout
    <root>/<name>/source.json     where it came from; without it the folder does not count
    <root>/<name>.part/           one that is being fetched, or was interrupted
    <root>/<name>.pin.json        the commit that each source's branch was, when it was first asked
    <root>/<name>.lock            held by the process that fetches it
    <root>/<name>.removed/        one that is being deleted

Standard library only: the add-on reads it, too.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import JobError
from ..jobs.files import write_atomic
from ..jobs.lock import is_locked

FACTS = "source.json"


@dataclass(frozen=True)
class Stored:
    """A whole model. size: of its files, bytes."""

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
    """The model of that name, None where there is none or only a part."""
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
    """Every whole model, by name."""
    try:
        names = sorted(path.name for path in root.iterdir() if path.is_dir())
    except OSError:
        return []
    return [stored for name in names if (stored := read(root, name))]


def part_bytes(root: Path, name: str) -> int:
    """What an interrupted download has brought."""
    try:
        return sum(path.stat().st_size for path in staging_of(root, name).rglob("*") if path.is_file())
    except OSError:  # a file was renamed between the two looks
        return 0


def pinned(root: Path, name: str, repository: str) -> str:
    """The commit that this source gave before, or nothing."""
    return str(_read_json(_pin_file(root, name)).get(repository, ""))


def pin(root: Path, name: str, repository: str, commit: str) -> None:
    facts = _read_json(_pin_file(root, name)) | {repository: commit}
    write_atomic(_pin_file(root, name), json.dumps(facts, indent=2) + "\n")


def finish(root: Path, name: str, repository: str, commit: str, license: str) -> Path:
    """Makes the fetched part a whole model. Its folder."""
    staging, folder = staging_of(root, name), folder_of(root, name)
    size = sum(path.stat().st_size for path in staging.rglob("*") if path.is_file())
    facts = {"repository": repository, "commit": commit, "license": license, "bytes": size}
    (staging / FACTS).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    os.replace(staging, folder)
    return folder


def remove(root: Path, name: str) -> bool:
    """Deletes a model and what an interrupted download of it has left; False if there was nothing. Its pin stays, so
    that fetching it again brings the same.

    Raises:
        JobError: it is being fetched, or cannot be deleted.
    """
    if is_locked(lock_of(root, name)):
        raise JobError(f"'{name}' is being downloaded: cancel that first.")
    folder, removed = folder_of(root, name), root / f"{name}.removed"
    try:
        if read(root, name):  # a folder that somebody else has put there is left alone
            os.replace(folder, removed)  # from here on it does not count, whatever happens to its files
        leftovers = [place for place in (removed, staging_of(root, name)) if place.is_dir()]
        for place in leftovers:
            shutil.rmtree(place)
    except OSError as error:
        raise JobError(f"{folder} cannot be deleted ({error.strerror or error}): see what uses it.") from error
    return bool(leftovers)


def _pin_file(root: Path, name: str) -> Path:
    return root / f"{name}.pin.json"


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
