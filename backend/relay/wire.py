"""The relay's protocol: how messages become bytes."""

from __future__ import annotations

import base64
import json
import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ..jobs import reading

RELAY = 1  # version of this protocol
MAGIC = b"dreamfusion-relay "  # starts the far end's first line; output of the login's start-up files comes before it
CHUNK_BYTES = 1 << 16
APPENDED = ("log.txt",)  # files that only grow
DOCTOR_S = 230.0  # time limit of the host's check
MIRRORED_FOLDERS = ("asset", "previews")
MAX_VALUES = 1 << 20  # in a message: the list of a job's files can be long
MAX_INPUT_BYTES = 1 << 29  # of all files in a job's `input`
_HEAD_BYTES = 1 << 16
_INPUT = re.compile(r"input/\w[\w.+-]{0,63}", re.ASCII)  # files that the near end sends before the request
# Relative paths of mirrored files. The far end names them; none can lead out of the job's folder.
_PATH = re.compile(rf"(settings\.json|log\.txt|({'|'.join(MIRRORED_FOLDERS)})(/\w[\w.+-]*)+)", re.ASCII)


class WireError(Exception):
    """Received bytes that violate the protocol."""


@dataclass(frozen=True)
class Frame:
    """One message of the far end: its kind, its header, and its payload."""

    kind: str
    head: Mapping[str, Any]
    payload: bytes = b""


def is_mirrored(path: str) -> bool:
    """Whether the file at this relative path, with forward slashes, is mirrored."""
    return bool(_PATH.fullmatch(path)) and not path.endswith(".tmp")


def is_input(path: object) -> bool:
    """Whether a file with this relative path may be part of a request."""
    return isinstance(path, str) and bool(_INPUT.fullmatch(path)) and not path.endswith(".tmp")


def input_messages(folder: Path) -> Iterator[dict[str, Any]]:
    """The messages that bring the files in a job's `input` to the far end, in pieces.

    Raises:
        OSError: A file cannot be read.
    """
    for path in sorted((folder / "input").glob("*")):
        name = path.relative_to(folder).as_posix()
        if is_input(name) and reading.inside(folder, name):
            with reading.open_regular(path) as file:
                while data := file.read(CHUNK_BYTES):
                    yield {"do": "input", "job": folder.name, "path": name, "data": base64.b64encode(data).decode()}


def mirrored_files(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """The mirrored files of a job, by their relative paths. Leaves out links and what is behind them."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if is_mirrored(name) and reading.inside(folder, name):
            with suppress(OSError):  # deleted in the meantime
                facts = os.lstat(path)
                if stat.S_ISREG(facts.st_mode):
                    yield name, facts


def line(**facts: Any) -> bytes:
    """One JSON object as a line."""
    return json.dumps(facts).encode() + b"\n"


def frame(kind: str, payload: bytes = b"", **facts: Any) -> bytes:
    """A frame as bytes; `facts` go into its header."""
    return line(kind=kind, size=len(payload), **facts) + payload


def read_frame(stream: IO[bytes]) -> Frame | None:
    """The next frame; None at the end of the stream, also inside a frame.

    Raises:
        WireError: The bytes are not a frame.
    """
    head = stream.readline(_HEAD_BYTES)
    if not head.endswith(b"\n"):
        if len(head) == _HEAD_BYTES:
            raise WireError("a line is too long")
        return None
    facts = parse(head)
    size, kind = facts.get("size"), facts.get("kind")
    if not isinstance(size, int) or not 0 <= size <= 16 * CHUNK_BYTES or not isinstance(kind, str):
        raise WireError("a frame has no valid kind and size")
    payload = stream.read(size)
    return Frame(kind, facts, payload) if len(payload) == size else None


def parse(text: bytes) -> dict[str, Any]:
    """The JSON object in one line.

    Raises:
        WireError: The line holds no JSON object.
    """
    try:
        found = reading.parse(text, MAX_VALUES)
    except ValueError as error:
        raise WireError("a line is not JSON") from error
    if not isinstance(found, dict):
        raise WireError("a line is not a JSON object")
    return found
