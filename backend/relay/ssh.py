"""The system's ssh: its command line and the meaning of its failures.

Keys, agents and known hosts are left to ssh and the user's configuration.
"""

from __future__ import annotations

import shlex
import shutil

from ..jobs.exit_codes import BACKEND_MISSING, FOLDER_MISSING, PYTHON_MISSING, RELAY_MISSING
from ..jobs.remote import Remote
from .link import LinkError

# ssh must not prompt, since nobody could answer. A silent connection is closed after 45 s. Settings for interactive use in the
# user's configuration (port forwarding, a remote command, a new master connection) are disabled; an existing master connection
# is used.
OPTIONS = {
    "BatchMode": "yes",
    "ConnectTimeout": "15",
    "ServerAliveInterval": "15",
    "ServerAliveCountMax": "3",
    "ClearAllForwardings": "yes",
    "ForwardAgent": "no",
    "ForwardX11": "no",
    "ControlMaster": "no",
    "RemoteCommand": "none",
    "RequestTTY": "no",
}
# Runs in the host's `sh`, whatever the login shell is: one line, no exclamation mark. Arguments: the folder with the backend,
# the Python, the jobs folder. `explain` maps its exit statuses to errors.
SCRIPT = (
    'home() { case $1 in "~"|"~/"*) printf %s "$HOME${1#?}";; *) printf %s "$1";; esac; }; '
    'python=$(home "$2"); jobs=$(home "$3"); '
    f'cd -- "$(home "$1")" >/dev/null 2>&1 || exit {FOLDER_MISSING}; '
    f"[ -f backend/__main__.py ] || exit {BACKEND_MISSING}; "
    f"[ -f backend/relay/far.py ] || exit {RELAY_MISSING}; "
    f'command -v -- "$python" >/dev/null 2>&1 || exit {PYTHON_MISSING}; '
    'exec "$python" -B -u -X utf8 -m backend.relay.far "$jobs"'
)


def program() -> str:
    """The path of ssh; empty if it is not installed."""
    return shutil.which("ssh") or ""


def command(remote: Remote) -> list[str]:
    """The command that connects to the host and starts the far end."""
    options = [part for name, value in OPTIONS.items() for part in ("-o", f"{name}={value}")]
    return [program() or "ssh", *options, "--", remote.host, far_command(remote)]


def far_command(remote: Remote) -> str:
    """One line for the login shell. It consists of quoted words only, so every shell reads it in the same way."""
    words = ("exec", "sh", "-c", SCRIPT, "sh", remote.folder, remote.remote_python, remote.jobs)
    return " ".join(shlex.quote(word) for word in words)


def explain(remote: Remote, status: int | None, errors: str) -> LinkError:
    """The error for a connection that has ended.

    Args:
        status: Exit status of ssh, which passes on that of the far end; None if ssh had to be killed.
        errors: stderr of ssh and of the far end.
    """
    host, folder = remote.host, remote.folder
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    last = lines[-1].removeprefix("ssh: ").rstrip(".")[:200] if lines else ""
    if status == FOLDER_MISSING:
        text = (
            f"The folder {folder} does not exist on {host}. Install this project on the host, or choose another folder."
        )
        return LinkError(text, "host-folder")
    if status == BACKEND_MISSING:
        text = f"The folder {folder} on {host} does not hold the backend. Install this project on the host, or choose another folder."
        return LinkError(text, "host-folder")
    if status == RELAY_MISSING:
        return other_version(remote, "an older version of the backend")
    if status in (PYTHON_MISSING, 126, 127):
        text = (
            f"The Python {remote.remote_python} does not exist on {host}. "
            f"Run `python build.py backend doctor` in {folder} on that host, or choose another Python."
        )
        return LinkError(text, "host-python")
    if status == 255:
        return _explain_ssh(host, errors, last)
    return LinkError(f"The connection to {host} ended{f' ({last})' if last else ''}.", "connection")


def _explain_ssh(host: str, errors: str, last: str) -> LinkError:
    """The error for a failure of ssh itself, which reports all of them with one exit status and its own messages."""
    if "IDENTIFICATION HAS CHANGED" in errors:
        text = f"The host key of {host} has changed. Find out why, then correct ssh's list of known hosts."
        return LinkError(text, "host-key")
    if "Host key verification failed" in errors:
        text = f"{host} is not a known host. Run `ssh {host}` in a terminal once and confirm its key."
        return LinkError(text, "host-key")
    if "Permission denied" in errors or "Too many authentication failures" in errors:
        text = f"{host} refused the login. `ssh {host}` must work in a terminal without a password."
        return LinkError(text, "login")
    if "Could not resolve hostname" in errors:
        text = f"The host {host} was not found. Check the network, and the name in the preferences."
        return LinkError(text, "host-name")
    reason = last or "the connection broke"
    text = f"Cannot connect to {host} ({reason}). Check that `ssh {host}` works in a terminal."
    return LinkError(text, "connection")


def other_version(remote: Remote, found: str) -> LinkError:
    text = f"{remote.folder} on {remote.host} holds {found}. Install the same version on both computers."
    return LinkError(text, "version")
