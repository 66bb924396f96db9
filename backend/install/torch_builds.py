"""The builds of PyTorch, and the choice of one for this machine.

Runs before anything is installed, so it needs the standard library only.
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

# AMD GPUs for which PyTorch's build has kernels (gfx900 to gfx1201), in the driver's notation: gfx90a is 9.0.10. For others,
# such as integrated GPUs, the build would be a download of gigabytes that cannot compute.
AMD_CHIPS = frozenset(
    {90000, 90006, 90008, 90010, 90402, 90500, 100300, 110000, 110001, 110002, 110500, 110501, 120000, 120001}
)


@dataclass(frozen=True)
class Machine:
    """The facts that determine the build."""

    system: str  # as in sys.platform
    processor: str  # as in platform.machine(); only used on Linux
    has_nvidia: bool = False
    has_amd: bool = False  # a GPU that the ROCm build supports

    @property
    def builds(self) -> tuple[str, ...]:
        """The builds available for this system."""
        if self.system == "darwin":
            return (METAL,)
        is_amd_possible = self.system == "linux" and self.processor == "x86_64"
        return (CPU, CUDA, ROCM) if is_amd_possible else (CPU, CUDA)


def detect_machine() -> Machine:
    """Detects the GPUs of this machine by their drivers."""
    processor = platform.machine() if sys.platform == "linux" else ""
    nvidia = has_nvidia_driver(sys.platform, Path(os.environ.get("SYSTEMROOT", r"C:\Windows")))
    amd = has_supported_amd(Path("/sys/class/kfd/kfd/topology/nodes"), Path("/dev/kfd"))
    return Machine(sys.platform, processor, nvidia, amd)


def has_nvidia_driver(system: str, windows: Path) -> bool:
    """Whether the driver's program is installed, or on Windows its library, which does not depend on PATH."""
    own = (windows / "System32" / name for name in ("nvidia-smi.exe", "nvcuda.dll"))
    return shutil.which("nvidia-smi") is not None or (system == "win32" and any(file.exists() for file in own))


def has_supported_amd(nodes: Path, device: Path) -> bool:
    """Whether AMD's driver lists a GPU that PyTorch supports, and the user may access it."""
    chips = set()
    for file in nodes.glob("*/properties"):
        try:
            chips |= {int(n) for n in re.findall(r"^gfx_target_version (\d+)$", file.read_text("utf-8"), re.M)}
        except OSError:
            continue  # not readable for this user
    return not AMD_CHIPS.isdisjoint(chips) and os.access(device, os.R_OK | os.W_OK)


def choose_build(wanted: str, wheels: Path | None, machine: Machine) -> str:
    """Returns the build to install.

    Args:
        wanted: a build, or `AUTOMATIC`.
        wheels: a folder of wheels to install from, or None for the network.
    """
    if wheels is not None and wanted == AUTOMATIC:
        return build_in_folder(wheels, machine)
    return build_for_machine(wanted, machine)


def build_for_machine(wanted: str, machine: Machine) -> str:
    """Returns the wanted build if available, or else the one for the detected GPU, or else the CPU build."""
    if wanted in machine.builds:
        return wanted
    gpus = ((CUDA, machine.has_nvidia), (ROCM, machine.has_amd)) if wanted == AUTOMATIC else ()
    detected = [build for build, is_present in gpus if is_present]
    return next(build for build in (*detected, CPU, METAL) if build in machine.builds)


def build_in_folder(wheels: Path, machine: Machine) -> str:
    """Returns the build that a folder of wheels contains."""
    # The version labels of wheels from PyTorch's index. Wheels from PyPI have none.
    labels = {CPU: "cpu", ROCM: "rocm", CUDA: "cu[0-9]"} if machine.system == "linux" else {CUDA: "cu[0-9]"}
    for build, label in labels.items():
        if build in machine.builds and any(wheels.glob(f"torch-*+{label}*.whl")):
            return build
    return {"linux": CUDA, "darwin": METAL}.get(machine.system, CPU)
