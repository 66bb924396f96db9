"""Hands the jobs of a batch to workers, one job to each, and tries those again that were lost.

Ray starts the workers where there is room, and starts them again after a crash or the loss of a machine. A job that was lost
goes back to the queue, and the next free worker continues it from its last checkpoint.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import UserError
from ..jobs import states
from ..worker.failures import explain
from . import control
from .cluster import Cluster
from .need import Need
from .single import BUSY, Outcome, record_failure
from .status import MAX_FAILURES, RECENT, BatchStatus, left_s, rate_per_hour

# Codes of failures that another machine, or another try, may avoid.
RETRIED = frozenset({"died", "internal", "memory", "device", "environment", "files", "weights"})
POLL_S = 0.5
BUSY_S = 5.0  # until a job is tried again that another worker has
PLACES_S = 10.0  # between counts of the places
MAX_FAILED = 3  # jobs of one worker since its last success
STOP_S = 60.0  # for the present steps, and for the checkpoints after them


@dataclass
class _Task:
    """A job that has not ended."""

    folder: Path
    failures: int = 0
    due_at: float = 0.0  # in seconds of the monotonic clock


@dataclass
class _Worker:
    """A worker, as an actor of Ray."""

    actor: Any
    failed: set[Path] = field(
        default_factory=set
    )  # jobs since the last success, for reasons that another machine may avoid


@dataclass(frozen=True)
class Limits:
    """How a batch is run.

    Args:
        workers: their number; 0 for as many as the machines have room for.
        retries: of one job whose worker was lost, or that failed for a reason that another try may avoid.
    """

    workers: int = 0
    retries: int = 3


class Driver:
    """Runs the jobs in these folders to their ends.

    Args:
        start_worker: starts a worker, see `worker.start`.
        need: of a worker.
        done: the number of other jobs of the batch, which were done before.
        on_done: called with the folder of each job that is done.
    """

    def __init__(
        self,
        jobs: Path,
        folders: Iterable[Path],
        cluster: Cluster,
        start_worker: Callable[[], Any],
        need: Need,
        limits: Limits,
        done: int = 0,
        on_done: Callable[[Path], None] = lambda _folder: None,
    ) -> None:
        self._jobs, self._cluster, self._need, self._limits = jobs, cluster, need, limits
        self._ray, self._on_done = cluster.ray, on_done
        self._start_worker = start_worker
        self._queue = deque(_Task(folder) for folder in folders)
        self._starting: dict[Any, _Worker] = {}  # a reference that is ready when the worker is -> the worker
        self._running: dict[Any, tuple[_Worker, _Task]] = {}  # a reference to the outcome -> the worker and its job
        self._idle: list[_Worker] = []
        self._places, self._look_at = 0, 0.0
        self._dismissed = 0  # workers that cannot start, or that only fail
        self._has_succeeded = False
        self._stop_until: float | None = None
        self._ended_at: deque[float] = deque(maxlen=RECENT)
        self._counts = {states.DONE: done, states.FAILED: 0, states.CANCELLED: 0}
        self._failures: list[tuple[str, str]] = []

    def run(self, show: Callable[[BatchStatus], None]) -> BatchStatus:
        """Runs until all jobs have ended, or until `stop`.

        Args:
            show: called several times a second; may call `stop`.

        Raises:
            UserError: this computer has no room for a worker (code "memory").
        """
        while self._is_going():
            self._start_workers()
            self._collect()
            self._hand_out()
            show(self.status())
        return self.status()

    def stop(self) -> None:
        """Ends the running jobs at their next step, with a checkpoint. The second call does not wait for them."""
        if self._stop_until is not None:
            self._stop_until = 0.0
            return
        self._stop_until = time.monotonic() + STOP_S
        for worker, _ in self._running.values():
            worker.actor.stop.remote()

    def status(self) -> BatchStatus:
        rate = rate_per_hour(self._ended_at, time.time())
        left = len(self._queue) + len(self._running)
        return BatchStatus(
            queued=len(self._queue),
            running=len(self._running),
            done=self._counts[states.DONE],
            failed=self._counts[states.FAILED],
            canceled=self._counts[states.CANCELLED],
            rate_per_hour=rate,
            left_s=left_s(left, rate),
            is_driven=True,
            is_paused=control.is_paused(self._jobs),
            failures=tuple(self._failures),
        )

    @property
    def running(self) -> list[Path]:
        """The folders of the jobs that run."""
        return [task.folder for _, task in self._running.values()]

    @property
    def note(self) -> str:
        """What the batch waits for; empty if it works."""
        if self._running or self._idle or self._places:
            return ""
        return f"No machine has room for a worker ({self._need.words}). Waiting for one."

    def _is_going(self) -> bool:
        if self._stop_until is not None:
            return bool(self._running) and time.monotonic() < self._stop_until
        return bool(self._queue or self._running)

    # --- workers

    def _start_workers(self) -> None:
        """Starts a worker for each place, but no more than there are jobs. Those without a place wait in Ray's queue."""
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + PLACES_S
            self._places = self._cluster.places(self._need)
            if not self._places and self._cluster.is_local and not (self._has_others() or self._dismissed):
                raise UserError(
                    f"This computer has no room for a worker ({self._need.words}). Choose a smaller preset, or set --cpus, "
                    "--gpus or --memory.",
                    "memory",
                )
        if self._stop_until is not None:
            return
        wanted = (self._limits.workers or max(1, self._places)) - self._dismissed
        wanted = min(wanted, len(self._queue) + len(self._running))
        for _ in range(wanted - len(self._starting) - len(self._running) - len(self._idle)):
            self._await_start(_Worker(self._start_worker()))

    def _await_start(self, worker: _Worker) -> None:
        self._starting[worker.actor.__ray_ready__.remote()] = worker

    def _dismiss(self, worker: _Worker, reason: str) -> None:
        """Does without a worker, so that one bad machine does not fail all jobs.

        Raises:
            UserError: it was the last one.
        """
        self._ray.kill(worker.actor)
        self._dismissed += 1
        if not self._has_others():
            raise UserError(f"No worker can run jobs: {reason.rstrip('.')}. See {self._jobs / control.LOG}.")

    # --- jobs

    def _hand_out(self) -> None:
        if self._stop_until is not None or control.is_paused(self._jobs):
            return
        now = time.monotonic()
        waiting = [task for task in self._queue if task.due_at > now]
        due = deque(task for task in self._queue if task.due_at <= now)
        while self._idle and due:
            worker, task = self._idle.pop(), due.popleft()
            self._running[worker.actor.run.remote(os.fspath(task.folder))] = worker, task
        self._queue = deque((*due, *waiting))
        while len(self._idle) > len(self._queue):  # another one may need its place
            self._ray.kill(self._idle.pop().actor)

    def _collect(self) -> None:
        """Waits for a moment, and takes what has ended."""
        references = [*self._starting, *self._running]
        if not references:
            time.sleep(POLL_S)
            return
        self._ray.wait(references, timeout=POLL_S)
        ready, _ = self._ray.wait(references, num_returns=len(references), timeout=0)
        for reference in ready:
            if reference in self._starting:
                self._welcome(self._starting.pop(reference), reference)
            else:
                self._conclude(*self._running.pop(reference), reference)

    def _welcome(self, worker: _Worker, reference: Any) -> None:
        """A worker is ready, or cannot be started, for example because its machine lacks the backend."""
        try:
            self._ray.get(reference)
        except self._ray.exceptions.ActorUnavailableError:  # Ray starts it again
            self._await_start(worker)
        except self._ray.exceptions.RayError as error:
            self._dismiss(worker, _lines(error)[-1])  # the error behind Ray's description
        else:
            self._idle.append(worker)

    def _conclude(self, worker: _Worker, task: _Task, reference: Any) -> None:
        outcome, is_lost = self._outcome(task, reference)
        if outcome.status == BUSY:
            task.due_at = time.monotonic() + BUSY_S
            self._queue.append(task)
        elif outcome.status == states.CANCELLED and self._stop_until is not None:
            self._queue.append(task)
        elif outcome.status in (states.DONE, states.CANCELLED):
            self._counts[outcome.status] += 1
            self._ended_at.append(time.time())
            if outcome.status == states.DONE:
                self._has_succeeded = True
                self._on_done(task.folder)
        else:
            self._fail(task, outcome)
        if outcome.status == states.FAILED and outcome.code in RETRIED:
            worker.failed.add(task.folder)
        else:
            worker.failed.clear()
        if is_lost:
            self._await_start(worker)
        elif len(worker.failed) >= MAX_FAILED and (self._has_others() or not self._has_succeeded):
            self._dismiss(worker, outcome.message)
        else:
            self._idle.append(worker)

    def _has_others(self) -> bool:
        """Whether there are workers, besides one that has just ended its job."""
        return bool(self._starting or self._running or self._idle)

    def _outcome(self, task: _Task, reference: Any) -> tuple[Outcome, bool]:
        """How a try has ended, and whether its worker was lost."""
        try:
            found: Outcome = self._ray.get(reference)
            return found, False
        except self._ray.exceptions.RayTaskError as error:
            return Outcome(states.FAILED, *explain(error.cause, "", task.folder)), False
        except self._ray.exceptions.RayError as error:
            text = f"The worker was killed, or its machine was lost ({_lines(error)[0]}). Resume the job from its last checkpoint."
            return Outcome(states.DIED, text, "died"), True

    def _fail(self, task: _Task, outcome: Outcome) -> None:
        task.failures += 1
        code = "died" if outcome.status == states.DIED else outcome.code
        if code in RETRIED and task.failures <= self._limits.retries:
            if outcome.status == states.DIED:
                self._queue.appendleft(task)
            else:  # later, so that probably another worker gets it
                self._queue.append(task)
            return
        record_failure(task.folder, outcome)
        self._counts[states.FAILED] += 1
        self._ended_at.append(time.time())
        if len(self._failures) < MAX_FAILURES:
            self._failures.append((task.folder.name, outcome.message))


def _lines(error: BaseException) -> list[str]:
    """The text of an error of Ray, which may be long."""
    return [line.strip()[:200].rstrip(".") for line in str(error).splitlines() if line.strip()] or [
        type(error).__name__
    ]
