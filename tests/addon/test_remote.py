"""Jobs on a remote host, from a Blender without a local backend."""

from __future__ import annotations

from pathlib import Path

import pytest
from dreamfusion_blender.backend.jobs import states
from dreamfusion_blender.backend.jobs.events import PROTOCOL, EventWriter
from dreamfusion_blender.backend.jobs.folder import create_job_folder, is_requested
from dreamfusion_blender.backend.jobs.lock import FolderLock
from dreamfusion_blender.backend.jobs.remote import Remote as BoardRemote
from dreamfusion_blender.backend.jobs.states import JobState

from backend.jobs.remote import Remote
from dreamfusion_blender.core.actions import OPEN_PREFERENCES
from dreamfusion_blender.core.jobs import JobBoard
from dreamfusion_blender.core.present import view_job
from tests.addon import small
from tests.addon.conftest import RunInBlender


@pytest.mark.usefixtures("sshd")
def test_an_object_is_generated_on_a_remote_host(run_in_blender: RunInBlender, box: Remote) -> None:
    got = run_in_blender("remote.py", box.host, box.folder, box.jobs, small.typed(small.OVERRIDES), python="")
    assert got["python"] == ""
    assert "The backend's Python is not set" in got["no_python"]
    assert "The backend's Python is not set" in got["no_host"]  # without a host, jobs run on this computer
    assert "is not a valid host" in got["no_name"]
    assert "Online access is disabled" in got["offline"]
    assert got["jobs_so_far"] == 0
    status, headline, facts, error = got["view"]
    assert (status, headline, error) == ("done", "Done. Imported", "")
    assert ", on box, " in facts
    assert got["object"]["albedo"]["size"] == [64, 64]


@pytest.mark.parametrize(
    ("remote", "is_online", "words"),
    [
        (BoardRemote(""), True, "No remote host is set"),
        (BoardRemote("-x"), True, "not a valid host"),
        (BoardRemote("box"), False, "Online access is disabled"),
    ],
)
def test_an_unusable_host_fails_the_job(remote: BoardRemote, is_online: bool, words: str, tmp_path: Path) -> None:
    board = JobBoard(tmp_path / "jobs", "")
    board.remote, board.workers.is_online = remote, is_online
    job = board.submit(small.request())
    board.tick()
    assert (job.state.status, job.state.error_code) == (states.FAILED, "start")
    assert words in job.state.error
    assert "preferences" in job.state.error.lower()


def test_stop_cancels_remote_jobs_on_request(tmp_path: Path) -> None:
    folder = create_job_folder(tmp_path, small.request(), {"remote.json": BoardRemote("box").note})
    write = EventWriter(folder)
    write("link", host="box", message="")
    write("hello", protocol=PROTOCOL)
    write.close()
    relay_lock, job_lock = FolderLock(tmp_path / BoardRemote("box").lock_name), FolderLock(folder / "lock")
    assert relay_lock.acquire()
    assert job_lock.acquire()
    board = JobBoard(tmp_path, "")
    while not board.jobs or board.has_undiscovered:
        board.tick()
    board.tick()
    assert board.jobs[folder.name].state.status == states.RUNNING
    board.stop()
    assert not is_requested(folder, "cancel")
    board.stop(also={folder.name})
    assert is_requested(folder, "cancel")
    relay_lock.release()
    job_lock.release()


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (None, "This job ran on evil.example, which is not your remote host."),
        (BoardRemote("box"), "This job ran on evil.example, which is not your remote host."),
        (BoardRemote("evil.example", "~/mine"), "with other folders or another Python than in your preferences."),
    ],
)
@pytest.mark.parametrize("is_resumed", [False, True])
def test_a_planted_host_is_never_connected_to(
    known: BoardRemote | None, words: str, is_resumed: bool, tmp_path: Path
) -> None:
    """Anybody who can write to the jobs folder can add a job that seems to have lost its connection."""
    folder = create_job_folder(tmp_path, small.request(), {"remote.json": BoardRemote("evil.example").note})
    write = EventWriter(folder)
    write("link", host="evil.example", message="")
    write("hello", protocol=PROTOCOL)
    write.close()
    clock = iter(range(1000))
    board = JobBoard(tmp_path, "", clock=lambda: float(next(clock)))
    if known is not None:
        board.workers.hosts.add(known)
    for _ in range(8):
        board.tick()
    if is_resumed:
        board.resume(folder.name)
        board.tick()
    job = board.jobs[folder.name]
    assert board.workers._started == {}
    assert (job.state.status, job.state.error_code) == (states.FAILED, "start")
    assert words in job.state.error
    assert view_job("id", job.request, job.state).fixes[0] == OPEN_PREFERENCES


def test_a_job_of_the_chosen_host_is_connected_again(tmp_path: Path) -> None:
    host = BoardRemote("box.invalid")
    folder = create_job_folder(tmp_path, small.request(), {"remote.json": host.note})
    write = EventWriter(folder)
    write("link", host="box.invalid", message="")
    write.close()
    clock = iter(range(1000))
    board = JobBoard(tmp_path, "", clock=lambda: float(next(clock)))
    board.workers.hosts.add(host)
    for _ in range(4):
        board.tick()
    (child,) = board.workers._started.values()
    child.kill()
    child.wait(60)


def test_a_lost_connection_is_shown() -> None:
    state = JobState(status=states.RUNNING, phase="optimising", step=3, total=9, host="box", link="It is gone.")
    view = view_job("id", small.request(), state)
    assert view.headline == "No connection to box. Retrying"
    assert view.notes == ("It is gone.",)
    assert view.fraction is not None
    assert "on box" in view.facts
    failed = view_job("id", small.request(), JobState(status=states.FAILED, error="No.", error_code="remote"))
    assert failed.fixes[0] == OPEN_PREFERENCES
