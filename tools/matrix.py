"""`build.py matrix`: runs the tests that depend on the version of Blender in other versions."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from backend.install import pythons

from .common import Failed, say
from .environments import PYTHON_OF, blender_environment, ensure, own_blender
from .testing import INTERRUPTED, marked_files, run_tests


def others() -> list[str]:
    """All versions except the one that `build.py test` uses."""
    return [version for version in PYTHON_OF if version != own_blender()]


def matrix(backend_python: Path, versions: Sequence[str], arguments: Sequence[str] = ()) -> int:
    """Runs the tests marked `versions` in each of these versions; returns 0 if none failed.

    The environment of the next version is made while one version is tested.
    """
    found = {version: pythons.find(PYTHON_OF[version]) for version in versions}
    for version in (version for version, python in found.items() if python is None):
        say(f"Skipping Blender {version}: it needs Python {_dotted(version)}, which is not installed.")
    available = {version: python for version, python in found.items() if python is not None}
    outcome = {}
    ahead = ThreadPoolExecutor(1)
    try:
        made = {
            version: ahead.submit(ensure, blender_environment(version, python)) for version, python in available.items()
        }
        for version, environment in made.items():
            started = time.monotonic()
            try:
                passed = _test(backend_python, environment.result(), arguments)
            except Failed as failure:
                say(str(failure))
                passed = False
            outcome[version] = f"{'passed' if passed else 'FAILED'}, {time.monotonic() - started:.0f} s"
    finally:
        ahead.shutdown(wait=False, cancel_futures=True)
    for version, result in outcome.items():
        say(f"Blender {version}: {result}")
    if not outcome:
        say("No version of Blender was tested.")
    return int(any("FAILED" in result for result in outcome.values()))


def _test(backend_python: Path, blender_python: Path, arguments: Sequence[str]) -> bool:
    status = run_tests(
        backend_python,
        ["-m", "versions and not window", "-q", *marked_files("versions"), *arguments],
        {"BLENDER_PYTHON": str(blender_python)},
    )
    if status < 0 or status == INTERRUPTED:
        raise KeyboardInterrupt  # ends the matrix, too
    return status == 0


def _dotted(version: str) -> str:
    return ".".join(str(part) for part in PYTHON_OF[version])
