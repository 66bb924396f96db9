"""All jobs of a folder: submitted, controlled, followed to their end. Everything is a short, non-blocking call."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ..backend import contract
from ..backend.contract import JobRequest, JobState
from . import paths, process
from .job import Job

READS = 2  # of job.READ_BYTES each, a tick
PROBE_EVERY_S = 1.0  # how often the locks are asked for
SCAN_EVERY_S = 2.0  # how often the jobs folder is looked at for jobs of others
TERMINATE_AFTER_S = 15.0  # a worker that does not heed `cancel`: it looks between steps, and baking has long ones
KILL_AFTER_S = 20.0
MAX_RESTARTS = 3  # of a worker that ended as idle in the moment when a job was added
MAX_LOG_BYTES = 1 << 20  # of the worker's own log; jobs have theirs
HISTORY = 12  # how many jobs of the folder are followed


class JobBoard:
    """All jobs of a jobs folder, and the worker that this Blender started for them.

    Args:
        jobs_folder: where new jobs go; jobs that run elsewhere are followed to their end when it changes.
        python: the backend's Python.
        clock: seconds, for tests.
    """

    def __init__(self, jobs_folder: Path, python: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.jobs_folder = jobs_folder
        self.python = python
        self.jobs: dict[str, Job] = {}
        self._clock = clock
        self._workers: dict[Path, process.Child] = {}
        self._greeted: set[process.Child] = set()  # workers that said hello
        self._ignored: set[str] = set()  # folders without a readable request
        self._scanned_mtime_ns = -1
        self._next_scan = self._next_probe = 0.0

    def use(self, jobs_folder: Path, python: str) -> None:
        """Other places from now on. Finished jobs of the old folder are dropped, unfinished ones followed to their end."""
        self.python = python
        if jobs_folder == self.jobs_folder:
            return
        self.jobs_folder, self._scanned_mtime_ns, self._next_scan = jobs_folder, -1, 0.0
        self._ignored.clear()
        self.jobs = {id: job for id, job in self.jobs.items() if not job.state.is_final}

    # --- requests --------------------------------------------------------------------------------------------------

    def submit(self, request: JobRequest) -> Job:
        """Writes the request and starts a worker. A worker that cannot be started is told of in the job's state.

        Raises:
            contract.JobError: the folder cannot be written.
        """
        folder = contract.create_job_folder(self.jobs_folder, request)
        job = Job(folder, request)
        job.is_known = job.awaits_hello = True
        job.asked_at = self._clock()
        self.jobs[job.id] = job
        self._start_worker_for(job)
        return job

    def resume(self, job_id: str) -> None:
        """Goes on with a job that died, failed or was cancelled, from its last checkpoint."""
        job = self.jobs[job_id]
        job.forget_requests()
        contract.request_control(job.folder, "resume")
        job.awaits_hello, job.asked_at = True, self._clock()
        self._start_worker_for(job)

    def pause(self, job_id: str) -> None:
        job = self.jobs[job_id]
        contract.request_control(job.folder, "pause")
        job.pause_asked = True

    def unpause(self, job_id: str) -> None:
        job = self.jobs[job_id]
        contract.withdraw_control(job.folder, "pause")
        job.pause_asked = False

    def cancel(self, job_id: str) -> None:
        """Asks kindly; `tick` terminates, then kills the worker's process group if it does not heed."""
        job = self.jobs[job_id]
        contract.request_control(job.folder, "cancel")
        if job.cancel_asked_at is None:
            job.cancel_asked_at = self._clock()
        job.state = self._settled(job)

    def _start_worker_for(self, job: Job) -> None:
        try:
            self._start_worker(job.folder.parent)
        except contract.JobError as error:
            job.start_error = str(error)
        job.state = self._settled(job)

    # --- the worker ------------------------------------------------------------------------------------------------

    def worker_is_alive(self, jobs_folder: Path) -> bool:
        """Ours, or one that another client started."""
        child = self._workers.get(jobs_folder)
        return (child is not None and child.is_alive) or contract.is_locked(jobs_folder / "worker.lock")

    def _start_worker(self, jobs_folder: Path) -> None:
        if self.worker_is_alive(jobs_folder):
            return
        if problem := paths.python_problem(self.python):
            raise contract.JobError(problem)
        log = jobs_folder / "worker.log"
        with suppress(OSError):
            if log.stat().st_size > MAX_LOG_BYTES:
                log.unlink()
        arguments = ("-m", "backend", "work", str(jobs_folder))
        self._workers[jobs_folder] = process.Child(self.python, arguments, paths.backend_root(), log)

    def _tend_workers(self) -> None:
        """Jobs that wait without a worker get one; a worker that could not start is told of, once."""
        for job in self.jobs.values():
            if not job.awaits_hello or job.start_error or self.worker_is_alive(job.folder.parent):
                continue
            child = self._workers.get(job.folder.parent)
            could_start = child is None or child.exit_status == 0 or child in self._greeted or child.stopped_by_us
            if could_start and job.restarts < MAX_RESTARTS:
                job.restarts += 1
                try:
                    self._start_worker(job.folder.parent)
                except contract.JobError as error:
                    job.start_error = str(error)
            elif child is not None:
                job.start_error = process.start_failure(self.python, child.exit_status or 0, child.text())
            else:
                job.start_error = "The backend did not take the job: see its log."

    def _insist_on_cancel(self, job: Job) -> None:
        child = self._workers.get(job.folder.parent)
        if job.cancel_asked_at is None or child is None or not child.is_alive or not self._is_running(job):
            return
        patience_s = self._clock() - job.cancel_asked_at
        if patience_s > KILL_AFTER_S:
            child.kill()
        elif patience_s > TERMINATE_AFTER_S:
            child.terminate()

    def _is_running(self, job: Job) -> bool:
        return not job.awaits_hello and job.folded.status in (contract.RUNNING, contract.PAUSED) and job.is_locked

    def stop(self) -> None:
        """Ends the workers that this Blender started. Their jobs can be resumed."""
        for child in self._workers.values():
            child.terminate()
            if child.wait(3.0) is None:
                child.kill()
                child.wait(3.0)

    # --- following -------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Reads what is new, within a fixed budget, and brings every job's `state` up to date."""
        now = self._clock()
        if now >= self._next_scan:
            self._next_scan = now + SCAN_EVERY_S
            self.scan()
        probe = now >= self._next_probe
        if probe:
            self._next_probe = now + PROBE_EVERY_S
        watched = [job for job in self.jobs.values() if job.needs_watching]
        watched.sort(key=lambda job: (not job.is_known, not job.awaits_hello))
        reads_left = READS
        for job in watched:
            if reads_left and job.read():
                reads_left -= 1
                if not job.awaits_hello and (child := self._workers.get(job.folder.parent)):
                    self._greeted.add(child)
            if probe and not job.awaits_hello and not job.folded.is_final:
                job.is_locked = contract.is_locked(job.folder / "lock")
                if not job.is_locked:
                    job.read()  # it may have said bye between the reading above and the question
            self._insist_on_cancel(job)
        if probe:
            self._tend_workers()
        for job in watched:
            job.state = self._settled(job)

    def _settled(self, job: Job) -> JobState:
        """What is true of the job, from its events, its lock, its worker and what was asked."""
        state = job.folded
        if job.start_error:
            return replace(state, status=contract.FAILED, error=job.start_error, error_code="start")
        if job.awaits_hello or state.status == contract.QUEUED:
            if job.cancel_asked and not self.worker_is_alive(job.folder.parent):
                return replace(state, status=contract.CANCELLED, error="", error_code="")
            busy = any(self._comes_before(other, job) for other in self.jobs.values())
            waiting = contract.QUEUED if busy or not job.awaits_hello else contract.STARTING
            status = contract.CANCELLING if job.cancel_asked else waiting
            return replace(state, status=status, error="", error_code="", eta_s=None, step=0, total=0, phase="")
        state = contract.settle(state, alive=job.is_locked)
        if job.cancel_asked and state.status == contract.DIED:
            return replace(state, status=contract.CANCELLED, error="", error_code="")
        if job.cancel_asked and not state.is_final:
            return replace(state, status=contract.CANCELLING, eta_s=None)
        return state

    def _comes_before(self, other: Job, job: Job) -> bool:
        """Whether `job` waits for `other`: the one worker of a folder takes the oldest first, and finishes what it began."""
        if other is job or other.folder.parent != job.folder.parent:
            return False
        is_older = other.awaits_hello and not other.start_error and other.id < job.id
        return self._is_running(other) or is_older

    def scan(self) -> None:
        """Adds the newest jobs of the folder that are not followed yet. Reads nothing when the folder is unchanged."""
        try:
            mtime_ns = os.stat(self.jobs_folder).st_mtime_ns
            if mtime_ns == self._scanned_mtime_ns:
                return
            names = sorted(os.listdir(self.jobs_folder), reverse=True)
        except OSError:
            return
        self._scanned_mtime_ns = mtime_ns
        found = 0
        for name in names:
            if name.startswith((".", "worker.")) or name in self._ignored:
                continue
            if name not in self.jobs and not self._adopt(self.jobs_folder / name):
                continue
            found += 1
            if found == HISTORY:
                return

    def _adopt(self, folder: Path) -> bool:
        try:
            self.jobs[folder.name] = Job(folder, contract.read_job(folder))
            return True
        except contract.JobError:
            if self._is_being_made(folder):
                self._scanned_mtime_ns = -1
            else:
                self._ignored.add(folder.name)
            return False

    def _is_being_made(self, folder: Path) -> bool:
        """Another client makes the folder first and the request last: a young folder without one is looked at again."""
        try:
            return folder.is_dir() and time.time() - folder.stat().st_mtime < 10.0
        except OSError:
            return False

    def newest_first(self) -> list[Job]:
        return sorted((job for job in self.jobs.values() if job.is_known), key=lambda job: job.id, reverse=True)
