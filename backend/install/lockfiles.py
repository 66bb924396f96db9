"""The lists of what is installed: every package by its version and by the hashes of its files, so that nothing else ever
comes, whatever an index, a mirror or a folder holds. `python build.py lock` makes them.

    backend.lock     everything but PyTorch
    torch.lock       PyTorch from the Python package index, with the NVIDIA libraries that this build asks for on Linux
    torch-cpu.lock   PyTorch's own build for Linux without a graphics card
    torch-cuda.lock  PyTorch's own build for NVIDIA's cards on Windows
    torch-rocm.lock  PyTorch's own build for AMD's cards on Linux

The last three say in a line "# From" which of PyTorch's indices has them. A list of theirs may have no hashes, as that index
does not always tell them: then its files come from there and from nowhere else, and the person is told before.

Standard library only, and every import is its own, as it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .torch_builds import CPU, CUDA, ROCM, Machine

BACKEND, TORCH = "backend.lock", "torch.lock"
TORCH_CPU, TORCH_CUDA, TORCH_ROCM = "torch-cpu.lock", "torch-cuda.lock", "torch-rocm.lock"
NAMES = {CUDA: "NVIDIA's cards (CUDA)", ROCM: "AMD's cards (ROCm)"}
# Which system has a list of its own for which build; every other comes from the Python package index.
_OWN = {("linux", CPU): TORCH_CPU, ("linux", ROCM): TORCH_ROCM, ("win32", CUDA): TORCH_CUDA}


@dataclass(frozen=True)
class Step:
    """One call of the installer. PyTorch has its own, so that its index is never asked for anything else."""

    lock: Path
    build: str = ""  # of PyTorch

    @property
    def text(self) -> str:
        return self.lock.read_text(encoding="utf-8")

    @property
    def index(self) -> str:
        """Asked beside the usual one, or instead of it for files whose hashes are not known."""
        found = re.search(r"^# From (\S+)$", self.text, re.M)
        return found[1] if found else ""

    @property
    def is_checked(self) -> bool:
        """Whether each file is compared with a hash. A list without hashes is only good with an index of its own."""
        return "--hash=" in self.text or not self.index

    @property
    def source(self) -> str:
        """Where a person finds the tested files."""
        return self.index or "https://pypi.org"

    @property
    def count(self) -> int:
        """How many packages it names; a few may be for other systems."""
        return len(re.findall(r"^[A-Za-z0-9].*?==", self.text, re.M))

    @property
    def torch(self) -> str:
        """The version of PyTorch, with the label of its build where it has one."""
        found = re.search(r"^torch==(\S+)", self.text, re.M)
        return found[1] if found else ""

    @property
    def instead(self) -> str:
        """How a sentence about what failed ends: with the build for processors, where it was one for cards."""
        return ", or set PyTorch Build to CPU Only in the preferences" if self.build in NAMES else ""


def steps(locks: Path, build: str, machine: Machine) -> list[Step]:
    """What to install, in order."""
    return [Step(locks / BACKEND), Step(locks / _OWN.get((machine.system, build), TORCH), build)]


def identity(steps: Sequence[Step]) -> str:
    """Names what an environment is made from: other lists, or another build, ask for another environment."""
    return hashlib.sha256(b"".join(step.lock.read_bytes() for step in steps)).hexdigest()


def arguments(step: Step, wheels: Path | None) -> list[str]:
    """What pip and uv are told, in words that both understand.

    Dependencies are not followed: the lists name all of them, and what they do not name shall not come.
    """
    words = ["--require-hashes"] if step.is_checked else []
    words += ["--no-deps", "--only-binary=:all:", "--requirement", str(step.lock)]
    if wheels is not None:
        words += ["--no-index", "--find-links", str(wheels)]
    elif step.index:
        words += ["--extra-index-url" if step.is_checked else "--index-url", step.index]
    return words


def environment(step: Step) -> dict[str, str]:
    """The variables for pip and uv. Where no hash would tell, this computer's settings name no other index or folder."""
    if step.is_checked:
        return dict(os.environ)
    places = re.compile(r"(PIP|UV)_(DEFAULT_|EXTRA_)?(INDEX|INDEX_URL|FIND_LINKS)$|UV_(CONFIG_FILE|TORCH_BACKEND)$")
    kept = {name: value for name, value in os.environ.items() if not places.match(name)}
    return {**kept, "PIP_CONFIG_FILE": os.devnull, "UV_NO_CONFIG": "1"}


def failure(step: Step, said: str, wheels: Path | None, log: Path) -> str:
    """The sentence for a person about an installer that failed, by what it said."""
    if package := refused(said):
        return refusal(package, step, wheels)
    last = (said.strip().splitlines() or ["no reason given"])[-1].strip()
    if step.build not in NAMES:
        return f"The packages cannot be installed ({last[:200]}): see {log}, then install again."
    what = f"PyTorch for {NAMES[step.build]}"
    # pip's words, and uv's for a version and for a name that no index has.
    missing = re.search(r"distribution found for (\S+)|no versions? of (\S+)|Because (\S+) was not found", said)
    if missing:
        file, place = next(filter(None, missing.groups())), wheels or step.source
        return (
            f"{what} needs {file}, which {place} does not have (see {log}): install again when it does{step.instead}."
        )
    return f"{what} cannot be installed ({last[:200]}): see {log}, then install again{step.instead}."


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
            f"installed: put the one from {step.source} there, then install again{step.instead}."
        )
    return (
        f"The file of {package} that came from the network is not the one that was tested (its hash is another), and nothing "
        "of it was installed: install again, and if it is refused again, look which package index this computer is set to"
        f"{step.instead}."
    )
