"""A long batch on a Ray cluster of two nodes that loses workers, nodes and drivers: every job is done once.

Variables set its length; the defaults take minutes. With a folder in BATCH_FOLDER, the jobs stay there.

    BATCH_JOBS=2000 BATCH_KILLS=20 BATCH_LOSSES=3 BATCH_DRIVER_KILLS=5 python build.py test -m faults tests/batch/test_robustness.py
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from ray.cluster_utils import Cluster

from backend.jobs import states
from backend.jobs.folder import job_folders
from backend.jobs.lock import is_locked
from tests.figures import Record
from tests.worker.small_jobs import SMALL, kinds, read_events, state_of

JOBS = int(os.environ.get("BATCH_JOBS", "100"))
FAULTS = {
    "worker": int(os.environ.get("BATCH_KILLS", "5")),
    "node": int(os.environ.get("BATCH_LOSSES", "1")),
    "driver": int(os.environ.get("BATCH_DRIVER_KILLS", "1")),
}
SEEDS = 4
PATIENCE_S = 600.0  # without another done job


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": 100 << 20})
    yield made
    made.shutdown()


def start_driver(prompts: Path, jobs: Path, address: str, repo: Path) -> subprocess.Popen[bytes]:
    settings = [part for name, value in SMALL.items() for part in ("--set", f"{name}={json.dumps(value)}")]
    command = [sys.executable, "-m", "backend", "batch", str(prompts), "--seeds", str(SEEDS), "--output", str(jobs)]
    command += ["--ray", address, "--memory", "1", "--device", "cpu", *settings]
    with open(jobs.with_name("driver.log"), "ab") as log:
        return subprocess.Popen(command, cwd=repo, stdout=log, stderr=log)


def kill_a_worker(jobs: Path) -> bool:
    """Kills the process of a random running job. False if none is far enough."""
    running = [folder for folder in job_folders(jobs) if is_locked(folder / "lock")]
    random.shuffle(running)
    for folder in running:
        hellos = [event["pid"] for event in read_events(folder) if event["kind"] == "hello"]
        if hellos and state_of(folder).phase not in ("", "loading"):
            os.kill(hellos[-1], signal.SIGKILL)
            return True
    return False


@pytest.mark.faults
def test_every_job_is_done_once(tmp_path: Path, repo: Path, cluster: Cluster, figure: Record) -> None:
    folder = Path(os.environ.get("BATCH_FOLDER", tmp_path))
    prompts, jobs = folder / "list.txt", folder / "jobs"
    prompts.write_text("".join(f"a red mug number {number}\n" for number in range(JOBS // SEEDS)))
    node = cluster.add_node(num_cpus=1, object_store_memory=100 << 20)
    driver = start_driver(prompts, jobs, cluster.address, repo)
    faults = [name for name, count in FAULTS.items() for _ in range(count)]
    random.shuffle(faults)
    due = sorted(random.sample(range(2, JOBS - 4), len(faults)))  # counts of done jobs
    began = changed = time.monotonic()
    done = 0
    while driver.poll() is None or done < JOBS:
        time.sleep(0.2)
        before, done = done, sum((one / "asset" / "mesh.glb").exists() for one in job_folders(jobs))
        changed = time.monotonic() if done != before else changed
        assert time.monotonic() - changed < PATIENCE_S, (done, jobs.with_name("driver.log").read_text()[-2000:])
        assert driver.poll() in (None, 0), jobs.with_name("driver.log").read_text()[-2000:]
        if not due or done < due[0]:
            continue
        fault = faults[0]
        if fault == "worker" and not kill_a_worker(jobs):
            continue
        if fault == "node":
            cluster.remove_node(node, allow_graceful=False)
            node = cluster.add_node(num_cpus=1, object_store_memory=100 << 20)
        if fault == "driver":
            driver.kill()
            driver.wait()
            driver = start_driver(prompts, jobs, cluster.address, repo)
        print(f"{time.monotonic() - began:.0f} s, {done} done: lost a {fault}", flush=True)
        del due[0], faults[0]
    assert not faults
    folders = list(job_folders(jobs))
    assert len(folders) == JOBS
    starts = [kinds(one).count("hello") for one in folders]
    figure("jobs of a batch that are done", sum(state_of(one).status == states.DONE for one in folders), at_least=JOBS)
    figure("assets that were made twice", sum(kinds(one).count("result") > 1 for one in folders), at_most=0)
    figure("starts of these jobs", sum(starts), "", at_most=JOBS + 2 * (sum(FAULTS.values()) + FAULTS["driver"]))
    figure("time of the batch", time.monotonic() - began, "s")
