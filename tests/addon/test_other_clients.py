"""Two clients of one jobs folder: each shows at once what the other one does."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from dreamfusion_blender.backend.jobs import states
from dreamfusion_blender.backend.jobs.events import PROTOCOL, EventReader, EventWriter
from dreamfusion_blender.backend.jobs.folder import create_job_folder, set_turn, withdraw_control
from dreamfusion_blender.backend.jobs.follow import JobFollower
from dreamfusion_blender.backend.jobs.lock import FolderLock

from dreamfusion_blender.core.job import Job
from dreamfusion_blender.core.jobs import JobBoard
from tests.addon import small
from tests.addon.conftest import RunInBlender
from tests.addon.test_jobs import discovered
from tests.figures import Record

LIMIT_S = 2.0
IDLE_S, BUSY_S = 1.0, 0.1  # intervals of the timer
PRESSES = 12


def seconds_until(board: JobBoard, shown: str, reached: Callable[[], bool]) -> float:
    """Seconds until `reached`, with a tick as often as Blender's timer calls it."""
    started = time.monotonic()
    while not reached():
        board.tick([shown] if shown else [])
        assert time.monotonic() - started < 30 * LIMIT_S
        time.sleep(BUSY_S if board.is_busy else IDLE_S)
    return time.monotonic() - started


@pytest.mark.parametrize("other_jobs", [0, pytest.param(1000, marks=pytest.mark.faults)])
def test_what_another_client_does_is_shown(tmp_path: Path, other_jobs: int, figure: Record) -> None:
    small.many_jobs(tmp_path, other_jobs)
    folder, waiting = (create_job_folder(tmp_path, small.request(prompt)) for prompt in ("a mug", "a cone"))
    worker_lock, lock, write = FolderLock(tmp_path / "worker.lock"), FolderLock(folder / "lock"), EventWriter(folder)
    write("hello", protocol=PROTOCOL)
    write("bye", status=states.CANCELLED)
    board, other = JobBoard(tmp_path, ""), JobFollower(folder)
    job = discovered(board, folder.name)
    assert job.state.status == states.CANCELLED
    times = []

    def await_that(reached: Callable[[Job], bool], shown: str = folder.name) -> None:
        times.append(seconds_until(board, shown, lambda: reached(job)))

    def await_status(status: str) -> None:
        await_that(lambda job: job.state.status == status)

    assert worker_lock.acquire()  # the worker is busy with another job
    other.resume()
    await_status(states.QUEUED)
    assert lock.acquire()
    withdraw_control(folder, "resume")
    write("hello", protocol=PROTOCOL)
    await_status(states.RUNNING)
    other.pause()
    await_that(lambda job: job.pause_requested)
    write("paused")
    await_status(states.PAUSED)
    other.unpause()
    write("resumed")
    await_status(states.RUNNING)
    await_that(lambda job: not job.pause_requested)
    other.cancel(0.0)
    await_status(states.CANCELLING)
    write("bye", status=states.CANCELLED)
    withdraw_control(folder, "cancel")
    lock.release()
    await_status(states.CANCELLED)
    # The queue: another client moves a job.
    set_turn(waiting, ("0", 0, ""))
    await_that(lambda _: board.jobs[waiting.name].turn == ("0", 0, ""), waiting.name)
    # Our own cancel does not end a job that the other client has resumed.
    board.cancel(job.id)
    other.resume()
    await_status(states.QUEUED)
    assert job.cancel_requested_at is None
    shutil.rmtree(folder)
    await_that(lambda job: job.id not in board.jobs)
    figure(f"another client's requests, among {other_jobs} jobs, shown after", max(times), "s", at_most=LIMIT_S)


def test_a_deleted_jobs_folder_ends_all_jobs(tmp_path: Path) -> None:
    board = JobBoard(tmp_path / "jobs", "")
    jobs = [create_job_folder(board.jobs_folder, small.request()) for _ in range(3)]
    job = discovered(board, jobs[0].name)
    write = EventWriter(job.folder)
    write("hello", protocol=PROTOCOL)
    board.tick()
    shutil.rmtree(board.jobs_folder)
    seconds_until(board, "", lambda: not board.jobs)
    assert board.active() == board.newest_first() == []
    assert not board.jobs_folder.exists()


@pytest.mark.faults
def test_two_clients_that_resume_at_once_run_the_job_once(tmp_path: Path, backend_python: Path, figure: Record) -> None:
    random.seed(4)
    boards = [JobBoard(tmp_path / "jobs", str(backend_python)) for _ in range(2)]
    first = boards[0].submit(small.request(overrides={**small.OVERRIDES, "optimizer.steps": 100_000}))
    jobs = [first, discovered(boards[1], first.id)]
    runs = []
    for _ in range(PRESSES):
        boards[0].cancel(first.id)
        for board, job in zip(boards, jobs, strict=True):
            small.tick_until(board, job, small.has_ended)
            assert job.state.status == states.CANCELLED
        while any(board.workers.is_alive(first.location) for board in boards):
            time.sleep(0.05)
        before = hellos(first.folder)
        boards[0].resume(first.id)
        time.sleep(random.choice([0.0, random.uniform(0.0, 10.0)]))  # the first worker may have the job by then
        boards[1].resume(first.id)  # whose view is from before
        for board, job in zip(boards, jobs, strict=True):
            small.tick_until(board, job, lambda job: job.state.step > 1)
            assert job.state.status == states.RUNNING
        runs.append(hellos(first.folder) - before)
    for board in boards:
        board.stop()
    figure("two clients resume at once, presses", PRESSES, at_least=PRESSES)
    figure("two clients resume at once, runs of the job beyond one for each", sum(runs) - PRESSES, at_most=0)


def hellos(folder: Path) -> int:
    reader, count = EventReader(folder), 0
    while events := reader.read():
        count += sum(event["kind"] == "hello" for event in events)
    return count


def test_the_panel_reports_a_deleted_folder(run_in_blender: RunInBlender) -> None:
    got = run_in_blender("deleted_folder.py")
    assert got["message"] == 'The folder of "a red mug" was deleted. Generate the object again.'
    assert (got["live"], got["exists"]) == (0, False)


def test_the_command_line_reports_a_deleted_folder(tmp_path: Path, backend_python: Path, repo: Path) -> None:
    settings = [f"--set={name}={str(value).lower()}" for name, value in small.LONG_OVERRIDES.items()]
    command = [backend_python, "-B", "-m", "backend", "generate", "a mug", "--output", tmp_path, *settings]
    with subprocess.Popen(command, cwd=repo, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as client:
        deadline = time.monotonic() + small.PATIENCE_S
        while not (folders := [f for f in tmp_path.glob("*/events.jsonl") if b"progress" in f.read_bytes()]):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        shutil.rmtree(folders[0].parent)
        _, errors = client.communicate(timeout=60)
    assert client.returncode == 1
    assert errors == f"The folder {folders[0].parent} was deleted. Generate the object again.\n"
