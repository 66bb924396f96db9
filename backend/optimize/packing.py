"""A resumable run's tensors under flat names, and back."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .optimizers import optimizer_tensors, restore_optimizer


def pack(
    name: str, modules: nn.Module, optimizer: torch.optim.Optimizer, generator: torch.Generator
) -> dict[str, Tensor]:
    """What learns (as `name.…`), the optimizer's moments (as `optimiser.…`) and the state of the random numbers."""
    tensors = {f"{name}.{key}": tensor.detach() for key, tensor in modules.state_dict().items()}
    tensors |= {f"optimiser.{key}": tensor for key, tensor in optimizer_tensors(optimizer).items()}
    return {**tensors, "generator": generator.get_state()}


def unpack(
    tensors: dict[str, Tensor],
    name: str,
    modules: nn.Module,
    optimizer: torch.optim.Optimizer,
    generator: torch.Generator,
    step: int,
) -> None:
    """Undoes `pack`, in place. step: how many the optimizer has done.

    Raises:
        KeyError, RuntimeError: the tensors are of another configuration.
    """
    learned, moments = (
        {key.removeprefix(prefix): tensor for key, tensor in tensors.items() if key.startswith(prefix)}
        for prefix in (f"{name}.", "optimiser.")
    )
    modules.load_state_dict(learned)
    restore_optimizer(optimizer, moments, step)
    generator.set_state(tensors["generator"].cpu())
