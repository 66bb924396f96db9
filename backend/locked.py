"""The lists of what is installed: every package by its version and by the hashes of its files, so that nothing else ever
comes, whatever an index, a mirror or a folder holds. `python build.py lock` makes them.

    backend.lock    everything but PyTorch
    torch.lock      PyTorch from the Python package index, with the NVIDIA libraries that this build asks for on Linux
    torch-cpu.lock  PyTorch's own build for Linux without a graphics card, from its own index

Standard library only, and every import is its own, as it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

BACKEND, TORCH, TORCH_CPU = "backend.lock", "torch.lock", "torch-cpu.lock"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"


@dataclass(frozen=True)
class Step:
    """One call of the installer. PyTorch has its own, so that its index is never asked for anything else."""

    lock: Path
    index: str = ""  # asked beside the usual one

    @property
    def source(self) -> str:
        """Where a person finds the tested files."""
        return self.index or "https://pypi.org"

    @property
    def count(self) -> int:
        """How many packages it names; a few may be for other systems."""
        return len(re.findall(r"^[A-Za-z0-9].*?==", self.lock.read_text(encoding="utf-8"), re.M))


def identity(locks: Path) -> str:
    """Names what an environment is made from: other lists ask for another environment."""
    return hashlib.sha256(b"".join((locks / name).read_bytes() for name in (BACKEND, TORCH, TORCH_CPU))).hexdigest()


def steps(locks: Path, wheels: Path | None) -> list[Step]:
    """What to install, in order, from the network or from the folder `wheels`."""
    cpu = needs_cpu_build() if wheels is None else holds_cpu_build(wheels)
    return [Step(locks / BACKEND), Step(locks / TORCH_CPU, CPU_INDEX) if cpu else Step(locks / TORCH)]


def needs_cpu_build() -> bool:
    """Whether the usual build of torch would be the wrong one: on Linux without an NVIDIA card it brings gigabytes of CUDA."""
    return sys.platform.startswith("linux") and shutil.which("nvidia-smi") is None


def holds_cpu_build(wheels: Path) -> bool:
    """Whether a folder has the build for Linux without a graphics card: then that is the one to take."""
    return sys.platform.startswith("linux") and any(wheels.glob("torch-*+cpu-*.whl"))


def arguments(step: Step, wheels: Path | None) -> list[str]:
    """What pip and uv are told, in words that both understand.

    Dependencies are not followed: the lists name all of them, and what they do not name shall not come.
    """
    words = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--requirement", str(step.lock)]
    if wheels is not None:
        words += ["--no-index", "--find-links", str(wheels)]
    elif step.index:
        words += ["--extra-index-url", step.index]
    return words


def refused(said: str) -> str:
    """The package whose file has another hash than the list's, by what pip or uv said; empty when that was not it."""
    by_pip = re.search(r"DO NOT MATCH THE HASHES.*?^\s+([\w.-]+)==", said, re.M | re.S)
    by_uv = re.search(r"Hash mismatch for `([\w.-]+)", said)
    found = by_pip or by_uv
    return found[1] if found else ""


def refusal(package: str, step: Step, wheels: Path | None) -> str:
    """The sentence for a person about a file that was refused."""
    if wheels is not None:
        return (
            f"The file of {package} in {wheels} is not the one that was tested (its hash is another), and nothing of it was "
            f"installed: put the one from {step.source} there, then install again."
        )
    return (
        f"The file of {package} that came from the network is not the one that was tested (its hash is another), and nothing "
        "of it was installed: install again, and if it is refused again, look which package index this computer is set to."
    )
