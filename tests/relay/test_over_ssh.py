"""Jobs over a real ssh, with the real worker at its other end."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from dreamfusion_blender.backend.jobs import states
from dreamfusion_blender.backend.jobs.folder import is_requested, list_jobs, read_job, request_control
from dreamfusion_blender.backend.jobs.lock import is_locked
from dreamfusion_blender.backend.jobs.remote import Remote

from backend.relay.check import check
from dreamfusion_blender.core.doctor import DoctorCheck
from dreamfusion_blender.core.job import Job
from dreamfusion_blender.core.jobs import JobBoard
from tests.addon import small
from tests.relay.openssh import Sshd


@pytest.fixture
def board(tmp_path: Path, box: Remote) -> Iterator[JobBoard]:
    """A board whose jobs run on the host. It has no Python of the backend, and needs none."""
    made = JobBoard(tmp_path / "jobs", "")
    made.remote = Remote(**vars(box))
    yield made
    for folder in (tmp_path / "jobs", Path(box.jobs)):  # whatever a failed test leaves behind
        for job in list_jobs(folder):
            request_control(job, "cancel")


def test_a_job_comes_and_goes_with_its_connection(board: JobBoard, box: Remote, sshd: Sshd) -> None:
    job = board.submit(small.request(overrides={**small.OVERRIDES, "optimizer.steps": 4000}))
    seen = small.tick_until(board, job, lambda j: j.state.step > 3)
    assert seen[0] == states.STARTING
    assert job.state.host == "box"
    there = Path(box.jobs) / job.id

    # The connection breaks: the worker goes on, and the relay finds it again.
    assert sshd.cut() == 1
    small.tick_until(board, job, lambda j: bool(j.state.link))
    assert job.state.status == states.RUNNING
    assert "box" in job.state.link
    assert is_locked(there / "lock")
    small.tick_until(board, job, lambda j: not j.state.link)
    assert relayed(job.folder) == (there / "events.jsonl").read_bytes()[: len(relayed(job.folder))]

    board.pause(job.id)
    small.tick_until(board, job, lambda j: j.state.status == states.PAUSED)

    # The relay is killed with Blender, as by a power cut; who looks into the folder next sends another.
    for child in board._workers.values():
        child.kill()
        child.wait(60)
    later = JobBoard(board.jobs_folder, "")
    later.tick()
    while later.has_unmet:
        later.tick()
    found = later.jobs[job.id]
    small.tick_until(later, found, lambda j: later.worker_is_alive(j.place))
    later.unpause(job.id)
    small.tick_until(later, found, lambda j: j.state.status == states.RUNNING)
    step = found.state.step
    small.tick_until(later, found, lambda j: j.state.step > step)

    later.cancel(job.id)
    seen = small.tick_until(later, found, small.has_ended)
    assert seen[0] == states.CANCELLING
    assert found.state.status == states.CANCELLED
    wait_until_free(job)
    assert relayed(job.folder) == (there / "events.jsonl").read_bytes()
    assert not is_requested(job.folder, "cancel")
    assert not is_locked(there / "lock")


def test_the_command_line_makes_an_object_on_the_host(box: Remote, sshd: Sshd, repo: Path, tmp_path: Path) -> None:
    values = {**small.OVERRIDES, "output.turntable": True}
    command = [sys.executable, "-B", "-m", "backend", "generate", "a red mushroom", "--output", tmp_path / "jobs"]
    command += [f"--set={name}={str(value).lower()}" for name, value in values.items()]
    command += ["--host", box.host, "--host-folder", box.folder, "--host-jobs", box.jobs]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True, timeout=small.PATIENCE_S)
    assert (done.returncode, done.stderr) == (0, "")
    assert "On box" in done.stdout.splitlines()
    (folder,) = list_jobs(tmp_path / "jobs")
    there = Path(box.jobs) / folder.name
    assert f"Asset: {folder / 'asset' / 'mesh.glb'}" in done.stdout.splitlines()
    assert (folder / "previews" / "turntable.mp4").exists()
    for path in there.rglob("*"):
        name = path.relative_to(there)
        if path.is_file() and name.parts[0] in ("asset", "previews", "settings.json", "log.txt"):
            assert (folder / name).read_bytes() == path.read_bytes(), name
    assert relayed(folder) == (there / "events.jsonl").read_bytes()
    assert read_job(there) == replace(read_job(folder), origin={})


def test_the_check_says_that_the_host_is_ready(box: Remote) -> None:
    asked = DoctorCheck("", Remote(**vars(box)), ("builtin", "fast"))
    deadline = time.monotonic() + small.PATIENCE_S
    while asked.poll().is_good is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    diagnosis = asked.poll()
    assert diagnosis.is_good, diagnosis
    assert diagnosis.lines[0] == (True, f"Host: box, version 0.1.0 in {box.folder}")
    assert any(text.startswith("torch: ") for _, text in diagnosis.lines)
    assert diagnosis.fit == (True, "builtin is as small as the built-in model, and fits")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"host": "strange"}, "strange refuses the login: `ssh strange` must work in a terminal without a password."),
        ({"host": "unknown"}, "ssh does not know unknown yet: run `ssh unknown` in a terminal once"),
        ({"host": "closed"}, "There is no connection to closed (connect to host 127.0.0.1 port"),
        ({"host": "nowhere.invalid"}, "There is no host nowhere.invalid, or no network"),
        ({"host": "-oProxyCommand=touch x"}, "cannot be a host"),
        ({"host": "me@-oProxyCommand"}, "cannot be a host"),
        ({"folder": "/no such/folder"}, "There is no folder /no such/folder on box"),
        ({"folder": "/"}, "The folder / on box does not hold the backend"),
        (
            {"python": "/no such/python"},
            "There is no Python /no such/python on box: run `python build.py backend doctor`",
        ),
        ({"python": "~/python"}, "There is no Python ~/python on box"),
        ({"python": "-c"}, "There is no Python -c on box"),
    ],
)
def test_what_does_not_work_is_one_sentence(box: Remote, changes: dict[str, str], words: str) -> None:
    answer = check(replace(box, **changes))
    assert not answer["ok"]
    assert words in answer["message"]
    assert answer["message"].endswith(".")
    assert "\n" not in answer["message"]


def test_a_backend_of_another_version_is_refused(box: Remote, sshd: Sshd, repo: Path, backend_python: Path) -> None:
    old = sshd.home / "old"
    subprocess.run(["cp", "-r", repo / "backend", "-t", make(old)], check=True)
    (old / "backend" / "__init__.py").write_text('__version__ = "0.0.9"\n')
    answer = check(replace(box, folder="~/old", python=str(backend_python)))
    assert (
        "~/old on box holds version 0.0.9 of the backend and this computer 0.1.0: install the same" in answer["message"]
    )
    subprocess.run(["rm", "-r", old / "backend" / "relay"], check=True)
    answer = check(replace(box, folder="~/old", python=str(backend_python)))
    assert "~/old on box holds an older version of the backend: install the same" in answer["message"]


def test_a_host_that_refuses_fails_the_job_at_once_and_trying_again_is_possible(board: JobBoard, box: Remote) -> None:
    board.remote = replace(board.remote, host="closed")  # type: ignore[type-var]
    job = board.submit(small.request())
    small.tick_until(board, job, small.has_ended)
    assert (job.state.status, job.state.error_code) == (states.FAILED, "remote")
    assert job.state.error.startswith("There is no connection to closed")
    assert not is_requested(job.folder, "resume")
    board.resume(job.id)
    seen = small.tick_until(board, job, small.has_ended)
    assert seen[0] == states.STARTING
    assert job.state.status == states.FAILED


def test_without_ssh_there_is_a_sentence(box: Remote, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert check(box)["message"] == "There is no program ssh on this computer: install OpenSSH's client."


def make(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def wait_until_free(job: Job) -> None:
    deadline = time.monotonic() + small.PATIENCE_S
    while is_locked(job.folder / "lock"):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def relayed(folder: Path) -> bytes:
    """What came from the host, without the relay's own events."""
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    return b"".join(line for line in lines if b'"relay": true' not in line)
