"""`build.py matrix`: what differs between versions of Blender, tested in each that this machine's Pythons can have."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import pythons
from .common import Failed, say
from .environments import PYTHON_OF, blender_environment, ensure, own_blender
from .testing import INTERRUPTED, run_tests


def others() -> list[str]:
    """Every version but the one in which `build.py test` runs all tests anyway."""
    return [version for version in PYTHON_OF if version != own_blender()]


def matrix(backend_python: Path, versions: Sequence[str], arguments: Sequence[str] = ()) -> int:
    """Runs the tests marked `versions` in each of these; 0 when none failed.

    While one version is tested, the environment of the next is made.
    """
    found = {version: pythons.find(PYTHON_OF[version]) for version in versions}
    for version in (version for version, python in found.items() if python is None):
        say(f"Blender {version} is left out: it needs Python {_dotted(version)}, which this machine does not have.")
    had = {version: python for version, python in found.items() if python is not None}
    outcome = {}
    ahead = ThreadPoolExecutor(1)
    try:
        made = {version: ahead.submit(ensure, blender_environment(version, python)) for version, python in had.items()}
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
    for version, words in outcome.items():
        say(f"Blender {version}: {words}")
    if not outcome:
        say("There is no version of Blender to test in.")
    return int(any("FAILED" in words for words in outcome.values()))


def _test(backend_python: Path, blender_python: Path, arguments: Sequence[str]) -> bool:
    status = run_tests(backend_python, ["-m", "versions", "-q", *arguments], {"BLENDER_PYTHON": str(blender_python)})
    if status < 0 or status == INTERRUPTED:
        raise KeyboardInterrupt  # the person meant all of them
    return status == 0


def _dotted(version: str) -> str:
    return ".".join(str(part) for part in PYTHON_OF[version])
