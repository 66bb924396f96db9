"""Which device a job runs on, and what to say about it. Imports torch when asked."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING

from .errors import UserError

if TYPE_CHECKING:
    import torch

CODE = "device"
_CPU_INSTRUCTIONS = {"bfloat16": ("amx_bf16", "avx512_bf16"), "float16": ("amx_fp16", "avx512_fp16")}


def is_crew() -> bool:
    """Whether torchrun started this process together with others."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


def resolve_device(name: str) -> torch.device:
    """The device called `auto` (the best there is), `cpu`, `cuda`, `cuda:1` or `mps`.

    Raises:
        UserError: torch does not know the name, or the machine has no such device.
    """
    import torch

    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda", torch.cuda.current_device())
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        device = torch.device("meta")
    if device.type not in ("cpu", "cuda", "mps"):
        raise UserError(f"There is no device '{name}': say auto, cpu, cuda, cuda:1 or mps.", code=CODE)
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise UserError("The device mps is not available to torch on this machine: choose auto or cpu.", code=CODE)
    if device.type == "cuda":
        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if not count:
            raise UserError(
                f"torch {torch.__version__} finds no CUDA device on this machine: choose auto or cpu.", code=CODE
            )
        if (device.index or 0) >= count:
            raise UserError(f"There is no device '{name}': torch finds cuda:0 to cuda:{count - 1}.", code=CODE)
    return device


def device_words(device: torch.device) -> str:
    """`cuda:0 (NVIDIA H200)`, `cpu (16 cores)`."""
    import torch

    if device.type == "cuda":
        return f"{device} ({torch.cuda.get_device_name(device)})"
    if device.type == "mps":
        return f"mps ({platform.machine()})"
    return f"cpu ({usable_cores()} cores)"


def native_dtypes(device: torch.device) -> tuple[torch.dtype, ...]:
    """The formats that the device has instructions for. Others are imitated, many times slower, or refused by torch."""
    import torch

    found = [torch.float32]
    if device.type == "cuda":
        # Since torch 2.4 the plain question is also answered yes where bfloat16 is imitated, as before the Ampere cards.
        has_bfloat16 = torch.cuda.is_bf16_supported(including_emulation=False)
        found += [torch.float16] + [torch.bfloat16] * has_bfloat16
    elif device.type == "mps":
        found += [torch.float16] + [torch.bfloat16] * torch.backends.mps.is_macos_or_newer(14, 0)
    elif device.type == "cpu":
        able = torch.cpu.get_capabilities()
        for dtype, names in _CPU_INSTRUCTIONS.items():
            found += [getattr(torch, dtype)] * any(able.get(name) for name in names)
    return tuple(found)


def usable_cores() -> int:
    """Cores that this process may use: fewer than the machine has, inside a container or a batch job."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        return os.cpu_count() or 1
