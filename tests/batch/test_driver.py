"""What the driver does with the outcomes of jobs, on a real Ray cluster whose workers follow a script instead of running jobs."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import ray

from backend.batch import control, driver
from backend.batch.cluster import Cluster
from backend.batch.driver import Driver, Limits
from backend.batch.need import Need
from backend.batch.requests import Recipe, create_jobs, requests_of
from backend.batch.single import BUSY, Outcome
from backend.batch.status import BatchStatus
from backend.errors import UserError
from backend.jobs import states
from tests.figures import Record
from tests.worker.small_jobs import state_of

NEED = Need(memory=1 << 20)


class Scripted:
    """A worker without a model. The file `script` of a job has what happens in each try."""

    def __init__(self) -> None:
        self.is_stopped = False

    def run(self, folder: str) -> Outcome:
        script = Path(folder, "script")
        word, *others = json.loads(script.read_text())
        script.write_text(json.dumps(others))
        if word == "die":
            os._exit(1)
        if word == "raise":
            raise RuntimeError("not expected")
        while word == "wait" and not self.is_stopped:
            time.sleep(0.05)
        if word in ("memory", "empty"):
            return Outcome(states.FAILED, f"It failed: {word}.", word)
        return Outcome({"wait": states.CANCELLED}.get(word, word))

    def stop(self) -> None:
        self.is_stopped = True


class Instant:
    """A worker whose jobs take no time."""

    def run(self, folder: str) -> Outcome:
        return Outcome(states.DONE)


class Broken:
    """A worker that cannot start."""

    def __init__(self) -> None:
        raise ValueError("this machine lacks a library")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster("local") as made:
        yield made


def start(kind: type = Scripted) -> Any:
    return ray.remote(kind).options(**NEED.options(), max_restarts=-1, max_concurrency=2).remote()


def run(jobs: Path, cluster: Cluster, scripts: dict[str, list[str]], **options: Any) -> BatchStatus:
    """Runs one job for each script, with one worker unless the options say otherwise."""
    folders = create_jobs(jobs, requests_of(scripts, 1, Recipe()))
    for folder, script in zip(folders, scripts.values(), strict=True):
        (folder / "script").write_text(json.dumps(script))
    shown = options.pop("show", lambda made, status: None)
    kind, need = options.pop("kind", Scripted), options.pop("need", NEED)
    made = Driver(jobs, folders, cluster, lambda: start(kind), need, Limits(**{"workers": 1, **options}))
    status = made.run(lambda status: shown(made, status))
    assert all(not json.loads((folder / "script").read_text()) for folder in folders) or status.left
    return status


def test_lost_jobs_are_tried_again_and_others_go_on(
    tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(driver, "BUSY_S", 0.1)
    scripts = {
        "lost once": ["die", states.DONE],
        "often out of memory": ["memory", "memory", states.DONE],
        "empty": ["empty"],
        "taken by another worker": [*[BUSY] * 6, states.DONE],
        "canceled": [states.CANCELLED],
        "an error": ["raise", states.DONE],
        "crashes its worker": ["die"] * 3,
        "fine": [states.DONE],
    }
    status = run(tmp_path, cluster, scripts, retries=2)
    assert (status.done, status.failed, status.canceled, status.left) == (5, 2, 1, 0)
    failures = {name.partition("-s0-")[0]: message for name, message in status.failures}
    assert failures["empty"] == "It failed: empty."
    assert "worker was killed" in failures["crashes-its-worker"]
    (folder,) = tmp_path.glob("crashes*")
    state = state_of(folder)
    assert (state.status, state.error_code) == (states.FAILED, "died")


def test_one_bad_job_at_the_end_is_no_reason_to_dismiss_the_worker(tmp_path: Path, cluster: Cluster) -> None:
    status = run(tmp_path, cluster, {"a": [states.DONE], "b": ["memory"] * 4, "c": ["raise"] * 4, "d": ["memory"] * 4})
    assert (status.done, status.failed) == (1, 3)


def test_workers_that_only_fail_end_the_batch(tmp_path: Path, cluster: Cluster) -> None:
    with pytest.raises(UserError, match=r"No worker can run jobs: It failed: memory\. See .*batch\.log"):
        run(tmp_path, cluster, {name: ["memory"] * 4 for name in "abcde"})


def test_workers_that_cannot_start_end_the_batch(tmp_path: Path, cluster: Cluster) -> None:
    with pytest.raises(UserError, match="No worker can run jobs: ValueError: this machine lacks a library"):
        run(tmp_path, cluster, {"a": [states.DONE]}, kind=Broken)


def test_a_stopped_driver_ends_the_running_job_and_keeps_the_others(tmp_path: Path, cluster: Cluster) -> None:
    def stop(made: Driver, status: BatchStatus) -> None:
        if status.running:
            made.stop()

    status = run(tmp_path, cluster, {"a": ["wait"], "b": [states.DONE]}, show=stop)
    assert (status.left, status.done) == (2, 0)


def test_a_paused_batch_hands_out_no_jobs(tmp_path: Path, cluster: Cluster) -> None:
    tmp_path.joinpath(control.PAUSE).touch()
    seen: list[int] = []

    def unpause(made: Driver, status: BatchStatus) -> None:
        assert status.is_paused == (len(seen) < 8)
        seen.append(status.running)
        if len(seen) == 8:
            control.unpause(tmp_path)

    status = run(tmp_path, cluster, {"a": [states.DONE]}, show=unpause)
    assert seen[:8] == [0] * 8
    assert status.done == 1


def test_a_computer_without_room_for_a_worker(tmp_path: Path, cluster: Cluster) -> None:
    with pytest.raises(UserError, match=r"no room for a worker \(1 CPU, 10240.0 GiB of memory\)"):
        run(tmp_path, cluster, {"a": [states.DONE]}, need=Need(memory=10 << 40))


@pytest.mark.slow
@pytest.mark.timing
def test_the_driver_keeps_many_workers_busy(tmp_path: Path, cluster: Cluster, figure: Record) -> None:
    jobs, need = 1000, Need(cpus=0.25, memory=1 << 20)
    folders = [tmp_path / str(number) for number in range(jobs)]

    def start_instant() -> Any:
        return ray.remote(Instant).options(**need.options(), max_concurrency=2).remote()

    made = Driver(tmp_path, folders, cluster, start_instant, need, Limits(workers=8))
    marks: list[tuple[int, float]] = []
    made.run(lambda status: marks.append((status.done, time.process_time())))
    first, last = next(mark for mark in marks if mark[0]), marks[-1]
    cost_s = (last[1] - first[1]) / (last[0] - first[0])
    figure("processor time of the driver per job", 1000 * cost_s, "ms", at_most=20.0)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("127.0.0.1:1", r"no Ray cluster at '127.0.0.1:1' \(Connection refused\)"),
        ("nothing.invalid:6379", "no Ray cluster at 'nothing.invalid:6379'"),
        ("nonsense", "'nonsense' is not the address"),
        ("ray://127.0.0.1:10001", "auto on a machine of the cluster"),
        ("127.0.0.1:99999999", "no Ray cluster"),
    ],
)
def test_an_address_without_a_cluster(address: str, words: str) -> None:
    with pytest.raises(UserError, match=words):
        Cluster(address)


def test_places_are_counted_on_each_machine(cluster: Cluster) -> None:
    cores = int(cluster.nodes()[0]["CPU"])
    assert cluster.places(Need(memory=1)) == cores
    assert cluster.places(Need(cpus=0.5, memory=1)) == 2 * cores
    assert cluster.places(Need(gpus=0.5, memory=1)) == 0
