"""Files from outside: damaged, oversized, special files, and names that leave the job's folder."""

from __future__ import annotations

import json
import os
import struct
import time
import tracemalloc
from pathlib import Path

import pytest

from backend.errors import JobError
from backend.jobs.events import EventReader
from backend.jobs.files import temporary_path, write_atomic
from backend.jobs.folder import create_job_folder, ensure_folders, list_jobs, read_job, request_control
from backend.jobs.follow import JobFollower
from backend.jobs.reading import inside, open_regular, own_path, read_object, read_regular
from backend.jobs.remote import read as read_remote
from backend.jobs.request import new_job
from backend.jobs.states import JobState, fold
from dreamfusion_blender.core.gltf import is_self_contained
from tests.jobs import damage

needs_links = pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")

BAD_TEXTS = {
    "deep": "[" * 100_000,
    "deep object": '{"a":' * 100_000,
    "large": '{"a": "' + "x" * (2 << 20) + '"}',
    "not utf-8": b'{"a": "\xff"}',
    "infinity": '{"a": Infinity}',
    "huge float": '{"a": 1e400}',
    "huge integer": '{"a": 1' + "0" * 400 + "}",
    "digits": '{"a": ' + "1" * 5000 + "}",
    "list": "[1]",
    "empty": "",
    "half": '{"schema": 1, "id": "x',
    "two objects": '{"a": 1} {"b": 2}',
    "text behind": '{"a": 1}x',
    "zeros": bytes(100),
}


@pytest.mark.parametrize("case", BAD_TEXTS)
@pytest.mark.parametrize("name", ["job.json", "remote.json"])
def test_a_bad_file_is_one_short_error(tmp_path: Path, case: str, name: str) -> None:
    folder = create_job_folder(tmp_path, new_job("a red mug"))
    text = BAD_TEXTS[case]
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(JobError) as caught:
        read_object(folder / name)
    assert len(str(caught.value)) < 300
    if name == "job.json":
        with pytest.raises(JobError):
            read_job(folder)
    else:
        assert read_remote(folder) is not None
        assert not read_remote(folder).host  # type: ignore[union-attr]


def test_white_space_around_json_is_allowed(tmp_path: Path) -> None:
    folder = create_job_folder(tmp_path, new_job("a red mug"))
    before = read_job(folder)
    path = folder / "job.json"
    path.write_bytes(b"\r\n\t " + path.read_bytes() + b" \n")
    assert read_job(folder) == before


@needs_links
@pytest.mark.parametrize("name", ["job.json", "remote.json", "events.jsonl"])
@pytest.mark.parametrize("kind", ["pipe", "folder", "link"])
def test_special_files_neither_block_nor_are_followed(tmp_path: Path, name: str, kind: str) -> None:
    folder = create_job_folder(tmp_path / "jobs", new_job("a red mug"))
    (folder / name).unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(folder / name)
    elif kind == "folder":
        (folder / name).mkdir()
    else:
        (tmp_path / "elsewhere").write_text('{"schema": 1, "id": "x", "created": "", "prompt": "stolen"}\n')
        (folder / name).symlink_to(tmp_path / "elsewhere")
    if name == "job.json":
        assert list_jobs(tmp_path / "jobs") == []
        with pytest.raises(JobError):
            read_job(folder)
    elif name == "remote.json":
        assert read_remote(folder).host == ""  # type: ignore[union-attr]
    else:
        assert EventReader(folder).read() == []
        assert JobFollower(folder).recall() is False


@pytest.mark.parametrize(
    "name",
    [
        "",
        "../x.glb",
        "asset/../../x.glb",
        "/etc/passwd",
        "a\0b",
        pytest.param("asset/out/x.glb", marks=needs_links),
    ],
)
def test_names_that_leave_the_folder_are_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "job"
    (folder / "asset").mkdir(parents=True)
    if os.name != "nt":
        (folder / "asset" / "out").symlink_to(tmp_path)
    (tmp_path / "x.glb").write_bytes(b"")
    assert inside(folder, name) is None
    assert inside(folder, "asset/mesh.glb") == folder / "asset" / "mesh.glb"


@needs_links
def test_a_linked_job_folder_or_control_folder_is_not_used(tmp_path: Path) -> None:
    outside = create_job_folder(tmp_path / "other", new_job("a blue mug"))
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / outside.name).symlink_to(outside)
    assert list_jobs(tmp_path / "jobs") == []
    folder = create_job_folder(tmp_path / "jobs", new_job("a red mug"))
    (folder / "control").rmdir()
    (tmp_path / "target").mkdir()
    (folder / "control").symlink_to(tmp_path / "target")
    with pytest.raises(JobError, match="link"):
        request_control(folder, "cancel")
    assert list((tmp_path / "target").iterdir()) == []


def longest_read_s(folder: Path) -> float:
    """Processor time of the longest read until a job is known, which is done."""
    follower, worst = JobFollower(folder), 0.0
    while not follower.is_known:
        started = time.thread_time()
        follower.read()
        worst = max(worst, time.thread_time() - started)
    assert follower.folded.status == "done"
    return worst


@pytest.mark.parametrize(
    "filling",
    [b"\n", b"{}\n", b"x\n", b"{\n", b"[" * 1000 + b"\n", b'{"kind": "progress", "step": 1e999}\n'],
    ids=["newlines", "objects", "text", "braces", "deep", "infinity"],
)
def test_a_lot_of_damage_cost_each_read_little(tmp_path: Path, filling: bytes) -> None:
    folder = create_job_folder(tmp_path, new_job("a red mug"))
    last = b'{"kind": "bye", "status": "done"}\n'
    (folder / "events.jsonl").write_bytes(filling * (200_000 // len(filling)) + last)
    worst = min(longest_read_s(folder) for _ in range(3))  # other programs disturb single measurements
    assert worst < 0.005


def test_reading_a_file_takes_its_size_not_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "small.png"
    file.write_bytes(b"x" * 40_000)
    tracemalloc.start()
    try:
        assert read_regular(file, 8 << 20) == b"x" * 40_000
        assert tracemalloc.get_traced_memory()[1] < 200_000
    finally:
        tracemalloc.stop()
    file.write_bytes(b"x" * ((1 << 20) + 1))
    with pytest.raises(OSError, match="larger than 1 MB"):
        read_regular(file, 1 << 20)


def test_a_line_without_end_is_skipped(tmp_path: Path) -> None:
    folder = create_job_folder(tmp_path, new_job("a red mug"))
    (folder / "events.jsonl").write_bytes(b'{"a": "' + b"x" * 3_000_000 + b'"}\n{"kind": "bye", "status": "done"}\n')
    assert [event["kind"] for event in EventReader(folder).read()] == ["bye"]


@pytest.mark.parametrize("value", [1e400, -1, float("nan"), "x", [], {}, None, 10**300, True])
def test_events_with_impossible_values_leave_a_usable_state(value: object) -> None:
    names = (
        "step",
        "total",
        "elapsed_s",
        "eta_s",
        "phase",
        "message",
        "path",
        "mesh",
        "report",
        "status",
        "host",
        "name",
    )
    for kind in ("hello", "phase", "progress", "preview", "warning", "result", "error", "link", "bye"):
        for name in names:
            state = fold(JobState(), {"kind": kind, "protocol": 1, name: value})
            assert 0 <= state.fraction <= 1
            assert all(isinstance(text, str) for text in (state.phase, state.error, state.mesh, state.preview))
            json.dumps(state.eta_s, allow_nan=False)


# Every file of the contract that a link could lead out of the folder, see docs/reference/job-folder.md.
CONTRACT = [
    "job.json",
    "remote.json",
    "input",
    "settings.json",
    "attempt.json",
    "destination.json",
    "events.jsonl",
    "lock",
    "log.txt",
    "control",
    "control/cancel",
    "control/pause",
    "control/resume",
    "control/turn",
    "checkpoints",
    "checkpoints/000002.json",
    "checkpoints/000002.safetensors",
    "previews",
    "previews/000005.png",
    "asset",
    "asset/mesh.glb",
    "asset/report.json",
]


def test_the_contract_names_these_files(repo: Path) -> None:
    page = (repo / "docs" / "reference" / "job-folder.md").read_text(encoding="utf-8")
    tree = page.split("```text")[1].split("```")[0]
    for line in tree.split("<id>/")[1].splitlines()[1:]:
        assert line.split()[0].rstrip("/") in CONTRACT, line


@needs_links
@pytest.mark.parametrize("name", CONTRACT)
def test_no_file_of_the_contract_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    from tests.jobs.test_damage import Sandbox, in_the_worker, on_the_board

    sandbox = Sandbox(tmp_path)
    for seed in (4, 5):  # with and without a button of the panel
        folder = sandbox.jobs / damage.EVIL
        for relative, data in sandbox.files.items():
            if relative != "remote.json" or name == relative:
                (folder / relative).parent.mkdir(parents=True, exist_ok=True)
                (folder / relative).write_bytes(data)
        (sandbox.outside / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).parent.mkdir(exist_ok=True)
        damage.clear(folder / name)
        (folder / name).symlink_to(sandbox.outside / name)
        on_the_board(sandbox, folder, seed)
        for number in range(4):
            in_the_worker(sandbox, folder, seed + number)
        sandbox.clear()
        assert damage.snapshot(sandbox.outside) == sandbox.before


@needs_links
def test_a_linked_trash_deletes_nothing_elsewhere(tmp_path: Path) -> None:
    from backend.jobs import trash

    folder = create_job_folder(tmp_path / "jobs", new_job("a red mug"))
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "old").mkdir(parents=True)
    os.utime(elsewhere / "old", (0, 0))
    (tmp_path / "jobs" / ".trash").symlink_to(elsewhere)
    with pytest.raises(trash.JobError, match="link to another place"):
        trash.move_to_trash(folder)
    with pytest.raises(trash.JobError):
        trash.restore(tmp_path / "jobs", "old")
    assert (elsewhere / "old").is_dir()
    assert folder.is_dir()


@needs_links
def test_a_worker_leaves_planted_links_alone(tmp_path: Path) -> None:
    folder = create_job_folder(tmp_path, new_job("a red mug"))
    (tmp_path / "target").write_text("mine")
    (folder / "previews").rmdir()
    (folder / "previews").symlink_to(tmp_path)
    with pytest.raises(JobError, match=r"previews: it is not a folder, or it is a link"):
        ensure_folders(folder)
    (folder / ".settings.json.1.tmp").symlink_to(tmp_path / "target")
    (folder / "settings.json").symlink_to(tmp_path / "target")
    write_atomic(folder / "settings.json", "{}")
    assert (tmp_path / "target").read_text() == "mine"
    assert not (folder / "settings.json").is_symlink()
    with pytest.raises(OSError, match="link leads out"):
        own_path(folder, "previews/000001.png")


def test_a_worker_removes_what_a_killed_one_left(tmp_path: Path) -> None:
    folder = create_job_folder(tmp_path, new_job("a red mug"))
    left = ["settings.json", "attempt.json", "previews/turntable.mp4", "asset/mesh.glb", "checkpoints/000005.json"]
    of_clients = ["destination.json", "control/pause"]
    for name in left + of_clients:
        temporary_path(folder / name).touch()
    ensure_folders(folder)
    assert sorted(path.name[1:-13] for path in folder.rglob("*.tmp")) == ["destination.json", "pause"]


def test_the_name_of_the_folder_is_the_id(tmp_path: Path) -> None:
    folder = create_job_folder(tmp_path, new_job("a red mug"))
    folder.rename(tmp_path / "a copy")
    assert read_job(tmp_path / "a copy").id == "a copy"


@pytest.mark.skipif(os.name == "nt", reason="pipes and links of POSIX")
def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for mode in ("rb", "ab"):
        with pytest.raises(OSError, match="it is not a regular file"):
            open_regular(tmp_path / "pipe", mode)
        with pytest.raises(OSError, match="it is a link"):
            open_regular(tmp_path / "link", mode)


@pytest.mark.parametrize(
    ("document", "is_accepted"),
    [
        ({"asset": {"version": "2.0"}, "buffers": [{"byteLength": 4}], "images": [{"bufferView": 0}]}, True),
        ({"buffers": [{"uri": "../../secret.bin", "byteLength": 4}]}, False),
        ({"images": [{"uri": "/etc/passwd"}]}, False),
        ({"accessors": [{"count": 3}, {"count": 0}]}, True),
        ({"accessors": [{"count": 300_000_000}]}, False),  # without data: that many zeros, which take Blender minutes
        ({"accessors": [{"count": -1}]}, False),
        ({"accessors": [{}]}, False),
        ({"buffers": 3}, False),
        ([], False),
    ],
)
@pytest.mark.parametrize("is_binary", [True, False])
def test_a_mesh_that_needs_more_than_its_file_is_refused(
    tmp_path: Path, document: object, is_accepted: bool, is_binary: bool
) -> None:
    text = json.dumps(document).encode()
    head = struct.pack("<4sIII4s", b"glTF", 2, 20 + len(text), len(text), b"JSON") if is_binary else b""
    (tmp_path / "mesh.glb").write_bytes(head + text)
    assert is_self_contained(tmp_path / "mesh.glb") == is_accepted
    (tmp_path / "mesh.glb").write_bytes((head + text)[:15])
    assert not is_self_contained(tmp_path / "mesh.glb")
