"""`build.py check`: linter, formatter, type checker and prose check."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from .common import REPO, clean_environment, run, say, scratch
from .packaging import stage

STAGED_NAME = "dreamfusion"


def check(backend_python: Path) -> int:
    """Runs all checks, even after one has failed; returns 0 if none has findings."""
    caches = {"RUFF_CACHE_DIR": str(scratch() / ".ruff_cache"), "MYPY_CACHE_DIR": str(scratch() / ".mypy_cache")}
    say("ruff check")
    failed = run([backend_python, "-m", "ruff", "check", REPO], extra_env=caches) != 0
    say("ruff format --check")
    failed |= run([backend_python, "-m", "ruff", "format", "--check", REPO], extra_env=caches) != 0
    say("mypy: build.py and tools/")
    failed |= run([backend_python, "-m", "mypy", "build.py", "tools"], extra_env=caches) != 0
    say("mypy: backend/, with backend/lab")
    failed |= run([backend_python, "-m", "mypy", "-p", "backend"], extra_env=caches) != 0
    say("mypy: the add-on and the backend, as in the zip, with fake-bpy-module")
    failed |= _check_types_as_shipped(backend_python) != 0
    say("mypy: calls in the tests that run without Blender")
    tests = [path for path in (REPO / "tests").iterdir() if path.name != "addon" and any(path.rglob("*.py"))]
    arguments = ["--explicit-package-bases", "--follow-imports=silent", *map(str, sorted(tests))]
    failed |= run([backend_python, "-m", "mypy", *arguments], extra_env=caches) != 0
    say("prose: spelling and style")
    failed |= run([backend_python, "-m", "tools.prose"]) != 0
    say("Checks failed, see above." if failed else "All checks passed.")
    return int(failed)


def _check_types_as_shipped(backend_python: Path) -> int:
    """Checks a staged copy of the zip, because the add-on imports `.backend`, which is in the same package only there."""
    layout = scratch() / ".mypy_cache" / "staged"
    shutil.rmtree(layout, ignore_errors=True)
    stage(layout / STAGED_NAME)
    command = [backend_python, "-m", "mypy", "--config-file", REPO / "pyproject.toml", "-p", STAGED_NAME]
    command += ["--cache-dir", scratch() / ".mypy_cache" / "as-shipped", "--show-absolute-path", "--no-pretty"]
    done = subprocess.run(
        [str(part) for part in command],
        cwd=layout,
        env=clean_environment(),
        capture_output=True,
        text=True,
        errors="replace",
    )
    print(_with_source_paths(done.stdout + done.stderr, layout / STAGED_NAME), end="", flush=True)
    return done.returncode


def _with_source_paths(text: str, staged: Path) -> str:
    """Replaces paths of the staged copy by paths of the sources."""
    text = text.replace(f"{staged}/backend/", "backend/")
    return text.replace(f"{staged}/", "dreamfusion_blender/")
