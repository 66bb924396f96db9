"""What goes into a connection, and what may come out of one: quoting, names of hosts and files, sentences."""

from __future__ import annotations

import io
import shutil
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from backend.jobs import remote
from backend.jobs.events import PROTOCOL, EventWriter
from backend.jobs.lock import FolderLock
from backend.jobs.remote import Remote
from backend.relay import followed, mirror, ssh, wire
from tests.relay.puppet import PATIENCE_S, submitted_job

SHELLS = [shell for shell in ("sh", "bash", "dash", "zsh", "fish", "tcsh") if shutil.which(shell)]
ODD = ["it's", 'a "b"', "$HOME `id`", "a;b & c", "-e", "über *?", "back\\slash", "~", "~x", "#!"]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("odd", ODD)
def test_no_shell_takes_a_path_apart(shell: str, odd: str, tmp_path: Path) -> None:
    folder = tmp_path / odd
    (folder / "backend").mkdir(parents=True)
    (folder / "backend" / "jobs").mkdir(exist_ok=True)
    (folder / "backend" / "jobs" / "request.py").touch()
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
def test_hosts(host: str) -> None:
    assert remote.problem(Remote(host)) == ""


@pytest.mark.parametrize(
    "host",
    ["", "-oProxyCommand=id", "me@-oProxyCommand", "--", "a b", "a\nb", "$(id)", "a;b", "`id`", "me@", "a'b", "a|b"],
)
def test_what_is_no_host_is_refused(host: str) -> None:
    sentence = remote.problem(Remote(host))
    assert "preferences" in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_paths_without_a_meaning_are_refused() -> None:
    assert "characters that cannot be shown" in remote.problem(Remote("box", "a\nb"))
    assert "is not named" in remote.problem(Remote("box", ""))


def test_ssh_is_asked_for_nothing_that_needs_a_person() -> None:
    command = ssh.command(Remote("box"))
    assert "BatchMode=yes" in command
    assert command[-3:-1] == ["--", "box"]
    assert not [word for word in command if "IdentityFile" in word or "StrictHostKeyChecking" in word]


@pytest.mark.parametrize(
    "path", ["settings.json", "log.txt", "asset/mesh.glb", "previews/000001.png", "asset/usd/textures/albedo.png"]
)
def test_what_belongs_to_a_job(path: str) -> None:
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
def test_what_a_host_cannot_write(path: str, tmp_path: Path) -> None:
    assert not wire.is_mirrored(path)
    job = mirror.take(submitted_job(tmp_path))
    assert job is not None
    with pytest.raises(wire.WireError):
        job.receive(wire.Frame("file", {"path": path, "at": 0, "ms": 0, "last": True}, b"x"))
    job.release()


@pytest.mark.parametrize(
    "data", [b"x\n", b"[]\n", b'{"kind": "a"}\n', b'{"kind": "a", "size": -1}\n', b'{"kind": "a", "size": 99999999}\n']
)
def test_nonsense_is_no_frame(data: bytes) -> None:
    with pytest.raises(wire.WireError):
        wire.read_frame(io.BytesIO(data))


def test_a_frame_that_is_cut_off_is_the_end() -> None:
    whole = wire.frame("file", b"12345", path="log.txt")
    found = wire.read_frame(io.BytesIO(whole))
    assert found is not None
    assert (found.kind, found.head["path"], found.payload) == ("file", "log.txt", b"12345")
    for cut in range(len(whole)):
        assert wire.read_frame(io.BytesIO(whole[:cut])) is None


def test_pieces_and_events_out_of_turn_are_refused(tmp_path: Path) -> None:
    job = mirror.take(submitted_job(tmp_path))
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


def test_a_worker_that_does_not_heed_cancel_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followed, "TERMINATE_AFTER_S", 0.1)
    monkeypatch.setattr(followed, "KILL_AFTER_S", 0.3)
    folder = submitted_job(tmp_path)
    deaf = subprocess.Popen(["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"], start_new_session=True)
    tell = EventWriter(folder)
    tell("hello", protocol=PROTOCOL, pid=deaf.pid)
    lock = FolderLock(folder / "lock")
    assert lock.acquire()
    job = followed.Followed(folder, 0, {})
    job.control("cancel", is_on=True)
    deadline = time.monotonic() + PATIENCE_S
    while deaf.poll() is None:
        job.look(lambda data: None)
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert deaf.returncode == -9
    lock.release()
    tell.close()


def test_every_failure_has_its_sentence() -> None:
    box = Remote("box", "~/there", "~/python")
    said = {
        (255, "me@box: Permission denied (publickey)."): "refuses the login",
        (255, "Host key verification failed."): "does not know box yet",
        (
            255,
            "WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key verification failed.",
        ): "another key than before",
        (255, "ssh: Could not resolve hostname box: Name or service not known"): "no host box",
        (
            255,
            "ssh: connect to host box port 22: Connection timed out",
        ): "(connect to host box port 22: Connection timed out)",
        (255, ""): "(it broke)",
        (91, ""): "no folder ~/there",
        (92, ""): "does not hold the backend",
        (93, ""): "no Python ~/python",
        (127, "sh: not found"): "no Python ~/python",
        (1, "Traceback\nModuleNotFoundError: No module named 'backend.relay'"): "an older version",
        (1, "SyntaxError: invalid syntax"): "(SyntaxError: invalid syntax)",
        (None, ""): "The connection to box ended.",
    }
    for (status, text), words in said.items():
        sentence = ssh.explain(box, status, text)
        assert words in sentence
        assert sentence.endswith(".")
        assert "\n" not in sentence
    assert replace(box, python="").python_there == "~/there/.env/backend/bin/python"
