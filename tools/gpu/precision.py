"""Half precision on the device against float32 on the CPU: the predicted noise, and the gradient of the picture."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from backend.config.settings import Settings
from backend.errors import UserError
from backend.guidance.base import Conditioning
from backend.guidance.distillation import Distillation, avoided_texts
from backend.guidance.families.prior import FamilyPrior
from backend.guidance.view_conditions import SHADED, ViewConditions
from backend.maths.random_streams import RandomStreams
from backend.models.checking.reference import ball

from .models import random_prior
from .plan import Models
from .settings import PROMPT, settings_of
from .steps import SHARE

TYPES = ("bfloat16", "float16")


def measure(
    device: torch.device, models: Models, model: str, preset: str, overrides: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Compares one picture, the same noise and the same weights up to rounding. A type that overflows has only an "error"."""
    settings = settings_of(preset, overrides)
    reference = _evaluate(random_prior(model, models, torch.device("cpu"), torch.float32), settings)
    found: dict[str, Any] = {}
    for name in ("float32", *TYPES):
        gc.collect()
        try:
            given = _evaluate(random_prior(model, models, device, getattr(torch, name)), settings)
        except UserError as error:
            found[name] = {"error": str(error)}
            continue
        found[name] = {
            f"{what}_{measure}": value
            for what, ours, theirs in zip(("texts", "prediction", "gradient"), given, reference, strict=True)
            for measure, value in _differences(ours, theirs).items()
        }
    return {"model": model, "types": found}


def _evaluate(prior: FamilyPrior, settings: Settings) -> tuple[Tensor, Tensor, Tensor]:
    """The encoded prompt, the predicted noise with and without it, and the gradient of a picture of a ball; all float32 on the CPU."""
    guidance = settings.guidance
    prior.prepare(PROMPT, *avoided_texts(guidance, guidance.negative_prompt))
    texts = prior.encode_text([PROMPT]).hidden
    image = ball(prior.image_px).to(prior.device).requires_grad_()
    predictions: list[Tensor] = []
    predict = prior.predict_noise

    def kept(z_t: Tensor, t: Tensor, text: Conditioning) -> Tensor:
        predictions.append(predict(z_t, t, text))
        return predictions[-1]

    prior.predict_noise = kept  # type: ignore[method-assign]
    guide = Distillation(prior, PROMPT, guidance.negative_prompt, guidance)
    step = round(SHARE * settings.optimizer.steps)
    guide.compute(image, [ViewConditions(0.0, 0.3, SHADED)], step, RandomStreams([0])).loss.backward()  # type: ignore[no-untyped-call]
    assert image.grad is not None
    prior.unload()
    return texts.float().cpu(), torch.cat(predictions).float().cpu(), image.grad.float().cpu()


def _differences(ours: Tensor, theirs: Tensor) -> dict[str, float]:
    """error: of the values, relative to their norm. cosine: of the angle between them."""
    cosine = torch.nn.functional.cosine_similarity(ours.flatten(), theirs.flatten(), dim=0)
    return {"error": float((ours - theirs).norm() / theirs.norm()), "cosine": float(cosine)}
