"""Noise schedules of models: the noise at each timestep, the inputs of the network, and the noise that its output implies.

Every forward process is converted to the one of score distillation, z_t = alpha_t x + sigma_t eps with
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

PredictionType = Literal["epsilon", "v_prediction", "sample", "flow"]
MOST_NOISE = (
    0.999  # of s: at s = 1 the input holds nothing of the picture, and the velocity does not determine the noise
)


@dataclass(frozen=True)
class NoiseSchedule:
    """T timesteps, least noise first.

    alphas_cumprod: [T]. scale: [T], factor of z_t before it enters the network. timesteps: [T], in the network's units.
    prediction_type: what the network predicts.
    """

    alphas_cumprod: Tensor
    scale: Tensor
    timesteps: Tensor
    prediction_type: PredictionType

    def __len__(self) -> int:
        return len(self.timesteps)

    def to(self, device: torch.device) -> NoiseSchedule:
        return NoiseSchedule(
            self.alphas_cumprod.to(device), self.scale.to(device), self.timesteps.to(device), self.prediction_type
        )

    def network_input(self, z_t: Tensor, t: Tensor) -> Tensor:
        """Scales z_t [B, C, h, w] at t [B] to the input that the network was trained on."""
        return z_t * self.scale[t].view(-1, 1, 1, 1).to(z_t.dtype)

    def noise(self, output: Tensor, z_t: Tensor, t: Tensor) -> Tensor:
        """Converts the network's output [B, C, h, w] for z_t to epsilon.

        v = alpha eps - sigma x (Salimans & Ho 2022, appendix D), so eps = alpha v + sigma z_t.
        """
        alphas_cumprod = self.alphas_cumprod[t].view(-1, 1, 1, 1).to(z_t.dtype)
        alpha, sigma = alphas_cumprod.sqrt(), (1 - alphas_cumprod).sqrt()
        if self.prediction_type == "epsilon":
            return output
        if self.prediction_type == "v_prediction":
            return alpha * output + sigma * z_t
        if self.prediction_type == "sample":
            return (z_t - alpha * output) / sigma
        return self.scale[t].view(-1, 1, 1, 1).to(z_t.dtype) * (z_t + alpha * output)


def flow_schedule(s: Tensor, timesteps: Tensor | None = None) -> NoiseSchedule:
    """Builds the schedule of flow matching at s [T]. timesteps: 1000 s if None."""
    s = s.double().clamp(max=MOST_NOISE)
    scale = ((1 - s).square() + s.square()).sqrt()
    alphas_cumprod = ((1 - s) / scale).square()
    timesteps = (1000 * s).float() if timesteps is None else timesteps
    return NoiseSchedule(alphas_cumprod.float(), scale.float(), timesteps, "flow")


def read_schedule(config: Mapping[str, Any], tokens: int) -> NoiseSchedule:
    """Builds the schedule of a diffusers scheduler's configuration, from diffusers' own tables.

    Args:
        config: the contents of scheduler_config.json.
        tokens: length of the picture's sequence in the network; some schedules shift with it.

    Raises:
        UserError: the kind of schedule is not supported.
    """
    name = str(config.get("_class_name", ""))
    prediction_type = str(config.get("prediction_type", "epsilon"))
    if name.startswith("FlowMatch") or prediction_type == "flow_prediction" or config.get("use_flow_sigmas"):
        return _read_flow(config, tokens)
    if name.startswith("EDM") or prediction_type not in ("epsilon", "v_prediction", "sample"):
        raise UserError(
            f"The model's noise schedule ({name}, {prediction_type}) is not supported. Use a model that predicts epsilon, v, "
            "the sample or a flow.",
            code="prior",
        )
    from diffusers import DDPMScheduler

    # The shipped sampler may differ, but the betas define the noise of the training.
    alphas_cumprod = DDPMScheduler.from_config(_without_class(config)).alphas_cumprod.float()
    timesteps = torch.arange(len(alphas_cumprod))
    return NoiseSchedule(alphas_cumprod, torch.ones(len(timesteps)), timesteps, prediction_type)  # type: ignore[arg-type]


def _read_flow(config: Mapping[str, Any], tokens: int) -> NoiseSchedule:
    """Uniform times, shifted towards noise as in the model's own sampler (Esser et al. 2024, section 5.3.2)."""
    from diffusers import FlowMatchEulerDiscreteScheduler

    count = int(config.get("num_train_timesteps", 1000))
    if str(config.get("_class_name", "")).startswith("FlowMatch"):
        scheduler = FlowMatchEulerDiscreteScheduler.from_config(_without_class(config))
    else:
        scheduler = FlowMatchEulerDiscreteScheduler(count, shift=float(config.get("flow_shift", 1.0)))
    mu = flow_shift(scheduler.config, tokens) if scheduler.config.use_dynamic_shifting else None
    scheduler.set_timesteps(sigmas=torch.linspace(1, 1 / count, count).tolist(), mu=mu)
    return flow_schedule(scheduler.sigmas[:-1].flip(0).clone())


def flow_shift(config: Mapping[str, Any], tokens: int) -> float:
    """Returns the shift mu, linear in the length of the picture's sequence (as in diffusers' `calculate_shift`)."""
    fewest, most = config.get("base_image_seq_len", 256), config.get("max_image_seq_len", 4096)
    low, high = config.get("base_shift", 0.5), config.get("max_shift", 1.15)
    return low + (high - low) * (tokens - fewest) / (most - fewest)


def _without_class(config: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in config.items() if not name.startswith("_")}
