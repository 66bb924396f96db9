"""`build.py demo`: the main job from a prompt to a rendered picture, in a real Blender with a user folder of its own."""

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
    """Leaves `scene.blend`, `render.png`, `blender.log` and the job's folder under `jobs/` in `output`.

    Raises:
        Failed: the prompt is no prompt, the folder cannot be written, or Blender ended without a word.
    """
    try:
        clean_prompt(prompt)  # before minutes of work; the add-on asks again
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
        # Nothing of the person's own Blender is read or changed.
        status = run(command, extra_env={"BLENDER_USER_RESOURCES": user})
    if status not in (0, 1, 130):  # those have explained themselves
        log = output / "blender.log"
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        raise Failed(f"Blender ended with exit status {status}; the end of {log}:\n{last_lines(text, 6)}".rstrip())
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
            f"The folder {output} cannot be written ({error.strerror}): choose another one with --output."
        ) from error
    return output
