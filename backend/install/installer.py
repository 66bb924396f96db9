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
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..jobs import variables
from ..jobs.exit_codes import DONE, FAILED
from ..jobs.files import write_atomic
from ..jobs.launch import BACKEND_ROOT
from ..jobs.lock import FolderLock
from . import causes, lockfiles, python_download, pythons, tool, torch_builds

# Free space for an environment, with its downloads; the wheels of an offline folder are only unpacked.
ROOM_GB = {torch_builds.CPU: 3.0, torch_builds.METAL: 3.0, torch_builds.CUDA: 10.0, torch_builds.ROCM: 30.0}
UNPACKED = 4
PROBE = "import torch, diffusers, transformers, trimesh"
PREPARE = f"{__package__.rpartition('.')[0]}.guidance.builtin.conversion"


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
        _check_room(root, build, wheels)
        version = _stage(staging, made_for, _find_python(root, locks, wheels, preferred, log), log)
        _fill(staging, steps, wheels, log)
        report("checking", "Checking the environment", 0.95)
        _check(environment_python(staging), probe, steps[-1].alternative, log)
        facts = {"requirements": made_for, "python": version, "build": build, "torch": steps[-1].torch}
        (staging / "complete.json").write_text(json.dumps(facts) + "\n", encoding="utf-8")
        shutil.rmtree(old, ignore_errors=True)
        if final.exists():
            os.replace(final, old)
        os.replace(staging, final)
        shutil.rmtree(old, ignore_errors=True)
        python = environment_python(final)
        if re.search(r"^openvino==", steps[0].text, re.MULTILINE):
            report("model", "Preparing the built-in model", 0.98)
            # If this fails, the first job does it.
            tool.run([str(python), "-m", PREPARE], log, variables.for_child(), cwd=BACKEND_ROOT)
        return python
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


def _stage(staging: Path, made_for: str, choice: pythons.Choice, log: Path) -> str:
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
    _create_environment([*command, str(staging)], python, log)
    write_atomic(mark, made_for)
    return version


def _fill(staging: Path, steps: Sequence[lockfiles.Step], wheels: Path | None, log: Path) -> None:
    """Installs the packages of the lock files, with progress from the output of pip or uv."""
    python, uv = environment_python(staging), shutil.which("uv")
    command = [uv, "pip", "install", "--python", str(python)] if uv else [*tool.pip_install(python), "--no-user"]
    done, total = 0, max(1, sum(step.count for step in steps))
    for step in steps:
        arguments = lockfiles.arguments(step, wheels)
        _install([*command, *arguments], log, step, wheels, 0.1 + 0.7 * done / total, 0.7 / total)
        done += step.count


def _install(
    command: Sequence[str], log: Path, step: lockfiles.Step, wheels: Path | None, start: float, per_package: float
) -> None:
    """Runs pip or uv for one lock file. Progress begins at the fraction `start`."""
    seen = 0

    def show(line: str) -> None:
        nonlocal seen
        seen += line.startswith(("Collecting", "Processing", "Requirement already satisfied"))
        if line.lstrip().startswith(("Collecting", "Processing", "Downloading", "Installing")):
            text = " ".join(line.split(" (from ")[0].split())[:80]
            report("packages", text, start + per_package * min(seen, step.count))

    status, output = tool.run(command, log, lockfiles.environment(step), show)
    if status:
        raise UserError(lockfiles.explain_failure(step, status, output, wheels, log))


def _check_room(root: Path, build: str, wheels: Path | None) -> None:
    """Raises UserError if the disk is too small, before anything is downloaded."""
    unpacked = (
        UNPACKED * sum(file.stat().st_size for file in wheels.glob("*.whl")) if wheels else ROOM_GB[build] * causes.GB
    )
    staged = sum(file.lstat().st_size for file in (root / "staging").rglob("*") if not file.is_dir())
    needed, free = unpacked - staged, causes.free_bytes(root)
    if free < needed:
        raise UserError(
            f"The installation needs {needed / causes.GB:.1f} GB, but only {free / causes.GB:.1f} GB are free on the disk of "
            f"{root}. Free up space, then install again."
        )


def _check(python: Path, statement: str, alternative: str, log: Path) -> None:
    status, output = tool.run([str(python), "-c", statement], log, variables.for_child())
    if not status:
        return
    cause, last = causes.find(status, output), (output.strip().splitlines() or ["no reason given"])[-1][:200]
    if cause and cause.id in ("memory", "disk"):
        raise UserError(f"{causes.explain(cause, output, log.parent)}, then install again.")
    if status < 0:
        last = f"it crashed, signal {-status}"
    raise UserError(f"The new environment does not work ({last}). Install again{alternative}.")


def _create_environment(command: Sequence[str], python: str, log: Path) -> None:
    try:
        status, output = tool.run(command, log, variables.for_installer())
        reason = causes.last_words(output) if status else ""
    except OSError as error:
        status, output, reason = 1, "", error.strerror or str(error)
    if not reason:
        return
    cause = causes.find(status, output)
    if cause and cause.id in ("memory", "disk", "access"):
        raise UserError(f"{causes.explain(cause, output, log.parent)}, then install again.")
    raise UserError(
        f"Cannot create an environment with {python}: {reason}. "
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
        cause = causes.find(FAILED, str(error))
        if cause and cause.id == "disk":
            report("error", f"{causes.explain(cause, '', options.root)}, then install again.")
            return FAILED
        report("error", f"Cannot write to {error.filename or options.root}: {error.strerror}. Choose another folder.")
        return FAILED
    report("done", str(python), 1.0)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
