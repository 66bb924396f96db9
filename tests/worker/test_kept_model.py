"""A worker keeps the model of the last job for the next one. Further tests: `test_idle.py`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch

from backend.errors import UserError
from backend.guidance.families.prior import FamilyPrior
from backend.jobs import states
from backend.optimize import checkpoint
from backend.optimize.loop import Optimization
from backend.worker import kept_model
from backend.worker.job import run_job
from backend.worker.queue import work
from backend.worker.stop import StopFlag
from tests.guidance.tiny_models import save_tiny
from tests.worker.small_jobs import add_job, state_of

JOBS = (("a red mug", 0), ("a red mug", 1), ("a blue chair", 0))


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the networks were read for "pictures" and for "texts"."""
    found: Counter[str] = Counter()

    def count(group: str, name: str) -> None:
        load = getattr(FamilyPrior, name)

        def counted(self: FamilyPrior, *arguments: Any) -> Any:
            found[group] += 1
            return load(self, *arguments)

        monkeypatch.setattr(FamilyPrior, name, counted)

    count("pictures", "_load_image_networks")
    count("texts", "_text_pipeline")
    return found


def results(jobs: Path, model: Path, *, keeps: bool) -> list[dict[str, torch.Tensor]]:
    """The tensors at the end of each job."""
    kept_model.release()
    found = []
    for prompt, seed in JOBS:
        folder = add_job(jobs, prompt, prior=str(model), seed=seed)
        assert run_job(folder, StopFlag(), lambda: True)
        assert state_of(folder).status == states.DONE, state_of(folder).error
        newest = checkpoint.load_latest(folder / "checkpoints")
        assert newest is not None
        found.append(newest[1])
        if not keeps:
            kept_model.release()
    return found


@pytest.mark.parametrize("name", ["sd", "sd3"])
def test_jobs_with_a_kept_model_make_the_same(tmp_path: Path, loads: Counter[str], name: str) -> None:
    model = save_tiny(name, tmp_path / "model")
    kept = results(tmp_path / "kept", model, keeps=True)
    assert (loads["pictures"], loads["texts"]) == (1, 2)  # the second seed has the same texts
    loads.clear()
    alone = results(tmp_path / "alone", model, keeps=False)
    assert (loads["pictures"], loads["texts"]) == (3, 3)
    for one, other in zip(kept, alone, strict=True):
        assert set(one) == set(other)
        assert all(torch.equal(tensor, other[key]) for key, tensor in one.items())


@pytest.mark.parametrize("change", ["settings", "files"])
def test_another_job_reads_the_model_again(tmp_path: Path, loads: Counter[str], change: str) -> None:
    model = save_tiny("sd", tmp_path / "model")
    assert run_job(add_job(tmp_path / "jobs", prior=str(model)), StopFlag(), lambda: True)
    overrides = {"guidance.guidance_scale": 5.0} if change == "settings" else {}
    if change == "files":
        (model / "unet" / "config.json").touch()
    assert run_job(add_job(tmp_path / "jobs", prior=str(model), overrides=overrides), StopFlag(), lambda: True)
    assert loads["pictures"] == 2


def test_a_large_model_is_released_when_no_job_waits(tmp_path: Path, loads: Counter[str]) -> None:
    model = save_tiny("sd", tmp_path / "model")
    folders = [add_job(tmp_path / "jobs", prior=str(model), seed=seed) for seed in (0, 1)]
    stop = StopFlag()
    stop.install = lambda: None  # type: ignore[method-assign]
    work(tmp_path / "jobs", stop)
    assert [state_of(folder).status for folder in folders] == [states.DONE, states.DONE]
    assert loads["pictures"] == 1
    assert not kept_model.has_model()


def test_a_large_model_is_released_after_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Optimization) -> float:
        raise UserError("It failed.", "test")

    monkeypatch.setattr(Optimization, "advance", fail)
    folder = add_job(tmp_path / "jobs", prior=str(save_tiny("sd", tmp_path / "model")))
    assert run_job(folder, StopFlag(), lambda: True)
    assert state_of(folder).status == states.FAILED
    assert not kept_model.has_model()
