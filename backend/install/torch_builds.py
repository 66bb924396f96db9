"""The builds of PyTorch, and which of them fits a machine: functions of facts, and how the facts are found out.

Standard library only, and every import is its own, as it runs before anything is installed.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

AUTOMATIC = "automatic"
CPU, CUDA, ROCM, METAL = "cpu", "cuda", "rocm", "metal"

# AMD's chips that PyTorch's build has kernels for (gfx900 to gfx1201), as the driver writes them: gfx90a is 9.0.10. Others,
# the small ones inside many processors among them, would take gigabytes and then compute nothing.
AMD_CHIPS = frozenset(
    {90000, 90006, 90008, 90010, 90402, 90500, 100300, 110000, 110001, 110002, 110500, 110501, 120000, 120001}
)


@dataclass(frozen=True)
class Machine:
    """What decides which build fits."""

    system: str  # as in sys.platform
    processor: str  # as in platform.machine(); only Linux has builds that depend on it
    has_nvidia: bool = False
    has_amd: bool = False  # a chip that the build for AMD's cards knows

    @property
    def builds(self) -> tuple[str, ...]:
        """What there is for it."""
        if self.system == "darwin":
            return (METAL,)
        is_amd_possible = self.system == "linux" and self.processor == "x86_64"
        return (CPU, CUDA, ROCM) if is_amd_possible else (CPU, CUDA)


def here() -> Machine:
    """This machine."""
    processor = platform.machine() if sys.platform == "linux" else ""
    nvidia = sees_nvidia(sys.platform, Path(os.environ.get("SYSTEMROOT", r"C:\Windows")))
    amd = sees_amd(Path("/sys/class/kfd/kfd/topology/nodes"), Path("/dev/kfd"))
    return Machine(sys.platform, processor, nvidia, amd)


def sees_nvidia(system: str, windows: Path) -> bool:
    """By the driver's own program; on Windows by its library, too, which is there whatever PATH says."""
    own = (windows / "System32" / name for name in ("nvidia-smi.exe", "nvcuda.dll"))
    return shutil.which("nvidia-smi") is not None or (system == "win32" and any(file.exists() for file in own))


def sees_amd(nodes: Path, device: Path) -> bool:
    """Whether AMD's driver lists a chip that PyTorch knows, and this user may use it."""
    chips = set()
    for file in nodes.glob("*/properties"):
        try:
            chips |= {int(n) for n in re.findall(r"^gfx_target_version (\d+)$", file.read_text("utf-8"), re.M)}
        except OSError:
            continue  # a node that other users alone may read
    return not AMD_CHIPS.isdisjoint(chips) and os.access(device, os.R_OK | os.W_OK)


def chosen(wanted: str, wheels: Path | None, machine: Machine) -> str:
    """The build that is installed from the network, or from a folder of wheels, when this one is wanted."""
    if wheels is not None and wanted == AUTOMATIC:
        return held(wheels, machine)
    return fitting(wanted, machine)


def fitting(wanted: str, machine: Machine) -> str:
    """The build that a person wants, or the one that fits: for a card that is there, for processors otherwise."""
    if wanted in machine.builds:
        return wanted
    cards = ((CUDA, machine.has_nvidia), (ROCM, machine.has_amd)) if wanted == AUTOMATIC else ()
    likely = [build for build, is_there in cards if is_there]
    return next(build for build in (*likely, CPU, METAL) if build in machine.builds)


def held(wheels: Path, machine: Machine) -> str:
    """The build that a folder of packages has: what a person has put there is what is meant."""
    # How PyTorch names those of its own indices; what comes from the Python package index has no such label.
    labels = {CPU: "cpu", ROCM: "rocm", CUDA: "cu[0-9]"} if machine.system == "linux" else {CUDA: "cu[0-9]"}
    for build, label in labels.items():
        if build in machine.builds and any(wheels.glob(f"torch-*+{label}*.whl")):
            return build
    return {"linux": CUDA, "darwin": METAL}.get(machine.system, CPU)
