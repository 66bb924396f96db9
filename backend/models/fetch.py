"""A model from the first of its sources that has it: pinned, resumed, checked byte by byte, and only then in its place."""

from __future__ import annotations

import errno
import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from ..catalog import store
from ..catalog.entries import Model, Source
from ..errors import UserError
from ..guidance.families import family_class, load_family
from ..guidance.families.components import read_index
from ..jobs.lock import FolderLock
from .hub import Hub, RemoteFile, SourceFailed
from .selection import INDEX, needed_files

SPARE_BYTES = 500_000_000  # left on the disk
TELL_EVERY_S = 0.25
CHUNK_BYTES = 1 << 22


class Tell(Protocol):
    """How it stands: a phase ("looking", "downloading", "checking"), a sentence for a person, and how far, 0 to 1."""

    def __call__(self, phase: str, message: str, fraction: float) -> None: ...


def fetch_model(model: Model, root: Path, endpoint: str, tell: Tell) -> Path:
    """Fetches a model into the folder of models; what an earlier attempt has brought is not fetched again. Its folder.

    Args:
        endpoint: address of a mirror; empty for the Hub, or for what HF_ENDPOINT names.

    Raises:
        UserError: what went wrong and what to do.
        JobError: the folder cannot be written.
    """
    hub = Hub(model, endpoint)
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(store.lock_of(root, model.name))
        if not lock.acquire():
            raise UserError(f"'{model.name}' is being downloaded already: wait for that.", code="files")
        try:
            if stored := store.read(root, model.name):
                return stored.folder
            folder = store.folder_of(root, model.name)
            if folder.exists():
                raise UserError(f"{folder} is in the way and was not downloaded: move it elsewhere.", code="files")
            return _from_any(model, root, hub, tell)
        finally:
            lock.release()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise UserError(f"The disk of {root} is full: make room there and download again.", "disk") from error
        raise UserError(
            f"{error.filename or root} cannot be written ({error.strerror or error}): choose another models folder.",
            code="files",
        ) from error


def _from_any(model: Model, root: Path, hub: Hub, tell: Tell) -> Path:
    failures: list[str] = []
    for source in model.sources:
        try:
            return _from_source(model, source, root, hub, tell)
        except SourceFailed as failure:
            failures.append(str(failure))
    raise UserError(
        f"'{model.title}' cannot be had from any of its sources ({'; '.join(failures)}): choose another model, or give the "
        "folder of one that you have.",
        code="prior",
    )


def _from_source(model: Model, source: Source, root: Path, hub: Hub, tell: Tell) -> Path:
    tell("looking", f"Looking at {source.repository}", 0.0)
    commit = store.pinned(root, model.name, source.repository)
    if not commit:
        commit = hub.commit_of(source)
        store.pin(root, model.name, source.repository, commit)
    files = hub.files(source, commit)
    if INDEX not in files:
        raise SourceFailed(f"{source.repository} is not in diffusers' layout")
    staging = store.staging_of(root, model.name)
    fetching = _Fetching(hub, source, commit, staging)
    fetching.present([files[INDEX]])
    fetching.bring([files[INDEX]], lambda _: None)
    try:
        wanted = needed_files(read_index(staging), files)
    except SourceFailed as failure:
        raise SourceFailed(f"{source.repository}: {failure}") from failure
    tell("looking", "Looking at what is there already", 0.0)
    total = sum(file.size for file in wanted)
    present = fetching.present(wanted)
    _check_room(root, model, total - present)
    progress = _Progress(tell, total, present)
    fetching.bring(wanted, progress.count)
    tell("checking", "Seeing whether it is whole", 0.99)
    _sweep(staging, {INDEX, *(file.path for file in wanted)})
    _check(staging)
    return store.finish(root, model.name, source.repository, commit, model.license)


class _Fetching:
    """Files of one commit, into a folder. A partial file is named after its content: another source's is never gone on
    with. One that has its own name was checked."""

    def __init__(self, hub: Hub, source: Source, commit: str, staging: Path) -> None:
        self._hub, self._source, self._commit, self._staging = hub, source, commit, staging

    def present(self, files: list[RemoteFile]) -> int:
        """Bytes that need not be fetched. What has a file's name and is another source's is deleted."""
        return sum(min(file.size, self._size(file)) for file in files)

    def bring(self, files: list[RemoteFile], count: Callable[[int], None]) -> None:
        for file in files:
            self._bring(file, count)

    def _size(self, file: RemoteFile) -> int:
        place, part = self._places(file)
        if place.exists() and not _is_that(place, file):
            place.unlink()
        found = place if place.exists() else part
        return found.stat().st_size if found.exists() else 0

    def _bring(self, file: RemoteFile, count: Callable[[int], None]) -> None:
        place, part = self._places(file)
        if place.exists():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        if part.exists() and part.stat().st_size > file.size:
            part.unlink()
        self._hub.fetch(self._source, self._commit, file, part, count)
        if not _is_that(part, file):
            part.unlink()
            raise UserError(f"{file.path} of {self._source.repository} arrived damaged: download again.", "network")
        part.rename(place)

    def _places(self, file: RemoteFile) -> tuple[Path, Path]:
        place = self._staging.joinpath(*file.path.split("/"))
        return place, place.with_name(f"{place.name}.{file.oid[:16]}.part")


def _is_that(path: Path, file: RemoteFile) -> bool:
    """Whether a file has the content that the Hub names."""
    size = path.stat().st_size
    if size != file.size:
        return False
    digest = hashlib.sha256() if file.is_large else hashlib.sha1(f"blob {size}\0".encode())
    with path.open("rb") as content:
        while chunk := content.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest() == file.oid


class _Progress:
    """Turns bytes into sentences, a few a second."""

    def __init__(self, tell: Tell, total: int, present: int) -> None:
        self._tell, self._total, self._present = tell, total, present
        self._come, self._began, self._next = 0, time.monotonic(), 0.0
        self._say()

    def count(self, size: int) -> None:
        self._come += size
        if time.monotonic() >= self._next:
            self._say()

    def _say(self) -> None:
        now, done = time.monotonic(), self._present + self._come
        self._next = now + TELL_EVERY_S
        rate = self._come / max(now - self._began, 1e-3)
        left = f", {_minutes((self._total - done) / rate)} left" if self._come and now - self._began > 1 else ""
        words = f"{done / 1e9:.2f} of {self._total / 1e9:.2f} GB{left}"
        self._tell("downloading", words, min(0.99, done / max(self._total, 1)))


def _minutes(seconds: float) -> str:
    return f"{round(seconds)} s" if seconds < 90 else f"{round(seconds / 60)} min"


def _check_room(root: Path, model: Model, size: int) -> None:
    free = shutil.disk_usage(root).free
    if size + SPARE_BYTES > free:
        raise UserError(
            f"'{model.title}' needs {(size + SPARE_BYTES) / 1e9:.1f} GB more and {free / 1e9:.1f} GB are free on the disk of "
            f"{root}: make room there, or choose another models folder.",
            code="disk",
        )


def _sweep(staging: Path, wanted: set[str]) -> None:
    """Takes away what an earlier source has left."""
    for path in staging.rglob("*"):
        if path.is_file() and path.relative_to(staging).as_posix() not in wanted:
            path.unlink()


def _check(staging: Path) -> None:
    """Raises UserError when it cannot be opened as a prior: better now than after the object's first words."""
    import torch

    prior = load_family(staging, torch.device("cpu"))
    family = family_class(str(prior.index["_class_name"]))
    for part in (family.denoiser_part, *family.text_parts, *(["vae"] if family.has_encoder else [])):
        prior.count(part)
