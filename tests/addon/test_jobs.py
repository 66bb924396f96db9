"""Jobs with the real worker and no Blender: to the end, cancelled, paused, killed and resumed, refused."""

from __future__ import annotations

import os
import shutil
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest
from dreamfusion_blender.backend.errors import JobError
from dreamfusion_blender.backend.jobs import states
from dreamfusion_blender.backend.jobs.events import PROTOCOL, EventReader, EventWriter
from dreamfusion_blender.backend.jobs.folder import create_job_folder, read_job
from dreamfusion_blender.backend.jobs.lock import FolderLock

from dreamfusion_blender.core import jobs as jobs_module
from dreamfusion_blender.core.job import READ_BYTES, Job
from dreamfusion_blender.core.jobs import JobBoard
from tests.addon import small


def is_optimizing(job: Job) -> bool:
    return job.state.phase == "optimising" and job.state.step > 0


def test_a_job_goes_through_to_a_mesh(finished_job: Path) -> None:
    board = JobBoard(finished_job.parent, "")
    job = follow(board, finished_job.name)
    assert job.state.status == states.DONE
    assert job.mesh_path is not None
    assert job.mesh_path.is_file()
    assert job.preview_path is not None
    assert job.preview_path.is_file()


def follow(board: JobBoard, job_id: str) -> Job:
    """A job that is there already, once its events are read."""
    while job_id not in board.jobs or not board.jobs[job_id].is_known or board.has_unmet:
        board.tick()
    board.tick()
    return board.jobs[job_id]


def test_two_jobs_at_once_wait_for_each_other_and_one_is_cancelled(board: JobBoard) -> None:
    # Jobs of the same second are taken in the order of their names.
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


def test_a_killed_worker_is_noticed_and_its_job_resumed(board: JobBoard) -> None:
    job = board.submit(small.request(overrides={**small.OVERRIDES, "optimizer.steps": 400}))
    small.tick_until(board, job, lambda j: j.state.step > 3)
    os.kill(pid_of(job), signal.SIGKILL)
    small.tick_until(board, job, small.has_ended)
    assert job.state.status == states.DIED
    assert "resume" in job.state.error
    steps_before = job.state.step

    board.resume(job.id)
    assert job.state.status == states.STARTING
    assert job.state.error == ""
    small.tick_until(board, job, is_optimizing)
    assert job.state.step >= steps_before - 3, "it began anew instead of going on from its checkpoint"
    board.cancel(job.id)
    small.tick_until(board, job, small.has_ended)
    assert job.state.status == states.CANCELLED


def pid_of(job: Job) -> int:
    for event in EventReader(job.folder).read():
        if event["kind"] == "hello":
            return int(event["pid"])
    raise AssertionError("no hello")


@pytest.mark.skipif(os.name == "nt", reason="stops a process with a signal")
def test_a_worker_that_does_not_heed_cancel_is_ended(board: JobBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "TERMINATE_AFTER_S", 0.5)
    monkeypatch.setattr(jobs_module, "KILL_AFTER_S", 1.0)
    job = board.submit(small.request(overrides=small.LONG_OVERRIDES))
    small.tick_until(board, job, is_optimizing)
    os.kill(pid_of(job), signal.SIGSTOP)  # it can read no request and take no SIGTERM
    board.cancel(job.id)
    small.tick_until(board, job, small.has_ended)
    assert job.state.status == states.CANCELLED


def test_a_queued_job_without_a_worker_can_be_cancelled(board: JobBoard) -> None:
    folder = create_job_folder(board.jobs_folder, small.request())
    job = follow(board, folder.name)
    assert job.state.status == states.QUEUED
    board.cancel(job.id)
    assert job.state.status == states.CANCELLED


@pytest.mark.parametrize(("python", "words"), [("", "not set"), ("/no/such/python", "does not exist")])
def test_a_missing_python_is_one_sentence_and_keeps_the_job(tmp_path: Path, python: str, words: str) -> None:
    board = JobBoard(tmp_path / "jobs", python)
    job = board.submit(small.request())
    board.tick()
    assert job.state.status == states.FAILED
    assert job.state.error_code == "start"
    assert words in job.state.error


def test_a_python_without_the_requirements_is_told_of_and_put_right(
    board: JobBoard, blender_python: Path, backend_python: Path
) -> None:
    board.python = str(blender_python)
    job = board.submit(small.request())
    small.tick_until(board, job, small.has_ended)
    assert job.state.status == states.FAILED
    assert "lacks the module" in job.state.error

    board.python = str(backend_python)
    board.resume(job.id)
    small.tick_until(board, job, small.has_ended)
    assert job.state.status == states.DONE


def test_a_program_that_is_no_python_is_told_of(board: JobBoard) -> None:
    board.python = shutil.which("false") or "false"
    job = board.submit(small.request())
    small.tick_until(board, job, small.has_ended, patience_s=30)
    assert job.state.error_code == "start"
    assert "preferences" in job.state.error


def test_an_endless_idle_program_is_not_started_for_ever(board: JobBoard) -> None:
    board.python = shutil.which("true") or "true"
    job = board.submit(small.request())
    small.tick_until(board, job, small.has_ended, patience_s=30)
    assert job.state.status == states.FAILED
    assert job.restarts == jobs_module.MAX_RESTARTS


def test_an_unwritable_jobs_folder_is_one_sentence(tmp_path: Path, backend_python: Path) -> None:
    (tmp_path / "file").write_text("x")
    board = JobBoard(tmp_path / "file" / "jobs", str(backend_python))
    with pytest.raises(JobError, match=r"cannot be written .* preferences"):
        board.submit(small.request())


def test_history_is_newest_first_and_skips_what_is_no_job(tmp_path: Path, finished_job: Path) -> None:
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
    while board.has_unmet:
        board.tick()
    names = [job.id for job in board.newest_first()]
    assert names == sorted(names, reverse=True)
    assert len(names) == 19
    assert names[0].startswith("20260101-000019")
    assert all(job.state.status == states.DONE for job in board.newest_first())


def test_a_job_of_another_client_appears(board: JobBoard) -> None:
    board.jobs_folder.mkdir(parents=True)
    board.tick()
    folder = create_job_folder(board.jobs_folder, small.request("made elsewhere"))
    deadline = time.monotonic() + 10
    while folder.name not in board.jobs and time.monotonic() < deadline:
        board.tick()
        time.sleep(0.05)
    assert board.jobs[folder.name].request.prompt == "made elsewhere"


def test_an_event_longer_than_the_reading_limit_gets_through(tmp_path: Path) -> None:
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
    assert len(job.folded.warnings[0]) == 3 * READ_BYTES


def test_a_worker_that_says_much_and_leaves_has_not_died(tmp_path: Path) -> None:
    """As after a long render, in which no timer fired: more to read than one tick takes, and the lock free already."""
    clock = iter(range(1000))  # every tick is a second later: each asks for the lock
    folder = create_job_folder(tmp_path, small.request())
    lock = FolderLock(folder / "lock")
    assert lock.acquire()
    tell = EventWriter(folder)
    tell("hello", protocol=PROTOCOL)
    board = JobBoard(tmp_path, "", clock=lambda: float(next(clock)))
    job = follow(board, folder.name)
    assert job.state.status == states.RUNNING
    for step in range(400):
        tell("progress", phase="optimising", step=step, total=400, elapsed_s=float(step), eta_s=1.0)
    tell("bye", status=states.DONE)
    tell.close()
    lock.release()
    seen = small.tick_until(board, job, small.has_ended, patience_s=30)
    assert seen == [states.RUNNING, states.DONE]


@pytest.mark.timing
def test_a_tick_is_short_while_a_real_stream_of_events_comes(tmp_path: Path, finished_job: Path) -> None:
    """Processor time of this thread, as other programs' work is not the tick's."""
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
            # Three events a tick, and now and then a backlog as after a long render.
            file.write(b"".join(body[(number + k) % len(body)] for k in range(200 if number % 60 == 0 else 3)))
        started = time.thread_time()
        board.tick()
        ticks_ms.append((time.thread_time() - started) * 1e3)
    lock.release()
    print(f"ticks: median {sorted(ticks_ms)[150]:.3f} ms, worst {max(ticks_ms):.3f} ms")
    assert max(ticks_ms) < 2.0
