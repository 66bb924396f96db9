"""Jobs on another host in a real Blender, whose computer has no backend at all."""

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
from dreamfusion_blender.core.jobs import JobBoard
from dreamfusion_blender.core.present import OPEN_PREFERENCES, view_job
from tests.addon import small
from tests.addon.conftest import RunInBlender


@pytest.mark.usefixtures("sshd")
def test_an_object_comes_from_another_host(run_in_blender: RunInBlender, box: Remote) -> None:
    got = run_in_blender("remote.py", box.host, box.folder, box.jobs, small.typed(small.OVERRIDES), python="")
    assert got["python"] == ""
    assert "The backend's Python is not set" in got["no_python"]
    assert "The backend's Python is not set" in got["no_host"]  # without a host there is no choice
    assert "cannot be a host" in got["no_name"]
    assert "Online access is disabled" in got["offline"]
    assert got["jobs_so_far"] == 0
    status, headline, facts, error = got["view"]
    assert (status, headline, error) == ("done", "Done. Imported", "")
    assert ", on box, " in facts
    assert got["object"]["albedo"]["size"] == [64, 64]


@pytest.mark.parametrize(
    ("remote", "is_online", "words"),
    [
        (BoardRemote(""), True, "not named"),
        (BoardRemote("-x"), True, "cannot be"),
        (BoardRemote("box"), False, "Online access"),
    ],
)
def test_a_host_that_cannot_be_is_one_sentence(
    remote: BoardRemote, is_online: bool, words: str, tmp_path: Path
) -> None:
    board = JobBoard(tmp_path / "jobs", "")
    board.remote, board.is_online = remote, is_online
    job = board.submit(small.request())
    board.tick()
    assert (job.state.status, job.state.error_code) == (states.FAILED, "start")
    assert words in job.state.error
    assert "preferences" in job.state.error


def test_quitting_cancels_what_runs_elsewhere_if_that_is_wanted(tmp_path: Path) -> None:
    folder = create_job_folder(tmp_path, small.request(), {"remote.json": BoardRemote("box").note})
    tell = EventWriter(folder)
    tell("link", host="box", message="")
    tell("hello", protocol=PROTOCOL)
    tell.close()
    relay, taken = FolderLock(tmp_path / BoardRemote("box").lock_name), FolderLock(folder / "lock")
    assert relay.acquire()
    assert taken.acquire()
    board = JobBoard(tmp_path, "")
    while not board.jobs or board.has_unmet:
        board.tick()
    board.tick()
    assert board.jobs[folder.name].state.status == states.RUNNING
    board.stop()
    assert not is_requested(folder, "cancel")
    board.stop(also={folder.name})
    assert is_requested(folder, "cancel")
    relay.release()
    taken.release()


def test_a_lost_connection_is_worded() -> None:
    state = JobState(status=states.RUNNING, phase="optimising", step=3, total=9, host="box", link="It is gone.")
    view = view_job("id", small.request(), state)
    assert view.headline == "No connection to box. Retrying"
    assert view.notes == ("It is gone.",)
    assert view.fraction is not None
    assert "on box" in view.facts
    failed = view_job("id", small.request(), JobState(status=states.FAILED, error="No.", error_code="remote"))
    assert failed.fixes[0] == OPEN_PREFERENCES
