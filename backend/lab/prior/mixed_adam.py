"""AdamW for a model that computes in bfloat16."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .weight_averaging import WeightAveraging


class MixedAdam:
    """AdamW on float32 copies of the parameters of a model that can be bfloat16, with their exponential moving average."""

    def __init__(self, model: nn.Module, ema: float) -> None:
        self.names = [name for name, _ in model.named_parameters()]
        self.live = list(model.parameters())
        self.master = [p.detach().float().clone() for p in self.live]
        self.average = [p.clone() for p in self.master]
        self.adam = torch.optim.AdamW(self.master, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.01, foreach=True)
        self.decay = ema

    def step(self, learning_rate: float, step: int) -> float:
        """Updates the model from its gradients, clipped to norm 1; returns their norm."""
        flat = torch.cat([p.grad.flatten().float() for p in self.live if p.grad is not None])
        norm = flat.norm()
        flat *= (1.0 / norm.clamp_min(1e-6)).clamp_max(1.0)
        offset = 0
        for master, live in zip(self.master, self.live, strict=True):
            master.grad = flat[offset : offset + live.numel()].view_as(master)
            offset += live.numel()
            live.grad = None
        for group in self.adam.param_groups:
            group["lr"] = learning_rate
        self.adam.step()
        with torch.no_grad():
            torch._foreach_copy_(self.live, self.master)  # type: ignore[arg-type]  # accepts any sequence
            decay = min(self.decay, (1 + step) / (10 + step))  # faster in the first steps
            torch._foreach_lerp_(self.average, self.master, 1 - decay)
        return float(norm)

    def average_over_processes(self, averaging: WeightAveraging) -> None:
        """Averages the weights and their moving averages over all processes."""
        averaging.average([*self.master, *self.average])
        with torch.no_grad():
            torch._foreach_copy_(self.live, self.master)  # type: ignore[arg-type]

    def tensors(self) -> dict[str, Tensor]:
        """Returns the state for a checkpoint."""
        tensors: dict[str, Tensor] = {}
        for name, master, average in zip(self.names, self.master, self.average, strict=True):
            state = self.adam.state[master]
            tensors |= {f"master.{name}": master, f"ema.{name}": average}
            tensors |= {f"{key}.{name}": state[key] for key in ("exp_avg", "exp_avg_sq") if key in state}
        return {key: value.contiguous() for key, value in tensors.items()}

    def restore(self, tensors: dict[str, Tensor], step: int) -> None:
        """Restores the state of a checkpoint at `step`."""
        with torch.no_grad():
            for name, live, master, average in zip(self.names, self.live, self.master, self.average, strict=True):
                master.copy_(tensors[f"master.{name}"])
                average.copy_(tensors[f"ema.{name}"])
                live.copy_(master)
                if step:  # the moments exist after the first step
                    self.adam.state[master] = {
                        "step": torch.tensor(float(step)),
                        "exp_avg": tensors[f"exp_avg.{name}"].to(master.device),
                        "exp_avg_sq": tensors[f"exp_avg_sq.{name}"].to(master.device),
                    }
