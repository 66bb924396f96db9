"""The system's own ssh, and what its failures mean. Keys, agents and known hosts are its business alone."""

from __future__ import annotations

import shlex
import shutil

from ..jobs.remote import Remote

# No question is ever asked: nobody could answer it. A silent connection is given up after 45 s. What a person's
# configuration adds for working by hand (forwarded ports, a command, a master connection) is left out, a master that is
# there already is used.
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
# Read by the `sh` over there, whatever the login's own shell is: one line, no exclamation mark. Its arguments are the folder
# with the backend, the Python and the jobs; `explain` knows its exit statuses.
SCRIPT = (
    'home() { case $1 in "~"|"~/"*) printf %s "$HOME${1#?}";; *) printf %s "$1";; esac; }; '
    'python=$(home "$2"); jobs=$(home "$3"); cd -- "$(home "$1")" >/dev/null 2>&1 || exit 91; '
    "[ -f backend/jobs/request.py ] || exit 92; "
    'command -v -- "$python" >/dev/null 2>&1 || exit 93; '
    'exec "$python" -B -u -X utf8 -m backend.relay.far "$jobs"'
)


def program() -> str:
    """The path of ssh, or nothing."""
    return shutil.which("ssh") or ""


def command(remote: Remote) -> list[str]:
    """What starts the far half."""
    options = [part for name, value in OPTIONS.items() for part in ("-o", f"{name}={value}")]
    return [program() or "ssh", *options, "--", remote.host, far_command(remote)]


def far_command(remote: Remote) -> str:
    """One line for the login's shell, in which nothing but words in quotes has a meaning."""
    words = ("exec", "sh", "-c", SCRIPT, "sh", remote.folder, remote.python_there, remote.jobs)
    return " ".join(shlex.quote(word) for word in words)


def explain(remote: Remote, status: int | None, said: str) -> str:
    """One sentence about a connection that has ended.

    Args:
        status: of ssh, which gives back the far command's; None when it had to be ended.
        said: what ssh and the far half wrote as errors.
    """
    host, folder = remote.host, remote.folder
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    match status:
        case 91:
            return f"There is no folder {folder} on {host}: install this project there, or name another folder."
        case 92:
            return f"The folder {folder} on {host} does not hold the backend: install this project there, or name another folder."
        case 93 | 126 | 127:
            return (
                f"There is no Python {remote.python_there} on {host}: run `python build.py backend doctor` in {folder} there, "
                "or name another Python."
            )
        case 255:
            return _explain_ssh(host, said, lines)
    if any("No module named" in line and "backend.relay" in line for line in lines):
        return other_version(remote, "an older version of the backend")
    reason = f" ({lines[-1][:200]})" if lines else ""
    return f"The connection to {host} ended{reason}."


def _explain_ssh(host: str, said: str, lines: list[str]) -> str:
    if "IDENTIFICATION HAS CHANGED" in said:
        return f"{host} shows another key than before: find out why, then put ssh's list of known hosts right."
    if "Host key verification failed" in said:
        return f"ssh does not know {host} yet: run `ssh {host}` in a terminal once and confirm its key."
    if "Permission denied" in said or "Too many authentication failures" in said:
        return f"{host} refuses the login: `ssh {host}` must work in a terminal without a password."
    if "Could not resolve hostname" in said:
        return (
            f"There is no host {host}, or no network: name another one in the preferences, or an alias that ssh knows."
        )
    reason = lines[-1].removeprefix("ssh: ").rstrip(".")[:200] if lines else "it broke"
    return f"There is no connection to {host} ({reason}): see whether `ssh {host}` works in a terminal."


def other_version(remote: Remote, found: str) -> str:
    return f"{remote.folder} on {remote.host} holds {found}: install the same version of this project there as here."
