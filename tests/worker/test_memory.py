"""Jobs with the architecture of a large model that run out of memory."""

from pathlib import Path

import pytest
import torch

from backend.guidance import fit
from backend.optimize.loop import Optimization
from backend.worker.job import run_job
from backend.worker.stop import StopFlag
from tests.guidance.tiny_models import save_tiny
from tests.worker.small_jobs import add_job, kinds, read_events


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny("sd", tmp_path_factory.mktemp("models") / "tiny-sd")


def run(folder: Path) -> list[str]:
    """Runs the job in this process. Returns its warnings."""
    assert run_job(folder, StopFlag(), lambda: False)
    return [event["message"] for event in read_events(folder) if event["kind"] == "warning"]


@pytest.mark.slow
def test_out_of_memory_continues_from_the_checkpoint_with_less(tmp_path, model, monkeypatch):
    real, failed = Optimization.advance, []

    def advance(self):
        if self.step == 3 and not failed:
            failed.append(self.settings.optimizer.views_at_once)
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")
        return real(self)

    monkeypatch.setattr(Optimization, "advance", advance)
    folder = add_job(tmp_path, prior=str(model), overrides={"optimizer.views": 2})
    warnings = run(folder)
    assert warnings == ["Out of memory. The job continues from its last checkpoint with one view at a time."]
    assert failed == [0]
    assert kinds(folder)[-1] == "bye"
    assert "result" in kinds(folder)
    steps = [
        event["step"] for event in read_events(folder) if event["kind"] == "progress" and event["phase"] == "optimising"
    ]
    assert steps[-1] == 4
    assert '"optimizer.views_at_once": 1' in (folder / "settings.json").read_text()


@pytest.mark.slow
def test_a_job_that_does_not_fit_runs_with_less(tmp_path, model, monkeypatch):
    monkeypatch.setattr(fit, "free_bytes", lambda device: 1000)
    monkeypatch.setattr(fit.fitted, "__defaults__", (fit.free_bytes,))
    folder = add_job(tmp_path, prior=str(model), overrides={"optimizer.views": 2})
    (warning,) = run(folder)
    assert warning.startswith("'tiny-sd' needs about 0.5 GiB of memory, and 0.1 GiB are free")
    assert warning.endswith("The job runs with one view at a time.")
    assert "result" in kinds(folder)


@pytest.mark.slow
def test_a_job_fails_when_nothing_more_can_be_saved(tmp_path, model, monkeypatch):
    def advance(self):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")

    monkeypatch.setattr(Optimization, "advance", advance)
    folder = add_job(tmp_path, prior=str(model))
    assert run(folder) == []
    (error,) = [event for event in read_events(folder) if event["kind"] == "error"]
    assert error["code"] == "memory"
