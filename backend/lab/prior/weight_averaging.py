"""How several processes train one model: each by itself, and now and then they average."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor

MEETING_S = 20.0  # seconds from one averaging of the processes' weights to the next


@dataclass
class Meetings:
    """Processes of one machine that train by themselves and now and then average what they have, through shared memory.

    Local SGD (Stich 2019). To average every step's gradients instead let the slower of two processes hold up the other:
    with somebody else at work on one of two cores, half of the pictures a second were lost.
    """

    slots: Tensor  # [processes, numbers to average], shared
    rank: int
    start: float  # monotonic seconds, the same for all
    number: int = 0

    def are_due(self) -> bool:
        """Every process comes to every meeting, however late."""
        return time.monotonic() >= self.start + (self.number + 1) * MEETING_S

    def average(self, tensors: list[Tensor]) -> None:
        """In place."""
        self.number += 1
        flat = torch.cat([tensor.detach().flatten() for tensor in tensors])
        self.slots[self.rank].copy_(flat)
        dist.barrier()
        flat.copy_(self.slots.mean(0))
        dist.barrier()  # nobody writes the next one while somebody still reads this one
        with torch.no_grad():
            for tensor, values in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
                tensor.copy_(values.view_as(tensor))


def same_for_all(number: float) -> float:
    """The first process's number, as soon as all are here."""
    shared = torch.tensor([number], dtype=torch.float64)
    if dist.is_initialized():
        dist.broadcast(shared, 0)
    return float(shared)
