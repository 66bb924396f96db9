"""Jobs on a host behind a real ssh, with the real worker."""

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
from dreamfusion_blender.backend.jobs.request import IMAGE, JobRequest

from backend.inputs.earlier import earlier_files
from backend.inputs.field_file import NAME as FIELD
from backend.inputs.mesh_file import NAME as MESH
from backend.inputs.mesh_file import encode_mesh
from backend.relay.check import check
from dreamfusion_blender.core.doctor import DoctorCheck
from dreamfusion_blender.core.job import Job
from dreamfusion_blender.core.jobs import JobBoard
from tests.addon import small
from tests.inputs.pictures import as_file, mushroom
from tests.paint.painted import ball
from tests.relay.openssh import Sshd


@pytest.fixture
def board(tmp_path: Path, box: Remote) -> Iterator[JobBoard]:
    """A board whose jobs run on the host. It has no local backend."""
    made = JobBoard(tmp_path / "jobs", "")
    made.remote = Remote(**vars(box))
    yield made
    for folder in (tmp_path / "jobs", Path(box.jobs)):  # left by failed tests
        for job in list_jobs(folder):
            request_control(job, "cancel")


def test_a_job_survives_its_connection_and_its_relay(board: JobBoard, box: Remote, sshd: Sshd) -> None:
    job = board.submit(small.request(overrides={**small.OVERRIDES, "optimizer.steps": 4000}))
    seen = small.tick_until(board, job, lambda j: j.state.step > 3)
    assert seen[0] == states.STARTING
    assert job.state.host == "box"
    remote_folder = Path(box.jobs) / job.id

    # The connection breaks. The worker continues, and the relay reconnects.
    assert sshd.cut() == 1
    small.tick_until(board, job, lambda j: bool(j.state.link))
    assert job.state.status == states.RUNNING
    assert "box" in job.state.link
    assert is_locked(remote_folder / "lock")
    small.tick_until(board, job, lambda j: not j.state.link)
    received = relayed(job.folder)
    assert (remote_folder / "events.jsonl").read_bytes().startswith(received)

    board.pause(job.id)
    small.tick_until(board, job, lambda j: j.state.status == states.PAUSED)

    # The relay is killed with Blender, as in a power cut. The next board starts another relay.
    for child in board.workers._started.values():
        child.kill()
        child.wait(60)
    later = JobBoard(board.jobs_folder, "")
    later.workers.hosts = board.workers.hosts  # the preferences name the host
    later.tick()
    while later.has_undiscovered:
        later.tick()
    found = later.jobs[job.id]
    small.tick_until(later, found, lambda j: later.workers.is_alive(j.location))
    later.unpause(job.id)
    small.tick_until(later, found, lambda j: j.state.status == states.RUNNING)
    step = found.state.step
    small.tick_until(later, found, lambda j: j.state.step > step)

    later.cancel(job.id)
    seen = small.tick_until(later, found, small.has_ended)
    assert seen[0] == states.CANCELLING
    assert found.state.status == states.CANCELLED
    wait_until_free(job)
    assert relayed(job.folder) == (remote_folder / "events.jsonl").read_bytes()
    assert not is_requested(job.folder, "cancel")
    assert not is_locked(remote_folder / "lock")


def test_the_command_line_generates_an_object_on_the_host(box: Remote, sshd: Sshd, repo: Path, tmp_path: Path) -> None:
    values = {**small.OVERRIDES, "output.turntable": True}
    command = [sys.executable, "-B", "-m", "backend", "generate", "a red mushroom", "--output", tmp_path / "jobs"]
    command += [f"--set={name}={str(value).lower()}" for name, value in values.items()]
    command += ["--host", box.host, "--host-folder", box.folder, "--host-jobs", box.jobs]
    done = subprocess.run(command, cwd=repo, capture_output=True, text=True, timeout=small.PATIENCE_S)
    assert (done.returncode, done.stderr) == (0, "")
    assert "On box" in done.stdout.splitlines()
    (folder,) = list_jobs(tmp_path / "jobs")
    remote_folder = Path(box.jobs) / folder.name
    assert f"Asset: {folder / 'asset' / 'mesh.glb'}" in done.stdout.splitlines()
    assert (folder / "previews" / "turntable.mp4").exists()
    for path in remote_folder.rglob("*"):
        name = path.relative_to(remote_folder)
        if path.is_file() and name.parts[0] in ("asset", "previews", "settings.json", "log.txt"):
            assert (folder / name).read_bytes() == path.read_bytes(), name
    assert relayed(folder) == (remote_folder / "events.jsonl").read_bytes()
    assert read_job(remote_folder) == replace(read_job(folder), origin={})


def of_mesh(mode: str, overrides: dict[str, object]) -> tuple[JobRequest, dict[str, bytes]]:
    return small.request("a red ball", overrides, mode), {MESH: encode_mesh(ball())}


@pytest.mark.parametrize(
    ("request_of_job", "files"),
    [
        of_mesh("texture", small.TEXTURE_OVERRIDES),
        of_mesh("start", {**small.OVERRIDES, "field.levels": [8, 32]}),
        of_mesh("change", small.OVERRIDES),
        (
            small.request(overrides={**small.OVERRIDES, "image.render_px": 16}, image=IMAGE),
            {IMAGE: as_file(mushroom())},
        ),
    ],
    ids=["texture", "start", "change", "image"],
)
def test_the_host_gets_what_a_job_works_on(
    board: JobBoard, box: Remote, request_of_job: JobRequest, files: dict[str, bytes]
) -> None:
    job = board.submit(request_of_job, files)
    small.tick_until(board, job, small.has_ended)
    assert (job.state.status, job.state.error) == (states.DONE, "")
    remote_folder = Path(box.jobs) / job.id
    for name, content in files.items():
        assert (remote_folder / name).read_bytes() == content
    assert job.mesh_path is not None
    assert job.mesh_path.read_bytes() == (remote_folder / "asset" / "mesh.glb").read_bytes()


def test_an_object_of_the_host_is_changed_there(board: JobBoard, box: Remote) -> None:
    """The field of the first job comes back with its asset, and goes to the host again."""
    first = board.submit(small.request())
    small.tick_until(board, first, small.has_ended)
    files = earlier_files(first.folder)
    assert set(files) == {FIELD}
    second = board.submit(small.request("a blue mushroom", mode="change"), files)
    small.tick_until(board, second, small.has_ended)
    assert (second.state.status, second.state.error) == (states.DONE, "")
    assert (Path(box.jobs) / second.id / FIELD).read_bytes() == files[FIELD]


def test_the_check_of_a_working_host(box: Remote) -> None:
    doctor = DoctorCheck("", Remote(**vars(box)), ("builtin", "fast"))
    deadline = time.monotonic() + small.PATIENCE_S
    while doctor.poll().is_good is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    diagnosis = doctor.poll()
    assert diagnosis.is_good, diagnosis
    assert diagnosis.lines[0] == (True, f"Host: box, version 0.1.0 in {box.folder}")
    assert any(text.startswith("torch: ") for _, text in diagnosis.lines)
    assert diagnosis.model == (True, "builtin is as small as the built-in model, and fits")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"host": "strange"}, "strange refused the login. `ssh strange` must work in a terminal without a password."),
        ({"host": "unknown"}, "unknown is not a known host. Run `ssh unknown` in a terminal once"),
        ({"host": "closed"}, "Cannot connect to closed (connect to host 127.0.0.1 port"),
        ({"host": "nowhere.invalid"}, "The host nowhere.invalid was not found"),
        ({"host": "-oProxyCommand=touch x"}, "is not a valid host"),
        ({"host": "me@-oProxyCommand"}, "is not a valid host"),
        ({"folder": "/no such/folder"}, "The folder /no such/folder does not exist on box"),
        ({"folder": "/"}, "The folder / on box does not hold the backend"),
        (
            {"python": "/no such/python"},
            "The Python /no such/python does not exist on box. Run `python build.py backend doctor`",
        ),
        ({"python": "~/python"}, "The Python ~/python does not exist on box"),
        ({"python": "-c"}, "The Python -c does not exist on box"),
    ],
)
def test_failures_of_the_check(box: Remote, changes: dict[str, str], words: str) -> None:
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
        "~/old on box holds version 0.0.9 of the backend, this computer has 0.1.0. Install the same"
        in answer["message"]
    )
    subprocess.run(["rm", "-r", old / "backend" / "relay"], check=True)
    answer = check(replace(box, folder="~/old", python=str(backend_python)))
    assert "~/old on box holds an older version of the backend. Install the same" in answer["message"]


def test_a_refused_connection_fails_the_job_and_resume_retries(board: JobBoard, box: Remote) -> None:
    board.remote = replace(board.remote, host="closed")  # type: ignore[type-var]
    job = board.submit(small.request())
    small.tick_until(board, job, small.has_ended)
    assert (job.state.status, job.state.error_code) == (states.FAILED, "remote")
    assert job.state.error.startswith("Cannot connect to closed")
    assert not is_requested(job.folder, "resume")
    board.resume(job.id)
    seen = small.tick_until(board, job, small.has_ended)
    assert seen[0] == states.STARTING
    assert job.state.status == states.FAILED


def test_a_computer_without_ssh(box: Remote, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert check(box)["message"] == "The program ssh is not installed on this computer. Install the OpenSSH client."


def make(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def wait_until_free(job: Job) -> None:
    deadline = time.monotonic() + small.PATIENCE_S
    while is_locked(job.folder / "lock"):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def relayed(folder: Path) -> bytes:
    """The events of the host, without those of the relay."""
    lines = (folder / "events.jsonl").read_bytes().splitlines(keepends=True)
    return b"".join(line for line in lines if b'"relay": true' not in line)
