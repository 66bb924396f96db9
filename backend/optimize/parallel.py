"""Data parallelism over views: one run in several processes started by torchrun, as on the paper's four TPU chips.

Each rank renders its share of a step's views. Gradients are summed over all ranks, so that all take the same step. In a
single process without torchrun, all functions but `receive` work and communicate nothing.
"""

from __future__ import annotations

import os
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn

from ..devices import is_distributed


def init(device: torch.device) -> int:
    """Initializes the process group if torchrun started this process. Returns the rank, 0 for a single process."""
    if is_distributed() and not dist.is_initialized():
        # NCCL only takes tensors of GPUs; messages and single numbers are on the CPU.
        dist.init_process_group("cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo")
    return dist.get_rank() if dist.is_initialized() else 0


def rank_device(device: torch.device) -> torch.device:
    """The device for this rank: on CUDA each local rank has its own GPU."""
    if device.type == "cuda" and dist.is_initialized():
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")) % torch.cuda.device_count())
    return device


def broadcast(message: Any) -> None:
    """Sends a picklable object from rank 0 to all other ranks, which must call `receive`."""
    if dist.is_initialized():
        dist.broadcast_object_list([message])


def receive() -> Any:
    """Waits for the next `broadcast` of rank 0 and returns its object."""
    box: list[Any] = [None]
    dist.broadcast_object_list(box)
    return box[0]


def shutdown() -> None:
    """Ends the process group in all ranks together: none leaves while another still communicates with it."""
    if dist.is_initialized():
        dist.barrier()
    leave()


def leave() -> None:
    """Leaves the process group at once. The other ranks fail at their next communication, and torchrun ends them."""
    if dist.is_initialized():
        dist.destroy_process_group()
    os.environ.pop("WORLD_SIZE", None)  # child processes are not part of the group either


def is_first() -> bool:
    """Whether this rank does what is done once per step."""
    return not dist.is_initialized() or dist.get_rank() == 0


def rank_views(views: int) -> list[int]:
    """Indices of the views that this rank renders; all of them in a single process."""
    if not dist.is_initialized():
        return list(range(views))
    return list(range(dist.get_rank(), views, dist.get_world_size()))


def all_reduce_gradients(parameters: list[nn.Parameter]) -> None:
    """Replaces every gradient by its sum over all ranks."""
    if not dist.is_initialized():
        return
    for parameter in parameters:
        if parameter.grad is None:  # this rank rendered no view, or none that depends on the parameter
            parameter.grad = torch.zeros_like(parameter)
    flat = torch.cat([parameter.grad.flatten() for parameter in parameters if parameter.grad is not None])
    dist.all_reduce(flat)
    offset = 0
    for parameter in parameters:
        count = parameter.numel()
        parameter.grad = flat[offset : offset + count].view_as(parameter)
        offset += count


def all_reduce_any(flags: Tensor) -> None:
    """Sets, in place, each flag that is set in any rank."""
    if dist.is_initialized():
        numbers = flags.to(torch.uint8)
        dist.all_reduce(numbers, dist.ReduceOp.MAX)
        flags.copy_(numbers.bool())


def all_reduce_sum(number: float) -> float:
    """The sum of a number over all ranks."""
    if not dist.is_initialized():
        return number
    total = torch.tensor([number], dtype=torch.float64)
    dist.all_reduce(total)
    return float(total)
