"""Where a job runs: on this computer, or on a remote host named in `remote.json`.

Standard library only; the add-on imports this module, too. The client writes `<jobs>/<id>/remote.json` before `job.json` and
never changes it, so any later client finds the job again, whatever its preferences are by then. Workers on this computer skip
such jobs. A relay runs them (see `relay`), one for each jobs folder and host.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from ..errors import JobError
from .reading import read_object

NOTE = "remote.json"
MAX_TEXT = 4096  # characters
DEFAULT_FOLDER = "~/dreamfusion"
# Characters of host names, including addresses such as ssh://me@host:22 and aliases of the ssh configuration. None of them is
# special to a shell, in case the configuration passes the name to one. `problem` also rejects names that look like options.
_HOST = re.compile(r"[\w.@:%/\[\]+~\\-]{1,255}")


@dataclass(frozen=True)
class Remote:
    """A remote host and the paths on it. `~/` is the home folder on that host."""

    host: str  # as typed after `ssh`
    folder: str = DEFAULT_FOLDER  # holds `backend`: a checkout of this project, or the installed extension
    python: str = ""  # has the backend's requirements; empty: the environment that build.py made in the folder
    jobs: str = ""  # jobs folder on the host; empty: the host's default jobs folder

    @property
    def remote_python(self) -> str:
        return self.python or f"{self.folder.rstrip('/')}/.env/backend/bin/python"

    @property
    def key(self) -> str:
        """Identifies the relay's files in the jobs folder."""
        return hashlib.sha256(repr(self).encode("utf-8", "replace")).hexdigest()[:12]

    @property
    def lock_name(self) -> str:
        return f"worker.{self.key}.lock"

    @property
    def log_name(self) -> str:
        return f"worker.{self.key}.log"

    def options(self) -> list[str]:
        """Command-line options of `backend.relay`."""
        return [f"--{name}={value}" for name, value in asdict(self).items()]

    @property
    def note(self) -> str:
        """The content of `remote.json`."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"


@dataclass(frozen=True)
class Location:
    """A jobs folder on this computer, and the remote host that runs its jobs (None: this computer)."""

    jobs: Path
    remote: Remote | None = None

    @property
    def lock(self) -> Path:
        """Held by the worker or relay of this location, whichever client started it."""
        return self.jobs / (self.remote.lock_name if self.remote else "worker.lock")

    @property
    def log(self) -> Path:
        """Output of that worker or relay. Each job has a separate log."""
        return self.jobs / (self.remote.log_name if self.remote else "worker.log")


def problem(remote: Remote) -> str:
    """Why jobs cannot run on this host, for the user; empty if nothing is wrong with its name and paths."""
    if not remote.host:
        return "No remote host is set. Enter one in the preferences, or run jobs on this computer."
    name = remote.host.rpartition("@")[2]
    if not _HOST.fullmatch(remote.host) or remote.host.startswith("-") or name.startswith("-") or not name:
        return f"{remote.host!r} is not a valid host. Enter it in the preferences as you would after `ssh`, such as me@gpu-box."
    if not remote.folder:
        return f"No folder on {remote.host} is set. Enter the folder that holds the backend in the preferences."
    for path in (remote.folder, remote.python, remote.jobs):
        if not path.isprintable():
            return f"{path!r} is not a valid path on {remote.host}: it contains unprintable characters."
    return ""


def is_remote(folder: Path) -> bool:
    """Whether the job in this folder runs on a remote host."""
    return os.path.lexists(folder / NOTE)  # a link, too: the job must not run here instead


def read(folder: Path) -> Remote | None:
    """The host of a job; None for this computer. An unreadable note gives an empty host, which `problem` rejects."""
    try:
        raw = read_object(folder / NOTE)
        found = {f.name: str(raw[f.name]) for f in fields(Remote) if f.name in raw}
        is_usable = all(text.isprintable() and len(text) <= MAX_TEXT for text in found.values())
        return Remote(**found) if is_usable and "host" in found else Remote("")
    except FileNotFoundError:
        return None
    except JobError:
        return Remote("")


def location_of(folder: Path) -> Location:
    """Where the job in this folder runs."""
    return Location(folder.parent, read(folder))
