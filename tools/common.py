"""Paths, messages and child processes for all commands."""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from backend.jobs import variables

REPO = Path(__file__).resolve().parent.parent


class Failed(Exception):
    """An error for the user: what is wrong, and what to do."""


def say(text: str) -> None:
    """Prints a line immediately."""
    print(text, flush=True)


def clean_environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Environment variables for a child: without the caller's Python settings, and without writing bytecode."""
    return {**variables.for_child(), **(extra or {})}


def is_writable() -> bool:
    """Whether this user can write to the checkout."""
    return os.access(REPO, os.W_OK)


def scratch() -> Path:
    """The folder for caches and temporary results: the checkout, or a folder of this user if it is read-only."""
    if is_writable():
        return REPO
    folder = Path(tempfile.gettempdir()) / f"dreamfusion-build-{getattr(os, 'getuid', getpass.getuser)()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def require_writable(what: str) -> None:
    """Raises Failed if `what`, which is in the checkout, cannot be written."""
    if not is_writable():
        raise Failed(f"Cannot write {what}: the checkout {REPO} is read-only for this user. Use a copy of your own.")


def writable_folder(output: Path) -> Path:
    """The folder of the option `--output`, made if necessary. Relative paths refer to the caller's folder.

    Raises:
        Failed: The folder cannot be written.
    """
    output = output.expanduser().resolve()
    try:
        output.mkdir(parents=True, exist_ok=True)
        probe = output / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Failed(
            f"Cannot write to the folder {output}: {error.strerror}. Choose another folder with --output."
        ) from error
    return output


def run(command: Sequence[str | Path], *, extra_env: Mapping[str, str] | None = None, cwd: Path = REPO) -> int:
    """Runs a child process in this terminal and returns its exit status. Passes SIGTERM on to the child."""
    sys.stdout.flush()
    child = subprocess.Popen([str(part) for part in command], cwd=cwd, env=clean_environment(extra_env))
    former = signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    try:
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue  # the terminal also interrupts the child; wait for its exit status
    finally:
        signal.signal(signal.SIGTERM, former)


def run_quietly(command: Sequence[str | Path], what: str, *, extra_env: Mapping[str, str] | None = None) -> str:
    """Runs a child process and returns its output.

    Raises:
        Failed: the exit status is not 0. The message ends with the last lines of the output.
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


def list_files(root: Path, paths: Sequence[str]) -> list[Path]:
    """The files below these paths in a checkout or an unpacked archive, sorted; without those that git ignores."""
    found: list[Path] = []
    if (root / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *paths]
        listed = subprocess.run(command, cwd=root, capture_output=True)
        found = [root / name for name in listed.stdout.decode().split("\0") if name]
    if not found:  # an unpacked archive, or a checkout of another user, which git does not read
        for path in map(root.joinpath, paths):
            found += [path] if path.is_file() else path.rglob("*")
    return sorted(path for path in set(found) if path.is_file())


def last_lines(text: str, count: int = 12) -> str:
    """The last lines that are not empty, indented for an error message."""
    lines = [line for line in text.splitlines() if line.strip()]
    return "\n".join(f"  | {line}" for line in lines[-count:])
