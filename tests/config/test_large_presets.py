"""Each family's preset with a tiny model of that family."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch

from backend.catalog.entries import MODELS
from backend.config.large_presets import UGLY
from backend.config.settings import Settings
from backend.guidance.families import FAMILIES
from backend.jobs.events import EventWriter
from backend.jobs.folder import read_job
from backend.optimize.loop import Optimization
from backend.worker.running import RunningJob
from backend.worker.stages import load
from backend.worker.stop import StopFlag
from tests.guidance.tiny_models import save_tiny
from tests.worker.small_jobs import add_job

# The tiny model of each family that has a preset, by diffusers' pipeline.
TINY = {
    "StableDiffusionPipeline": "sd",
    "StableDiffusionXLPipeline": "sdxl",
    "IFPipeline": "deepfloyd",
    "StableDiffusion3Pipeline": "sd3",
    "FluxPipeline": "flux-dev",
    "SanaPipeline": "sana",
    "PixArtAlphaPipeline": "pixart-alpha",
    "PixArtSigmaPipeline": "pixart-sigma",
}


@contextmanager
def loaded(folder: Path) -> Iterator[tuple[Settings, Optimization]]:
    events = EventWriter(folder)
    try:
        yield load(RunningJob(folder, read_job(folder), events, StopFlag(), torch.device("cpu")))
    finally:
        events.close()


@pytest.mark.parametrize(("requested", "used"), [("", UGLY), ("blue", "blue")])
def test_the_presets_negative_prompt_is_the_default(tmp_path: Path, requested: str, used: str) -> None:
    model = save_tiny("sd", tmp_path / "model")
    with loaded(add_job(tmp_path / "jobs", prior=str(model), preset="sd", negative_prompt=requested)) as (
        settings,
        run,
    ):
        assert settings.guidance.negative_prompt == UGLY
        assert run.negative_prompt == used
        assert used in run.prior._encoded  # encoded before the first step, while the text encoder is loaded


def test_every_family_has_a_model_with_a_preset_and_a_tiny_one() -> None:
    assert {model.pipeline for model in MODELS} == set(FAMILIES) == set(TINY)


@pytest.mark.parametrize("pipeline", TINY)
def test_every_family_optimizes_with_its_preset(tmp_path: Path, pipeline: str) -> None:
    model = save_tiny(TINY[pipeline], tmp_path / "model")
    (preset,) = {model.preset for model in MODELS if model.pipeline == pipeline}
    overrides: dict[str, Any] = {"guidance.dtype": "float32"}
    if TINY[pipeline].startswith("flux"):
        overrides["guidance.picture_px"] = 32  # not in its configuration; the default is 1024
    folder = add_job(tmp_path / "jobs", prior=str(model), preset=preset, steps=2, overrides=overrides)
    with loaded(folder) as (settings, run):
        before = {name: tensor.clone() for name, tensor in run.state()[0].items() if tensor.is_floating_point()}
        assert run.prior._texts is None  # the text encoder was freed before the first step
        while run.step < 2:
            assert math.isfinite(run.advance())
        after = run.state()[0]
        assert settings.guidance.dtype == "float32"
        assert run.prior._texts is None
        assert run.prior._pictures is not None
    assert any(not torch.equal(tensor, after[name]) for name, tensor in before.items())
