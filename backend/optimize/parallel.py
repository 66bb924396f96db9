"""One run over several processes, started by torchrun: each renders some of a step's views, as on the paper's four chips."""

from __future__ import annotations

import os
from typing import Any

import torch
import torch.distributed as dist
from torch import nn

from ..devices import is_distributed


def join(device: torch.device) -> int:
    """Joins the processes that torchrun started; returns this one's rank, 0 when there is only one."""
    if is_distributed() and not dist.is_initialized():
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    return dist.get_rank() if dist.is_initialized() else 0


def own_device(device: torch.device) -> torch.device:
    """This process's own accelerator, where each has one."""
    if device.type == "cuda" and dist.is_initialized():
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")) % torch.cuda.device_count())
    return device


def tell(message: Any) -> None:
    """From the first process to all others, who wait for it in `hear`. Nothing happens when it is alone."""
    if dist.is_initialized():
        dist.broadcast_object_list([message])


def hear() -> Any:
    """What the first process tells next."""
    box: list[Any] = [None]
    dist.broadcast_object_list(box)
    return box[0]


def part() -> None:
    """The end of all together: nobody leaves while another one still listens to it."""
    if dist.is_initialized():
        dist.barrier()
    dissolve()


def dissolve() -> None:
    """This process goes on alone; the others meet an error at their next exchange, and torchrun ends them."""
    if dist.is_initialized():
        dist.destroy_process_group()
    os.environ.pop("WORLD_SIZE", None)  # nor does a process that it starts belong to them


def my_share(views: int) -> list[int]:
    """The numbers of the views that this process renders: all of them when it is alone."""
    if not dist.is_initialized():
        return list(range(views))
    return list(range(dist.get_rank(), views, dist.get_world_size()))


def add_up(parameters: list[nn.Parameter]) -> None:
    """Replaces every gradient by its sum over all processes."""
    if not dist.is_initialized():
        return
    for parameter in parameters:
        if parameter.grad is None:  # it rendered no view, or a part of the scene that was not seen
            parameter.grad = torch.zeros_like(parameter)
    flat = torch.cat([parameter.grad.flatten() for parameter in parameters if parameter.grad is not None])
    dist.all_reduce(flat)
    offset = 0
    for parameter in parameters:
        count = parameter.numel()
        parameter.grad = flat[offset : offset + count].view_as(parameter)
        offset += count


def add_up_number(number: float) -> float:
    """The sum over all processes."""
    if not dist.is_initialized():
        return number
    total = torch.tensor([number], dtype=torch.float64)
    dist.all_reduce(total)
    return float(total)
