"""Quoting for shells, names of hosts and files, frames, and error messages."""

from __future__ import annotations

import io
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from backend.jobs import follow, remote
from backend.jobs.events import PROTOCOL, EventWriter
from backend.jobs.lock import FolderLock
from backend.jobs.remote import Remote
from backend.relay import mirror, sender, ssh, wire
from tests.relay.puppet import PATIENCE_S, submitted_job

SHELLS = [shell for shell in ("sh", "bash", "dash", "zsh", "fish", "tcsh") if shutil.which(shell)]
ODD = ["it's", 'a "b"', "$HOME `id`", "a;b & c", "-e", "über *?", "back\\slash", "~", "~x", "#!"]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("odd", ODD)
def test_every_shell_keeps_paths_intact(shell: str, odd: str, tmp_path: Path) -> None:
    folder = tmp_path / odd
    for file in ("__main__.py", "relay/far.py"):
        (folder / "backend" / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / "backend" / file).touch()
    python = folder / "my python"
    python.write_text('#!/bin/sh\npwd\nfor word; do echo "$word"; done\n')
    python.chmod(0o755)
    command = ssh.far_command(Remote("box", str(folder), str(python), f"~/{odd}"))
    done = subprocess.run([shell, "-c", command], capture_output=True, text=True, env={"HOME": "/h o", "PATH": "/bin"})
    words = ["-B", "-u", "-X", "utf8", "-m", "backend.relay.far", f"/h o/{odd}"]
    assert done.stdout.splitlines() == [str(folder), *words], done.stderr


@pytest.mark.parametrize(
    "host",
    ["gpu-box", "me@gpu-box", "me@192.168.1.2", "ssh://me@box:2222", "me@[::1]", "CORP\\me@box", "büro", "box.lan"],
)
def test_valid_hosts(host: str) -> None:
    assert remote.problem(Remote(host)) == ""


@pytest.mark.parametrize(
    "host",
    ["", "-oProxyCommand=id", "me@-oProxyCommand", "--", "a b", "a\nb", "$(id)", "a;b", "`id`", "me@", "a'b", "a|b"],
)
def test_invalid_hosts(host: str) -> None:
    message = remote.problem(Remote(host))
    assert "preferences" in message
    assert message.endswith(".")
    assert "\n" not in message


def test_invalid_paths_on_the_host() -> None:
    assert "unprintable characters" in remote.problem(Remote("box", "a\nb"))
    assert "No folder on box" in remote.problem(Remote("box", ""))


def test_ssh_never_prompts() -> None:
    command = ssh.command(Remote("box"))
    assert "BatchMode=yes" in command
    assert command[-3:-1] == ["--", "box"]
    assert not [word for word in command if "IdentityFile" in word or "StrictHostKeyChecking" in word]


@pytest.mark.parametrize(
    "path", ["settings.json", "log.txt", "asset/mesh.glb", "previews/000001.png", "asset/usd/textures/albedo.png"]
)
def test_mirrored_paths(path: str) -> None:
    assert wire.is_mirrored(path)


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "asset/../../x",
        "/etc/passwd",
        "asset/.x",
        "asset/a:b",
        "asset\\x",
        "C:/x",
        "job.json",
        "remote.json",
        "lock",
    ]
    + [
        "control/cancel",
        "asset",
        "asset/",
        "asset//x",
        "events.jsonl",
        "asset/x.tmp",
        "checkpoints/1.json",
        "asset/a\n",
    ],
)
def test_a_host_cannot_write_other_paths(path: str, tmp_path: Path) -> None:
    assert not wire.is_mirrored(path)
    job = mirror.open_mirror(submitted_job(tmp_path))
    assert job is not None
    with pytest.raises(wire.WireError):
        job.receive(wire.Frame("file", {"path": path, "at": 0, "ms": 0, "last": True}, b"x"))
    job.release()


@pytest.mark.parametrize(
    "data", [b"x\n", b"[]\n", b'{"kind": "a"}\n', b'{"kind": "a", "size": -1}\n', b'{"kind": "a", "size": 99999999}\n']
)
def test_invalid_frames(data: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.read_frame(io.BytesIO(data))


def test_an_incomplete_frame_is_the_end() -> None:
    whole = wire.frame("file", b"12345", path="log.txt")
    found = wire.read_frame(io.BytesIO(whole))
    assert found is not None
    assert (found.kind, found.head["path"], found.payload) == ("file", "log.txt", b"12345")
    for cut in range(len(whole)):
        assert wire.read_frame(io.BytesIO(whole[:cut])) is None


def test_pieces_and_events_out_of_order_are_refused(tmp_path: Path) -> None:
    job = mirror.open_mirror(submitted_job(tmp_path))
    assert job is not None
    facts = {"path": "asset/mesh.glb", "ms": 0, "last": False}
    job.receive(wire.Frame("file", {**facts, "at": 0}, b"abc"))
    for frame in (
        wire.Frame("file", {**facts, "at": 7}, b"x"),
        wire.Frame("file", {**facts, "at": 3, "path": "asset/other.png"}, b"x"),
        wire.Frame("file", {**facts, "at": 5, "path": "log.txt"}, b"x"),
        wire.Frame("events", {"at": 4}, b"{}\n"),
        wire.Frame("events", {"at": 0}, b"{}"),
    ):
        with pytest.raises(wire.WireError):
            job.receive(frame)
    job.release()
    assert not list(job.folder.rglob("*.tmp"))
    assert not (job.folder / "asset" / "mesh.glb").exists()


def test_a_remote_worker_that_ignores_cancel_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "KILL_AFTER_S", 0.3)
    folder = submitted_job(tmp_path)
    process = subprocess.Popen(["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"], start_new_session=True)
    write = EventWriter(folder)
    write("hello", protocol=PROTOCOL, pid=process.pid)
    lock = FolderLock(folder / "lock")
    assert lock.acquire()
    job = sender.JobSender(folder, 0, {})
    job.control("cancel", is_on=True)
    deadline = time.monotonic() + PATIENCE_S
    while process.poll() is None:
        job.update(lambda data: None)
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert process.returncode == -9
    lock.release()
    write.close()


def test_every_failure_of_ssh_is_explained() -> None:
    box = Remote("box", "~/backend", "~/python")
    messages = {
        (255, "me@box: Permission denied (publickey)."): "refused the login",
        (255, "Host key verification failed."): "box is not a known host",
        (
            255,
            "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key verification failed.",
        ): "host key of box has changed",
        (255, "ssh: Could not resolve hostname box: Name or service not known"): "The host box was not found",
        (
            255,
            "ssh: connect to host box port 22: Connection timed out",
        ): "(connect to host box port 22: Connection timed out)",
        (255, ""): "(the connection broke)",
        (91, ""): "The folder ~/backend does not exist on box",
        (92, ""): "does not hold the backend",
        (93, ""): "The Python ~/python does not exist",
        (127, "sh: not found"): "The Python ~/python does not exist",
        (94, ""): "an older version",
        (1, "SyntaxError: invalid syntax"): "(SyntaxError: invalid syntax)",
        (None, ""): "The connection to box ended.",
    }
    for (status, text), expected in messages.items():
        error = ssh.explain(box, status, text)
        message = str(error)
        assert error.code
        assert expected in message
        assert message.endswith(".")
        assert "\n" not in message
    assert replace(box, python="").remote_python == "~/backend/.env/backend/bin/python"
