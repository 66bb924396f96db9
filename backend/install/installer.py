"""Creates the backend's environment: `python -m backend.install.installer --root DIR ...`, with any Python that has `venv`.

Runs before anything is installed, so it needs the standard library only. Files::

    <root>/staging/    the new environment; an interrupted installation continues with it
    <root>/env/        the environment in use: `staging`, renamed once it is complete and passed a check
    <root>/env/complete.json    what the environment was made from; without this file it is ignored
    <root>/python/     a downloaded Python, if no supported one was found
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
from . import lockfiles, python_download, pythons, torch_builds

PROBE = "import torch, diffusers, transformers, trimesh"


def report(phase: str, message: str = "", fraction: float | None = None) -> None:
    print(json.dumps({"phase": phase, "message": message, "fraction": fraction}), flush=True)


def environment_python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def downloaded_pythons(root: Path) -> Path:
    """The folder of Pythons that installations in `root` downloaded."""
    return root / "python"


def install(root: Path, locks: Path, wheels: Path | None, probe: str, wanted: str, preferred: str = "") -> Path:
    """Installs the environment. Returns its Python.

    Args:
        locks: the folder of the lock files, see `lockfiles`.
        wheels: a folder of wheels to use instead of the network.
        probe: a statement that must run in the new environment.
        wanted: the build of PyTorch, see `torch_builds`.
        preferred: the Python to make the environment with; empty to find one, see `pythons`.

    Raises:
        UserError: the installation failed.
    """
    if wheels is not None and not wheels.is_dir():
        raise UserError(
            f"The folder {wheels} does not exist. Choose another one under Offline Packages in the preferences."
        )
    root.mkdir(parents=True, exist_ok=True)
    lock = FolderLock(root / "lock")
    if not lock.acquire():
        raise UserError("Another installation is running in this folder. Wait for it, or cancel it.")
    try:
        staging, final, old = root / "staging", root / "env", root / "old"
        machine = torch_builds.detect_machine()
        build = torch_builds.choose_build(wanted, wheels, machine)
        steps = lockfiles.steps(locks, build, machine)
        made_for, log = lockfiles.identity(steps), root / "pip.log"
        log.write_bytes(b"")
        version = _stage(staging, made_for, _find_python(root, locks, wheels, preferred, log))
        _fill(staging, steps, wheels, log)
        report("checking", "Checking the environment", 0.95)
        _check(environment_python(staging), probe, steps[-1].alternative)
        facts = {"requirements": made_for, "python": version, "build": build, "torch": steps[-1].torch}
        (staging / "complete.json").write_text(json.dumps(facts) + "\n", encoding="utf-8")
        shutil.rmtree(old, ignore_errors=True)
        if final.exists():
            os.replace(final, old)
        os.replace(staging, final)
        shutil.rmtree(old, ignore_errors=True)
        return environment_python(final)
    finally:
        lock.release()


def _find_python(root: Path, locks: Path, wheels: Path | None, preferred: str, log: Path) -> pythons.Choice:
    """A Python for the environment. Downloads one if this computer has none."""
    report("python", "Looking for Python", 0.0)
    folder = downloaded_pythons(root)
    choice = pythons.choose(preferred, wheels, folder)
    if choice.python is not None:
        return choice
    report("python", f"Downloading Python {pythons.dotted(choice.version)}", 0.0)
    return pythons.Choice(choice.version, python_download.fetch(choice.version, folder, locks / lockfiles.UV, log))


def _stage(staging: Path, made_for: str, choice: pythons.Choice) -> str:
    """Reuses the environment of an interrupted installation from the same lock files and Python, or creates a new one.

    Returns:
        The version of its Python.
    """
    version, mark = pythons.dotted(choice.version), staging / "made-for"
    made_for = f"{made_for} {version}"
    if mark.exists() and mark.read_text(encoding="utf-8") == made_for and environment_python(staging).exists():
        report("environment", "Resuming the installation", 0.05)
        return version
    report("environment", "Creating the environment", 0.02)
    shutil.rmtree(staging, ignore_errors=True)
    uv, python = shutil.which("uv"), str(choice.python)
    command = [uv, "venv", "--python", python] if uv else [python, "-m", "venv"]
    _create_environment([*command, str(staging)], python)
    write_atomic(mark, made_for)
    return version


def _fill(staging: Path, steps: Sequence[lockfiles.Step], wheels: Path | None, log: Path) -> None:
    """Installs the packages of the lock files, with progress from the output of pip or uv."""
    python, uv = environment_python(staging), shutil.which("uv")
    command = (
        [uv, "pip", "install", "--python", str(python)]
        if uv
        else [str(python), "-m", "pip", "install", "--no-input", "--progress-bar=off", "--disable-pip-version-check"]
    )
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


def _create_environment(command: Sequence[str], python: str) -> None:
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            env=pythons.clean_environment(),
        )
        reason = (
            ((done.stderr or done.stdout).strip().splitlines() or ["no reason given"])[-1] if done.returncode else ""
        )
    except OSError as error:
        reason = error.strerror or str(error)
    if reason:
        raise UserError(
            f"Cannot create an environment with {python}: {reason[:200]}. "
            f"Choose {pythons.listed(pythons.SUPPORTED)} under {pythons.FIELD} in the preferences."
        )


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
    parser.add_argument("--python", default="", help="the Python to make the environment with; found by default")
    parser.add_argument("--probe", default=PROBE, help="statement that checks the finished environment")
    options: Any = parser.parse_args(arguments)
    try:
        python = install(options.root, options.locks, options.wheels, options.probe, options.build, options.python)
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
