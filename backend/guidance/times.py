"""Timesteps of a model: how much noise there is at each, what the network is told, and the noise that its output means.

Every forward process is brought to the one that score distillation knows, z_t = alpha_t x + sigma_t eps with
alpha_t^2 + sigma_t^2 = 1. Flow matching (Liu et al. 2023; Esser et al. 2024, section 2) has z_s = (1 - s) x + s eps, s in [0, 1].
With c = sqrt((1 - s)^2 + s^2), z_s / c is such a z_t, of

    alpha_t = (1 - s) / c,    sigma_t = s / c:

the same picture, the same noise and the same ratio between them, only scaled. Its network predicts the velocity
u = eps - x, and since z_s = (1 - s) x + s eps,

    eps = z_s + (1 - s) u = c (z_t + alpha_t u).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from ..errors import UserError

Output = Literal["epsilon", "v_prediction", "sample", "flow"]
# At s = 1 nothing of the picture is left, and no noise can be told from a velocity.
MOST_NOISE = 0.999


@dataclass(frozen=True)
class Times:
    """T timesteps, least noise first.

    alphas_cumprod: [T]. scale: [T], what z_t is multiplied by before the network sees it. told: [T], the timestep in the
    network's own units. output: what the network predicts.
    """

    alphas_cumprod: Tensor
    scale: Tensor
    told: Tensor
    output: Output

    def __len__(self) -> int:
        return len(self.told)

    def to(self, device: torch.device) -> Times:
        return Times(self.alphas_cumprod.to(device), self.scale.to(device), self.told.to(device), self.output)

    def network_input(self, z_t: Tensor, t: Tensor) -> Tensor:
        """z_t [B, C, h, w] at t [B], as the network was trained to see it."""
        return z_t * self.scale[t].view(-1, 1, 1, 1).to(z_t.dtype)

    def noise(self, output: Tensor, z_t: Tensor, t: Tensor) -> Tensor:
        """The network's output [B, C, h, w] for z_t -> epsilon.

        v = alpha eps - sigma x (Salimans & Ho 2022, appendix D), so eps = alpha v + sigma z_t.
        """
        alphas_cumprod = self.alphas_cumprod[t].view(-1, 1, 1, 1).to(z_t.dtype)
        alpha, sigma = alphas_cumprod.sqrt(), (1 - alphas_cumprod).sqrt()
        if self.output == "epsilon":
            return output
        if self.output == "v_prediction":
            return alpha * output + sigma * z_t
        if self.output == "sample":
            return (z_t - alpha * output) / sigma
        return self.scale[t].view(-1, 1, 1, 1).to(z_t.dtype) * (z_t + alpha * output)


def flow_times(s: Tensor, told: Tensor | None = None) -> Times:
    """Flow matching at s [T]; the network is told 1000 s unless `told` says otherwise."""
    s = s.double().clamp(max=MOST_NOISE)
    scale = ((1 - s).square() + s.square()).sqrt()
    alphas_cumprod = ((1 - s) / scale).square()
    return Times(alphas_cumprod.float(), scale.float(), (1000 * s).float() if told is None else told, "flow")


def read_times(config: Mapping[str, Any], tokens: int) -> Times:
    """The timesteps that a diffusers scheduler's configuration describes, through diffusers' own tables.

    Args:
        config: the contents of scheduler_config.json.
        tokens: length of the picture's sequence in the network; some schedules shift with it.

    Raises:
        UserError: a kind of schedule that is not known here.
    """
    name = str(config.get("_class_name", ""))
    predicts = str(config.get("prediction_type", "epsilon"))
    if name.startswith("FlowMatch") or predicts == "flow_prediction" or config.get("use_flow_sigmas"):
        return _read_flow(config, tokens)
    if name.startswith("EDM") or predicts not in ("epsilon", "v_prediction", "sample"):
        raise UserError(
            f"The model's noise schedule ({name}, {predicts}) is not supported: known are models that predict epsilon, v, the "
            "picture, or a flow.",
            code="prior",
        )
    from diffusers import DDPMScheduler

    # Whatever sampler a model is shipped with, the noise that it was trained with is that of the betas.
    alphas_cumprod = DDPMScheduler.from_config(_without_class(config)).alphas_cumprod.float()
    told = torch.arange(len(alphas_cumprod))
    return Times(alphas_cumprod, torch.ones(len(told)), told, predicts)  # type: ignore[arg-type]


def _read_flow(config: Mapping[str, Any], tokens: int) -> Times:
    """Uniform times, shifted towards noise as the model's own sampler does it (Esser et al. 2024, section 5.3.2)."""
    from diffusers import FlowMatchEulerDiscreteScheduler

    count = int(config.get("num_train_timesteps", 1000))
    if str(config.get("_class_name", "")).startswith("FlowMatch"):
        scheduler = FlowMatchEulerDiscreteScheduler.from_config(_without_class(config))
    else:
        scheduler = FlowMatchEulerDiscreteScheduler(count, shift=float(config.get("flow_shift", 1.0)))
    mu = shift_of(scheduler.config, tokens) if scheduler.config.use_dynamic_shifting else None
    scheduler.set_timesteps(sigmas=torch.linspace(1, 1 / count, count).tolist(), mu=mu)
    return flow_times(scheduler.sigmas[:-1].flip(0).clone())


def shift_of(config: Mapping[str, Any], tokens: int) -> float:
    """The shift mu, linear in the length of the picture's sequence (as in diffusers' `calculate_shift`)."""
    fewest, most = config.get("base_image_seq_len", 256), config.get("max_image_seq_len", 4096)
    low, high = config.get("base_shift", 0.5), config.get("max_shift", 1.15)
    return low + (high - low) * (tokens - fewest) / (most - fewest)


def _without_class(config: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in config.items() if not name.startswith("_")}
