"""Damaged and hostile job folders, each made from a seed: the same seed makes the same folder."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

from backend.jobs.events import PROTOCOL, EventWriter
from backend.jobs.folder import FOLDERS, create_job_folder
from backend.jobs.remote import Remote
from backend.jobs.request import JobRequest
from backend.optimize import checkpoint
from backend.worker.pictures import encode_png

MARKER = "text-from-elsewhere"  # in every file outside; nothing that is read may contain it
EVIL = "20260103-000000-a-teapot-evil"
CREATED = "2026-01-03T00:00:00+00:00"
ORIGIN = {
    "client": "blender",
    "session": "0123456789abcdef",
    "scene": "Scene",
    "scene_uid": 12,
    "file": "/home/me/a.blend",
    "cursor": [0.0, 1.0, -2.5],
    "size": {"mode": "CUSTOM", "length_m": 0.3},
    "group": {"id": "ab12", "number": 1, "count": 3, "pattern": "ROW", "gap": 0.2, "title": "teapots"},
}
# JSON that `json.dumps` cannot write, by the text that represents it.
RAW = {
    "@huge-integer": "1" + "0" * 400,
    "@long-integer": "7" * 5000,
    "@negative-integer": "-" + "9" * 299,
    "@huge-float": "1e400",
    "@tiny-float": "-1e-400",
    "@large-float": "1.7e308",
    "@infinity": "Infinity",
    "@nan": "NaN",
    "@deep": "[" * 20 + "]" * 20,
    "@deeper": '{"a":' * 900 + "1" + "}" * 900,
    "@deepest": "[" * 100_000,
    "@surrogate": '"\\ud800 half"',
    "@pair": '"\\ud83d\\ude00"',
    "@many": "[" + "{}," * 2000 + "0]",
    "@wide": "[" + "1," * 60_000 + "1]",
}
VALUES: list[Any] = [
    *RAW,
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, 0.5, -0.0, 1e300, [], {}, [[]], [None, {}], {"": {}}),
    *("", " ", "\0", "\x1b[2J", "\n", "x" * 5000, "ü" * 70_000, "\U0001fa91", "\u202egnp", "..", "a/b"),
    *("../outside/mesh.glb", "../../outside/mesh.glb", "asset/../../../outside/mesh.glb", "C:\\x", "//host/share/x"),
    *("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-23:59", "2026-02-30", "2026-01-01T00:00:00+99:99", "now"),
    *("done", "queued", "CUSTOM", "ROW", "-oProxyCommand=touch x", "me@gpu-box", "cuda:99999999999999999999", "mps"),
]
NAMES = [
    EVIL,
    "\udcff\udcfe",
    "line\nbreak",
    " ",
    "x" * 255,
    "..x",
    ".hidden",
    "worker.evil",
    "a copy (2)",
    "\U0001fa91",
    "-rf",
]


def template(folder: Path) -> dict[str, bytes]:
    """The files of a complete job, as the client and the worker write them."""
    request = JobRequest(EVIL, CREATED, "a teapot", seed=3, overrides={"optimizer.steps": 4}, origin=ORIGIN)
    job = create_job_folder(folder, request)
    write = EventWriter(job)
    write("hello", protocol=PROTOCOL, backend="0.1.0", device="cpu", python="3.11", torch="2", pid=99)
    write("warning", message="A word was ignored.")
    for step in range(1, 5):
        write("progress", phase="optimising", step=step, total=4, elapsed_s=0.1 * step, eta_s=4.0 - step)
    write("preview", path="previews/000004.png", step=4)
    write("result", mesh="asset/mesh.glb", report={"faces": 12, "bounds": [[0.0] * 3, [1.0] * 3]}, elapsed_s=0.5)
    write("error", message="It failed.", code="diverged")
    write("link", host="box", message="", code="")
    write("bye", status="done", peak_memory_mib=512)
    write.close()
    checkpoint.save(job / "checkpoints", 4, {"density": torch.zeros(2, 3)}, {"run": {"step": 4}, "elapsed_s": 0.4})
    (job / "checkpoints" / "refine").mkdir()
    files = {
        "remote.json": Remote("box").note.encode(),
        "settings.json": json.dumps(
            {"backend": "0.1.0", "preset": "fast", "settings": {"optimizer.steps": 4}}
        ).encode(),
        "attempt.json": b'{"number": 1, "failed": true}\n',
        "destination.json": json.dumps(ORIGIN).encode(),
        "lock": b"",
        "log.txt": b"step 4\n",
        "control/turn": json.dumps(["20260103-000000", 1795257000123456789, EVIL]).encode(),
        "control/pause": b"",
        "control/resume": b"",
        "control/cancel": b"",
        "previews/000004.png": encode_png(torch.zeros(8, 8, 3, dtype=torch.uint8).numpy()),
        "previews/turntable.mp4": b"video",
        "asset/mesh.glb": b"glTF",
        "asset/report.json": b'{"faces": 12}\n',
        "checkpoints/refine/000002.json": b"{}",
    }
    for path in job.rglob("*"):
        if path.is_file():
            files[path.relative_to(job).as_posix()] = path.read_bytes()
    return files


def fill_outside(outside: Path, files: dict[str, bytes]) -> None:
    """A job folder elsewhere: every file of a job is there, so that following a link would succeed."""
    for name, data in files.items():
        path = outside / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".json"):
            data = data.replace(b"teapot", MARKER.encode()).replace(b'{"', f'{{"{MARKER}": 1, "'.encode(), 1)
        path.write_bytes(data.replace(b"cpu", MARKER.encode()) or MARKER.encode())
    (outside / "mesh.glb").write_text(MARKER)
    (outside / "previews" / ".old.png.1.tmp").write_text(MARKER)
    (outside / "checkpoints" / "000002.safetensors").write_text(MARKER)


def snapshot(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Kind, size and time of change of everything below a folder."""
    found = {}
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files, "."):
            facts = os.lstat(os.path.join(path, name))
            found[os.path.join(path, name)] = (facts.st_mode, facts.st_size if name in files else 0, facts.st_mtime_ns)
    return found


def make(jobs: Path, outside: Path, files: dict[str, bytes], seed: int) -> Path:
    """Writes the damaged folder of a seed into the jobs folder."""
    rng = random.Random(seed)
    kept = dict(files)
    # Most jobs run on this computer and have not been told to do anything.
    for name, share in (("remote.json", 0.8), ("control/pause", 0.8), ("control/resume", 0.5), ("control/cancel", 0.8)):
        if rng.random() < share:
            del kept[name]
    if rng.random() < 0.3:
        kept["events.jsonl"] = b"".join(kept["events.jsonl"].splitlines(keepends=True)[: rng.randrange(11)])
    name = rng.choice(NAMES) if rng.random() < 0.1 else EVIL
    count = rng.choice((1, 1, 2, 3))
    targets = [rng.choice((*sorted(kept), "job.json", "events.jsonl", *FOLDERS)) for _ in range(count)]
    for target in targets:
        if target in kept and rng.random() < 0.7:
            kept[target] = _damaged(rng, kept[target], kept)
    folder = jobs / name
    for relative, data in kept.items():
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    for target in targets:
        if rng.random() < 0.4:
            _replace(rng, folder / target, outside / target)
    if rng.random() < 0.05:
        _plant(rng, folder, outside)
    if rng.random() < 0.01:
        shutil.rmtree(folder)
        folder.symlink_to(outside)
    return folder


def clear(folder: Path) -> None:
    if folder.is_symlink() or not folder.is_dir():
        folder.unlink(missing_ok=True)
    else:
        shutil.rmtree(folder)


def _damaged(rng: random.Random, data: bytes, files: dict[str, bytes]) -> bytes:
    start = rng.randrange(len(data) + 1)
    end = min(len(data), start + rng.choice((1, 4, 40)))
    match rng.randrange(14):
        case 0:
            return data[:start]
        case 1:
            flipped = bytearray(data)
            for _ in range(rng.choice((1, 5, 50)) if data else 0):
                flipped[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
            return bytes(flipped)
        case 2:
            return data[:start] + rng.randbytes(rng.choice((1, 10, 3000))) + data[start:]
        case 3:
            return data[:start] + data[end:]
        case 4:
            return data[:end] + data[start:]
        case 5:
            return files[rng.choice(sorted(files))]
        case 6:
            filling = rng.choice((b"\n", b"{}\n", b"[", b"{", b'{"kind": "progress"}\n', b"\0", b'"', b"1,", b"\xff"))
            return data[:start] + filling * (rng.choice((100, 10_000, 300_000)) // len(filling)) + data[start:]
        case _:
            lines = data.splitlines(keepends=True) or [b""]
            number = rng.randrange(len(lines))
            with suppress(ValueError, RecursionError):
                lines[number] = _other_json(rng, lines[number] if len(lines) < 20 and b"kind" in data else data) + b"\n"
                return b"".join(lines) if b"kind" in data else lines[number]
            return data


def _other_json(rng: random.Random, data: bytes) -> bytes:
    """The same JSON with one other value, key or repetition."""
    root = [json.loads(data)]
    holder: Any = root
    while isinstance(holder, (dict, list)) and holder:
        key = rng.choice(sorted(holder)) if isinstance(holder, dict) else rng.randrange(len(holder))
        if not (isinstance(holder[key], (dict, list)) and holder[key]) or rng.random() < 0.3:
            break
        holder = holder[key]
    value = rng.choice(VALUES)
    if isinstance(holder, dict) and rng.random() < 0.2:
        del holder[key]
    elif isinstance(holder, dict) and rng.random() < 0.1:
        holder[value if isinstance(value, str) else "other"] = holder[key]
    else:
        holder[key] = value
    text = json.dumps(root[0], ensure_ascii=rng.random() < 0.5)
    for name, raw in RAW.items():
        text = text.replace(f'"{name}"', raw)
    if rng.random() < 0.05:
        text = text.replace("{", '{"kind": "bye", "id": "x", "schema": 1, ', 1)  # keys twice
    return text.encode("utf-8", "surrogatepass")


def _replace(rng: random.Random, path: Path, elsewhere: Path) -> None:
    """Replaces a file or folder by something else."""
    if not path.parent.is_dir() or any(parent.is_symlink() for parent in (path.parent, path.parent.parent)):
        return
    clear(path)
    choices: tuple[Callable[[], object], ...] = (
        lambda: path.symlink_to(elsewhere),
        lambda: path.symlink_to(elsewhere),
        lambda: path.symlink_to(os.path.relpath(elsewhere, path.parent)),
        lambda: path.symlink_to(elsewhere.parent / "missing"),
        lambda: path.symlink_to(path.name),
        lambda: path.symlink_to("/dev/zero"),
        lambda: os.mkfifo(path),
        lambda: path.mkdir(),
        lambda: _listen(path),
        lambda: _sparse(path, rng.choice((1 << 24, 1 << 34, 1 << 42))),
        lambda: None,
    )
    rng.choice(choices)()


def _listen(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made, suppress(OSError):  # its paths may be too long
        made.bind(os.fspath(path))


def _sparse(path: Path, size: int) -> None:
    with open(path, "wb") as file:
        file.truncate(size)


def _plant(rng: random.Random, folder: Path, outside: Path) -> None:
    """A link at a name that a writer may use."""
    pid = os.getpid()
    name = rng.choice(
        (
            f".settings.json.{pid}.tmp",
            f".destination.json.{pid}.tmp",
            f"control/.pause.{pid}.tmp",
            f"checkpoints/.000005.safetensors.{pid}.tmp",
            f"previews/.000005.png.{pid}.tmp",
            f"previews/.turntable.{pid}.mp4",
            "previews/000005.png",
            "checkpoints/000005.safetensors",
            "asset/extra.png",
        )
    )
    path = folder / name
    with suppress(OSError):
        if not path.parent.is_symlink():
            path.symlink_to(outside / "mesh.glb")
