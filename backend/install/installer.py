"""Creates the backend's environment: `python -m backend.install.installer --root DIR ...`, with any Python that has `venv`.

Runs before anything is installed, so it needs the standard library only. Files::

    <root>/staging/    the new environment; an interrupted installation continues with it
    <root>/env/        the environment in use: `staging`, renamed once it is complete and passed a check
    <root>/env/complete.json    what the environment was made from; without this file it is ignored
    <root>/pip.log     the output of pip or uv
    <root>/lock        held during an installation

Standard output is one JSON object per line, {"phase", "message", "fraction"}. The last one has phase "done" or "error".
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

from ..errors import UserError
from ..jobs.exit_codes import DONE, FAILED
from ..jobs.files import write_atomic
from ..jobs.lock import FolderLock
from . import lockfiles, torch_builds

PROBE = "import torch, diffusers, transformers, trimesh"


def report(phase: str, message: str = "", fraction: float | None = None) -> None:
    print(json.dumps({"phase": phase, "message": message, "fraction": fraction}), flush=True)


def environment_python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(root: Path, locks: Path, wheels: Path | None, probe: str, wanted: str) -> Path:
    """Installs the environment. Returns its Python.

    Args:
        locks: the folder of the lock files, see `lockfiles`.
        wheels: a folder of wheels to use instead of the network.
        probe: a statement that must run in the new environment.
        wanted: the build of PyTorch, see `torch_builds`.

    Raises:
        UserError: the installation failed.
    """
    root.mkdir(parents=True, exist_ok=True)
    lock = FolderLock(root / "lock")
    if not lock.acquire():
        raise UserError("Another installation is running in this folder. Wait for it, or cancel it.")
    try:
        staging, final, old = root / "staging", root / "env", root / "old"
        machine = torch_builds.detect_machine()
        build = torch_builds.choose_build(wanted, wheels, machine)
        steps = lockfiles.steps(locks, build, machine)
        made_for = lockfiles.identity(steps)
        _stage(staging, made_for)
        _fill(staging, steps, wheels, root / "pip.log")
        report("checking", "Checking the environment", 0.95)
        _check(environment_python(staging), probe, steps[-1].alternative)
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
    """Reuses the environment of an interrupted installation from the same lock files, or creates a new one."""
    mark = staging / "made-for"
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted and environment_python(staging).exists():
        report("environment", "Resuming the installation", 0.05)
        return
    report("environment", "Creating the environment", 0.0)
    shutil.rmtree(staging, ignore_errors=True)
    uv = shutil.which("uv")
    command = [uv, "venv", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
    _create_environment([*command, str(staging)])
    write_atomic(mark, wanted)


def _fill(staging: Path, steps: Sequence[lockfiles.Step], wheels: Path | None, log: Path) -> None:
    """Installs the packages of the lock files, with progress from the output of pip or uv."""
    python, uv = environment_python(staging), shutil.which("uv")
    command = (
        [uv, "pip", "install", "--python", str(python)]
        if uv
        else [str(python), "-m", "pip", "install", "--no-input", "--progress-bar=off", "--disable-pip-version-check"]
    )
    log.write_bytes(b"")
    done, total = 0, max(1, sum(step.count for step in steps))
    for step in steps:
        arguments = lockfiles.arguments(step, wheels)
        _install([*command, *arguments], log, step, wheels, 0.1 + 0.7 * done / total, 0.7 / total)
        done += step.count


def _install(
    command: Sequence[str], log: Path, step: lockfiles.Step, wheels: Path | None, start: float, per_package: float
) -> None:
    """Runs pip or uv for one lock file. Progress begins at the fraction `start`."""
    seen, output = 0, ""
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
            output += line
            seen += line.startswith(("Collecting", "Processing", "Requirement already satisfied"))
            if line.lstrip().startswith(("Collecting", "Processing", "Downloading", "Installing")):
                report(
                    "packages",
                    " ".join(line.split(" (from ")[0].split())[:80],
                    start + per_package * min(seen, step.count),
                )
        if not child.wait():
            return
    raise UserError(lockfiles.explain_failure(step, output, wheels, log))


def _check(python: Path, statement: str, alternative: str) -> None:
    done = subprocess.run([str(python), "-c", statement], capture_output=True, text=True, errors="replace")
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise UserError(f"The new environment does not work ({last[:200]}). Install again{alternative}.")


def _create_environment(command: Sequence[str]) -> None:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace")
    except OSError as error:
        raise UserError(f"Cannot create an environment: {error.strerror or error}. Choose another Python.") from error
    if done.returncode:
        last = ((done.stderr or done.stdout).strip().splitlines() or ["no reason given"])[-1]
        raise UserError(f"Cannot create an environment: {last[:200]}. Choose another Python.")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="backend.install.installer", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--root", type=Path, required=True, help="folder in which env/ is created")
    parser.add_argument("--locks", type=Path, required=True, help="folder of the lock files")
    parser.add_argument("--wheels", type=Path, help="folder of wheels; nothing is downloaded")
    parser.add_argument(
        "--build",
        default=torch_builds.AUTOMATIC,
        help="build of PyTorch: cpu, cuda, rocm or metal; detected by default",
    )
    parser.add_argument("--probe", default=PROBE, help="statement that checks the finished environment")
    options: Any = parser.parse_args(arguments)
    try:
        python = install(options.root, options.locks, options.wheels, options.probe, options.build)
    except UserError as failure:
        report("error", str(failure))
        return FAILED
    except OSError as error:
        report("error", f"Cannot write to {error.filename or options.root}: {error.strerror}. Choose another folder.")
        return FAILED
    report("done", str(python), 1.0)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
