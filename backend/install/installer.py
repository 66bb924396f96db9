"""Makes the backend's environment: `python -m backend.install.installer --root DIR ...`, run by any Python that has `venv`.

Standard library only, and every import is its own, as it runs before anything is installed. What happens::

    <root>/staging/    the new environment; kept when the installation is interrupted, and gone on with next time
    <root>/env/        the environment in use: staging, renamed once it is complete and was seen to work
    <root>/env/complete.json    what it was made from; without it the environment does not count
    <root>/pip.log     everything that pip (or uv) said
    <root>/lock        held while an installation runs

Standard output is one JSON object a line: {"phase", "message", "fraction"}; the last one has the phase "done" or "error".
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import JobError
from ..jobs.files import write_atomic
from ..jobs.lock import FolderLock
from . import lockfiles, torch_builds

PROBE = "import torch, diffusers, transformers, trimesh"


class InstallFailed(Exception):
    """The message is one sentence for a person."""


def tell(phase: str, message: str = "", fraction: float | None = None) -> None:
    print(json.dumps({"phase": phase, "message": message, "fraction": fraction}), flush=True)


def environment_python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(root: Path, locks: Path, wheels: Path | None, probe: str, wanted: str) -> Path:
    """The Python of the finished environment, made from the lists in the folder `locks` (see `locked`).

    Raises:
        InstallFailed: what went wrong and what to do.
    """
    root.mkdir(parents=True, exist_ok=True)
    lock = FolderLock(root / "lock")
    if not lock.acquire():
        raise InstallFailed("Another installation is under way in this folder: wait for it, or cancel it there.")
    try:
        staging, final, old = root / "staging", root / "env", root / "old"
        machine = torch_builds.here()
        build = torch_builds.chosen(wanted, wheels, machine)
        steps = lockfiles.steps(locks, build, machine)
        made_for = lockfiles.identity(steps)
        _stage(staging, made_for)
        _fill(staging, steps, wheels, root / "pip.log")
        tell("checking", "Seeing whether it works", 0.95)
        _probe(environment_python(staging), probe, steps[-1].instead)
        facts = {"requirements": made_for, "python": sys.version.split()[0], "build": build, "torch": steps[-1].torch}
        (staging / "complete.json").write_text(json.dumps(facts) + "\n", encoding="utf-8")
        shutil.rmtree(old, ignore_errors=True)
        if final.exists():
            os.replace(final, old)
        os.replace(staging, final)
        shutil.rmtree(old, ignore_errors=True)
        return environment_python(final)
    finally:
        lock.release()


def _stage(staging: Path, wanted: str) -> None:
    """An environment to fill: that of an interrupted installation of the same lists, or a new one."""
    mark = staging / "made-for"
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted and environment_python(staging).exists():
        tell("environment", "Going on where it was interrupted", 0.05)
        return
    tell("environment", "Making an environment", 0.0)
    shutil.rmtree(staging, ignore_errors=True)
    uv = shutil.which("uv")
    command = [uv, "venv", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
    _run([*command, str(staging)], "The environment cannot be made")
    write_atomic(mark, wanted)


def _fill(staging: Path, steps: Sequence[lockfiles.Step], wheels: Path | None, log: Path) -> None:
    """Installs what the lists name, telling how far it is by the packages that the installer names."""
    python, uv = environment_python(staging), shutil.which("uv")
    command = (
        [uv, "pip", "install", "--python", str(python)]
        if uv
        else [str(python), "-m", "pip", "install", "--no-input", "--progress-bar=off", "--disable-pip-version-check"]
    )
    log.write_bytes(b"")
    before, total = 0, max(1, sum(step.count for step in steps))
    for step in steps:
        words = [*command, *lockfiles.arguments(step, wheels)]
        _follow(words, log, step, wheels, 0.1 + 0.7 * before / total, 0.7 / total)
        before += step.count


def _follow(
    command: Sequence[str], log: Path, step: lockfiles.Step, wheels: Path | None, begun: float, each: float
) -> None:
    """Runs the installer for one list, which begins when all is done to the fraction `begun`; `each` package adds to it."""
    seen, said = 0, ""
    with open(log, "a", encoding="utf-8") as record:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=lockfiles.environment(step),
        )
        assert child.stdout is not None
        for line in child.stdout:
            record.write(line)
            record.flush()
            said += line
            seen += line.startswith(("Collecting", "Processing", "Requirement already satisfied"))
            if line.lstrip().startswith(("Collecting", "Processing", "Downloading", "Installing")):
                tell("packages", " ".join(line.split(" (from ")[0].split())[:80], begun + each * min(seen, step.count))
        if not child.wait():
            return
    raise InstallFailed(lockfiles.failure(step, said, wheels, log))


def _probe(python: Path, statement: str, instead: str) -> None:
    done = subprocess.run([str(python), "-c", statement], capture_output=True, text=True, errors="replace")
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise InstallFailed(f"The environment is complete and does not work ({last[:200]}): repair it{instead}.")


def _run(command: Sequence[str], complaint: str) -> None:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    except OSError as error:
        raise InstallFailed(f"{complaint} ({error.strerror or error}): choose another Python.") from error
    if done.returncode:
        last = ((done.stderr or done.stdout).strip().splitlines() or ["no reason given"])[-1]
        raise InstallFailed(f"{complaint} ({last[:200]}): choose another Python.")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="backend.install.installer", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, required=True, help="the folder that gets env/")
    parser.add_argument(
        "--locks", type=Path, required=True, help="the folder of the lists of packages and their hashes"
    )
    parser.add_argument("--wheels", type=Path, help="a folder of wheels: nothing is downloaded then")
    parser.add_argument(
        "--build",
        default=torch_builds.AUTOMATIC,
        help="of PyTorch: cpu, cuda, rocm, metal; what fits the machine otherwise",
    )
    parser.add_argument("--probe", default=PROBE, help="a statement that works in a complete environment")
    options: Any = parser.parse_args(arguments)
    try:
        python = install(options.root, options.locks, options.wheels, options.probe, options.build)
    except (InstallFailed, JobError) as failure:
        tell("error", str(failure))
        return 1
    except OSError as error:
        tell("error", f"{error.filename or options.root} cannot be written ({error.strerror}): choose another folder.")
        return 1
    tell("done", str(python), 1.0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
