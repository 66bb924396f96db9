"""Compares values in a model's configuration with those of the published model of its family."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...guidance.families.components import read_json
from ...guidance.families.prior import FamilyPrior
from ...guidance.families.single_file import PUBLISHED

# The configuration of each pipeline, and the values that decide how latents and noise are read.
_KINDS = {
    "StableDiffusionPipeline": "sd1",
    "StableDiffusionXLPipeline": "sdxl",
    "StableDiffusion3Pipeline": "sd3",
    "FluxPipeline": "flux-dev",
}
_SCHEDULER = ("shift", "use_dynamic_shifting", "base_shift", "max_shift", "beta_start", "beta_end", "beta_schedule")
_VAE = ("scaling_factor", "shift_factor")


def differences(prior: FamilyPrior) -> Iterator[tuple[bool, str]]:
    """Yields a clause for each value that differs, such as "its shift is 1, that of the published model 3".

    The first value is whether it must be a mistake. A model can have another VAE, whose scale and shift both differ; whether its
    values are right appears in the errors. Those of the noise schedule do not appear there.
    """
    kind = _KINDS.get(prior.pipeline_name)
    if kind == "flux-dev" and not prior.config.get("guidance_embeds"):
        kind = "flux-schnell"
    if kind is None:
        return
    found = {"scheduler": (prior.files.config("scheduler"), _SCHEDULER), "vae": (prior.encoder_config, _VAE)}
    for part, (config, names) in found.items():
        name = "scheduler_config" if part == "scheduler" else "config"
        published = read_json(PUBLISHED / kind / part / f"{name}.json")
        differing = [
            key for key in names if key in config and key in published and not _same(config[key], published[key])
        ]
        for key in differing:
            is_certain = part == "scheduler" or (published["shift_factor"] is not None and len(differing) == 1)
            yield is_certain, f"its {key} is {config[key]}, that of the published model {published[key]}"


def _same(one: Any, other: Any) -> bool:
    numbers = isinstance(one, (int, float)) and isinstance(other, (int, float))
    return abs(one - other) <= 1e-6 * abs(other) if numbers else bool((one or None) == (other or None))
