"""Jobs that run on another host: where, in a file beside the request. The request itself does not know.

Standard library only; the add-on imports this same file. `<jobs>/<id>/remote.json` is written by the client before
job.json and never again, so a job is found again by whoever looks into its folder, whatever the preferences say by then.
Workers of this computer leave such jobs to a relay (see `relay`), one for each jobs folder and host.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass, fields
from pathlib import Path

NOTE = "remote.json"
DEFAULT_FOLDER = "~/dreamfusion"
# What a host's name is made of, an address as ssh://me@host:22 and an alias of ssh's configuration included. Nothing in
# it means anything to a shell, should the configuration hand it to one; an option it cannot be (see `problem`).
_HOST = re.compile(r"[\w.@:%/\[\]+~\\-]{1,255}")


@dataclass(frozen=True)
class Remote:
    """A host and what lies where on it. `~/` is the home folder over there."""

    host: str  # as one types it after `ssh`
    folder: str = DEFAULT_FOLDER  # holds `backend`: a checkout of this project, or the installed extension
    python: str = ""  # has the backend's requirements; empty: the one that build.py has made in the folder
    jobs: str = ""  # jobs go here; empty: where that host's own jobs are

    @property
    def python_there(self) -> str:
        return self.python or f"{self.folder.rstrip('/')}/.env/backend/bin/python"

    @property
    def key(self) -> str:
        """Names the relay's files in the jobs folder."""
        return hashlib.sha256(repr(self).encode("utf-8", "replace")).hexdigest()[:12]

    @property
    def lock_name(self) -> str:
        return f"worker.{self.key}.lock"

    @property
    def log_name(self) -> str:
        return f"worker.{self.key}.log"

    def options(self) -> list[str]:
        """For the command line of `relay`."""
        return [f"--{name}={value}" for name, value in asdict(self).items()]

    @property
    def note(self) -> str:
        """The text of remote.json."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


def problem(remote: Remote) -> str:
    """One sentence about why this cannot be a host; empty when it can."""
    if not remote.host:
        return "The remote host is not named: name it in the preferences, or run on this computer."
    name = remote.host.rpartition("@")[2]
    if not _HOST.fullmatch(remote.host) or remote.host.startswith("-") or name.startswith("-") or not name:
        return f"{remote.host!r} cannot be a host: name it in the preferences as you would after `ssh`, such as me@gpu-box."
    if not remote.folder:
        return f"The folder on {remote.host} is not named: name the one that holds the backend, in the preferences."
    for path in (remote.folder, remote.python, remote.jobs):
        if not path.isprintable():
            return f"{path!r} cannot be a path on {remote.host}: it has characters that cannot be shown."
    return ""


def is_remote(folder: Path) -> bool:
    """Whether the job in this folder runs on another host."""
    return (folder / NOTE).exists()


def read(folder: Path) -> Remote | None:
    """Where the job runs; None for this computer. A note that cannot be read names no host, which is a `problem`."""
    try:
        raw = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        return Remote(**{f.name: str(raw[f.name]) for f in fields(Remote) if f.name in raw})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        return Remote("")
