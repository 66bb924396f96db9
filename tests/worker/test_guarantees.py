"""What holds for every job: kills, full and read-only disks, competing workers and clock jumps lose nothing."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import torch
import trimesh
from PIL import Image

from backend.jobs import states
from backend.jobs.folder import read_job, request_control
from backend.jobs.reading import read_object
from backend.optimize import checkpoint
from tests.figures import Record
from tests.worker.small_jobs import RunWorker, StartWorker, add_job, await_that, kinds, read_events, state_of

pytestmark = pytest.mark.faults

STEPS = 10
KILLS = 74  # at random moments
CALLS = 62  # system calls on files of the job, each of which ends in a kill once
SEED = 5


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory, repo: Path) -> Path:
    """The same job, uninterrupted."""
    folder = add_job(tmp_path_factory.mktemp("reference"), steps=STEPS, seed=SEED)
    subprocess.run([sys.executable, "-m", "backend", "work", str(folder.parent)], cwd=repo, check=True)
    assert state_of(folder).status == states.DONE
    return folder


def new_job(jobs: Path) -> Path:
    return add_job(jobs, steps=STEPS, seed=SEED)


def finish(folder: Path, run_worker: RunWorker) -> None:
    """Resumes a job, if it has not ended, until it has."""
    if state_of(folder).status != states.DONE:
        if state_of(folder).status != states.QUEUED:
            request_control(folder, "resume")
        run_worker(folder.parent)
    assert state_of(folder).status == states.DONE, state_of(folder)


def assert_same_result(folder: Path, reference: Path) -> None:
    ends = [checkpoint.load_latest(one / "checkpoints") for one in (folder, reference)]
    assert ends[0] is not None
    assert ends[1] is not None
    assert ends[0][0] == ends[1][0] == STEPS
    assert ends[0][1].keys() == ends[1][1].keys()
    for name, tensor in ends[0][1].items():
        assert torch.equal(tensor, ends[1][1][name]), name
    for name in ("asset/albedo.png", "asset/mesh.glb"):
        assert (folder / name).read_bytes() == (reference / name).read_bytes(), name
    assert not list(folder.rglob("*.tmp"))


def problems(check: Callable[[], object]) -> list[str]:
    """The traceback of a check that fails, as a list of at most one."""
    try:
        check()
    except Exception:
        print(traceback.format_exc())
        return [traceback.format_exc()]
    return []


def read_all(folder: Path) -> int:
    """Reads every file under its final name to its end. Returns the number of files."""
    found = 0
    for path in folder.rglob("*"):
        if path.is_dir() or path.name.endswith(".tmp"):
            continue
        found += 1
        if path.name == "job.json":
            assert read_job(folder).seed == SEED
        elif path.suffix == ".json":
            assert read_object(path), path
        elif path.suffix == ".png":
            with Image.open(path) as image:
                image.load()
        elif path.suffix == ".glb":
            assert len(trimesh.load(path, force="mesh").faces), path
        elif path.suffix == ".safetensors" and path.with_suffix(".json").exists():
            latest = checkpoint.load_latest(folder / "checkpoints")
            assert latest is not None
            assert all(
                bool(torch.isfinite(tensor).all()) for tensor in latest[1].values() if tensor.is_floating_point()
            )
    numbers = [event["n"] for event in read_events(folder)]
    assert numbers == sorted(set(numbers)), numbers
    return found


def kill(worker: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    worker.communicate()


def test_killed_at_random_moments_a_job_resumes_to_the_same_bits(
    tmp_path: Path, reference: Path, start_worker: StartWorker, run_worker: RunWorker, figure: Record
) -> None:
    dice = random.Random(0)
    seconds = [event["time"] for event in read_events(reference)]
    kills, ends, others = 0, 0, []
    while kills < KILLS:
        folder = new_job(tmp_path / str(kills))
        for _ in range(6):
            is_starting = dice.random() < 0.2  # a few kills while it starts, most while it works
            worker = start_worker(folder.parent, *(("backend", "work") if is_starting else ()))
            hellos = kinds(folder).count("hello")
            if not is_starting:
                await_that("hello", lambda f=folder, h=hellos: kinds(f).count("hello") > h, worker)
            time.sleep(dice.uniform(0, seconds[-1] - seconds[0]))
            kill(worker)
            kills += 1
            read_all(folder)
            if state_of(folder).status == states.DONE:
                break
            if state_of(folder).status != states.QUEUED:
                request_control(folder, "resume")
        finish(folder, run_worker)
        ends += 1
        others += problems(lambda f=folder: assert_same_result(f, reference))
    figure("kills at random moments", kills, "kills", at_least=KILLS)
    figure("jobs that were killed up to 6 times and ended with other bits", len(others), f"of {ends}", at_most=0)


# --- half-written files --------------------------------------------------------------------------------------------


CALL = re.compile(r"^(\d+) +(openat|write|rename|renameat|renameat2|unlink|unlinkat|mkdir|ftruncate|fsync)\(")
TRACED = "openat,write,rename,renameat,renameat2,unlink,unlinkat,mkdir,ftruncate,fsync"


def traced_worker(repo: Path, jobs: Path, log: Path, *inject: str) -> int:
    """Runs a worker under strace; returns its exit status."""
    command = ["strace", "-f", "-y", "-qq", "-e", f"trace={TRACED}", *inject, "-o", str(log)]
    done = subprocess.run(
        [*command, sys.executable, "-m", "backend", "work", str(jobs)],
        cwd=repo,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
        timeout=600,
    )
    return done.returncode


def calls_on(folder: Path, log: Path) -> list[tuple[str, int]]:
    """System calls that change a file of the folder, as name and number among the calls of that name in its thread."""
    counts: dict[tuple[str, str], int] = {}
    found = []
    for line in log.read_text(errors="replace").splitlines():
        if match := CALL.match(line):
            thread, name = match.groups()
            counts[thread, name] = counts.get((thread, name), 0) + 1
            if str(folder) in line and (name != "openat" or "O_CREAT" in line):
                found.append((name, counts[thread, name]))
    return found


@pytest.mark.skipif(not shutil.which("strace"), reason="strace, a program of Linux, is not installed")
def test_a_kill_in_any_system_call_leaves_no_half_written_file(
    tmp_path: Path, repo: Path, reference: Path, run_worker: RunWorker, figure: Record
) -> None:
    whole = new_job(tmp_path / "whole")
    assert traced_worker(repo, whole.parent, tmp_path / "log") == 0
    calls = calls_on(whole, tmp_path / "log")
    assert len(calls) >= CALLS
    chosen = [calls[int(i)] for i in np.linspace(0, len(calls) - 1, CALLS)]
    kills, files, broken = 0, 0, []
    for index, (name, number) in enumerate(chosen):
        folder = new_job(tmp_path / f"at{index}")
        status = traced_worker(repo, folder.parent, tmp_path / "log", "-e", f"inject={name}:signal=KILL:when={number}")
        kills += status != 0
        broken += problems(lambda f=folder: read_all(f))
        files += sum(path.is_file() for path in folder.rglob("*"))
        if index % 4 == 0:  # a resumed run takes as long as the killed one
            finish(folder, run_worker)
            assert_same_result(folder, reference)
    figure("system calls that ended in a kill", kills, f"of {len(chosen)}", at_least=CALLS * 0.9)
    figure("kills that left a file that cannot be read", len(broken), f"of {files} files", at_most=0)


# --- disks ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Returns a function that mounts, or changes, a small file system with these options."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> Path:
        command = [
            "mount",
            "-t",
            "tmpfs",
            "-o",
            ("remount," if place.is_mount() else "") + options,
            "tmpfs",
            str(place),
        ]
        if os.name == "nt" or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("this process may not mount a file system")
        return place

    yield mount
    if place.is_mount():
        subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_at_any_time_is_named_and_the_job_resumes(
    disk: Callable[[str], Path], reference: Path, run_worker: RunWorker, figure: Record
) -> None:
    used_kb = sum(path.stat().st_size for path in reference.rglob("*") if path.is_file()) // 1024
    sizes = [int(size) for size in np.linspace(20, used_kb, 8)]
    full = 0
    for size in sizes:
        jobs = disk(f"size={size}k")
        folder = new_job(jobs)
        run_worker(jobs)
        state = state_of(folder)
        full += state.status == states.FAILED and state.error_code == "disk" and "is full" in state.error
        read_all(folder)
        assert not list(folder.rglob("*.tmp"))
        disk("size=64m")
        finish(folder, run_worker)
        assert_same_result(folder, reference)
        subprocess.run(["rm", "-rf", str(folder)], check=True)
    figure(
        f"full disks of {sizes[0]} to {sizes[-1]} KB that were named", full, f"of {len(sizes)}", at_least=len(sizes) - 1
    )


def test_a_disk_that_becomes_read_only_is_named_and_the_job_resumes(
    disk: Callable[[str], Path], reference: Path, start_worker: StartWorker, run_worker: RunWorker
) -> None:
    jobs = disk("size=64m")
    folder = new_job(jobs)
    worker = start_worker(jobs)
    await_that("step 3", lambda: state_of(folder).step >= 3, worker)
    subprocess.run(["mount", "-o", "remount,ro,size=64m", str(jobs)], check=False)
    output, _ = worker.communicate(timeout=120)
    assert "Traceback" not in output, output
    read_all(folder)
    subprocess.run(["mount", "-o", "remount,rw,size=64m", str(jobs)], check=True)
    finish(folder, run_worker)
    assert_same_result(folder, reference)


# --- workers and clocks --------------------------------------------------------------------------------------------


def test_of_competing_workers_one_runs_each_job(tmp_path: Path, start_worker: StartWorker, figure: Record) -> None:
    folders = [add_job(tmp_path, steps=2) for _ in range(6)]
    workers = [start_worker(tmp_path) for _ in range(5)]
    for worker in workers:
        output, _ = worker.communicate(timeout=240)
        assert worker.returncode == 0, output
    assert [state_of(folder).status for folder in folders] == [states.DONE] * len(folders)
    hellos = sum(kinds(folder).count("hello") for folder in folders)
    figure("starts of 6 jobs by 5 competing workers", hellos, "starts", at_most=6)


JUMPS = """
import time
real, count = time.time, 0
def jumping():
    global count
    count += 1
    return real() + (-86400 * 400, 0, 86400 * 4000, -real())[count % 4]
time.time = jumping
"""


def test_a_clock_that_jumps_changes_nothing(tmp_path: Path, repo: Path, reference: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(JUMPS)
    folder = new_job(tmp_path / "jobs")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-m", "backend", "work", str(folder.parent)]
    subprocess.run(command, cwd=repo, env=environment, check=True, timeout=240)
    times = [event["time"] for event in read_events(folder)]
    assert times != sorted(times)
    assert_same_result(folder, reference)
