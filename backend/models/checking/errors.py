"""How well a model removes noise from a picture, which reveals what is read wrong: an object would not (docs/research/small-models).

At noise levels sigma / alpha, the squared error of the predicted clean latents is compared with their square: 1 is as bad as
predicting nothing. The alternatives that models differ in are tried as well. The one that works far better than the configuration
names the mistake.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ...guidance.base import Conditioning
from ...guidance.families.prior import FamilyPrior
from ...guidance.noise_schedule import NoiseSchedule, PredictionType

LEVELS = (0.25, 0.5, 1.0, 2.0, 4.0)  # sigma / alpha
# Errors above these are not those of a trained model that is read correctly. Without any knowledge of pictures, the best errors are
# 0.06, 0.2, 0.5, 0.8 and 0.94.
WORST = (0.05, 0.15, 0.35, 0.6, 0.85)
BETTER = 0.5  # an alternative names the mistake if it has at most this share of the error
PREDICTIONS: tuple[PredictionType, ...] = ("epsilon", "v_prediction", "sample")
FACTORS = (0.18, 0.35, 0.7, 1.4, 2.8, 5.5)  # between the scales of published models
SPREAD = (0.5, 2.0)  # of latents, standard deviation; a VAE's scale makes it about 1
OFFSET = 1.0  # largest mean of a channel of the latents, in standard deviations


@dataclass(frozen=True)
class Errors:
    """errors: of the predicted latents at LEVELS. pictures: the denoised ones of each level [5, 3, H, W]."""

    errors: tuple[float, ...]
    pictures: Tensor

    @property
    def is_good(self) -> bool:
        return all(error <= worst for error, worst in zip(self.errors, WORST, strict=True))

    @property
    def mean(self) -> float:
        """Logarithmic: the errors differ by orders of magnitude."""
        return float(torch.tensor(self.errors).clamp(min=1e-9).log().mean().exp())

    def explains(self, others: Errors) -> bool:
        """Whether these errors, of an alternative, are good and far smaller than those of the configuration."""
        return self.is_good and self.mean <= BETTER * others.mean


@torch.no_grad()
def measure(
    prior: FamilyPrior, z: Tensor, text: Conditioning, schedule: NoiseSchedule, draws_pictures: bool = True
) -> Errors:
    """Measures with a schedule, which may be another than the model's.

    Args:
        z: latents of one picture [1, C, h, w], or of several with one text for each.
    """
    usual, prior.schedule = prior.schedule, schedule
    try:
        noise = torch.randn(z.shape, generator=torch.Generator().manual_seed(1)).to(z)
        errors, pictures = [], []
        for level in LEVELS:
            t = nearest(prior.schedule, level)
            a = prior.alphas_cumprod[t]
            predicted = prior.predict_noise(
                a.sqrt() * z + (1 - a).sqrt() * noise, torch.full((len(z),), t, device=z.device), text
            )
            seen = z + (1 - a).sqrt() / a.sqrt() * (noise - predicted)
            errors.append(float((seen - z).square().mean() / z.square().mean().clamp(min=1e-6)))
            if draws_pictures:
                pictures.append(prior.decode(seen[:1]).float().cpu())
        return Errors(tuple(errors), torch.cat(pictures) if pictures else torch.zeros(0))
    finally:
        prior.schedule = usual


def nearest(schedule: NoiseSchedule, level: float) -> int:
    """The timestep whose noise level sigma / alpha is nearest."""
    a = schedule.alphas_cumprod.double().clamp(1e-12, 1)
    return int((((1 - a) / a).clamp(min=1e-12).sqrt().log() - torch.tensor(level).log()).abs().argmin())


def find_prediction(prior: FamilyPrior, z: Tensor, text: Conditioning, found: Errors) -> PredictionType | None:
    """Returns the prediction type that fits far better than the configured one, or None."""
    if prior.schedule.prediction_type == "flow":
        return None
    others = [kind for kind in PREDICTIONS if kind != prior.schedule.prediction_type]
    tried = {kind: measure(prior, z, text, replace(prior.schedule, prediction_type=kind), False) for kind in others}
    best = min(tried, key=lambda kind: tried[kind].mean)
    return best if tried[best].explains(found) else None


def find_affine(z: Tensor) -> tuple[float, float]:
    """Returns the standard deviation of latents, and the largest mean of a channel in standard deviations."""
    return float(z.std()), float((z.mean((0, 2, 3)).abs() / z.std().clamp(min=1e-6)).max())


def find_factor(prior: FamilyPrior, z: Tensor, text: Conditioning, found: Errors) -> float | None:
    """Returns the factor on the latents with which the error is far smaller, or None."""
    tried = {factor: measure(prior, z * factor, text, prior.schedule, False) for factor in FACTORS}
    best = min(tried, key=lambda factor: tried[factor].mean)
    return best if tried[best].explains(found) else None
