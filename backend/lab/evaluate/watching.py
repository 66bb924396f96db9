"""What a training of the prior shows of itself: a picture of what it draws at each checkpoint, and at the end what the judge
says."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from ...errors import UserError
from ...guidance.loader import load_prior
from ..prior.settings import TrainSettings
from .picture_sheet import draw_sheet
from .samples import SampleSettings, evaluate_samples, sets_table

_COLORS = ("red", "green", "blue", "yellow", "gray", "brown")  # prompts take them in turn
_SHEET_STEPS = 12  # few, since the training waits


@dataclass(frozen=True)
class Watching:
    """`prior.train.Evaluator`. What it writes lies in the run's folder, in `samples` and `measured-STEP`."""

    prompts: int = 6  # rows of the picture of each checkpoint, at least one
    measured: int = 16  # pictures of each kind at the end, and a quarter as many of each other set

    def draw(self, settings: TrainSettings, step: int) -> None:
        kinds = settings.trained_kinds[:: max(1, len(settings.trained_kinds) // self.prompts)][: self.prompts]
        prompts = [f"a {_COLORS[number % len(_COLORS)]} {kind}" for number, kind in enumerate(kinds)]
        prior = load_prior(str(settings.model), torch.device(settings.device))
        output = settings.run / "samples" / f"{step:07d}.png"
        draw_sheet(prior, prompts, output, guidance_scale=SampleSettings.guidance_scale, steps=_SHEET_STEPS)

    def measure(self, settings: TrainSettings, step: int) -> str:
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
            return f"It was not measured. {error}"
        return (
            f"By the word of the project's judge, at guidance {SampleSettings.guidance_scale} in {SampleSettings.steps} "
            f"steps.\n\n{sets_table(facts)}"
        )
