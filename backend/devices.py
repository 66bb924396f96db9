"""The device that a job runs on. Functions import torch late, because the command line needs only some of them."""

from __future__ import annotations

import gc
import os
import platform
from typing import TYPE_CHECKING

from .errors import UserError

if TYPE_CHECKING:
    import torch

CODE = "device"
_most_cores = 0  # that this process may use; 0: all
_CPU_INSTRUCTIONS = {"bfloat16": ("amx_bf16", "avx512_bf16"), "float16": ("amx_fp16", "avx512_fp16")}


def is_distributed() -> bool:
    """Whether torchrun started this process as one of several."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


def resolve_device(name: str) -> torch.device:
    """Returns the device for a name: `auto` (the best available), `cpu`, `cuda`, `cuda:1` or `mps`.

    Raises:
        UserError: the name is invalid, or the device is not available (code "device").
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
        raise UserError(f"There is no device '{name}'. Choose auto, cpu, cuda, cuda:1 or mps.", code=CODE)
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise UserError("The device mps is not available on this machine. Choose auto or cpu.", code=CODE)
    if device.type == "cuda":
        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if not count:
            raise UserError(f"PyTorch {torch.__version__} finds no CUDA device. Choose auto or cpu.", code=CODE)
        if (device.index or 0) >= count:
            raise UserError(f"There is no device '{name}'. Choose cuda:0 to cuda:{count - 1}.", code=CODE)
    return device


def free_bytes(device: torch.device) -> int:
    """Returns the bytes that are free on the device."""
    import torch

    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    if device.type == "mps":
        return int(torch.mps.recommended_max_memory() - torch.mps.driver_allocated_memory())
    import psutil

    return int(psutil.virtual_memory().available)


def free_memory() -> None:
    """Releases unreferenced memory, on the GPU as well."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def describe_device(device: torch.device) -> str:
    """Returns a text such as `cuda:0 (NVIDIA H200)` or `cpu (16 cores)`."""
    import torch

    if device.type == "cuda":
        return f"{device} ({torch.cuda.get_device_name(device)})"
    if device.type == "mps":
        return f"mps ({platform.machine()})"
    return f"cpu ({usable_cores()} cores)"


def native_dtypes(device: torch.device) -> tuple[torch.dtype, ...]:
    """Returns the floating-point types that the device supports in hardware.

    Torch emulates others many times slower, or refuses them.
    """
    import torch

    found = [torch.float32]
    if device.type == "cuda":
        # Since torch 2.4 the default is to count emulated bfloat16 as supported, as on GPUs before Ampere.
        has_bfloat16 = torch.cuda.is_bf16_supported(including_emulation=False)
        found += [torch.float16] + [torch.bfloat16] * has_bfloat16
    elif device.type == "mps":
        found += [torch.float16] + [torch.bfloat16] * torch.backends.mps.is_macos_or_newer(14, 0)
    elif device.type == "cpu":
        capabilities = torch.cpu.get_capabilities()
        for dtype, names in _CPU_INSTRUCTIONS.items():
            found += [getattr(torch, dtype)] * any(capabilities.get(name) for name in names)
    return tuple(found)


def limit_cores(count: int) -> None:
    """Limits `usable_cores` in this process, because other workers run on the same computer."""
    global _most_cores
    _most_cores = count


def usable_cores() -> int:
    """Returns the number of cores available to this process, which a container or a batch job may limit."""
    try:
        count = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        count = os.cpu_count() or 1
    return min(count, _most_cores or count)
