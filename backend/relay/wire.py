"""What goes through the connection, as bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

RELAY = 1  # the version of this module's language
MAGIC = b"dreamfusion-relay "  # whatever a login's start-up files say comes before it
CHUNK_BYTES = 1 << 16
APPENDED = ("log.txt",)
DOCTOR_S = 230.0  # how long the check of the host may take
MIRRORED_FOLDERS = ("asset", "previews")
_HEAD_BYTES = 1 << 16
# What is kept equal. A host names these; nothing that it names can lie elsewhere.
_PATH = re.compile(rf"(settings\.json|log\.txt|({'|'.join(MIRRORED_FOLDERS)})(/\w[\w.+-]*)+)", re.ASCII)


class WireError(Exception):
    """What came is not of this language."""


@dataclass(frozen=True)
class Frame:
    """A message from the far half. `kind` says what it is, `head` holds its facts."""

    kind: str
    head: Mapping[str, Any]
    payload: bytes = b""


def is_mirrored(path: str) -> bool:
    """Whether this relative path, with forward slashes, belongs to what is kept equal."""
    return bool(_PATH.fullmatch(path)) and not path.endswith(".tmp")


def line(**facts: Any) -> bytes:
    return json.dumps(facts).encode() + b"\n"


def frame(kind: str, payload: bytes = b"", **facts: Any) -> bytes:
    return line(kind=kind, size=len(payload), **facts) + payload


def read_frame(stream: IO[bytes]) -> Frame | None:
    """The next frame, None at the end of the stream (also when that comes in the middle of a frame).

    Raises:
        WireError: it is none.
    """
    head = stream.readline(_HEAD_BYTES)
    if not head.endswith(b"\n"):
        if len(head) == _HEAD_BYTES:
            raise WireError("a line without an end")
        return None
    facts = parse(head)
    size, kind = facts.get("size"), facts.get("kind")
    if not isinstance(size, int) or not 0 <= size <= 16 * CHUNK_BYTES or not isinstance(kind, str):
        raise WireError("a frame without its kind or size")
    payload = stream.read(size)
    return Frame(kind, facts, payload) if len(payload) == size else None


def parse(text: bytes) -> dict[str, Any]:
    """One line.

    Raises:
        WireError: it holds no JSON object.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WireError("a line that is not JSON") from error
    if not isinstance(found, dict):
        raise WireError("a line that is no object")
    return found
