"""Settings that a job recorded before newer settings existed."""

from __future__ import annotations

import json

import pytest
import torch

from backend.config.presets import FAST
from backend.jobs.events import EventWriter
from backend.jobs.folder import create_job_folder, read_job
from backend.jobs.request import new_job
from backend.worker.job_settings import resolve_settings
from backend.worker.running import RunningJob
from backend.worker.stop import StopFlag

NEWER = ("mesh.blur", "mesh.fairing")


def test_settings_that_are_newer_than_the_job_change_nothing(tmp_path):
    folder = create_job_folder(tmp_path, new_job("a red ball", preset="fast"))
    job = RunningJob(folder, read_job(folder), EventWriter(folder), StopFlag(), torch.device("cpu"))
    assert resolve_settings(job) == FAST
    assert resolve_settings(job) == FAST  # recorded
    path = folder / "settings.json"
    facts = json.loads(path.read_text())
    for name in NEWER:
        del facts["settings"][name]
    path.write_text(json.dumps(facts))
    mesh = resolve_settings(job).mesh
    assert (mesh.blur, mesh.fairing) == (0, 0)
    assert mesh.iso_factor == FAST.mesh.iso_factor


@pytest.mark.parametrize(
    "content", ['{"preset": "detailed", "settings": {}}', '{"preset": "detailed"}', '{"window": [1, 2]}', "[1]"]
)
def test_settings_of_another_program_are_replaced(tmp_path, content):
    folder = create_job_folder(tmp_path, new_job("a red ball", preset="detailed", overrides={"optimizer.steps": 7}))
    job = RunningJob(folder, read_job(folder), EventWriter(folder), StopFlag(), torch.device("cpu"))
    resolved = resolve_settings(job)
    assert resolved.optimizer.steps == 7
    (folder / "settings.json").write_text(content)
    assert resolve_settings(job) == resolved
    assert json.loads((folder / "settings.json").read_text())["settings"]["optimizer.steps"] == 7


def test_settings_of_another_job_are_replaced(tmp_path):
    jobs = []
    for preset in ("fast", "detailed"):
        folder = create_job_folder(tmp_path, new_job("a red ball", preset=preset))
        jobs.append(RunningJob(folder, read_job(folder), EventWriter(folder), StopFlag(), torch.device("cpu")))
    fast, detailed = map(resolve_settings, jobs)
    assert fast != detailed
    (jobs[1].folder / "settings.json").write_bytes((jobs[0].folder / "settings.json").read_bytes())
    assert resolve_settings(jobs[1]) == detailed
