"""What a family's preset brings besides its numbers."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from backend import contract
from backend.contract import EventWriter
from backend.large_presets import UGLY
from backend.worker.stages import Job, load
from backend.worker.stop import StopFlag
from tests.guidance.tiny_models import save_tiny
from tests.worker.small_jobs import add_job


@pytest.mark.parametrize(("asked", "told"), [("", UGLY), ("blue", "blue")])
def test_its_negative_prompt_stands_in_where_the_job_has_none(tmp_path: Path, asked: str, told: str) -> None:
    model = save_tiny("sd", tmp_path / "model")
    folder = add_job(tmp_path / "jobs", prior=str(model), preset="sd", negative_prompt=asked)
    events = EventWriter(folder)
    job = Job(folder, contract.read_job(folder), events, StopFlag(), torch.device("cpu"))
    settings, run = load(job)
    events.close()
    assert settings.guidance.negative_prompt == UGLY
    assert run.negative_prompt == told
    assert told in run.prior._texts  # encoded before the first step, when the text encoder was there
