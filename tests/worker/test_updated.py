"""The extension is updated or removed while its worker runs, and two versions share a jobs folder."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from backend import __version__
from backend.jobs import states
from backend.jobs.folder import request_control
from backend.jobs.lock import is_locked
from backend.optimize.loop import Optimization
from backend.worker import stages
from backend.worker.job import run_job
from backend.worker.stop import StopFlag
from tests.figures import Record
from tests.guidance.tiny_models import save_tiny
from tests.worker.small_jobs import PATIENCE_S, StartModule, add_job, await_that, read_events, state_of
from tests.worker.test_interrupted import LONG, shorten
from tools import packaging

NEW = "99.0.0"
FULL: dict[str, Any] = {"refine.steps": 3, "output.turntable": True}  # a job with every stage
STAGES = (*states.PHASES, "turntable")
REMOVED = "The add-on was updated or removed while the job ran. Resume the job from its last checkpoint."


def unpack(folder: Path, version: str = __version__) -> Path:
    """The files of the extension, with this version."""
    packaging.stage(folder)
    init = folder / "backend" / "__init__.py"
    init.write_text(init.read_text().replace(f'"{__version__}"', f'"{version}"'))
    return folder


def replace(extension: Path, versions: Path) -> None:
    """Updates as Blender does: the old folder is renamed and deleted, and the new one is renamed."""
    old = extension.with_name(".~old~")
    extension.rename(old)
    shutil.copytree(versions, extension.with_name("new@"))
    extension.with_name("new@").rename(extension)
    shutil.rmtree(old)


def remove(extension: Path, _versions: Path) -> None:
    shutil.rmtree(extension)


def remove_half(extension: Path, _versions: Path) -> None:
    """As if the removal had failed in the middle."""
    for path in sorted(p for p in extension.rglob("*") if p.is_file())[::2]:
        path.unlink()
    (extension / "backend" / "__init__.py").unlink(missing_ok=True)


CHANGES = (replace, remove, remove_half)


def versions_of(folder: Path) -> list[str]:
    return [event["backend"] for event in read_events(folder) if event["kind"] == "hello"]


def await_idle(jobs: Path) -> None:
    await_that("the end of the worker", lambda: not is_locked(jobs / "worker.lock"))


def test_an_updated_extension_finishes_its_job_and_the_new_version_takes_the_next(
    tmp_path: Path, start_module: StartModule
) -> None:
    extension, new = unpack(tmp_path / "dreamfusion"), unpack(tmp_path / "new", NEW)
    jobs = tmp_path / "jobs"
    first, second = add_job(jobs, steps=20), add_job(jobs)
    worker = start_module(extension, "backend", "work", str(jobs))
    await_that("step 2", lambda: state_of(first).step >= 2, worker)
    replace(extension, new)
    output, _ = worker.communicate(timeout=PATIENCE_S)
    assert (worker.returncode, output) == (0, "")
    assert (state_of(first).status, versions_of(first)) == (states.DONE, [__version__])
    await_that("the second job", lambda: state_of(second).is_final)
    assert (state_of(second).status, versions_of(second)) == (states.DONE, [NEW])
    await_idle(jobs)


def test_jobs_of_a_later_version_are_left_to_it(
    tmp_path: Path, start_module: StartModule, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = unpack(tmp_path / "old"), unpack(tmp_path / "new", NEW)
    jobs = tmp_path / "jobs"
    first = add_job(jobs, steps=LONG)
    worker = start_module(old, "backend", "work", str(jobs))
    await_that("step 1", lambda: state_of(first).step >= 1, worker)
    later = add_job(jobs, backend=NEW)
    third = add_job(jobs, backend="")  # of version 0.1.0
    client = start_module(new, "backend", "resume", str(later))  # follows it, and starts its worker when none runs
    shorten(first, 3)  # for the resume below
    request_control(first, "cancel")
    output, _ = worker.communicate(timeout=PATIENCE_S)
    assert (worker.returncode, output) == (0, "")
    assert (state_of(third).status, versions_of(third)) == (states.DONE, [__version__])
    output, _ = client.communicate(timeout=PATIENCE_S)
    assert client.returncode == 0, output
    assert (state_of(later).status, versions_of(later)) == (states.DONE, [NEW])
    # The old version gives the reason why it cannot run the job.
    refused = start_module(old, "backend", "resume", str(later))
    output, _ = refused.communicate(timeout=PATIENCE_S)
    assert refused.returncode == 1
    assert (
        output
        == f"The job was made by version {NEW} of the add-on, this is {__version__}. Update it, or generate the object again.\n"
    )


@pytest.mark.faults
@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_updates_and_removals_in_every_stage(
    stage: str, tmp_path: Path, start_module: StartModule, figure: Record
) -> None:
    new = unpack(tmp_path / "new", NEW)
    bad, finished = [], 0
    for change in CHANGES:
        place = tmp_path / change.__name__
        extension, jobs = unpack(place / "dreamfusion"), place / "jobs"
        folder = add_job(jobs, overrides=FULL)
        worker = start_module(extension, "backend", "work", str(jobs))
        await_that(stage, lambda folder=folder: _has_reached(folder, stage), worker)
        waiting = add_job(jobs)
        change(extension, new)
        output, _ = worker.communicate(timeout=PATIENCE_S)
        state, case = state_of(folder), (change.__name__, worker.returncode, output)
        is_whole = state.status == states.DONE and (folder / "asset" / "mesh.glb").is_file()
        is_clear = state.status == states.FAILED and state.error == REMOVED
        finished += is_whole
        if not (is_whole or is_clear) or "Traceback" in output:
            bad.append((case, state))
        if change is not replace:
            if state_of(waiting).status != states.QUEUED:
                bad.append((case, state_of(waiting)))
            shutil.rmtree(extension, ignore_errors=True)
            shutil.copytree(new, extension)
        else:
            await_that("the waiting job", lambda waiting=waiting: state_of(waiting).is_final)
        await_idle(jobs)
        if is_clear:
            request_control(folder, "resume")
        start_module(extension, "backend", "work", str(jobs)).communicate(timeout=PATIENCE_S)
        if [state_of(f).status for f in (folder, waiting)] != [states.DONE] * 2 or versions_of(waiting) != [NEW]:
            bad.append((case, state_of(folder), state_of(waiting)))
    print(bad)
    figure(f"updated or removed while {stage}, cases without a result or a clear reason", len(bad), at_most=0)
    least = 0 if stage == "loading" else len(CHANGES)  # to load the model, its files are needed
    figure(f"updated or removed while {stage}, jobs with a result", finished, f"of {len(CHANGES)}", at_least=least)


def _has_reached(folder: Path, stage: str) -> bool:
    events = read_events(folder)
    if stage == "turntable":
        return any(event["kind"] == "bye" for event in events)
    return any(event["kind"] == "phase" and event["name"] == stage for event in events)


@pytest.mark.parametrize("is_large", [False, True])
def test_all_modules_are_imported_before_a_step_that_takes_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_large: bool
) -> None:
    """With the built-in model and *Fast*, the first preview comes before them."""
    order: list[str] = []
    advance, import_all = Optimization.advance, stages.preload

    def advanced(self: Optimization) -> float:
        order.append("step")
        return advance(self)

    def preloaded() -> None:
        order.append("import")
        import_all()

    monkeypatch.setattr(Optimization, "advance", advanced)
    monkeypatch.setattr(stages, "preload", preloaded)
    prior = str(save_tiny("sd", tmp_path / "model")) if is_large else "builtin"
    folder = add_job(tmp_path / "jobs", prior=prior, overrides={"optimizer.overlap": not is_large})
    assert run_job(folder, StopFlag(), lambda: True)
    assert state_of(folder).status == states.DONE
    assert order[:3] == (["import", "step", "import"] if is_large else ["step", "import", "step"])
