"""Twenty folders that a jobs folder from elsewhere may hold. Each is damaged in one way."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from backend.jobs.remote import Remote
from tests.worker.small_jobs import add_job

STOLEN = "stolen"


def _write(name: str, data: bytes) -> Callable[[Path, Path], None]:
    def damage(folder: Path, outside: Path) -> None:
        (folder / name).write_bytes(data)

    return damage


def _link(name: str) -> Callable[[Path, Path], None]:
    def damage(folder: Path, outside: Path) -> None:
        if (folder / name).is_dir():
            (folder / name).rmdir()
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(outside / name)

    return damage


def _pipe(name: str) -> Callable[[Path, Path], None]:
    def damage(folder: Path, outside: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)

    return damage


def _endless(name: str) -> Callable[[Path, Path], None]:
    def damage(folder: Path, outside: Path) -> None:
        (folder / name).touch()
        os.truncate(folder / name, 1 << 40)

    return damage


def _link_folder(folder: Path, outside: Path) -> None:
    folder.rename(outside / "job")
    folder.symlink_to(outside / "job")


DAMAGE: dict[str, Callable[[Path, Path], None]] = {
    "deep request": _write("job.json", b"[" * 100_000),
    "large request": _write("job.json", b'{"a": "' + b"x" * (8 << 20)),
    "linked request": _link("job.json"),
    "pipe as request": _pipe("job.json"),
    "endless request": _endless("job.json"),
    "deep host": _write("remote.json", b"[" * 100_000),
    "pipe as host": _pipe("remote.json"),
    "planted host": _write("remote.json", Remote("evil.example").note.encode()),
    "linked events": _link("events.jsonl"),
    "pipe as events": _pipe("events.jsonl"),
    "endless events": _endless("events.jsonl"),
    "newlines as events": _write("events.jsonl", b"\n" * (5 << 20)),
    "deep event": _write("events.jsonl", b'{"kind":' * 20_000 + b"\n"),
    "linked log": _link("log.txt"),
    "linked lock": _link("lock"),
    "pipe as lock": _pipe("lock"),
    "linked controls": _link("control"),
    "linked previews": _link("previews"),
    "linked asset": _link("asset"),
    "linked checkpoints": _link("checkpoints"),
    "linked folder": _link_folder,
}


def make(jobs: Path, outside: Path) -> dict[str, Path]:
    """Adds the folders, oldest first. What is elsewhere could be read, written and deleted through links."""
    for name in ("control", "previews", "asset", "checkpoints"):
        (outside / name).mkdir(parents=True)
        (outside / name / "000002.safetensors").write_text(STOLEN)
        (outside / name / ".old.1.tmp").write_text(STOLEN)
    (outside / "control" / "cancel").touch()
    (outside / "job.json").write_text(f'{{"schema": 1, "id": "x", "created": "", "prompt": "{STOLEN}"}}')
    (outside / "events.jsonl").write_text(f'{{"kind": "error", "message": "{STOLEN}"}}\n')
    (outside / "log.txt").write_text(STOLEN)
    (outside / "lock").touch()
    made = {}
    for number, (name, damage) in enumerate(DAMAGE.items()):
        folder = add_job(jobs, f"a mug {number}")
        damage(folder, outside)
        made[name] = folder
    return made
