"""Lock files: every package with its version and the hashes of its files. `python build.py lock` creates them.

    backend.lock     everything except PyTorch
    torch.lock       PyTorch from PyPI; on Linux with the NVIDIA libraries it depends on
    torch-cpu.lock   PyTorch's CPU build for Linux, from PyTorch's index
    torch-cuda.lock  PyTorch's CUDA build for Windows, from PyTorch's index
    torch-rocm.lock  PyTorch's ROCm build for Linux, from PyTorch's index
    batch.lock       Ray, for batches on many machines; installed by hand
    uv.lock          uv, which downloads a Python if a computer has no supported one

In the files for PyTorch's index, a line "# From" names the index. PyTorch's index does not provide all hashes, so a lock file of its
packages may have none. Such packages are downloaded from that index only, and the user is informed beforehand.

Runs before anything is installed, so it needs the standard library only.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..jobs import variables
from . import causes
from .torch_builds import CPU, CUDA, ROCM, Machine

BACKEND, TORCH = "backend.lock", "torch.lock"
TORCH_CPU, TORCH_CUDA, TORCH_ROCM = "torch-cpu.lock", "torch-cuda.lock", "torch-rocm.lock"
UV, BATCH = "uv.lock", "batch.lock"
NAMES = {CUDA: "NVIDIA GPUs (CUDA)", ROCM: "AMD GPUs (ROCm)"}
# Builds from PyTorch's index. All others come from PyPI.
_FROM_PYTORCH = {("linux", CPU): TORCH_CPU, ("linux", ROCM): TORCH_ROCM, ("win32", CUDA): TORCH_CUDA}


@dataclass(frozen=True)
class Step:
    """One run of pip or uv. PyTorch has a separate one, so that its index is used for nothing else."""

    lock: Path
    build: str = ""  # of PyTorch

    @property
    def text(self) -> str:
        return self.lock.read_text(encoding="utf-8")

    @property
    def index(self) -> str:
        """The index of the packages, if not PyPI. It replaces PyPI if the lock file has no hashes."""
        found = re.search(r"^# From (\S+)$", self.text, re.M)
        return found[1] if found else ""

    @property
    def is_checked(self) -> bool:
        """Whether each file is verified by a hash. Only lock files with their own index may have none."""
        return "--hash=" in self.text or not self.index

    @property
    def source(self) -> str:
        """The website of the tested files, for the user."""
        return self.index or "https://pypi.org"

    @property
    def count(self) -> int:
        """The number of packages, a few of which may be for other systems."""
        return len(re.findall(r"^[A-Za-z0-9].*?==", self.text, re.M))

    @property
    def torch(self) -> str:
        """The version of PyTorch, with the label of the build if it has one."""
        found = re.search(r"^torch==(\S+)", self.text, re.M)
        return found[1] if found else ""

    @property
    def alternative(self) -> str:
        """The end of an error message that suggests the CPU build, if this is a GPU build."""
        return ", or set PyTorch Build to CPU Only in the preferences" if self.build in NAMES else ""


def steps(locks: Path, build: str, machine: Machine) -> list[Step]:
    """Returns what to install, in order."""
    return [Step(locks / BACKEND), Step(locks / _FROM_PYTORCH.get((machine.system, build), TORCH), build)]


def identity(steps: Sequence[Step]) -> str:
    """Identifies the lock files of an environment, which is outdated when this changes."""
    return hashlib.sha256(b"".join(step.lock.read_bytes() for step in steps)).hexdigest()


def arguments(step: Step, wheels: Path | None) -> list[str]:
    """Returns arguments for `pip install` and `uv pip install`.

    Dependencies are not resolved: the lock files list all packages, and nothing else may be installed.
    """
    options = ["--require-hashes"] if step.is_checked else []
    options += ["--no-deps", "--only-binary=:all:", "--requirement", str(step.lock)]
    if wheels is not None:
        options += ["--no-index", "--find-links", str(wheels)]
    elif step.index:
        options += ["--extra-index-url" if step.is_checked else "--index-url", step.index]
    return options


def environment(step: Step) -> dict[str, str]:
    """Returns the environment variables for pip and uv, see `variables`.

    Without hashes, the user's pip and uv settings are ignored, because they could add an index or a folder.
    """
    environ = variables.for_installer()
    if step.is_checked:
        return environ
    sources = re.compile(r"(PIP|UV)_(DEFAULT_|EXTRA_)?(INDEX|INDEX_URL|FIND_LINKS)$|UV_(CONFIG_FILE|TORCH_BACKEND)$")
    kept = {name: value for name, value in environ.items() if not sources.match(name)}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1"}


def explain_failure(step: Step, status: int, output: str, wheels: Path | None, log: Path) -> str:
    """Returns the message for a failed run of pip or uv, from its exit status and output."""
    if package := mismatched_package(output):
        return explain_mismatch(package, step, wheels)
    subject = f"PyTorch for {NAMES[step.build]}" if step.build in NAMES else "The backend"
    cause = causes.find(status, output)
    package = causes.missing_package(output)
    if package and cause and cause.id == "missing" and (wheels or step.build in NAMES):
        place = wheels or step.source
        return f"{subject} needs {package}, which is not in {place}. See {log}. Install again later{step.alternative}."
    if cause:
        return f"{causes.explain(cause, output, log.parent)}, then install again. See {log}."
    reason = causes.last_words(output)
    return f"{subject} could not be installed ({reason}). See {log}, then install again{step.alternative}."


def mismatched_package(output: str) -> str:
    """Returns the package whose hash pip or uv rejected, or an empty string."""
    by_pip = re.search(r"DO NOT MATCH THE HASHES.*?^\s+([\w.-]+)==", output, re.M | re.S)
    by_uv = re.search(r"Hash mismatch for `([\w.-]+)", output)
    found = by_pip or by_uv
    return found[1] if found else ""


def explain_mismatch(package: str, step: Step, wheels: Path | None) -> str:
    """Returns the message for a file with the wrong hash."""
    if wheels is not None:
        return (
            f"The file of {package} in {wheels} differs from the tested one (its hash does not match) and was not installed. "
            f"Replace it with the file from {step.source}, then install again{step.alternative}."
        )
    return (
        f"The downloaded file of {package} differs from the tested one (its hash does not match) and was not installed. "
        f"Install again. If this repeats, check which package index pip is configured to use{step.alternative}."
    )
