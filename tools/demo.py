"""`build.py demo`: generates an object from a prompt in Blender, with a separate user folder, and renders it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from backend.errors import JobError
from backend.jobs.request import clean_prompt

from . import packaging
from .common import Failed, last_lines, run, say, scratch, writable_folder


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
    output = writable_folder(output)
    say("Building the extension ...")
    archive = packaging.build(blender_python, scratch() / "dist")
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
