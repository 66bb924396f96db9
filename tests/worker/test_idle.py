"""A worker that stays after its last job: it keeps the model, and ends when nobody needs it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from backend.guidance.builtin.prior import BUILTIN, PixelPrior
from backend.jobs import states
from backend.jobs.launch import BACKEND_ROOT, END_IDLE
from backend.jobs.lock import is_locked
from backend.worker import kept_model
from backend.worker.job import run_job
from backend.worker.stop import StopFlag
from tests.worker.small_jobs import PATIENCE_S, StartModule, add_job, await_that, read_events, state_of
from tests.worker.test_updated import NEW

KEEP = ("backend", "work", "--keep", "10")


def start_idle(start_module: StartModule, jobs: Path) -> subprocess.Popen[str]:
    """A worker that has done one job and waits for others."""
    done = add_job(jobs)
    worker = start_module(BACKEND_ROOT, *KEEP, str(jobs))
    await_that("the end of the first job", lambda: state_of(done).is_final, worker)
    assert state_of(done).status == states.DONE
    time.sleep(1)
    assert worker.poll() is None
    return worker


def pid_of(folder: Path) -> int:
    return int(next(event["pid"] for event in read_events(folder) if event["kind"] == "hello"))


def test_the_next_job_has_the_same_worker_and_the_worker_ends_when_asked(
    tmp_path: Path, start_module: StartModule
) -> None:
    worker = start_idle(start_module, tmp_path)
    later = add_job(tmp_path, "a blue mug")
    await_that("the end of the second job", lambda: state_of(later).is_final, worker)
    assert (state_of(later).status, pid_of(later)) == (states.DONE, worker.pid)
    (tmp_path / END_IDLE).touch()
    assert worker.communicate(timeout=PATIENCE_S)[0] == ""
    assert worker.returncode == 0
    assert not is_locked(tmp_path / "worker.lock")


def test_a_job_of_a_later_version_ends_it(tmp_path: Path, start_module: StartModule) -> None:
    worker = start_idle(start_module, tmp_path)
    later = add_job(tmp_path, backend=NEW)
    worker.communicate(timeout=PATIENCE_S)
    assert worker.returncode == 0
    assert state_of(later).status == states.QUEUED


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    done = add_job(tmp_path)
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-m', *{KEEP}, {str(tmp_path)!r}])"
    starter = subprocess.Popen([sys.executable, "-c", code], cwd=BACKEND_ROOT)
    await_that("the end of the job", lambda: state_of(done).is_final)
    time.sleep(1)
    assert is_locked(tmp_path / "worker.lock")
    starter.kill()
    starter.wait()
    await_that("the end of the worker", lambda: not is_locked(tmp_path / "worker.lock"))


def test_the_model_is_loaded_once_and_again_when_its_files_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process, with copies of the built-in model."""
    folders, loads, load = [tmp_path / name for name in ("one", "other")], [], PixelPrior.load.__func__  # type: ignore[attr-defined]
    for folder in folders:
        shutil.copytree(BUILTIN, folder)

    def counted(cls: type[PixelPrior], folder: Path, device: torch.device, is_reference: bool = False) -> PixelPrior:
        loads.append(folder)
        return load(cls, folder, device, is_reference)

    monkeypatch.setattr(PixelPrior, "load", classmethod(counted))
    for folder, loaded in ((folders[0], 1), (folders[0], 1), (folders[1], 2)):
        job = add_job(tmp_path / "jobs", prior=str(folder))
        assert run_job(job, StopFlag(), lambda: True)
        assert state_of(job).status == states.DONE
        assert len(loads) == loaded
    (folders[1] / "world.json").touch()
    assert run_job(add_job(tmp_path / "jobs", prior=str(folders[1])), StopFlag(), lambda: True)
    assert len(loads) == 3
    assert kept_model.has_model()
