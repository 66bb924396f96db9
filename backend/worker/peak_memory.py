"""The peak main memory of this process, or on Linux of another one."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path


def restart() -> None:
    """Starts a new measurement where the system can (Linux): a worker runs several jobs in one process."""
    if sys.platform == "linux":
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_bytes() -> int:
    """The peak memory of this process: on Linux since `restart`, elsewhere since the process started."""
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if sys.platform == "darwin":
        return peak  # bytes, and of this program alone
    # On Linux, `ru_maxrss` includes the peak of the program that started this one, which is Blender.
    return linux_peak_bytes() or peak << 10


def linux_peak_bytes(process: int | str = "self") -> int:
    """The peak memory that Linux records for a process; 0 on other systems, or if the process is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    return next((1024 * int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:")), 0)
