"""The extension is updated while a relay runs: a relay of the new version follows the job."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from backend.jobs import states
from backend.jobs.folder import create_job_folder, request_control
from backend.jobs.lock import is_locked
from backend.jobs.remote import NOTE, Remote
from backend.relay.mirror import is_own
from tests.addon import small
from tests.relay.openssh import Sshd
from tests.worker.small_jobs import await_that, kinds, state_of
from tests.worker.test_updated import replace, unpack


@pytest.mark.faults
def test_an_updated_relay_leaves_its_job_to_the_new_one(box: Remote, sshd: Sshd, tmp_path: Path) -> None:
    extension, new = unpack(tmp_path / "dreamfusion"), unpack(tmp_path / "new")
    folder = create_job_folder(tmp_path / "jobs", small.request(overrides=small.LONG_OVERRIDES), {NOTE: box.note})
    command = [sys.executable, "-B", "-m", "backend.relay", "work", folder.parent, *box.options()]
    with subprocess.Popen(command, cwd=extension) as relay:
        await_that("step 1", lambda: state_of(folder).step >= 1, None)
        replace(extension, new)
        assert relay.wait(60) == 0
    step = state_of(folder).step
    await_that("the new relay", lambda: state_of(folder).step > step + 1)
    request_control(folder, "cancel")
    await_that("the end", lambda: state_of(folder).is_final and not is_locked(folder.parent / box.lock_name))
    assert state_of(folder).status == states.CANCELLED
    assert kinds(folder).count("hello") == 1
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    remote = (Path(box.jobs) / folder.name / "events.jsonl").read_bytes()
    assert b"".join(line for line in lines if not is_own(line)) == remote
