"""The relay with a fake host on this computer and a fake worker."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend import __version__
from backend.jobs import states
from backend.jobs.events import EventReader
from backend.jobs.folder import create_job_folder, is_requested, request_control, withdraw_control
from backend.jobs.lock import is_locked
from backend.jobs.remote import NOTE, Remote
from backend.jobs.request import new_job
from backend.jobs.states import read_state
from backend.relay import near, wire
from backend.relay.link import Link, LinkError
from backend.worker.due import DueJobs, is_due
from tests.relay.puppet import HOST, FakeHost, FakeWorker, Relaying, await_that, relayed, submitted_job

state_of = read_state


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHost]:
    monkeypatch.setattr(near, "FIRST_RETRY_S", 0.05)
    monkeypatch.setattr(near, "LONGEST_RETRY_S", 0.1)
    made = FakeHost(tmp_path)
    yield made
    made.free()


@pytest.fixture
def jobs(tmp_path: Path) -> Path:
    return tmp_path / "local"


def links(folder: Path) -> list[str]:
    """The messages of the relay about the connection."""
    reader, found = EventReader(folder), []
    while events := reader.read():
        found += [event["message"] for event in events if event["kind"] == "link"]
    return found


def test_what_a_job_works_on_arrives_before_its_request(jobs: Path, host: FakeHost) -> None:
    mesh, picture = bytes(range(256)) * 3000, b"png"
    request = new_job("a red mug", mode="texture")
    files = {NOTE: HOST.note, "input/mesh.npz": mesh, "input/present-0.png": picture}
    folder = create_job_folder(jobs, request, files)
    relay = Relaying(jobs, host)
    worker = host.worker_for(folder.name)
    await_that("the confirmation", lambda: state_of(folder).host != "")
    assert json.loads((worker.folder / "job.json").read_text())["schema"] == 2
    assert (worker.folder / "input" / "mesh.npz").read_bytes() == mesh
    assert (worker.folder / "input" / "present-0.png").read_bytes() == picture
    host.cut()  # what the host has is not sent again
    (folder / "input" / "mesh.npz").write_bytes(b"another")
    worker.emit("bye", status=states.DONE)
    await_that("bye", lambda: state_of(folder).status == states.DONE)
    worker.end()
    relay.end()
    assert (worker.folder / "input" / "mesh.npz").read_bytes() == mesh


def test_a_request_whose_confirmation_is_lost_is_sent_again(jobs: Path, host: FakeHost) -> None:
    mesh = b"mesh" * 1000
    folder = create_job_folder(jobs, new_job("a mug", mode="texture"), {NOTE: HOST.note, "input/mesh.npz": mesh})

    def connect(remote: Remote) -> Link:
        link = host.connect(remote)
        if len(host.links) == 1:
            receive = link.frames
            link.frames = lambda timeout_s: [f for f in receive(timeout_s) if f.kind != "accepted"]  # type: ignore[method-assign]
        return link

    relay = Relaying(jobs, host, connect=connect)
    worker = host.worker_for(folder.name)
    host.cut()
    worker.end(states.DONE)
    relay.end()
    assert len(host.links) == 2
    assert state_of(folder).status == states.DONE
    assert (worker.folder / "input" / "mesh.npz").read_bytes() == mesh


def test_a_host_that_never_confirms_a_request_fails_the_job(jobs: Path, host: FakeHost) -> None:
    folder = submitted_job(jobs)
    greeting = (wire.MAGIC + wire.line(relay=wire.RELAY, backend=__version__)).decode()
    host.command = [sys.executable, "-c", f"print({greeting!r}, end='', flush=True); input()"]
    Relaying(jobs, host).end()
    state = state_of(folder)
    assert (state.status, state.error_code) == (states.FAILED, "remote")
    assert len(host.links) == near.MAX_LOSSES + 1


def test_a_job_is_mirrored_and_only_its_request_is_sent(jobs: Path, host: FakeHost) -> None:
    folder = submitted_job(jobs)
    relay = Relaying(jobs, host)
    worker = host.worker_for(folder.name)
    await_that("running", lambda: state_of(folder).status == states.RUNNING)
    assert is_locked(folder / "lock")
    assert is_locked(jobs / HOST.lock_name)
    worker.write("settings.json", b"{}")
    worker.log("one\n")
    worker.write("previews/000001.png", b"png")
    worker.emit("preview", path="previews/000001.png", step=1)
    await_that("the preview", lambda: state_of(folder).preview != "")
    assert (folder / "previews" / "000001.png").read_bytes() == b"png"  # a file arrives before its event
    worker.log("two\n")
    worker.write("previews/000001.png", b"another")  # changed without an event
    await_that("the change", lambda: (folder / "previews" / "000001.png").read_bytes() == b"another")
    big = bytes(range(256)) * 3000
    worker.write("asset/mesh.glb", big)
    worker.write("asset/empty.txt", b"")
    worker.emit("result", mesh="asset/mesh.glb", report={})
    worker.emit("bye", status=states.DONE)
    await_that("bye", lambda: state_of(folder).status == states.DONE)
    assert (folder / "asset" / "mesh.glb").read_bytes() == big
    worker.write("previews/turntable.mp4", b"film")  # after bye, as the real worker does
    worker.emit("turntable", path="previews/turntable.mp4")
    worker.write("checkpoints/000004.json", b"{}")
    worker.end()
    relay.end()

    assert relayed(folder) == (worker.folder / "events.jsonl").read_bytes()
    for name in ("settings.json", "log.txt", "previews/turntable.mp4", "asset/empty.txt"):
        assert (folder / name).read_bytes() == (worker.folder / name).read_bytes()
    assert not list((folder / "checkpoints").iterdir())
    assert not list(folder.rglob("*.tmp"))
    assert not is_locked(folder / "lock")
    sent = {p.relative_to(worker.folder).as_posix() for p in worker.folder.rglob("*") if p.is_file()}
    assert sent - {"events.jsonl", "lock", "log.txt", "settings.json", "checkpoints/000004.json"} == {
        "job.json",
        "asset/mesh.glb",
        "asset/empty.txt",
        "previews/000001.png",
        "previews/turntable.mp4",
    }
    assert "secret" not in (worker.folder / "job.json").read_text()
    state = state_of(folder)
    assert (state.host, state.link) == ("puppet", "")


def test_a_broken_connection_is_reported_and_loses_nothing(jobs: Path, host: FakeHost) -> None:
    folder = submitted_job(jobs)
    relay = Relaying(jobs, host)
    worker = host.worker_for(folder.name)
    for step in range(1, 200):
        worker.emit("progress", phase="optimising", step=step, total=400)
        if step in (50, 150):
            await_that("a step", lambda: state_of(folder).step > 0)
            count = len(host.links)
            host.cut()
            await_that("another connection", lambda count=count: len(host.links) > count)
    worker.log("x" * 100_000)
    worker.write("asset/mesh.glb", b"glTF" * 100_000)
    host.is_up = False
    host.cut()
    await_that("the loss", lambda: state_of(folder).link == "Cannot connect to puppet.")
    assert state_of(folder).status == states.RUNNING  # it continues on the host
    worker.emit("result", mesh="asset/mesh.glb", report={})
    host.is_up = True
    await_that("the asset", lambda: state_of(folder).mesh != "")
    worker.end(states.DONE)
    relay.end()
    assert relayed(folder) == (worker.folder / "events.jsonl").read_bytes()
    assert (folder / "log.txt").read_bytes() == (worker.folder / "log.txt").read_bytes()
    assert (folder / "asset" / "mesh.glb").read_bytes() == (worker.folder / "asset" / "mesh.glb").read_bytes()
    assert links(folder)[0] == links(folder)[-1] == ""
    assert all(one != next_ for one, next_ in zip(links(folder), links(folder)[1:], strict=False))


def test_a_relay_continues_after_one_that_died_inside_a_line(jobs: Path, host: FakeHost) -> None:
    folder = submitted_job(jobs)
    relay = Relaying(jobs, host)
    worker = host.worker_for(folder.name)
    worker.emit("warning", message='not "relay": true, but nearly')
    await_that("the warning", lambda: len(state_of(folder).warnings) == 1)
    worker.end(states.FAILED)
    relay.end()
    # The files of a relay that was killed while it wrote the last line.
    events = folder / "events.jsonl"
    events.write_bytes(events.read_bytes()[:-20])
    (folder / "asset" / ".mesh.glb.1.tmp").write_bytes(b"half")
    relay = Relaying(jobs, host)
    relay.end()
    assert relayed(folder) == (worker.folder / "events.jsonl").read_bytes()
    assert state_of(folder).status == states.FAILED
    assert not list(folder.rglob("*.tmp"))


def test_pause_cancel_and_resume_reach_the_host(jobs: Path, host: FakeHost) -> None:
    folder = submitted_job(jobs)
    relay = Relaying(jobs, host)
    worker = host.worker_for(folder.name)
    remote_folder = worker.folder
    request_control(folder, "pause")
    await_that("pause", lambda: is_requested(remote_folder, "pause"))
    host.is_up = False
    host.cut()
    await_that("the loss", lambda: state_of(folder).link != "")
    withdraw_control(folder, "pause")  # while the connection is broken
    host.is_up = True
    await_that("no pause", lambda: not is_requested(remote_folder, "pause"))
    request_control(folder, "cancel")
    await_that("cancel", lambda: is_requested(remote_folder, "cancel"))
    worker.end(states.CANCELLED)
    relay.end()
    assert state_of(folder).status == states.CANCELLED
    assert not is_requested(folder, "cancel")

    # Resume: the request is sent, and no earlier event arrives twice.
    request_control(folder, "resume")
    relay = Relaying(jobs, host)
    await_that("resume", lambda: is_requested(remote_folder, "resume"))
    await_that("no local resume", lambda: not is_requested(folder, "resume"))
    worker = FakeWorker(remote_folder)
    await_that("running", lambda: state_of(folder).status == states.RUNNING)
    worker.end(states.DONE)
    relay.end()
    assert relayed(folder) == (remote_folder / "events.jsonl").read_bytes()


def test_cancel_without_connection_ends_the_job_and_resume_finds_it_again(jobs: Path, host: FakeHost) -> None:
    folder = submitted_job(jobs)
    relay = Relaying(jobs, host)
    worker = host.worker_for(folder.name)
    await_that("running", lambda: state_of(folder).status == states.RUNNING)
    host.is_up = False
    host.cut()
    await_that("the loss", lambda: state_of(folder).link != "")
    request_control(folder, "cancel")
    relay.end()
    state = state_of(folder)
    assert (state.status, state.link) == (states.CANCELLED, "")
    assert "did not reach puppet" in state.warnings[-1]

    worker.write("asset/mesh.glb", b"glTF")
    worker.emit("result", mesh="asset/mesh.glb", report={})
    worker.end(states.DONE)
    host.is_up = True
    request_control(folder, "resume")
    Relaying(jobs, host).end()
    assert state_of(folder).status == states.DONE
    assert (folder / "asset" / "mesh.glb").read_bytes() == b"glTF"
    assert not is_requested(worker.folder, "resume")  # a finished job is not run again


def test_the_death_of_the_remote_worker_is_reported(jobs: Path, host: FakeHost) -> None:
    folder = submitted_job(jobs)
    relay = Relaying(jobs, host)
    worker = host.worker_for(folder.name)
    worker.emit("progress", phase="optimising", step=3, total=9)
    worker.end()
    relay.end()
    state = state_of(folder)
    assert (state.status, state.error_code, state.step) == (states.DIED, "died", 3)
    assert "Resume the job" in state.error
    Relaying(jobs, host).end()  # nothing more to do
    assert state_of(folder) == state


def test_several_jobs_share_one_connection(jobs: Path, host: FakeHost) -> None:
    first, second = submitted_job(jobs, prompt="a red mug"), submitted_job(jobs, prompt="a blue mug")
    relay = Relaying(jobs, host)
    one, two = host.worker_for(first.name), host.worker_for(second.name)
    two.end(states.DONE)
    await_that("the second", lambda: state_of(second).status == states.DONE)
    third = submitted_job(jobs, prompt="a green mug")  # submitted while the relay is running
    host.worker_for(third.name).end(states.DONE)
    one.end(states.DONE)
    relay.end()
    assert [state_of(folder).status for folder in (first, second, third)] == [states.DONE] * 3
    assert len(host.links) == 1


def test_an_unreachable_host_fails_the_job(jobs: Path, host: FakeHost) -> None:
    folder = submitted_job(jobs)
    host.is_up = False
    Relaying(jobs, host).end()
    state = state_of(folder)
    assert (state.status, state.error_code) == (states.FAILED, "remote")
    assert state.error == "Cannot connect to puppet."


def test_a_job_deleted_on_the_host_is_not_restarted(jobs: Path, host: FakeHost) -> None:
    folder = submitted_job(jobs)
    relay = Relaying(jobs, host)
    worker = host.worker_for(folder.name)
    await_that("running", lambda: state_of(folder).status == states.RUNNING)
    host.is_up = False
    host.cut()
    await_that("the loss", lambda: state_of(folder).link != "")
    worker.end()
    worker.folder.rename(host.jobs.parent / "deleted")
    host.is_up = True
    relay.end()
    state = state_of(folder)
    assert (state.status, state.error_code) == (states.FAILED, "job")
    assert "no longer on the remote host" in state.error
    assert not worker.folder.exists()


def test_a_remote_worker_that_cannot_start_fails_the_job(jobs: Path, tmp_path: Path, blender_python: Path) -> None:
    """With a Python that has no torch."""
    folder = submitted_job(jobs)

    def connect(_remote: object) -> Link:
        command = [str(blender_python), "-B", "-u", "-m", "backend.relay.far", str(tmp_path / "remote")]
        return Link(command, lambda status, errors: LinkError(f"{status} {errors}"))

    near.work(jobs, HOST, connect)
    state = state_of(folder)
    assert (state.status, state.error_code) == (states.FAILED, "remote")
    assert state.error.startswith(
        "puppet: The worker on the remote host did not take the job: The backend's requirements are"
    )


def test_output_of_the_login_shell_is_skipped(tmp_path: Path) -> None:
    far = f'{sys.executable} -B -u -m backend.relay.far "{tmp_path}/remote"'
    with Link(
        ["sh", "-c", f"echo Welcome; echo; exec {far}"], lambda status, errors: LinkError(f"{status} {errors}")
    ) as link:
        assert link.greeting["backend"] == __version__
    with pytest.raises(LinkError, match=r"^7 oh no\n$"):
        Link(
            ["sh", "-c", "echo Welcome; echo oh no >&2; exit 7"], lambda status, errors: LinkError(f"{status} {errors}")
        )
    with pytest.raises(LinkError, match="Cannot start"):
        Link([str(tmp_path / "nothing")], lambda status, errors: LinkError(""))


def test_an_unwritable_remote_folder_fails_the_job(jobs: Path, tmp_path: Path, host: FakeHost) -> None:
    folder = submitted_job(jobs)
    host.free()
    host.jobs = tmp_path / "file" / "remote"
    (tmp_path / "file").write_text("x")
    Relaying(jobs, host).end()
    assert "Cannot write to" in state_of(folder).error


def test_another_version_on_the_host_is_refused(jobs: Path, host: FakeHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(near, "__version__", "9.9.9")
    folder = submitted_job(jobs)
    Relaying(jobs, host).end()
    assert "version 0.1.0 of the backend, this computer has 9.9.9" in state_of(folder).error


def test_local_workers_ignore_remote_jobs(jobs: Path) -> None:
    folder = submitted_job(jobs)
    assert not is_due(folder)
    request_control(folder, "resume")
    assert not is_due(folder)
    assert DueJobs(jobs).next() is None
    (folder / "remote.json").unlink()
    assert is_due(folder)


def test_a_relay_ignores_local_jobs_and_jobs_of_other_hosts(jobs: Path, host: FakeHost) -> None:
    other = submitted_job(jobs, near.Remote("elsewhere"))
    local = create_job_folder(jobs, new_job("a mug"))
    Relaying(jobs, host).end()
    assert host.links == []
    for folder in (other, local):
        assert not (folder / "events.jsonl").exists()


def test_an_unreadable_note_is_a_problem(jobs: Path) -> None:
    folder = submitted_job(jobs)
    for text in ("{", "[]", json.dumps({"host": 3, "folder": "x"})):
        (folder / "remote.json").write_text(text)
        found = near.read(folder)
        assert found is not None
        assert (near.problem(found) != "") == (text != json.dumps({"host": 3, "folder": "x"}))
