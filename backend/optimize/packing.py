"""The state of a resumable run as a flat dictionary of tensors."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .optimizers import optimizer_tensors, restore_optimizer


def pack(
    name: str, modules: nn.Module, optimizer: torch.optim.Optimizer, generator: torch.Generator
) -> dict[str, Tensor]:
    """Collects the modules (`name.…`), the optimizer's state (`optimiser.…`) and the generator's state (`generator`)."""
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
    """Restores in place what `pack` returned. step: number of steps that the optimizer has done.

    Raises:
        KeyError, RuntimeError: the tensors belong to another configuration.
    """
    weights, moments = (
        {key.removeprefix(prefix): tensor for key, tensor in tensors.items() if key.startswith(prefix)}
        for prefix in (f"{name}.", "optimiser.")
    )
    modules.load_state_dict(weights)
    restore_optimizer(optimizer, moments, step)
    generator.set_state(tensors["generator"].cpu())
