"""`build.py pictures`: makes the documentation's pictures again."""

from __future__ import annotations

from pathlib import Path

from . import testing
from .common import REPO, Failed, run, say

JOBS = REPO / "out" / "pictures" / "jobs"


def interface(backend_python: Path, output: Path) -> int:
    """Makes the pictures of the interface, such as `panel.png`, with Blender 5.2 in a window.

    Raises:
        Failed: the test was skipped, because Blender cannot run in a window here.
    """
    made = output / "panel.png"
    before = made.stat().st_mtime_ns if made.exists() else 0
    arguments = ["-q", "-m", "window", "-k", "(screenshot or artist) and not trixie"]
    if status := testing.run_tests(backend_python, arguments, {"DREAMFUSION_PICTURES": str(output)}):
        return status
    if not made.exists() or made.stat().st_mtime_ns == before:
        raise Failed("No picture was made, see above.")
    say(str(made))
    return 0


def scene(backend_python: Path, blender_python: Path, output: Path) -> int:
    """Makes `scene.png`: generates its objects, then renders them together. Existing objects are reused."""
    from .scene_layout import LAYOUT, find_meshes

    for prompt in LAYOUT:
        if prompt in find_meshes(JOBS):
            continue
        command: list[str | Path] = [
            backend_python,
            "-m",
            "backend",
            "generate",
            prompt,
            "--output",
            JOBS,
            "--seed",
            "1",
        ]
        if status := run(command):
            return status
    return run([blender_python, "-m", "tools.scene_in_blender", "--jobs", JOBS, "--output", output / "scene.png"])
