"""The job folder: requests, files, locks, events and states."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.errors import JobError
from backend.jobs import lock, states
from backend.jobs.events import PROTOCOL, EventReader, EventWriter
from backend.jobs.files import write_atomic
from backend.jobs.folder import create_job_folder, is_requested, list_jobs, read_job, request_control, withdraw_control
from backend.jobs.lock import FolderLock, is_locked
from backend.jobs.request import MAX_PROMPT_LENGTH, MAX_SEED, clean_prompt, new_job, parse_job
from backend.jobs.states import JobState, fold, settle

HOLD = """
import sys, time, pathlib
from backend.jobs.lock import FolderLock
lock = FolderLock(pathlib.Path(sys.argv[1]))
assert lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


def read_all(folder: Path, limit_bytes: int = 1 << 16) -> list[dict[str, object]]:
    reader, found = EventReader(folder), []
    while events := reader.read(limit_bytes):
        found += events
    return found


# --- requests ------------------------------------------------------------------------------------------------------


@given(st.text())
def test_any_text_is_a_valid_prompt_or_an_error(text: str) -> None:
    try:
        cleaned = clean_prompt(text)
    except JobError:  # empty, too long, or without letters
        assert len(text) > MAX_PROMPT_LENGTH or not any(c.isalnum() for c in text if c.isprintable())
        return
    assert cleaned == clean_prompt(cleaned)
    assert cleaned.isprintable()
    assert cleaned.encode()  # no lone surrogates
    assert 0 < len(cleaned) <= MAX_PROMPT_LENGTH


@pytest.mark.parametrize(
    ("prompt", "word"),
    [("", "empty"), (" \n\t ", "empty"), ("x" * 10_000, "10000"), ("\U0001f344", "no words"), ("?!", "no words")],
)
def test_invalid_prompts(prompt: str, word: str) -> None:
    with pytest.raises(JobError, match=word):
        new_job(prompt)


def test_prompt_with_newlines_and_emoji_becomes_one_line(tmp_path: Path) -> None:
    request = new_job("a red\nmushroom \U0001f344", negative_prompt="ugly\r\nblurry\ud800")
    assert request.prompt == "a red mushroom \U0001f344"
    assert request.negative_prompt == "ugly blurry"
    assert read_job(create_job_folder(tmp_path, request)) == request


@settings(max_examples=60, deadline=None)
@given(
    prompt=st.text(st.characters(codec="utf-8"), max_size=60).filter(lambda text: any(c.isalnum() for c in text)),
    seed=st.integers(0, MAX_SEED),
    overrides=st.dictionaries(
        st.text(max_size=8), st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.lists(st.integers())
    ),
)
def test_a_request_survives_its_file(
    tmp_path_factory: pytest.TempPathFactory, prompt: str, seed: int, overrides: dict[str, object]
) -> None:
    try:
        request = new_job(prompt, seed=seed, overrides=overrides)
    except JobError:  # a letter that cannot be printed
        return
    folder = create_job_folder(tmp_path_factory.mktemp("jobs"), request)
    assert read_job(folder) == request
    assert folder.name.isascii()


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 3},
        {"schema": None},
        {"seed": -1},
        {"seed": True},
        {"seed": "1"},
        {"seed": 2**31},
        {"prompt": 3},
        {"prompt": None},
        {"overrides": []},
        {"id": "../../elsewhere"},
        {"id": ""},
        {"id": ".hidden"},
        {"id": "a" * 200},
        {"negative_prompt": "x" * 2000},
    ],
)
def test_invalid_requests(change: dict[str, object]) -> None:
    raw = {"schema": 1, "id": "20260101-000000-a", "created": "2026", "prompt": "a mug"}
    parse_job(raw)
    with pytest.raises(JobError):
        parse_job({**raw, **change})


def test_fields_of_a_later_version_are_ignored() -> None:
    raw = {"schema": 1, "id": "20260101-000000-a", "created": "2026", "prompt": "a mug", "style": "oil"}
    assert parse_job(raw).prompt == "a mug"


@pytest.mark.parametrize("text", ["", "[]", "{", "3", '{"schema": 1}'])
def test_damaged_job_file_is_a_job_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "job.json").write_text(text)
    with pytest.raises(JobError):
        read_job(tmp_path)


def test_jobs_are_listed_in_order_of_creation(tmp_path: Path) -> None:
    made = [create_job_folder(tmp_path, new_job(name)) for name in ("zebra", "mug", "apple", "ball")]
    (tmp_path / "half-made").mkdir()
    (tmp_path / "worker.lock").touch()
    assert list_jobs(tmp_path) == made
    assert list_jobs(tmp_path / "missing") == []


def test_folder_names_with_any_characters(tmp_path: Path) -> None:
    jobs = tmp_path / "Möbel \U0001fa91 \u6a21\u578b"
    folder = create_job_folder(jobs, new_job("a mug"))
    EventWriter(folder)("hello", protocol=1)
    request_control(folder, "cancel")
    assert list_jobs(jobs) == [folder]
    assert is_requested(folder, "cancel")
    assert FolderLock(jobs / "worker.lock").acquire()
    assert [e["kind"] for e in read_all(folder)] == ["hello"]


def test_unwritable_jobs_folder_is_a_job_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JobError, match="Cannot write to"):
        create_job_folder(tmp_path / "file" / "jobs", new_job("a mug"))
    with pytest.raises(JobError, match="Cannot write to"):
        request_control(tmp_path / "gone" / "job", "cancel")
    with pytest.raises(JobError, match="Cannot write to"):
        FolderLock(tmp_path / "file" / "worker.lock").acquire()


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_reader_gets_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    texts = [json.dumps({"n": n, "padding": "x" * 20_000}) for n in range(2)]
    write_atomic(path, texts[0])
    ended = threading.Event()

    def write() -> None:
        for n in range(200):
            write_atomic(path, texts[n % 2])
        ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not ended.is_set():
        assert path.read_text() in texts
    writer.join()
    assert os.listdir(tmp_path) == ["report.json"]


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()  # a file cannot replace a folder
    with pytest.raises(OSError):  # noqa: PT011 the message differs between systems
        write_atomic(tmp_path / "target", "text")
    assert os.listdir(tmp_path) == ["target"]


def test_controls_are_requested_and_withdrawn(tmp_path: Path) -> None:
    for _ in range(2):
        request_control(tmp_path, "pause")
    assert is_requested(tmp_path, "pause")
    assert not is_requested(tmp_path, "cancel")
    assert withdraw_control(tmp_path, "pause")
    assert not withdraw_control(tmp_path, "pause")


# --- locks -----------------------------------------------------------------------------------------------------------


def test_a_lock_ends_with_its_process(tmp_path: Path, repo: Path) -> None:
    path = tmp_path / "lock"
    assert not is_locked(path)
    with subprocess.Popen([sys.executable, "-c", HOLD, path], cwd=repo, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert is_locked(path)
        assert not FolderLock(path).acquire(0.0)
        holder.kill()
        holder.wait()
        assert not is_locked(path)
        lock = FolderLock(path)
        assert lock.acquire(0.0)
        assert is_locked(path)
        lock.release()
        assert not is_locked(path)


def test_probes_never_block_a_worker(tmp_path: Path) -> None:
    """Clients probe all the time. A worker that gave up because of a probe would not run its jobs."""
    path = tmp_path / "worker.lock"
    path.touch()
    ended = threading.Event()

    def probe() -> None:
        while not ended.is_set():
            is_locked(path)

    clients = [threading.Thread(target=probe) for _ in range(3)]
    for client in clients:
        client.start()
    try:
        for _ in range(50):
            lock = FolderLock(path)
            assert lock.acquire()
            lock.release()
    finally:
        ended.set()
        for client in clients:
            client.join()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no shared locks")
def test_two_probes_do_not_affect_each_other(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch()
    with open(path, "rb") as other:
        assert lock._try_lock(other, shared=True)
        assert not is_locked(path)


# --- events ----------------------------------------------------------------------------------------------------------


@given(st.lists(st.text(max_size=40), max_size=12), st.integers(8, 200), st.data())
@settings(max_examples=60, deadline=None)
def test_events_are_read_complete_however_the_file_is_cut(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], limit_bytes: int, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("job")
    write = EventWriter(folder)
    for text in texts:
        write("warning", message=text)
    write.close()
    whole = (folder / "events.jsonl").read_bytes()
    shares = data.draw(st.lists(st.floats(0, 1), max_size=5))  # lengths vary with the digits of the time
    cuts = sorted(int(share * len(whole)) for share in shares)
    copy = folder / "copy"
    copy.mkdir()
    reader, found = EventReader(copy), []
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        with open(copy / "events.jsonl", "ab") as file:
            file.write(whole[start:end])
        while events := reader.read(limit_bytes):
            found += events
    assert [event["n"] for event in found] == list(range(1, len(texts) + 1))
    # Characters that UTF-8 cannot encode become question marks.
    assert [event["message"] for event in found] == [t.encode("utf-8", "replace").decode() for t in texts]


def test_a_line_longer_than_the_limit_is_read_completely(tmp_path: Path) -> None:
    write = EventWriter(tmp_path)
    write("hello", protocol=1)
    write("result", report={"text": "x" * 100_000})
    write("bye", status="done")
    assert [event["kind"] for event in read_all(tmp_path, 4096)] == ["hello", "result", "bye"]


def test_an_incomplete_line_is_read_once_it_is_complete(tmp_path: Path) -> None:
    path, reader = tmp_path / "events.jsonl", EventReader(tmp_path)
    assert reader.read() == []
    path.write_bytes(b'{"n": 1, "kind": "hel')
    assert reader.read() == []
    with open(path, "ab") as file:
        file.write(b'lo"}\n')
    assert [event["kind"] for event in reader.read()] == ["hello"]


def test_numbering_continues_after_a_death_inside_a_line(tmp_path: Path) -> None:
    first = EventWriter(tmp_path)
    first("hello", protocol=1)
    first.close()
    with open(tmp_path / "events.jsonl", "ab") as file:
        file.write(b'{"n": 2, "kind": "prog')
    second = EventWriter(tmp_path)
    second("hello", protocol=1)
    second("bye", status="done")
    events = read_all(tmp_path)
    assert [event["kind"] for event in events] == ["hello", "hello", "bye"]
    numbers = [event["n"] for event in events]
    assert numbers == sorted(set(numbers))


def test_lines_that_are_not_events_are_skipped(tmp_path: Path) -> None:
    lines = [b"", b"\xff\xfe", b"[1]", b"null", b"[" * 100_000, b'{"kind": "hello", "protocol": 1}']
    (tmp_path / "events.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    assert [event["kind"] for event in read_all(tmp_path)] == ["hello"]


@pytest.mark.timing
def test_reading_is_quick_enough_for_a_timer(tmp_path: Path) -> None:
    write = EventWriter(tmp_path)
    for step in range(200):
        write("progress", phase="optimising", step=step, total=200, elapsed_s=1.0, eta_s=2.0)
    state, reader, started = JobState(), EventReader(tmp_path), time.process_time()
    for event in reader.read(1 << 13):
        state = fold(state, event)
    assert state.step > 50
    assert time.process_time() - started < 0.01


# --- states ----------------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KINDS = ["hello", "phase", "progress", "preview", "warning", "paused", "resumed", "result", "error", "bye", "later"]
NAMES = [
    "protocol",
    "device",
    "name",
    "phase",
    "step",
    "total",
    "eta_s",
    "elapsed_s",
    "path",
    "mesh",
    "report",
    "status",
]


@given(
    st.lists(
        st.fixed_dictionaries({"kind": st.sampled_from(KINDS) | JSON}, optional=dict.fromkeys(NAMES, JSON)), max_size=8
    )
)
def test_no_event_can_break_a_client(events: list[dict[str, object]]) -> None:
    state = JobState()
    for event in events:
        state = fold(state, event)
        assert state.is_final == (state.status in states.FINAL_STATES)
        assert 0 <= state.fraction <= 1
        assert state.eta_s is None or isinstance(state.eta_s, float)


def fold_all(*events: dict[str, object]) -> JobState:
    state = JobState()
    for event in events:
        state = fold(state, event)
    return state


HELLO = {"kind": "hello", "protocol": PROTOCOL, "device": "cpu"}


def test_a_job_from_hello_to_bye() -> None:
    running = fold_all(
        HELLO,
        {"kind": "phase", "name": "optimising"},
        {"kind": "progress", "phase": "optimising", "step": 5, "total": 20, "elapsed_s": 1, "eta_s": 3},
        {"kind": "preview", "path": "previews/000005.png"},
        {"kind": "warning", "message": "one"},
    )
    assert (running.status, running.phase, running.fraction) == (states.RUNNING, "optimising", 0.25)
    assert (running.eta_s, running.preview, running.warnings) == (3.0, "previews/000005.png", ("one",))
    paused = fold(running, {"kind": "paused"})
    assert (paused.status, paused.eta_s) == (states.PAUSED, None)
    done = fold_all(
        HELLO, {"kind": "result", "mesh": "asset/mesh.glb", "report": {"faces": 3}}, {"kind": "bye", "status": "done"}
    )
    assert (done.status, done.mesh, done.report["faces"]) == (states.DONE, "asset/mesh.glb", 3)


def test_a_resumed_job_drops_its_earlier_end() -> None:
    failed = fold_all(HELLO, {"kind": "error", "message": "full", "code": "disk"}, {"kind": "bye", "status": "failed"})
    assert (failed.status, failed.error_code) == (states.FAILED, "disk")
    resumed = fold(failed, HELLO)
    assert (resumed.status, resumed.error, resumed.error_code) == (states.RUNNING, "", "")


def test_another_protocol_is_an_error() -> None:
    state = fold_all({"kind": "hello", "protocol": 99})
    assert (state.status, state.error_code) == (states.FAILED, "protocol")
    assert "99" in state.error


def test_a_bye_with_an_unknown_status_is_a_failure() -> None:
    assert fold_all(HELLO, {"kind": "bye", "status": "splendid"}).status == states.FAILED


def test_a_job_without_bye_and_without_worker_has_died() -> None:
    running = fold_all(HELLO)
    assert settle(running, alive=True).status == states.RUNNING
    assert settle(running, alive=False).status == states.DIED
    assert settle(JobState(), alive=False).status == states.QUEUED
    assert settle(fold_all(HELLO, {"kind": "bye", "status": "done"}), alive=False).status == states.DONE
