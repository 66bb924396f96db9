"""The optimizers of the presets, and their state as plain tensors, for checkpoints without pickle."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from ..config.settings import OptimizerSettings
from .adam import Adam

# Paper, appendix A.2: Distributed Shampoo with b1 = b2 = 0.9, exponent override 2, block size 128, SQRT_N grafting,
# epsilon 1e-6. The interval of 10 steps between preconditioners is a choice: the paper does not state it.
_SHAMPOO: dict[str, Any] = {
    "betas": (0.9, 0.9),
    "inverse_exponent_override": 2,
    "block_size": 128,
    "matrix_eps": 1e-6,
    "start_preconditioning_step": 1,
    "preconditioning_compute_steps": 10,
    "moving_average_for_momentum": True,
    "nesterov": False,
}


def build_optimizer(settings: OptimizerSettings, groups: dict[str, list[nn.Parameter]]) -> torch.optim.Optimizer:
    """Builds the optimizer with one parameter group per role, in the order of `groups`. Groups have a key "role"."""
    param_groups = [{"params": parameters, "role": role} for role, parameters in groups.items()]
    if settings.method == "shampoo":
        # Local, because the import is slow and most presets use Adam.
        from pytorch_optimizer.optimizer.shampoo import ScalableShampoo
        from pytorch_optimizer.optimizer.utils.graft import LayerWiseGrafting

        optimizer: torch.optim.Optimizer = ScalableShampoo(param_groups, graft_type=LayerWiseGrafting.SQRTN, **_SHAMPOO)
        return optimizer
    # On CPUs, one pass over the memory instead of ten.
    is_fused = all(parameter.device.type == "cpu" for parameters in groups.values() for parameter in parameters)
    return Adam(param_groups, betas=settings.betas, foreach=not is_fused, fused=is_fused)


def _state_tensors(state: dict[str, Any]) -> dict[str, list[Tensor]]:
    """All tensors in one parameter's state, including attributes of Shampoo's objects, by name."""
    found: dict[str, list[Tensor]] = {}
    for name, entry in state.items():
        if isinstance(entry, Tensor):
            found[name] = [entry]
        elif not isinstance(entry, (int, float)):
            for inner, content in vars(entry).items():
                tensors = [content] if isinstance(content, Tensor) else content if isinstance(content, list) else []
                if tensors and all(isinstance(tensor, Tensor) for tensor in tensors):
                    found[f"{name}:{inner}"] = tensors
    return found


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The optimizer's whole state by names "parameter.entry.index"."""
    tensors: dict[str, Tensor] = {}
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    for number, parameter in enumerate(parameters):
        for name, entries in _state_tensors(optimizer.state.get(parameter, {})).items():
            tensors |= {f"{number}.{name}.{index}": torch.as_tensor(entry) for index, entry in enumerate(entries)}
    return tensors


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor], step: int) -> None:
    """Restores the state that `optimizer_tensors` returned after `step` steps.

    Raises:
        KeyError, RuntimeError: the tensors belong to another optimizer.
    """
    if not tensors:
        return
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    if not isinstance(optimizer, torch.optim.Adam):
        # Shampoo's state consists of objects. A zero gradient creates them, then the tensors are copied into them.
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                parameter.grad = torch.zeros_like(parameter)
            group["step"] = step
            optimizer.init_group(group)  # type: ignore[attr-defined]
        optimizer.zero_grad(set_to_none=True)
        for number, parameter in enumerate(parameters):
            for name, entries in _state_tensors(optimizer.state[parameter]).items():
                for index, entry in enumerate(entries):
                    entry.copy_(tensors[f"{number}.{name}.{index}"])
        return
    moments: dict[int, dict[str, Tensor]] = {}
    shapes = {number: parameter.shape for number, parameter in enumerate(parameters)}
    for name, tensor in tensors.items():
        row, key, _ = name.split(".")
        if key != "step" and tensor.shape != shapes[int(row)]:  # Adam would fail in the next step
            raise RuntimeError(f"{name} has another shape than its parameter")
        moments.setdefault(int(row), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": moments})
