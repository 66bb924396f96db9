"""Runs pip or uv with clean variables and temporary files beside the environment, and keeps what they say."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_WHY = ("Could not fetch URL",)  # lines that pip only writes to its own log


def pip_install(python: Path) -> list[str]:
    """The start of a command that installs packages without questions."""
    return [str(python), "-m", "pip", "install", "--no-input", "--progress-bar=off", "--disable-pip-version-check"]


def run(
    command: Sequence[str],
    log: Path,
    environment: Mapping[str, str],
    on_line: Callable[[str], None] = lambda _: None,
    cwd: Path | None = None,
) -> tuple[int, str]:
    """Runs pip, uv or Python. Appends the output to the log.

    Args:
        on_line: called with each line of the output.

    Returns:
        The exit status and the output, with the reasons that pip does not print.
    """
    # The system's folder may be small, or on a disk that forbids programs.
    temporary = log.parent / f"{log.stem}-temporary"
    temporary.mkdir(parents=True, exist_ok=True)
    details = temporary / "pip-details.txt"
    if "pip" in command and "-m" in command:
        command = [*command, "--log", str(details)]
    try:
        with open(log, "a", encoding="utf-8") as record:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                cwd=cwd,
                env={**environment, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))},
            )
            assert child.stdout is not None
            output = ""
            for line in child.stdout:
                record.write(line)
                record.flush()
                output += line
                on_line(line)
            status = child.wait()
            if status and details.exists():
                lines = details.read_text(encoding="utf-8", errors="replace").splitlines()
                reasons = "".join(f"{line.partition(' ')[2]}\n" for line in lines if any(why in line for why in _WHY))
                record.write(reasons)
                output = reasons + output
        return status, output
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
