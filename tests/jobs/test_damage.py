"""Damaged and hostile job folders, thousands of them, through both sides: the add-on's board and the worker's functions.

Nothing may escape but the documented exceptions, nothing outside of the jobs folder may be read or changed, the other jobs are
still found, and no tick may take long. A failing case is repeated with its seed: `one_case(sandbox, SEED)`.
"""

from __future__ import annotations

import gc
import io
import os
import random
import shutil
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import torch
from dreamfusion_blender.backend.errors import JobError as BoardError
from dreamfusion_blender.backend.jobs import states

from backend.errors import JobError, UserError
from backend.jobs.events import EventWriter
from backend.jobs.files import write_atomic
from backend.jobs.folder import create_job_folder, ensure_folders, read_job
from backend.jobs.launch import read_tail
from backend.jobs.lock import FolderLock
from backend.jobs.reading import own_path
from backend.jobs.request import JobRequest
from backend.jobs.states import read_state
from backend.optimize import checkpoint
from backend.relay import far, mirror, sender, wire
from backend.worker import recovery, refining
from backend.worker.due import DueJobs
from backend.worker.job_settings import resolve_settings
from backend.worker.logs import logged_to
from backend.worker.running import RunningJob
from backend.worker.stop import StopFlag
from dreamfusion_blender.core import groups, history, present, queue, real_sizes
from dreamfusion_blender.core.job import Job
from dreamfusion_blender.core.jobs import JobBoard
from dreamfusion_blender.core.png import decode
from tests import figures
from tests.jobs import damage
from tests.jobs.damage import CREATED, MARKER

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
FIRST_SEED = 1
TICKS = 4
MOST_TICKS = 100  # on a busy computer, other programs use up the time of a tick
TICK_LIMIT_MS = 5.0
DONE, WAITING = "20260101-000000-a-mug-done", "20260102-000000-a-cone-wait"
MAX_SENT_BYTES = 1 << 20


class Sandbox:
    """A jobs folder with two good jobs, and a folder outside of it that nothing may touch."""

    def __init__(self, root: Path) -> None:
        self.jobs, self.outside = root / "jobs", root / "outside"
        self.files = damage.template(root / "template")
        damage.fill_outside(self.outside, self.files)
        done = create_job_folder(self.jobs, JobRequest(DONE, CREATED, "a mug"))
        write = EventWriter(done)
        write("hello", protocol=1)
        write("bye", status="done")
        write.close()
        create_job_folder(self.jobs, JobRequest(WAITING, CREATED, "a cone"))
        self.good = set(os.listdir(self.jobs))
        self.before = damage.snapshot(self.outside)
        self.worst_ms = 0.0

    def clear(self) -> None:
        for name in os.listdir(self.jobs):
            if name not in self.good:
                damage.clear(self.jobs / name)
        shutil.rmtree(self.jobs / WAITING / "events.jsonl", ignore_errors=True)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    root = Path("/dev/shm") / f"dreamfusion-{os.getpid()}"  # a disk in memory is faster
    if not root.parent.is_dir():
        root = tmp_path / "sandbox"
    root.mkdir()
    yield Sandbox(root)
    shutil.rmtree(root)


def one_case(sandbox: Sandbox, seed: int) -> None:
    """Runs the case of a seed through both sides.

    Raises:
        AssertionError: A rule is broken.
        Exception: Something escaped.
    """
    folder = damage.make(sandbox.jobs, sandbox.outside, sandbox.files, seed)
    took_ms = on_the_board(sandbox, folder, seed)
    for _ in range(2):  # other programs and caches disturb single measurements
        if took_ms > TICK_LIMIT_MS:
            sandbox.clear()
            damage.make(sandbox.jobs, sandbox.outside, sandbox.files, seed)
            took_ms = min(took_ms, on_the_board(sandbox, folder, seed))
    sandbox.worst_ms = max(sandbox.worst_ms, took_ms)
    in_the_worker(sandbox, folder, seed)
    sandbox.clear()
    after = damage.snapshot(sandbox.outside)
    assert after == sandbox.before, f"changed outside: {set(after.items()) ^ set(sandbox.before.items())}"
    assert took_ms <= TICK_LIMIT_MS, f"a tick took {took_ms:.1f} ms"


def on_the_board(sandbox: Sandbox, folder: Path, seed: int) -> float:
    """Discovers, follows, shows and uses the jobs as the add-on does. Returns the longest tick in ms of processor time."""
    clock = iter(range(1000))
    board = JobBoard(sandbox.jobs, "", clock=lambda: float(next(clock)))
    worst_s = 0.0
    for number in range(MOST_TICKS):
        if number >= TICKS and {DONE, WAITING} <= board.jobs.keys():
            break
        started = time.thread_time()
        board.tick()
        worst_s = max(worst_s, time.thread_time() - started)
    assert board.jobs[DONE].state.status == states.DONE
    assert board.jobs[WAITING].state.status == states.QUEUED
    views = {job.id: view_of(job) for job in board.newest_first()}
    shown = history.page_of([*board.order], views, "mug", 0)
    assert DONE in [view.id for view in shown.rows]
    assert MARKER not in repr(views)
    job = board.jobs.get(folder.name)
    if job is not None:
        started = time.thread_time()
        picture_of(job)
        worst_s = max(worst_s, time.thread_time() - started)
        if seed % 4 == 0:  # the worker gets what this leaves
            act(board, job.id, random.Random(seed))
    assert not board.workers._started  # no process was started
    return 1000 * worst_s


def view_of(job: Job) -> present.JobView:
    origin = dict(job.request.origin)
    real_sizes.of_origin(origin, job.request.prompt, 1.0)
    group = groups.of(origin)
    view = present.view_job(job.id, job.request, job.state, preview=str(job.preview_path or ""), ahead=job.ahead)
    queue.view_of((view,)).whole.text.encode()
    "".join((view.title, view.headline, view.facts, view.error, *view.notes, view.group, view.id)).encode()
    assert group is None or 0 <= group.number < group.count
    return view


def picture_of(job: Job) -> None:
    from dreamfusion_blender.backend.jobs.reading import open_regular

    with suppress(OSError):
        if job.preview_path and job.mesh_path is not job.preview_path:
            with open_regular(job.preview_path) as file:
                data = file.read(1 << 23)
            assert MARKER.encode() not in data
            decode(data)


def act(board: JobBoard, job_id: str, rng: random.Random) -> None:
    """A button of the panel."""
    actions: tuple[Callable[[str], object], ...] = (
        board.pause,
        board.unpause,
        board.cancel,
        board.resume,
        board.delete,
        lambda job_id: board.move(job_id, -1),
    )
    with suppress(BoardError):
        rng.choice(actions)(job_id)
        board.tick()
        if job_id not in board.jobs:
            board.restore(job_id)
            board.tick()


def in_the_worker(sandbox: Sandbox, folder: Path, seed: int) -> None:
    """Selects the next job, and reads and writes the damaged one as a worker, a relay and a remote host do."""
    rng, jobs = random.Random(seed), sandbox.jobs
    waiting, refused = DueJobs(jobs), set()
    for _ in range(2):
        if found := waiting.next():
            waiting.refuse(found)
            refused.add(found)
    assert jobs / WAITING in refused  # after at most one other
    if folder.is_symlink():
        assert folder not in refused  # whatever follows starts from the list of jobs
        return
    if rng.random() < 0.5:
        in_the_relay(sandbox, folder, rng)
        return
    lock = FolderLock(folder / "lock")
    try:
        request = read_job(folder)
        if not lock.acquire(0.0):
            return
        ensure_folders(folder)
        with logged_to(folder / "log.txt"):
            os.write(1, b"A line.\n")
        run_by_hand(RunningJob(folder, request, EventWriter(folder), StopFlag(), torch.device("cpu")))
        assert MARKER not in repr(request)
    except (JobError, OSError):
        pass
    finally:
        lock.release()
    assert MARKER not in read_tail(folder / "log.txt")
    assert MARKER not in repr(read_state(folder))


def run_by_hand(job: RunningJob) -> None:
    """The files of a job, in the order in which a worker writes them."""
    folder = job.folder
    job.emit("hello", protocol=1)
    recovery.skip_failed_attempt(job)
    with suppress(UserError):  # of an override
        assert MARKER not in repr(resolve_settings(job))
    for _, _, meta in checkpoint.load_newest_first(folder / "checkpoints"):
        assert MARKER not in repr(meta)
    write_atomic(own_path(folder, "previews/000005.png"), b"png")
    checkpoint.save(own_path(folder, "checkpoints"), 5, {"x": torch.zeros(1)}, {})
    checkpoint.remove_oldest(folder / "checkpoints")
    write_atomic(own_path(folder, "asset") / "mesh.glb", b"glTF")
    refining.delete_checkpoints(job)
    job.emit("bye", status="done")
    job.events.close()


def in_the_relay(sandbox: Sandbox, folder: Path, rng: random.Random) -> None:
    """The near end writes the folder; the far end reads it."""
    sent: list[bytes] = []

    def send(data: bytes) -> None:
        sent.append(data)
        if sum(map(len, sent)) > MAX_SENT_BYTES:
            raise BrokenPipeError

    far_end = far.FarEnd(sandbox.jobs, send)
    with suppress(JobError, UserError):
        request = {"schema": 1, "id": folder.name, "created": CREATED, "prompt": "a mug"}
        message = {"do": "follow", "request": request, "events": 0, "files": {}, "controls": {"cancel": True}}
        if rng.random() < 0.3:
            message[rng.choice(sorted(message))] = rng.choice(damage.VALUES)
        far_end.handle(message)
    with suppress(BrokenPipeError):
        if folder.is_dir():
            sender.JobSender(folder, 0, {}).update(send)
        for one in far_end._senders.values():
            one.update(send)
    assert MARKER.encode() not in b"".join(sent)
    stream = io.BytesIO(b"".join(sent[:3])[: rng.randrange(1 << 12)] + rng.randbytes(rng.randrange(99)))
    with suppress(wire.WireError):
        while wire.read_frame(stream):
            pass
    with suppress(JobError, OSError, wire.WireError):
        job = mirror.open_mirror(folder)
        if job is not None:
            try:
                job.follow_message()
                receive(job, rng)
                job.finish()
            finally:
                job.release()


def receive(job: mirror.Mirror, rng: random.Random) -> None:
    path = rng.choice(
        ("asset/mesh.glb", "previews/000005.png", "log.txt", "settings.json", "asset/a/b.png", "../x", "lock")
    )
    head: dict[str, Any] = {"path": path, "at": 0, "ms": 1, "last": True}
    if rng.random() < 0.3:
        head[rng.choice(sorted(head))] = rng.choice((*damage.VALUES, 10**300, float("inf")))
    job.receive(wire.Frame("file", head, b"data"))


def run_cases(sandbox: Sandbox, seeds: range) -> list[str]:
    """Runs the cases. Returns the failures with their seeds."""
    failures = []
    gc.collect()
    gc.freeze()  # the objects of torch, which each collection would visit
    for seed in seeds:
        try:
            one_case(sandbox, seed)
        except Exception:
            failures.append(f"one_case(sandbox, {seed})\n{traceback.format_exc(limit=-6)}")
            sandbox.before = damage.snapshot(sandbox.outside)
            sandbox.clear()
    gc.unfreeze()
    return failures


def report(failures: list[str]) -> str:
    return f"{len(failures)} failures\n" + "\n".join(failures[:10])


def test_some_damaged_folders(sandbox: Sandbox) -> None:
    failures = run_cases(sandbox, range(FIRST_SEED, FIRST_SEED + 150))
    assert not failures, report(failures)


@pytest.mark.faults
def test_a_hundred_thousand_damaged_folders(sandbox: Sandbox, figure: figures.Record) -> None:
    count = int(os.environ.get("DAMAGED_FOLDERS", "100000"))
    failures = run_cases(sandbox, range(FIRST_SEED, FIRST_SEED + count))
    print(report(failures))
    figure("damaged folders", count, "cases")
    figure("damaged folders with an unexpected exception or effect", len(failures), "cases", at_most=0)
    figure("longest tick with a damaged folder", sandbox.worst_ms, "ms of processor time", at_most=TICK_LIMIT_MS)
