"""Places, messages and child processes that all commands share."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent


class Failed(Exception):
    """A command that cannot go on. The message is for a person: what happened, and what to do."""


def say(text: str) -> None:
    """A line of progress, at once: people and logs both watch."""
    print(text, flush=True)


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment for a child: nothing of the caller's Python leaks in, and no bytecode is left in the tree."""
    kept = {
        k: v
        for k, v in os.environ.items()
        if k not in ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
    }
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", **(extra or {})}


def run(command: Sequence[str | Path], *, extra_env: Mapping[str, str] | None = None, cwd: Path = REPO) -> int:
    """Runs a child on this terminal and gives its exit status. Interrupts and requests to end reach the child, too."""
    sys.stdout.flush()
    child = subprocess.Popen([str(part) for part in command], cwd=cwd, env=clean_environment(extra_env))
    former = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue  # a terminal gives it to the child as well, which says itself how it ends
    finally:
        signal.signal(signal.SIGTERM, former)


def run_quietly(command: Sequence[str | Path], what: str, *, extra_env: Mapping[str, str] | None = None) -> str:
    """Runs a child and gives what it printed.

    Raises:
        Failed: its exit status is not 0; the message ends with its last lines.
    """
    done = subprocess.run(
        [str(part) for part in command],
        cwd=REPO,
        env=clean_environment(extra_env),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        raise Failed(f"{what} failed (exit status {done.returncode}):\n{last_lines(done.stdout)}")
    return done.stdout


def last_lines(text: str, count: int = 12) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return "\n".join(f"  | {line}" for line in lines[-count:])
