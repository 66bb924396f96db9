"""The job folder: the only contract between a client (Blender, the command line) and the worker.

Standard library only; both sides import this same file. A job is a folder::

    <jobs>/<id>/job.json       the request, written once by the client
                events.jsonl   append-only, written by the worker
                control/       cancel, pause, resume: empty files that the client puts there
                lock           an operating-system lock that the living worker holds
                log.txt        stdout and stderr of the worker
                checkpoints/ previews/ asset/    made by the worker
    <jobs>/worker.lock         held by the one worker that drains this folder

Single writers: the client writes job.json and control/, the worker everything else. All paths inside events are
relative to the job's folder, with forward slashes.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import IO, Any

PROTOCOL = 1
SCHEMA = 1
MAX_PROMPT_LENGTH = 1000  # characters; text encoders keep less, a novel pasted by mistake should say so
MAX_SEED = 2**31 - 1  # the range of Blender's integer properties

# Phases in the order in which a job passes them; progress events name one of these.
PHASES = ("loading", "optimising", "extracting", "baking", "exporting")

# How a job stands. The first five are for a job that may still change, the last four are final unless resumed.
QUEUED, STARTING, RUNNING, PAUSED, CANCELLING = "queued", "starting", "running", "paused", "cancelling"
DONE, FAILED, CANCELLED, DIED = "done", "failed", "cancelled", "died"
FINAL_STATES = frozenset({DONE, FAILED, CANCELLED, DIED})


class JobError(Exception):
    """A request that cannot be accepted. The message is one sentence for a person and says what to do."""


@dataclass(frozen=True)
class JobRequest:
    """What a client asks for; `job.json` holds exactly these fields and `schema`."""

    id: str
    created: str  # ISO 8601, UTC
    prompt: str
    negative_prompt: str = ""
    seed: int = 0
    preset: str = "fast"
    prior: str = "builtin"  # a known name, or the path of a model folder
    device: str = "auto"  # auto, cpu, cuda, cuda:1, mps
    overrides: Mapping[str, Any] = field(default_factory=dict)  # {"field.path": value} over the preset
    origin: Mapping[str, Any] = field(default_factory=dict)  # the client's own notes; the worker copies, never reads


def clean_prompt(text: str) -> str:
    """The prompt on one line: white space folded, control characters gone.

    Raises:
        JobError: it is empty, too long, or has no letter or digit in it.
    """
    cleaned = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not cleaned:
        raise JobError('The prompt is empty: describe one object, such as "a red mushroom".')
    if len(cleaned) > MAX_PROMPT_LENGTH:
        raise JobError(
            f"The prompt has {len(cleaned)} characters and the most is {MAX_PROMPT_LENGTH}: describe one object in a sentence."
        )
    if not any(c.isalnum() for c in cleaned):
        raise JobError('The prompt has no words in it: describe one object, such as "a red mushroom".')
    return cleaned


def new_job(prompt: str, **options: Any) -> JobRequest:
    """A validated request with a fresh id that sorts by time and reads like its prompt (`20261121-143015-a-red-mug-3f9c`)."""
    now = datetime.now(timezone.utc)
    cleaned = clean_prompt(prompt)
    slug = re.sub(r"[^a-z0-9]+", "-", cleaned.lower()).strip("-")[:32].strip("-") or "object"
    job_id = f"{now:%Y%m%d-%H%M%S}-{slug}-{secrets.token_hex(2)}"
    return parse_job({"schema": SCHEMA, "id": job_id, "created": now.isoformat(timespec="seconds"), "prompt": cleaned, **options})


def parse_job(raw: Mapping[str, Any]) -> JobRequest:
    """Checks what `job.json` holds. Unknown fields are ignored, so that older workers read newer requests.

    Raises:
        JobError: a field is missing or of the wrong kind.
    """
    if raw.get("schema") != SCHEMA:
        raise JobError(f"job.json has schema {raw.get('schema')!r} and this version reads {SCHEMA}: update the add-on and start a new job.")
    kinds: dict[str, tuple[type, ...]] = {"seed": (int,), "overrides": (Mapping,), "origin": (Mapping,)}
    values = {f.name: raw[f.name] for f in fields(JobRequest) if f.name in raw}
    for name in ("id", "created", "prompt"):
        if name not in values:
            raise JobError(f"job.json has no field '{name}': keep the folder and start a new job.")
    for name, value in values.items():
        if not isinstance(value, kinds.get(name, (str,))) or isinstance(value, bool):
            raise JobError(f"The field '{name}' of job.json cannot be {value!r}: start a new job.")
    if not 0 <= values.get("seed", 0) <= MAX_SEED:
        raise JobError(f"The seed is {values['seed']} and must be between 0 and {MAX_SEED}.")
    request = JobRequest(**values)
    return replace(request, prompt=clean_prompt(request.prompt))


# --- files -----------------------------------------------------------------------------------------------------------


def write_atomic(path: Path, data: bytes | str) -> None:
    """Writes under a temporary name, then renames: a reader sees the old file or the new one, never half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(data.encode() if isinstance(data, str) else data)
    os.replace(temporary, path)


def create_job_folder(jobs: Path, request: JobRequest) -> Path:
    """Makes the job's folder with its request in it; job.json comes last, so a worker never sees half a job.

    Raises:
        JobError: the folder cannot be written.
    """
    folder = Path(jobs) / request.id
    try:
        (folder / "control").mkdir(parents=True)
        for name in ("checkpoints", "previews", "asset"):
            (folder / name).mkdir()
        text = json.dumps({"schema": SCHEMA, **asdict(request)}, indent=2, ensure_ascii=False)
        write_atomic(folder / "job.json", text + "\n")
    except OSError as error:
        raise JobError(
            f"The jobs folder {jobs} cannot be written ({error.strerror or error}): choose another one in the preferences."
        ) from error
    return folder


def read_job(folder: Path) -> JobRequest:
    """The request in a job's folder.

    Raises:
        JobError: there is none, or it cannot be read.
    """
    try:
        raw = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise JobError(f"{folder} holds no job.json: it is not a job's folder.") from error
    except (OSError, ValueError) as error:
        raise JobError(f"{folder / 'job.json'} cannot be read ({error}): start a new job.") from error
    if not isinstance(raw, dict):
        raise JobError(f"{folder / 'job.json'} holds no request: start a new job.")
    return parse_job(raw)


def list_jobs(jobs: Path) -> list[Path]:
    """The folders of all jobs, oldest first."""
    try:
        return sorted(p for p in Path(jobs).iterdir() if (p / "job.json").is_file())
    except OSError:
        return []


def request_control(folder: Path, name: str) -> None:
    """Asks the worker for `cancel`, `pause` or `resume`. Asking twice is asking once."""
    (folder / "control").mkdir(exist_ok=True)
    write_atomic(folder / "control" / name, "")


def withdraw_control(folder: Path, name: str) -> bool:
    """Takes a request back (the end of `pause` is its withdrawal). True if it was there."""
    try:
        (folder / "control" / name).unlink()
        return True
    except FileNotFoundError:
        return False


def is_requested(folder: Path, name: str) -> bool:
    return (folder / "control" / name).exists()


# --- the lock ----------------------------------------------------------------------------------------------------------


def _try_lock(file: IO[bytes]) -> bool:
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError:
        return False


class FolderLock:
    """An operating-system lock: gone with the process that holds it, however that ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None

    def acquire(self, patience_s: float = 0.0) -> bool:
        """True when this process now holds it. `patience_s` rides out a client's momentary probe."""
        deadline = time.monotonic() + patience_s
        file = open(self.path, "ab+")
        while not _try_lock(file):
            if time.monotonic() >= deadline:
                file.close()
                return False
            time.sleep(0.01)
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()  # closing releases it on every platform
            self._file = None


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock: asked of the operating system, never guessed from a process id."""
    try:
        with open(path, "rb+") as file:
            return not _try_lock(file)
    except OSError:
        return False


# --- events ------------------------------------------------------------------------------------------------------------


class EventWriter:
    """Appends numbered events to `events.jsonl`; one line each, flushed at once. Numbering goes on after a resume."""

    def __init__(self, folder: Path) -> None:
        path = folder / "events.jsonl"
        known = path.read_bytes() if path.exists() else b""
        self._file = open(path, "ab")
        if known and not known.endswith(b"\n"):
            self._file.write(b"\n")  # the last worker died inside a line; readers skip what is not JSON
        self._number = known.count(b"\n")

    def __call__(self, kind: str, **facts: Any) -> None:
        self._number += 1
        event = {"n": self._number, "time": round(time.time(), 3), "kind": kind, **facts}
        self._file.write(json.dumps(event, ensure_ascii=False).encode() + b"\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()


class EventReader:
    """Reads what was added since the last call. A half-written last line waits for its end."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "events.jsonl"
        self._offset = 0

    def read(self, limit_bytes: int = 1 << 16) -> Iterator[dict[str, Any]]:
        """New events, at most `limit_bytes` of them, so that a client's timer tick stays short."""
        try:
            with open(self._path, "rb") as file:
                file.seek(self._offset)
                chunk = file.read(limit_bytes)
        except OSError:
            return
        whole, newline, _ = chunk.rpartition(b"\n")
        self._offset += len(whole) + len(newline)
        for line in whole.split(b"\n"):
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict):
                yield event


@dataclass(frozen=True)
class JobState:
    """What the events say so far. Made by `fold`; a client adds what only the lock can tell (see `settle`)."""

    status: str = QUEUED
    phase: str = ""
    step: int = 0
    total: int = 0
    elapsed_s: float = 0.0
    eta_s: float | None = None  # time left until the result, None while it is unknown
    device: str = ""
    preview: str = ""  # relative path of the newest picture
    warnings: tuple[str, ...] = ()
    error: str = ""  # one sentence, for a person
    error_code: str = ""
    mesh: str = ""  # relative path of the GLB, when there is one
    report: Mapping[str, Any] = field(default_factory=dict)
    protocol: int | None = None

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_STATES

    @property
    def fraction(self) -> float:
        """How far the phase is, 0 to 1."""
        return min(1.0, self.step / self.total) if self.total else 0.0


def fold(state: JobState, event: Mapping[str, Any]) -> JobState:
    """The state after one more event. Kinds that this version does not know change nothing."""
    get = event.get
    match event.get("kind"):
        case "hello":  # a resumed job says hello again: the earlier end no longer counts
            if get("protocol") != PROTOCOL:
                text = f"The backend speaks protocol {get('protocol')} and this add-on {PROTOCOL}: install the same version of both."
                return replace(state, status=FAILED, error=text, error_code="protocol", protocol=get("protocol"))
            return replace(
                state, status=RUNNING, protocol=PROTOCOL, device=str(get("device", "")), error="", error_code="", warnings=()
            )
        case "phase":
            return replace(state, phase=str(get("name", "")), step=0, total=0)
        case "progress":
            return replace(
                state,
                status=RUNNING,
                phase=str(get("phase", state.phase)),
                step=int(get("step", 0)),
                total=int(get("total", 0)),
                elapsed_s=float(get("elapsed_s", state.elapsed_s)),
                eta_s=get("eta_s"),
            )
        case "paused":
            return replace(state, status=PAUSED, eta_s=None)
        case "resumed":
            return replace(state, status=RUNNING)
        case "preview":
            return replace(state, preview=str(get("path", "")))
        case "warning":
            return replace(state, warnings=(*state.warnings, str(get("message", ""))))
        case "result":
            return replace(state, mesh=str(get("mesh", "")), report=get("report") or {})
        case "error":
            return replace(state, error=str(get("message", "")), error_code=str(get("code", "")))
        case "bye":
            return replace(state, status=str(get("status", FAILED)), eta_s=None)
    return state


def settle(state: JobState, *, alive: bool) -> JobState:
    """The state once it is known whether a worker holds the job's lock: a job cut off without `bye` has died."""
    if alive or state.is_final or state.status in (QUEUED, STARTING):
        return state
    return replace(
        state,
        status=DIED,
        eta_s=None,
        error="The worker stopped without a word (killed, or out of memory): resume the job from its last checkpoint, or see its log.",
        error_code="died",
    )
