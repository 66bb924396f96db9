"""A worker process that runs small jobs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import trimesh
from PIL import Image

from backend import __version__
from backend.config.overrides import apply_overrides, flatten
from backend.config.presets import PRESETS
from backend.guidance.builtin.prior import BUILTIN
from backend.jobs import states
from backend.jobs.events import PROTOCOL
from backend.jobs.folder import is_requested, list_jobs, request_control, withdraw_control
from backend.optimize import checkpoint
from backend.worker.pictures import TURNTABLE_FRAMES
from tests.worker.small_jobs import SMALL, RunWorker, StartWorker, add_job, await_that, kinds, read_events, state_of


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, repo: Path) -> Path:
    """A finished job in a folder with a non-ASCII name."""
    folder = add_job(
        tmp_path_factory.mktemp("jobs") / "Möbel \U0001fa91",
        "A red zebra \U0001f344",
        overrides={"output.turntable": True},
    )
    command = [sys.executable, "-m", "backend", "work", str(folder.parent)]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return folder


def test_events_are_complete_and_in_order(finished: Path) -> None:
    events = read_events(finished)
    assert [event["n"] for event in events] == list(range(1, len(events) + 1))
    hello = events[0]
    assert (hello["kind"], hello["protocol"], hello["backend"]) == ("hello", PROTOCOL, __version__)
    assert hello["device"].startswith("cpu")
    assert {"python", "torch", "pid"} <= hello.keys()
    assert [event["name"] for event in events if event["kind"] == "phase"] == [
        phase for phase in states.PHASES if phase != "refining"
    ]
    assert [event["kind"] for event in events[-3:]] == ["result", "bye", "turntable"]
    assert state_of(finished).status == states.DONE


def test_progress_has_times_and_is_rate_limited(finished: Path) -> None:
    events = [event for event in read_events(finished) if event["kind"] == "progress"]
    steps = [event["step"] for event in events if event["phase"] == "optimising"]
    assert steps == sorted(steps)
    assert steps[-1] == 4
    for one, other in pairwise(events):
        ends = other["step"] == other["total"]
        assert ends or one["phase"] != other["phase"] or other["time"] - one["time"] >= 0.24
        assert other["elapsed_s"] >= one["elapsed_s"]
    assert events[-1]["eta_s"] == pytest.approx(0, abs=0.5)


def test_the_result_is_a_mesh_with_a_report(finished: Path) -> None:
    state = state_of(finished)
    mesh = trimesh.load(finished / state.mesh, force="mesh")
    assert len(mesh.faces) == state.report["faces"] > 0
    assert json.loads((finished / "asset" / "report.json").read_text())["faces"] == state.report["faces"]
    assert (finished / "asset" / "albedo.png").is_file()


def test_previews_are_complete_images(finished: Path) -> None:
    paths = [event["path"] for event in read_events(finished) if event["kind"] == "preview"]
    assert paths[0] == "previews/000001.png"
    for path in paths:
        with Image.open(finished / path) as picture:
            picture.load()
            assert (picture.size, picture.mode) == ((32, 32), "RGB")
    assert not list(finished.rglob("*.tmp"))


def test_the_turntable_is_a_video(finished: Path) -> None:
    import imageio_ffmpeg

    video = finished / read_events(finished)[-1]["path"]
    frames, seconds = imageio_ffmpeg.count_frames_and_secs(str(video))
    assert frames in TURNTABLE_FRAMES  # by the time of the job
    assert seconds == pytest.approx(3, abs=0.2)


def test_unknown_words_in_the_prompt_give_a_warning(finished: Path) -> None:
    (warning,) = state_of(finished).warnings
    assert '"zebra"' in warning
    assert "'models list'" in warning  # lists the supported objects
    assert '"red"' not in warning


def test_the_resolved_settings_are_recorded(finished: Path) -> None:
    recorded = json.loads((finished / "settings.json").read_text())["settings"]
    overrides = {**SMALL, "output.turntable": True}
    assert apply_overrides(PRESETS["fast"], recorded) == apply_overrides(PRESETS["fast"], overrides)
    assert recorded.keys() == flatten(PRESETS["fast"]).keys()


def test_the_last_checkpoint_holds_the_finished_field(finished: Path) -> None:
    found = checkpoint.load_latest(finished / "checkpoints")
    assert found is not None
    assert found[0] == 4


def test_a_finished_job_is_not_run_again(finished: Path, run_worker: RunWorker) -> None:
    before = (finished / "events.jsonl").read_bytes()
    assert run_worker(finished.parent) == ""
    assert (finished / "events.jsonl").read_bytes() == before


def damaged_model(folder: Path) -> Path:
    """A copy of the built-in model with truncated weights."""
    shutil.copytree(BUILTIN, folder)
    weights = next((folder / "unet").glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:-1000])
    return folder


def test_invalid_jobs_do_not_block_the_queue(tmp_path: Path, run_worker: RunWorker) -> None:
    jobs = tmp_path / "jobs"
    bad: list[tuple[Path, str, tuple[str, ...]]] = []

    def expect(code: str, *texts: str, **options: Any) -> Path:
        bad.append((add_job(jobs, **options), code, texts))
        return bad[-1][0]

    expect("preset", "'fats'", "'fast'", preset="fats")
    expect("settings", "'mehs.resolution'", "mesh.resolution", overrides={"mehs.resolution": 3})
    expect("settings", "'optimizer.steps'", "a whole number", overrides={"optimizer.steps": "many"})
    expect("settings", "resolution", "must be between", overrides={"mesh.resolution": 1})
    expect("prior", "'nowhere'", prior="nowhere")
    expect("weights", "cannot be read", prior=str(damaged_model(tmp_path / "model")))
    (expect("files", "checkpoints", "Cannot access") / "checkpoints").rmdir()
    (bad[-1][0] / "checkpoints").touch()
    (expect("job", "Cannot read") / "job.json").write_text("{")
    no_events = add_job(jobs)
    (no_events / "events.jsonl").mkdir()
    good, cancelled, also_good = add_job(jobs), add_job(jobs), add_job(jobs, steps=2)
    request_control(cancelled, "cancel")

    output = run_worker(jobs)
    for folder, code, texts in bad:
        state = state_of(folder)
        assert (state.status, state.error_code) == (states.FAILED, code), state
        assert all(text in state.error for text in texts), state.error
        assert state.error.count("\n") == 0
        assert state.error.endswith((".", "?"))
        assert "Traceback" in (folder / "log.txt").read_text()
        assert "Traceback" not in (folder / "events.jsonl").read_text()
    assert no_events.name in output
    assert "Traceback" not in output
    assert kinds(cancelled)[0] == "hello"
    assert state_of(cancelled).status == states.CANCELLED
    assert not is_requested(cancelled, "cancel")
    assert [state_of(folder).status for folder in (good, also_good)] == [states.DONE] * 2
    hellos = [read_events(folder)[0]["time"] for folder in list_jobs(jobs) if folder != no_events]
    assert hellos == sorted(hellos)


def test_two_workers_run_each_job_once(tmp_path: Path, start_worker: StartWorker) -> None:
    folders = [add_job(tmp_path, steps=2) for _ in range(2)]
    workers = [start_worker(tmp_path) for _ in range(2)]
    for worker in workers:
        output, _ = worker.communicate(timeout=240)
        assert (worker.returncode, output) == (0, "")
    for folder in folders:
        assert kinds(folder).count("hello") == kinds(folder).count("bye") == 1
        assert state_of(folder).status == states.DONE


LATE_CLIENT = """
import pathlib, sys
from backend.jobs.folder import create_job_folder
from backend.jobs.lock import FolderLock, is_locked
from backend.jobs.request import new_job
from backend.worker import work

jobs, release, added = pathlib.Path(sys.argv[1]), FolderLock.release, []

def release_late(lock):
    # A client adds a job after the worker has found none but before it releases its lock.
    if lock.path.name == "worker.lock" and len(added) < 2:
        added.append(create_job_folder(jobs, new_job("a mug", preset="none such")))
        assert is_locked(lock.path)
    release(lock)

FolderLock.release = release_late
work(jobs)
assert len(added) == 2
print(*added, sep="\\n")
"""


def test_a_job_added_at_the_last_moment_is_run(tmp_path: Path, repo: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LATE_CLIENT, str(tmp_path)], cwd=repo, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for folder in done.stdout.splitlines():
        assert state_of(Path(folder)).error_code == "preset"


def test_pause_and_resume(tmp_path: Path, start_worker: StartWorker) -> None:
    folder = add_job(tmp_path, steps=100)  # long enough for a second pause
    request_control(folder, "pause")
    worker = start_worker(tmp_path)
    await_that("the pause", lambda: state_of(folder).status == states.PAUSED, worker)
    withdraw_control(folder, "pause")
    await_that("step 2", lambda: state_of(folder).step >= 2, worker)
    request_control(folder, "pause")
    await_that("the second pause", lambda: state_of(folder).status == states.PAUSED, worker)
    step = state_of(folder).step
    if state_of(folder).phase == "optimising":
        found = checkpoint.load_latest(folder / "checkpoints")
        assert found is not None
        assert found[0] >= step  # progress is reported a few times a second
    with pytest.raises(subprocess.TimeoutExpired):
        worker.wait(1.0)
    assert state_of(folder).step == step
    withdraw_control(folder, "pause")
    worker.communicate(timeout=240)
    assert state_of(folder).status == states.DONE
    assert kinds(folder).count("paused") == kinds(folder).count("resumed") == 2
