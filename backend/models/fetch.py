"""Downloads a model from the first source that has it: pinned to a commit, resumable, and verified by hashes."""

from __future__ import annotations

import errno
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import torch

from ..catalog import contents, store
from ..catalog.contents import matches
from ..catalog.entries import Model, Source
from ..errors import UserError
from ..guidance.families import load_family
from ..guidance.families.components import read_index
from ..jobs.lock import FolderLock
from .hub import Hub, RemoteFile, SourceFailed
from .selection import INDEX, needed_files

SPARE_BYTES = 500_000_000  # left on the disk
REPORT_EVERY_S = 0.25


class Report(Protocol):
    """Receives the phase ("looking", "downloading" or "checking"), a message for the user, and the fraction, 0 to 1."""

    def __call__(self, phase: str, message: str, fraction: float) -> None: ...


def fetch_model(model: Model, root: Path, endpoint: str, report: Report) -> Path:
    """Downloads a model to the models folder, or resumes its download. Returns the model's folder.

    Args:
        endpoint: URL of a mirror; empty for HF_ENDPOINT or the Hub.

    Raises:
        UserError: the download failed (code "prior", "weights", "gated", "network", "files" or "disk").
    """
    hub = Hub(model, endpoint)
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(store.lock_of(root, model.name))
        if not lock.acquire():
            raise UserError(f"'{model.name}' is already being downloaded. Wait for that download.", code="files")
        try:
            folder = store.folder_of(root, model.name)
            if store.read(root, model.name):
                report("checking", "Checking the downloaded model", 0.0)
                if not contents.changed_files(folder):
                    return folder
                store.reopen(root, model.name)  # and download the changed files again
            if folder.exists():
                raise UserError(f"{folder} exists but is not a downloaded model. Move it elsewhere.", code="files")
            return _fetch_from_any(model, root, hub, report)
        finally:
            lock.release()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise UserError(f"The disk of {root} is full. Free up space, then download again.", "disk") from error
        raise UserError(
            f"Cannot write to {error.filename or root}: {error.strerror or error}. Choose another models folder.",
            code="files",
        ) from error


def _fetch_from_any(model: Model, root: Path, hub: Hub, report: Report) -> Path:
    failures: list[str] = []
    for source in model.sources:
        try:
            return _fetch_from_source(model, source, root, hub, report)
        except SourceFailed as failure:
            failures.append(str(failure))
    raise UserError(
        f"'{model.title}' is not available from any source ({'; '.join(failures)}). Choose another model, or the folder of "
        "a model on this computer.",
        code="prior",
    )


def _fetch_from_source(model: Model, source: Source, root: Path, hub: Hub, report: Report) -> Path:
    report("looking", f"Querying {source.repository}", 0.0)
    commit = store.pinned(root, model.name, source.repository)
    if not commit:
        commit = hub.commit_of(source)
        store.pin(root, model.name, source.repository, commit)
    files = hub.files(source, commit)
    if INDEX not in files:
        raise SourceFailed(f"{source.repository} is not in diffusers layout")
    staging = store.staging_of(root, model.name)
    download = _Download(hub, source, commit, staging)
    download.present_bytes([files[INDEX]])
    download.fetch([files[INDEX]], lambda _: None)
    try:
        wanted = needed_files(read_index(staging), files)
    except SourceFailed as failure:
        raise SourceFailed(f"{source.repository}: {failure}") from failure
    report("looking", "Checking earlier downloads", 0.0)
    total = sum(file.size for file in wanted)
    present = download.present_bytes(wanted)
    _check_room(root, model, total - present)
    progress = _Progress(report, total, present)
    download.fetch(wanted, progress.count)
    report("checking", "Checking the model", 0.99)
    _delete_others(staging, {INDEX, *(file.path for file in wanted)})
    _check(staging)
    record = {file.path: (file.size, file.oid) for file in (files[INDEX], *wanted)}
    return store.finish(root, model.name, source.repository, commit, model.license, record)


class _Download:
    """Downloads files of one commit to a folder.

    The name of a partial file contains its hash, so that partial files of different sources are never mixed. A file with
    its final name has been verified.
    """

    def __init__(self, hub: Hub, source: Source, commit: str, staging: Path) -> None:
        self._hub, self._source, self._commit, self._staging = hub, source, commit, staging

    def present_bytes(self, files: list[RemoteFile]) -> int:
        """Returns the number of bytes that are already present. Deletes files with other content."""
        return sum(min(file.size, self._size(file)) for file in files)

    def fetch(self, files: list[RemoteFile], count: Callable[[int], None]) -> None:
        for file in files:
            self._fetch(file, count)

    def _size(self, file: RemoteFile) -> int:
        path, part = self._paths(file)
        if path.exists() and not matches(path, file.size, file.oid):
            path.unlink()
        found = path if path.exists() else part
        return found.stat().st_size if found.exists() else 0

    def _fetch(self, file: RemoteFile, count: Callable[[int], None]) -> None:
        path, part = self._paths(file)
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if part.exists() and part.stat().st_size > file.size:
            part.unlink()
        self._hub.fetch(self._source, self._commit, file, part, count)
        if not matches(part, file.size, file.oid):
            part.unlink()
            raise UserError(f"{file.path} of {self._source.repository} is damaged. Download again.", "network")
        part.rename(path)

    def _paths(self, file: RemoteFile) -> tuple[Path, Path]:
        """The final path of a file, and that of its partial download."""
        path = self._staging.joinpath(*file.path.split("/"))
        return path, path.with_name(f"{path.name}.{file.oid[:16]}.part")


class _Progress:
    """Reports the progress of a download, a few times per second."""

    def __init__(self, report: Report, total: int, present: int) -> None:
        self._report, self._total, self._present = report, total, present
        self._received, self._started_at, self._next = 0, time.monotonic(), 0.0
        self._emit()

    def count(self, size: int) -> None:
        self._received += size
        if time.monotonic() >= self._next:
            self._emit()

    def _emit(self) -> None:
        now, done = time.monotonic(), self._present + self._received
        self._next = now + REPORT_EVERY_S
        rate = self._received / max(now - self._started_at, 1e-3)
        left = (
            f", {_minutes((self._total - done) / rate)} left" if self._received and now - self._started_at > 1 else ""
        )
        message = f"{done / 1e9:.2f} of {self._total / 1e9:.2f} GB{left}"
        self._report("downloading", message, min(0.99, done / max(self._total, 1)))


def _minutes(seconds: float) -> str:
    return f"{round(seconds)} s" if seconds < 90 else f"{round(seconds / 60)} min"


def _check_room(root: Path, model: Model, size: int) -> None:
    free = shutil.disk_usage(root).free
    if size + SPARE_BYTES > free:
        raise UserError(
            f"'{model.title}' needs {(size + SPARE_BYTES) / 1e9:.1f} GB, but only {free / 1e9:.1f} GB are free on the disk of "
            f"{root}. Free up space, or choose another models folder.",
            code="disk",
        )


def _delete_others(staging: Path, wanted: set[str]) -> None:
    """Deletes the files of an earlier source."""
    for path in staging.rglob("*"):
        if path.is_file() and path.relative_to(staging).as_posix() not in wanted:
            path.unlink()


def _check(staging: Path) -> None:
    """Raises UserError if the model cannot be opened, so that an unusable model is reported before a job uses it."""
    prior = load_family(staging, torch.device("cpu"))
    prior.check_complete()
