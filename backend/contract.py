"""The job folder: the only contract between a client (Blender, the command line) and the worker.

Standard library only; both sides import this same file. A job is a folder::

    <jobs>/<id>/job.json       the request, written once by the client
                events.jsonl   append-only, written by the worker
                control/       cancel, pause, resume: empty files that the client puts there
                settings.json  what preset and overrides came to, written by the worker when it first takes the job
                lock           an operating-system lock that the living worker holds
                remote.json    where the job runs, if not on this computer; written by the client (see remote.py)
                log.txt        stdout and stderr of the worker
                checkpoints/ previews/ asset/    made by the worker
    <jobs>/worker.lock         held by the one worker that drains this folder

Single writers: the client writes job.json and control/, the worker everything else; it takes `resume` away when it
heeds it, and `cancel` when it has ended the job. All paths inside events are relative to the job's folder, with
forward slashes.

Events, in the order of a job that goes well: hello (protocol, backend, device, python, torch, pid), phase (name),
warning (message), progress (phase, step, total, elapsed_s, eta_s), preview (path, step), paused, resumed,
result (mesh, report), bye (status); error (message, code) comes before a bye that says "failed". After bye there may
be a turntable (path). A resumed job says hello again. Of a job on another host, a relay says link (host, message): the
host has it; with a message, there is no connection to it at present.

No job is lost between a client and a worker that is about to end: the client writes the request first and asks for
worker.lock afterwards; the worker gives the lock back first and looks for requests afterwards.
"""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timezone
from pathlib import Path
from typing import IO, Any

PROTOCOL = 1
SCHEMA = 1
PATIENCE_S = 0.5  # how long a worker tries for a lock that a client may be probing at this moment
MAX_PROMPT_LENGTH = 1000  # characters; text encoders keep less, a novel pasted by mistake should say so
MAX_SEED = 2**31 - 1  # the range of Blender's integer properties

# Phases in the order in which a job passes them; progress events name one of these. Not every job is refined.
PHASES = ("loading", "optimising", "extracting", "baking", "refining", "exporting")

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
    cleaned = _one_line(text)
    if not cleaned:
        raise JobError('The prompt is empty: describe one object, such as "a red mushroom".')
    if len(cleaned) > MAX_PROMPT_LENGTH:
        raise JobError(
            f"The prompt has {len(cleaned)} characters and the most is {MAX_PROMPT_LENGTH}: describe one object in a sentence."
        )
    if not any(c.isalnum() for c in cleaned):
        raise JobError('The prompt has no words in it: describe one object, such as "a red mushroom".')
    return cleaned


def _one_line(text: str) -> str:
    # Lone surrogates are not printable either: what is left can be encoded.
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def new_job(prompt: str, **options: Any) -> JobRequest:
    """A validated request with a fresh id that sorts by time and reads like its prompt (`20261121-143015-a-red-mug-3f9c`)."""
    now = datetime.now(timezone.utc)
    cleaned = clean_prompt(prompt)
    slug = re.sub(r"[^a-z0-9]+", "-", cleaned.lower()).strip("-")[:32].strip("-") or "object"
    job_id = f"{now:%Y%m%d-%H%M%S}-{slug}-{secrets.token_hex(2)}"
    return parse_job(
        {"schema": SCHEMA, "id": job_id, "created": now.isoformat(timespec="seconds"), "prompt": cleaned, **options}
    )


def parse_job(raw: Mapping[str, Any]) -> JobRequest:
    """Checks what `job.json` holds. Unknown fields are ignored, so that older workers read newer requests.

    Raises:
        JobError: a field is missing or of the wrong kind.
    """
    if raw.get("schema") != SCHEMA:
        raise JobError(
            f"job.json has schema {raw.get('schema')!r} and this version reads {SCHEMA}: update the add-on and start a new job."
        )
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
    if not re.fullmatch(r"\w[\w.+-]{0,127}", values["id"]):  # it becomes a folder's name
        raise JobError(f"The id {values['id']!r} cannot be a folder's name: start a new job.")
    request = JobRequest(**values)
    negative_prompt = _one_line(request.negative_prompt)
    if len(negative_prompt) > MAX_PROMPT_LENGTH:
        raise JobError(
            f"The negative prompt has {len(negative_prompt)} characters and the most is {MAX_PROMPT_LENGTH}."
        )
    return replace(request, prompt=clean_prompt(request.prompt), negative_prompt=negative_prompt)


# --- files -----------------------------------------------------------------------------------------------------------


def write_atomic(path: Path, data: bytes | str) -> None:
    """Writes under a temporary name, then renames: a reader sees the old file or the new one, never half of it.

    Raises:
        OSError: nothing was written, and no temporary file is left.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data.encode() if isinstance(data, str) else data)
        replace_file(temporary, path)
    except OSError:
        with suppress(OSError):
            temporary.unlink()
        raise


def replace_file(source: Path, target: Path) -> None:
    """`os.replace` that waits out a reader: Windows refuses while another process has the target open."""
    deadline = time.monotonic() + (1.0 if os.name == "nt" else 0.0)
    while True:
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.02)


def create_job_folder(jobs: Path, request: JobRequest, notes: Mapping[str, str] | None = None) -> Path:
    """Makes the job's folder with its request in it; job.json comes last, so a worker never sees half a job.

    Args:
        notes: texts of other files that shall be there by then.

    Raises:
        JobError: the folder cannot be written.
    """
    folder = Path(jobs) / request.id
    try:
        (folder / "control").mkdir(parents=True)
        for name in ("checkpoints", "previews", "asset"):
            (folder / name).mkdir()
        for name, note in (notes or {}).items():
            write_atomic(folder / name, note)
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
        found = [
            (p.name[:15], (p / "job.json").stat().st_mtime_ns, p.name, p) for p in Path(jobs).iterdir() if _is_job(p)
        ]
    except OSError:
        return []
    # Names begin with the second in which the job was asked for; within one second the file's time tells.
    return [folder for *_, folder in sorted(found)]


def _is_job(folder: Path) -> bool:
    try:
        return (folder / "job.json").is_file()
    except OSError:  # a folder that may not be looked into is none of ours
        return False


def request_control(folder: Path, name: str) -> None:
    """Asks the worker for `cancel`, `pause` or `resume`. Asking twice is asking once.

    Raises:
        JobError: the job's folder is gone or cannot be written.
    """
    try:
        (folder / "control").mkdir(exist_ok=True)
        write_atomic(folder / "control" / name, "")
    except OSError as error:
        raise JobError(
            f"The job's folder {folder} cannot be written ({error.strerror or error}): see whether it is still there."
        ) from error


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


def _try_lock(file: IO[bytes], *, shared: bool = False) -> bool:
    """True when the lock is ours.

    Raises:
        OSError: this file system has no locks.
    """
    try:
        if os.name == "nt":
            import msvcrt

            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        return True
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        raise


class FolderLock:
    """An operating-system lock: gone with the process that holds it, however that ends. The file stays."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None

    def acquire(self, patience_s: float = PATIENCE_S) -> bool:
        """True when this process now holds it. `patience_s` rides out a client's momentary probe.

        Raises:
            JobError: the file cannot be written, or its file system has no locks.
        """
        deadline = time.monotonic() + patience_s
        try:
            file = open(self.path, "ab+", buffering=0)
        except OSError as error:
            raise JobError(
                f"The folder {self.path.parent} cannot be written ({error.strerror or error}): choose another one."
            ) from error
        try:
            while not _try_lock(file):
                if time.monotonic() >= deadline:
                    file.close()
                    return False
                time.sleep(0.01)
        except OSError as error:
            file.close()
            raise JobError(
                f"Files in {self.path.parent} cannot be locked ({error.strerror or error}): choose a folder on a local disk."
            ) from error
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()  # closing releases it on every platform
            self._file = None


def is_locked(path: Path) -> bool:
    """Whether a living process holds the lock: asked of the operating system, never guessed from a process id.

    The question takes a shared lock for an instant, so that two who ask do not take each other for a worker.
    """
    try:
        with open(path, "rb", buffering=0) as file:
            return not _try_lock(file, shared=True)
    except OSError:
        return False


# --- events ------------------------------------------------------------------------------------------------------------


class EventWriter:
    """Appends numbered events to `events.jsonl`, each line in one unbuffered write. Numbering goes on after a resume.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / "events.jsonl"
        known = path.read_bytes() if path.exists() else b""
        self._file = open(path, "ab", buffering=0)
        self._is_cut_off = bool(known) and not known.endswith(b"\n")  # the last worker died inside a line
        self._number = known.count(b"\n") + self._is_cut_off

    def __call__(self, kind: str, **facts: Any) -> None:
        """Raises OSError when the line could not be written whole; the next one then begins on a line of its own."""
        event = {"n": self._number + 1, "time": round(time.time(), 3), "kind": kind, **facts}
        line = json.dumps(event, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        if self._is_cut_off:
            line = b"\n" + line  # readers skip what is not JSON
        written = 0
        try:
            while written < len(line):
                written += self._file.write(line[written:])
        except OSError:
            self._is_cut_off = self._is_cut_off or written > 0
            raise
        self._is_cut_off = False
        self._number += 1

    def close(self) -> None:
        self._file.close()


class EventReader:
    """Reads what was added since the last call. A half-written last line waits for its end.

    Args:
        offset: bytes that are known already.
    """

    def __init__(self, folder: Path, offset: int = 0) -> None:
        self._path = folder / "events.jsonl"
        self._offset = offset

    def read(self, limit_bytes: int = 1 << 16) -> list[dict[str, Any]]:
        """New events, about `limit_bytes` of them, so that a client's timer tick stays short; none when there are none.

        One line that is longer than the limit is read whole.
        """
        events: list[dict[str, Any]] = []
        while not events and (lines := self._lines(limit_bytes)):
            for line in lines:
                try:
                    event = json.loads(line)
                except (ValueError, RecursionError):
                    continue
                if isinstance(event, dict):
                    events.append(event)
        return events

    def _lines(self, limit_bytes: int) -> list[bytes]:
        """Whole lines that were not read yet; none when there are none."""
        try:
            with open(self._path, "rb") as file:
                file.seek(self._offset)
                chunk = file.read(limit_bytes)
                if len(chunk) == limit_bytes and b"\n" not in chunk:
                    chunk += file.readline()
        except OSError:
            return []
        whole, newline, _ = chunk.rpartition(b"\n")
        self._offset += len(whole) + len(newline)
        return whole.split(b"\n") if newline else []


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
    host: str = ""  # that has the job, if it is not this computer
    link: str = ""  # one sentence while there is no connection to the host

    @property
    def is_final(self) -> bool:
        return self.status in FINAL_STATES

    @property
    def fraction(self) -> float:
        """How far the phase is, 0 to 1."""
        return min(1.0, self.step / self.total) if self.total else 0.0


def fold(state: JobState, event: Mapping[str, Any]) -> JobState:
    """The state after one more event. Kinds that this version does not know change nothing, and neither does nonsense."""
    try:
        return _fold(state, event)
    except (TypeError, ValueError, OverflowError):
        return state


def _fold(state: JobState, event: Mapping[str, Any]) -> JobState:
    get = event.get
    match event.get("kind"):
        case "hello":  # a resumed job says hello again: the earlier end no longer counts
            if get("protocol") != PROTOCOL:
                text = f"The backend speaks protocol {get('protocol')} and this add-on {PROTOCOL}: install the same version of both."
                return replace(state, status=FAILED, error=text, error_code="protocol", protocol=get("protocol"))
            return replace(
                state,
                status=RUNNING,
                protocol=PROTOCOL,
                device=str(get("device", "")),
                error="",
                error_code="",
                warnings=(),
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
                eta_s=None if get("eta_s") is None else float(get("eta_s")),  # type: ignore[arg-type]
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
            return replace(state, mesh=str(get("mesh", "")), report=dict(get("report") or {}))
        case "error":
            return replace(state, error=str(get("message", "")), error_code=str(get("code", "")))
        case "link":
            return replace(state, host=str(get("host", "")), link=str(get("message", "")))
        case "bye":
            status = get("status")
            return replace(state, status=status if status in FINAL_STATES else FAILED, eta_s=None, link="")
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


def read_state(folder: Path) -> JobState:
    """What all of the job's events so far come to."""
    reader, state = EventReader(folder), JobState()
    while events := reader.read():
        for event in events:
            state = fold(state, event)
    return settle(state, alive=is_locked(folder / "lock"))
