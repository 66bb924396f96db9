"""The peak of the memory: of the device on CUDA, elsewhere of this process."""

from __future__ import annotations

import torch

from backend.guidance.fit import CONTEXT
from backend.worker import peak_memory


class Peak:
    """Counts on a CPU what the process needs beyond the present."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._is_cuda = device.type == "cuda"
        self.restart()
        self._before = 0 if self._is_cuda else peak_memory.peak_bytes()

    def restart(self) -> None:
        """Begins a new peak."""
        if self._is_cuda:
            torch.cuda.reset_peak_memory_stats(self._device)
        else:
            peak_memory.restart()

    def take(self) -> dict[str, int]:
        """Bytes at the peak.

        needed: as estimates count them: on CUDA the tensors and what the libraries need. reserved: on CUDA only, by the
        allocator, which keeps what it has freed.
        """
        if not self._is_cuda:
            return {"needed": max(0, peak_memory.peak_bytes() - self._before)}
        needed = torch.cuda.max_memory_allocated(self._device) + int(CONTEXT)
        return {"needed": needed, "reserved": torch.cuda.max_memory_reserved(self._device) + int(CONTEXT)}
