"""`build.py lock`: from requirements/backend.txt, the lists of packages with the hash of every file that may be installed.

uv finds out what is needed and which files there are; what no machine that the backend runs on could use is left out. Run
by the backend's Python, which has uv and packaging. What the lists are for: backend/locks.py.
"""

from __future__ import annotations

import functools
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags, mac_platforms
from packaging.utils import canonicalize_name, parse_wheel_filename

from backend.install import lockfiles

from .common import REPO, Failed, clean_environment, last_lines, say

PYTHONS = (11, 13)
# No ready-made package exists: on Linux with an ARM processor the backend runs in a Python that its user has made.
GAPS = {("xatlas", "aarch64"), ("pymcubes", "aarch64")}
# PyTorch's own indices: the list, the index, what it names there, and for which machines. Which indices a version of
# PyTorch is in is told at https://pytorch.org/get-started/locally/: 2.13 has cu126, cu129, cu130, cu132, rocm7.1, rocm7.2.
# That for NVIDIA is the CUDA of the build on the Python package index. What torch itself needs beside is named as well.
OWN = "https://download.pytorch.org/whl"
OWN_LISTS = (
    (lockfiles.TORCH_CPU, f"{OWN}/cpu", ("torch=={torch}+cpu",), ("linux", "x86_64 aarch64")),
    (lockfiles.TORCH_CUDA, f"{OWN}/cu130", ("torch=={torch}+cu130",), ("win32", "AMD64")),
    (lockfiles.TORCH_ROCM, f"{OWN}/rocm7.2", ("torch=={torch}+rocm7.2", "triton-rocm==3.7.1"), ("linux", "x86_64")),
)
HEAD = """# Made by `python build.py lock` from backend.txt: not to be edited. Each file that may be installed is named above its
# package, in the order of the hashes.
"""


@dataclass(frozen=True)
class Machine:
    """A kind of machine and a Python that the lists are for."""

    minor: int
    system: str  # as in sys.platform
    processor: str  # as in platform.machine()
    platforms: tuple[str, ...]  # of wheels, best first

    def environment(self) -> dict[str, str]:
        """What the markers of requirements are asked of."""
        names = {"linux": ("Linux", "posix"), "darwin": ("Darwin", "posix"), "win32": ("Windows", "nt")}
        return {
            "python_version": f"3.{self.minor}",
            "python_full_version": f"3.{self.minor}.7",
            "sys_platform": self.system,
            "platform_machine": self.processor,
            "platform_system": names[self.system][0],
            "os_name": names[self.system][1],
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "extra": "",
        }

    def takes(self, marker: Marker | None) -> bool:
        return marker is None or marker.evaluate(self.environment())

    def runs(self, file: str) -> bool:
        """Whether the wheel of this name can be installed here."""
        return not _tags(self.minor, self.platforms).isdisjoint(parse_wheel_filename(file)[3])


@functools.cache
def _tags(minor: int, platforms: tuple[str, ...]) -> frozenset[Tag]:
    """What names of wheels end in that this Python can install."""
    version, own = (3, minor), f"cp3{minor}"
    return frozenset((*cpython_tags(version, [own], platforms), *compatible_tags(version, own, platforms)))


def _linux(processor: str) -> tuple[str, ...]:
    old = ("manylinux2014", "manylinux2010", "manylinux1")
    return tuple(f"{name}_{processor}" for name in (*(f"manylinux_2_{minor}" for minor in range(5, 40)), *old))


MACHINES = [
    Machine(minor, system, processor, platforms)
    for minor in PYTHONS
    for system, processor, platforms in (
        ("linux", "x86_64", _linux("x86_64")),
        ("linux", "aarch64", _linux("aarch64")),
        ("darwin", "arm64", tuple(mac_platforms((15, 0), "arm64"))),
        ("win32", "AMD64", ("win_amd64",)),
    )
]


@dataclass(frozen=True)
class Package:
    """One package of a list: its files, and their hashes in the same order."""

    name: str
    version: str
    marker: Marker | None
    files: tuple[str, ...]
    hashes: tuple[str, ...]

    def text(self) -> str:
        marker = f" ; {self.marker}" if self.marker else ""
        lines = [f"{self.name}=={self.version}{marker}", *(f"    --hash=sha256:{digest}" for digest in self.hashes)]
        return "".join(f"# {file}\n" for file in self.files) + " \\\n".join(lines) + "\n"


def pins(text: str) -> dict[str, Requirement]:
    """The requirements of a list by their names, in backend.txt as in a lock."""
    lines = (re.split(r"\s\\|#", line)[0].strip() for line in text.splitlines() if line[:1].strip())
    return {canonicalize_name(found.name): found for found in map(Requirement, filter(None, lines))}


def read(text: str) -> dict[str, Package]:
    """The packages of a lock by their names."""
    found: dict[str, Package] = {}
    for block in re.findall(r"(?:^# \S+\.whl\n)+^\S.*\n(?:    --hash.*\n)+", text, re.M):
        ((name, pin),) = pins(block).items()
        (version,) = (one.version for one in pin.specifier)
        files, hashes = re.findall(r"^# (\S+)$", block, re.M), re.findall(r"sha256:([0-9a-f]{64})\b", block)
        found[name] = Package(name, version, pin.marker, tuple(files), tuple(hashes))
    return found


def lacking(packages: Iterable[Package], machines: Sequence[Machine]) -> list[str]:
    """What cannot be installed where it is needed."""
    return [
        f"{package.name} {package.version} on {machine.system} {machine.processor}, Python 3.{machine.minor}"
        for package in packages
        for machine in machines
        if machine.takes(package.marker) and not any(map(machine.runs, package.files))
        if (package.name, machine.processor) not in GAPS
    ]


def parsed(pylock: dict[str, object], machines: Sequence[Machine]) -> list[Package]:
    """The packages of uv's answer that one of the machines takes, with the files that one of them can use."""
    found = []
    entries = pylock["packages"]
    assert isinstance(entries, list)
    for entry in entries:
        marker = Marker(entry["marker"]) if "marker" in entry else None
        takers = [machine for machine in machines if machine.takes(marker)]
        files = {
            entry_file.get("name") or unquote(entry_file["url"].rsplit("/", 1)[1]): entry_file["hashes"]["sha256"]
            for entry_file in entry.get("wheels", [])
        }
        kept = sorted(file for file in files if any(machine.runs(file) for machine in takers))
        if takers:
            hashes = tuple(files[file] for file in kept)
            found.append(Package(canonicalize_name(entry["name"]), entry["version"], marker, tuple(kept), hashes))
    return sorted(found, key=lambda package: package.name)


def resolved(requirements: str, *options: str) -> dict[str, object]:
    """uv's answer to what these requirements need, on every system.

    Raises:
        Failed: there is no answer.
    """
    command = [Path(sys.executable).with_name("uv"), "pip", "compile", "--universal", "--python-version", "3.11"]
    command += ["--only-binary", ":all:", "--format", "pylock.toml", "--no-progress", "--quiet", *options, "-"]
    with tempfile.TemporaryDirectory(prefix="dreamfusion-lock-") as folder:
        done = subprocess.run(
            [*map(str, command), "--output-file", f"{folder}/pylock.toml"],
            input=requirements,
            env=clean_environment(),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise Failed(f"uv cannot find out what is needed:\n{last_lines(done.stderr)}")
        return tomllib.loads((Path(folder) / "pylock.toml").read_text(encoding="utf-8"))


def list_text(packages: Iterable[Package], index: str = "") -> str:
    """A list, with the index of PyTorch's that has the files."""
    return HEAD + (f"# From {index}\n" if index else "") + "".join("\n" + package.text() for package in packages)


def write(file: Path, packages: Sequence[Package], machines: Sequence[Machine], index: str = "") -> None:
    """
    Raises:
        Failed: a machine would be left without a package.
    """
    if missing := lacking(packages, machines):
        raise Failed("There is no ready-made file of " + "; ".join(missing) + ": pin another version in backend.txt.")
    temporary = file.with_suffix(".tmp")
    temporary.write_text(list_text(packages, index), encoding="utf-8", newline="\n")
    os.replace(temporary, file)
    say(f"{file.relative_to(REPO)}: {len(packages)} packages, {sum(len(package.files) for package in packages)} files")


def main() -> int:
    folder = REPO / "requirements"
    wanted = (folder / "backend.txt").read_text(encoding="utf-8")
    named = pins(wanted)
    packages = parsed(resolved(wanted), MACHINES)
    # What is not in backend.txt comes with one build of PyTorch alone.
    torch = [package for package in packages if package.name == "torch" or package.name not in named]
    write(folder / lockfiles.BACKEND, [package for package in packages if package not in torch], MACHINES)
    write(folder / lockfiles.TORCH, torch, MACHINES)
    for name, index, needs, (system, processors) in OWN_LISTS:
        own = [machine for machine in MACHINES if machine.system == system and machine.processor in processors.split()]
        wants = "\n".join(needs).format(torch=str(named["torch"].specifier)[2:])
        say(f"{index}: files whose hash it does not tell are fetched, gigabytes perhaps.")
        try:
            write(folder / name, parsed(resolved(wants, "--no-deps", "--default-index", index), own), own, index)
        except Failed as failure:
            # That index is not to be had everywhere; what is known of these very versions stays true.
            if pins((folder / name).read_text(encoding="utf-8")) != pins(wants):
                raise
            say(f"requirements/{name} stays as it is: {index} gives no answer.\n{failure}")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failed as failure:
        print(failure, file=sys.stderr)
        sys.exit(1)
