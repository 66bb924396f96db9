"""Monitors the training of the built-in model: pictures at each checkpoint, and a final evaluation with the judge."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from ...errors import UserError
from ...guidance.loader import load_prior
from ..prior.settings import TrainSettings
from .picture_sheet import draw_sheet
from .samples import SampleSettings, evaluate_samples, sets_table

_COLORS = ("red", "green", "blue", "yellow", "gray", "brown")  # of the prompts, in turn
_SHEET_STEPS = 12  # few, because training waits for the pictures


@dataclass(frozen=True)
class TrainingMonitor:
    """Writes to the folders `samples` and `measured-STEP` of the run. Implements `prior.train.Evaluator`."""

    prompts: int = 6  # rows of the pictures at each checkpoint, at least one
    measured: int = 16  # seen pairs per kind in the final evaluation; the other sets have a quarter as many

    def draw(self, settings: TrainSettings, step: int) -> None:
        """Draws a few prompts with the exported model."""
        kinds = settings.trained_kinds[:: max(1, len(settings.trained_kinds) // self.prompts)][: self.prompts]
        prompts = [f"a {_COLORS[number % len(_COLORS)]} {kind}" for number, kind in enumerate(kinds)]
        prior = load_prior(str(settings.model), torch.device(settings.device))
        output = settings.run / "samples" / f"{step:07d}.png"
        draw_sheet(prior, prompts, output, guidance_scale=SampleSettings.guidance_scale, steps=_SHEET_STEPS)

    def measure(self, settings: TrainSettings, step: int) -> str:
        """Evaluates samples of the exported model; returns Markdown for the model card."""
        fewer = self.measured // 4
        try:
            facts = evaluate_samples(
                SampleSettings(
                    settings.run / f"measured-{step}",
                    str(settings.model),
                    seen=self.measured,
                    held_out=fewer,
                    phrased=fewer,
                    clay=fewer,
                    device=settings.device,
                )
            )
        except UserError as error:
            if error.code != "judge":
                raise
            return f"Not evaluated. {error}"
        return (
            f"Classified by the project's judge; sampled with guidance scale {SampleSettings.guidance_scale} in "
            f"{SampleSettings.steps} steps.\n\n{sets_table(facts)}"
        )
