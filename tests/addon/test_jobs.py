"""The job board with the real worker, without Blender."""

from __future__ import annotations

import os
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest
from dreamfusion_blender.backend.errors import JobError
from dreamfusion_blender.backend.jobs import follow, states
from dreamfusion_blender.backend.jobs.events import PROTOCOL, EventReader, EventWriter
from dreamfusion_blender.backend.jobs.folder import create_job_folder, read_job
from dreamfusion_blender.backend.jobs.follow import MAX_RESTARTS, READ_BYTES
from dreamfusion_blender.backend.jobs.lock import FolderLock

from dreamfusion_blender.core.job import Job
from dreamfusion_blender.core.jobs import JobBoard
from tests.addon import small


def is_optimizing(job: Job) -> bool:
    return job.state.phase == "optimising" and job.state.step > 0


def test_a_job_runs_until_its_mesh_is_done(finished_job: Path) -> None:
    board = JobBoard(finished_job.parent, "")
    job = discovered(board, finished_job.name)
    assert job.state.status == states.DONE
    assert job.mesh_path is not None
    assert job.mesh_path.is_file()
    assert job.preview_path is not None
    assert job.preview_path.is_file()


def discovered(board: JobBoard, job_id: str) -> Job:
    """An existing job, once its events have been read."""
    while job_id not in board.jobs or not board.jobs[job_id].is_known or board.has_undiscovered:
        board.tick()
    board.tick()
    return board.jobs[job_id]


def test_two_jobs_run_one_after_the_other(board: JobBoard) -> None:
    # The first request file is older, so the worker takes it first.
    first = board.submit(small.request("a blue mug", small.LONG_OVERRIDES))
    second = board.submit(small.request("a red mushroom"))
    assert first.state.status == states.STARTING
    assert second.state.status == states.QUEUED
    seen = small.tick_until(board, first, is_optimizing)
    assert seen[0] == states.STARTING
    small.tick_until(board, second, lambda job: job.state.status == states.QUEUED)

    board.pause(first.id)
    small.tick_until(board, first, lambda job: job.state.status == states.PAUSED)
    board.unpause(first.id)
    small.tick_until(board, first, lambda job: job.state.status == states.RUNNING)

    board.cancel(first.id)
    assert first.state.status == states.CANCELLING
    small.tick_until(board, first, small.has_ended)
    assert first.state.status == states.CANCELLED
    assert first.state.error == ""
    small.tick_until(board, second, small.has_ended)
    assert second.state.status == states.DONE


def test_the_job_of_a_killed_worker_is_resumed(board: JobBoard) -> None:
    job = board.submit(small.request(overrides={**small.OVERRIDES, "optimizer.steps": 400}))
    small.tick_until(board, job, lambda j: j.state.step > 3)
    os.kill(pid_of(job), signal.SIGKILL)
    small.tick_until(board, job, small.has_ended)
    assert job.state.status == states.DIED
    assert "Resume the job" in job.state.error
    steps_before = job.state.step

    board.resume(job.id)
    assert job.state.status == states.STARTING
    assert job.state.error == ""
    small.tick_until(board, job, is_optimizing)
    assert job.state.step >= steps_before - 3, "it restarted instead of continuing from its checkpoint"
    board.cancel(job.id)
    small.tick_until(board, job, small.has_ended)
    assert job.state.status == states.CANCELLED


def pid_of(job: Job) -> int:
    for event in EventReader(job.folder).read():
        if event["kind"] == "hello":
            return int(event["pid"])
    raise AssertionError("no hello")


@pytest.mark.skipif(os.name == "nt", reason="uses SIGSTOP")
def test_a_worker_that_ignores_cancel_is_killed(board: JobBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "KILL_AFTER_S", 1.0)
    job = board.submit(small.request(overrides=small.LONG_OVERRIDES))
    small.tick_until(board, job, is_optimizing)
    os.kill(pid_of(job), signal.SIGSTOP)  # it reads no requests and does not react to SIGTERM
    board.cancel(job.id)
    small.tick_until(board, job, small.has_ended)
    assert job.state.status == states.CANCELLED


def test_a_queued_job_without_a_worker_can_be_cancelled(board: JobBoard) -> None:
    folder = create_job_folder(board.jobs_folder, small.request())
    job = discovered(board, folder.name)
    assert job.state.status == states.QUEUED
    board.cancel(job.id)
    assert job.state.status == states.CANCELLED


@pytest.mark.parametrize(("python", "words"), [("", "not set"), ("/no/such/python", "does not exist")])
def test_a_missing_python_fails_the_job_and_keeps_it(tmp_path: Path, python: str, words: str) -> None:
    board = JobBoard(tmp_path / "jobs", python)
    job = board.submit(small.request())
    board.tick()
    assert job.state.status == states.FAILED
    assert job.state.error_code == "start"
    assert words in job.state.error


def test_a_job_resumes_after_a_python_without_requirements_is_replaced(
    board: JobBoard, blender_python: Path, backend_python: Path
) -> None:
    board.workers.python = str(blender_python)
    job = board.submit(small.request())
    small.tick_until(board, job, small.has_ended)
    assert job.state.status == states.FAILED
    assert "requirements are not installed" in job.state.error

    board.workers.python = str(backend_python)
    board.resume(job.id)
    small.tick_until(board, job, small.has_ended)
    assert job.state.status == states.DONE


def test_a_program_that_is_not_python_fails_the_job(board: JobBoard) -> None:
    board.workers.python = shutil.which("false") or "false"
    job = board.submit(small.request())
    small.tick_until(board, job, small.has_ended, patience_s=30)
    assert job.state.error_code == "start"
    assert "preferences" in job.state.error


def test_a_program_that_never_takes_the_job_is_not_restarted_forever(board: JobBoard) -> None:
    board.workers.python = shutil.which("true") or "true"
    job = board.submit(small.request())
    small.tick_until(board, job, small.has_ended, patience_s=30)
    assert job.state.status == states.FAILED
    assert job.restarts == MAX_RESTARTS


def test_an_unwritable_jobs_folder_is_a_job_error(tmp_path: Path, backend_python: Path) -> None:
    (tmp_path / "file").write_text("x")
    board = JobBoard(tmp_path / "file" / "jobs", str(backend_python))
    with pytest.raises(JobError, match=r"Cannot write to .* preferences"):
        board.submit(small.request())


def test_history_is_newest_first_and_skips_other_folders(tmp_path: Path, finished_job: Path) -> None:
    jobs = tmp_path / "jobs"
    (jobs / "20200101-000000-not-a-job").mkdir(parents=True)
    (jobs / "notes.txt").write_text("x")
    for second in range(1, 20):
        name = f"20260101-0000{second:02}-a-mug-0000"
        shutil.copytree(finished_job, jobs / name)
        request = replace(read_job(finished_job), id=name)
        text = (finished_job / "job.json").read_text().replace(finished_job.name, request.id)
        (jobs / name / "job.json").write_text(text)
    board = JobBoard(jobs, "")
    board.tick()
    while board.has_undiscovered:
        board.tick()
    names = [job.id for job in board.newest_first()]
    assert names == sorted(names, reverse=True)
    assert len(names) == 19
    assert names[0].startswith("20260101-000019")
    assert all(job.state.status == states.DONE for job in board.newest_first())


def test_a_job_of_another_client_is_discovered(board: JobBoard) -> None:
    board.jobs_folder.mkdir(parents=True)
    board.tick()
    folder = create_job_folder(board.jobs_folder, small.request("made elsewhere"))
    deadline = time.monotonic() + 10
    while folder.name not in board.jobs and time.monotonic() < deadline:
        board.tick()
        time.sleep(0.05)
    assert board.jobs[folder.name].request.prompt == "made elsewhere"


def test_an_event_longer_than_the_read_limit_is_read(tmp_path: Path) -> None:
    folder = create_job_folder(tmp_path, small.request())
    job = Job(folder, read_job(folder))
    writer = EventWriter(folder)
    writer("hello", protocol=PROTOCOL)
    writer("warning", message="x" * (3 * READ_BYTES))
    writer("bye", status="done")
    writer.close()
    for _ in range(5):
        job.read()
    assert job.folded.status == states.DONE
    assert job.folded.warnings == ("x" * states.MAX_TEXT,)


def test_a_worker_that_ends_after_many_events_has_not_died(tmp_path: Path) -> None:
    """As after a long render without timer ticks: one tick cannot read all events, and the lock is free already."""
    clock = iter(range(1000))  # one second per tick: every tick probes the lock
    folder = create_job_folder(tmp_path, small.request())
    lock = FolderLock(folder / "lock")
    assert lock.acquire()
    write = EventWriter(folder)
    write("hello", protocol=PROTOCOL)
    board = JobBoard(tmp_path, "", clock=lambda: float(next(clock)))
    job = discovered(board, folder.name)
    assert job.state.status == states.RUNNING
    for step in range(400):
        write("progress", phase="optimising", step=step, total=400, elapsed_s=float(step), eta_s=1.0)
    write("bye", status=states.DONE)
    write.close()
    lock.release()
    seen = small.tick_until(board, job, small.has_ended, patience_s=30)
    assert seen == [states.RUNNING, states.DONE]


@pytest.mark.timing
def test_a_tick_is_short_during_a_real_stream_of_events(tmp_path: Path, finished_job: Path) -> None:
    """Measures the processor time of this thread, which other programs do not affect."""
    folder = tmp_path / "jobs" / finished_job.name
    shutil.copytree(finished_job, folder)
    lines = (finished_job / "events.jsonl").read_bytes().splitlines(keepends=True)
    body = [line for line in lines if b'"bye"' not in line]
    (folder / "events.jsonl").write_bytes(b"")
    lock = FolderLock(folder / "lock")
    assert lock.acquire()
    board = JobBoard(folder.parent, "")
    board.tick()
    ticks_ms = []
    for number in range(300):
        with open(folder / "events.jsonl", "ab") as file:
            # Three events a tick, and a backlog every 60 ticks, as after a long render.
            file.write(b"".join(body[(number + k) % len(body)] for k in range(200 if number % 60 == 0 else 3)))
        started = time.thread_time()
        board.tick()
        ticks_ms.append((time.thread_time() - started) * 1e3)
    lock.release()
    print(f"ticks: median {sorted(ticks_ms)[150]:.3f} ms, worst {max(ticks_ms):.3f} ms")
    assert max(ticks_ms) < 2.0


def test_jobs_of_version_0_1_0_are_listed_with_their_results(tmp_path: Path, repo: Path) -> None:
    jobs = Path(shutil.copytree(repo / "tests" / "data" / "jobs-0.1.0", tmp_path / "jobs"))
    board = JobBoard(jobs, "")
    done = discovered(board, "20261129-071546-a-blue-mug-0001")
    killed = discovered(board, "20261129-071611-a-red-mushroom-0002")
    assert board.newest_first() == [killed, done]
    small.tick_until(board, killed, small.has_ended, patience_s=30)  # the next probe finds its lock free
    assert (done.request.prompt, done.state.status) == ("a blue mug", states.DONE)
    assert done.mesh_path is not None
    assert done.mesh_path.read_bytes()[:4] == b"glTF"
    assert done.preview_path is not None
    assert done.preview_path.is_file()
    assert (killed.state.status, killed.state.step) == (states.DIED, 7)
