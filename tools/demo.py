"""`build.py demo`: generates an object from a prompt in Blender, with a separate user folder, and renders it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from backend.errors import JobError
from backend.jobs.request import clean_prompt

from . import packaging
from .common import REPO, Failed, last_lines, run, say


def demo(
    prompt: str,
    output: Path,
    seed: int,
    preset: str,
    backend_python: Path,
    blender_python: Path,
    facts: Path | None = None,
) -> int:
    """Writes `scene.blend`, `render.png`, `blender.log` and the job folder in `jobs/` to `output`.

    Args:
        facts: JSON file for the measurements, see `tools/demo_in_blender.py`.

    Returns:
        The exit status.

    Raises:
        Failed: the prompt is invalid, the folder is not writable, or Blender crashed.
    """
    try:
        clean_prompt(prompt)  # fails early; the add-on checks it, too
    except JobError as error:
        raise Failed(str(error)) from error
    output = _writable(output)
    say("Building the extension ...")
    archive = packaging.build(blender_python, REPO / "dist")
    arguments: list[str | Path] = ["--zip", archive, "--backend-python", backend_python, "--output", output]
    arguments += ["--prompt", prompt, "--seed", str(seed), *(["--preset", preset] if preset else [])]
    arguments += ["--facts", facts] if facts else []
    command = [blender_python, "-u", "-m", "tools.demo_in_blender", *arguments]
    with tempfile.TemporaryDirectory(prefix="dreamfusion-blender-") as user:
        # Keeps the user's own Blender settings out.
        status = run(command, extra_env={"BLENDER_USER_RESOURCES": user})
    if status not in (0, 1, 130):  # Blender's script has printed the reason
        log = output / "blender.log"
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        raise Failed(f"Blender exited with status {status}. The end of {log}:\n{last_lines(text, 6)}".rstrip())
    return status


def _writable(output: Path) -> Path:
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
