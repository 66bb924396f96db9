"""Data-parallel training by periodic weight averaging."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor

INTERVAL_S = 20.0  # seconds between two averagings


@dataclass
class WeightAveraging:
    """Averages the weights of processes on one computer through shared memory. Between averagings they train independently.

    Local SGD (Stich 2019). Averaging the gradients of every step makes all processes wait for the slowest one: with one of two
    cores shared with another program, half of the throughput was lost.
    """

    slots: Tensor  # [processes, values to average], shared
    rank: int
    start: float  # monotonic seconds, equal in all processes
    count: int = 0  # of averagings

    def is_due(self) -> bool:
        """Whether the next averaging is due. Every process takes part in every averaging, however late."""
        return time.monotonic() >= self.start + (self.count + 1) * INTERVAL_S

    def average(self, tensors: list[Tensor]) -> None:
        """Replaces tensors by their means over all processes."""
        self.count += 1
        flat = torch.cat([tensor.detach().flatten() for tensor in tensors])
        self.slots[self.rank].copy_(flat)
        dist.barrier()
        flat.copy_(self.slots.mean(0))
        dist.barrier()  # all processes have read the slots before the next write
        with torch.no_grad():
            for tensor, values in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
                tensor.copy_(values.view_as(tensor))


def broadcast(number: float) -> float:
    """Returns the number of rank 0 in all processes."""
    shared = torch.tensor([number], dtype=torch.float64)
    if dist.is_initialized():
        dist.broadcast(shared, 0)
    return float(shared)
