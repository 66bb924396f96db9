"""All jobs of a folder: submitted, controlled, followed to their end. Everything is a short, non-blocking call."""

from __future__ import annotations

import bisect
import os
import time
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from ..backend.errors import JobError
from ..backend.jobs import states
from ..backend.jobs.folder import create_job_folder, read_job, request_control, withdraw_control
from ..backend.jobs.lock import is_locked
from ..backend.jobs.remote import NOTE, Remote
from ..backend.jobs.request import JobRequest
from ..backend.jobs.states import JobState, settle
from . import process, trash
from .job import Job
from .place import Place

TICK_BUDGET_S = 0.0003  # after so much reading the rest waits for the next tick
PROBE_EVERY_S = 1.0  # how often the locks are asked for
SCAN_EVERY_S = 2.0  # how often the jobs folder is looked at for jobs of others
TERMINATE_AFTER_S = 15.0  # a worker that does not heed `cancel`: it looks between steps, and baking has long ones
KILL_AFTER_S = 20.0
STOP_PATIENCE_S = 3.0  # how long quitting waits for a worker to keep what it has learned
MAX_RESTARTS = 3  # of a worker that ended as idle in the moment when a job was added
OFFLINE = "Online access is disabled. Allow it in the preferences (System > Network), or run jobs on this computer."


class JobBoard:
    """All jobs of a jobs folder, and the workers and relays that this Blender started for them.

    Args:
        jobs_folder: where new jobs go; jobs that run elsewhere are followed to their end when it changes.
        python: the backend's Python.
        clock: seconds, for tests.
    """

    def __init__(self, jobs_folder: Path, python: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.jobs_folder = jobs_folder
        self.python = python
        self.remote: Remote | None = None  # where new jobs run; None for this computer
        self.is_online = True  # whether Blender may use the network
        self.environment: dict[str, str] = {}  # variables that workers get on top of Blender's own
        self.jobs: dict[str, Job] = {}
        self.order: list[str] = []  # ids of known jobs, oldest first
        self._active: dict[str, Job] = {}  # those that may still change; only these cost anything in a tick
        self._unmet: list[str] = []  # folders that were not looked into yet, newest last
        self._changed: set[str] = set()
        self._has_news = True
        self._clock = clock
        self._workers: dict[Place, process.Child] = {}
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
        self._unmet.clear()
        for job_id in [id for id in self.jobs if id not in self._active]:
            self.forget(job_id)

    # --- requests --------------------------------------------------------------------------------------------------

    def submit(self, request: JobRequest) -> Job:
        """Writes the request and starts a worker. A worker that cannot be started is told of in the job's state.

        Raises:
            JobError: the folder cannot be written.
        """
        notes = {NOTE: self.remote.note} if self.remote else {}
        folder = create_job_folder(self.jobs_folder, request, notes)
        job = Job(folder, request)
        job.is_known = job.awaits_hello = True
        job.asked_at = self._clock()
        self.jobs[job.id] = job
        self._note_known(job)
        self._start_worker_for(job)
        return job

    def resume(self, job_id: str) -> None:
        """Goes on with a job that died, failed or was cancelled, from its last checkpoint."""
        job = self.jobs[job_id]
        job.forget_requests()
        request_control(job.folder, "resume")
        job.awaits_hello, job.asked_at = True, self._clock()
        self._start_worker_for(job)

    def pause(self, job_id: str) -> None:
        job = self.jobs[job_id]
        request_control(job.folder, "pause")
        job.pause_asked = True
        self._changed.add(job_id)

    def unpause(self, job_id: str) -> None:
        job = self.jobs[job_id]
        withdraw_control(job.folder, "pause")
        job.pause_asked = False
        self._changed.add(job_id)

    def cancel(self, job_id: str) -> None:
        """Asks kindly; `tick` terminates, then kills the worker's process group if it does not heed."""
        job = self.jobs[job_id]
        request_control(job.folder, "cancel")
        if job.cancel_asked_at is None:
            job.cancel_asked_at = self._clock()
        self._active[job_id] = job
        self._settle()

    def delete(self, job_id: str) -> None:
        """Moves an ended job into the trash.

        Raises:
            JobError: it is still being worked on, or cannot be moved.
        """
        job = self.jobs[job_id]
        if not job.state.is_final:
            raise JobError("The job is not over: cancel it first.")
        trash.throw_away(job.folder)
        self.forget(job_id)

    def bring_back(self, job_id: str) -> None:
        """Undoes `delete`.

        Raises:
            JobError: it is gone for good.
        """
        trash.bring_back(self.jobs_folder, job_id)
        self._adopt(self.jobs_folder / job_id)

    def _start_worker_for(self, job: Job) -> None:
        try:
            self._start_worker(job.place)
        except JobError as error:
            job.start_error = str(error)
        self._active[job.id] = job
        self._settle()

    # --- the worker ------------------------------------------------------------------------------------------------

    def worker_is_alive(self, place: Place) -> bool:
        """Ours, or one that another client started."""
        child = self._workers.get(place)
        return (child is not None and child.is_alive) or is_locked(place.lock)

    def _start_worker(self, place: Place) -> None:
        if self.worker_is_alive(place):
            return
        if place.remote and not self.is_online:
            raise JobError(OFFLINE)
        self._workers[place] = place.start(self.python, self.environment)

    def _is_cut_off(self, job: Job) -> bool:
        """Whether the job goes on elsewhere and nobody here follows it: its relay has ended with the computer."""
        return bool(job.folded.host) and not (job.is_locked or job.folded.is_final or job.place.remote is None)

    def _tend_workers(self) -> None:
        """Jobs that wait without a worker get one; a worker that could not start is told of, once."""
        for job in self._active.values():
            is_left = job.awaits_hello or self._is_cut_off(job)
            if not is_left or job.start_error or self.worker_is_alive(job.place):
                continue
            child = self._workers.get(job.place)
            could_start = child is None or child.exit_status == 0 or child in self._greeted or child.stopped_by_us
            if could_start and job.restarts < MAX_RESTARTS:
                job.restarts += 1
                try:
                    self._start_worker(job.place)
                except JobError as error:
                    job.start_error = str(error)
            elif child is not None:
                job.start_error = job.place.failure(self.python, child)
            else:
                job.start_error = "The backend did not take the job: see its log."

    def _insist_on_cancel(self, job: Job) -> None:
        if job.cancel_asked_at is None or not self._is_running(job) or job.place.remote:  # there, the relay insists
            return
        child = self._workers.get(job.place)
        if child is None or not child.is_alive:
            return
        patience_s = self._clock() - job.cancel_asked_at
        if patience_s > KILL_AFTER_S:
            child.kill()
        elif patience_s > TERMINATE_AFTER_S:
            child.terminate()

    def _is_running(self, job: Job) -> bool:
        return not job.awaits_hello and job.folded.status in (states.RUNNING, states.PAUSED) and job.is_locked

    def stop(self, also: Collection[str] = ()) -> None:
        """Ends the workers that this Blender started, within seconds. Their jobs can be resumed. A relay ends by itself, when
        the host has heard of it.

        Args:
            also: ids of jobs that are to be cancelled where the worker of someone else, or of a host, is at them.
        """
        ours = {place: child for place, child in self._workers.items() if child.is_alive and not place.remote}
        alive = list(ours.values())
        for child in alive:
            child.terminate()
        for job in self.active():
            if job.id in also and job.place not in ours and not job.state.is_final:
                with suppress(JobError):
                    request_control(job.folder, "cancel")
        for child in alive:
            if child.wait(STOP_PATIENCE_S) is None:
                child.kill()
                child.wait(STOP_PATIENCE_S)

    # --- following -------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Reads what is new, within a fixed budget, and brings every job's `state` up to date."""
        now, until = self._clock(), time.perf_counter() + TICK_BUDGET_S
        if now >= self._next_scan:
            self._next_scan = now + SCAN_EVERY_S
            self.scan()
        probe = now >= self._next_probe
        if probe:
            self._next_probe = now + PROBE_EVERY_S
        self._has_news |= probe
        self._follow(until, probe=probe)
        if probe:
            self._tend_workers()
        if self._unmet and time.perf_counter() < until:
            self._meet(until)
        if self._has_news:
            self._settle()

    @property
    def is_busy(self) -> bool:
        """Whether something may happen soon."""
        return bool(self._active or self._unmet)

    @property
    def has_unmet(self) -> bool:
        """Whether there are folders that were not looked into yet: the next tick shall come at once."""
        return bool(self._unmet)

    def active(self) -> list[Job]:
        """Jobs that may still change, in the order in which the worker takes them."""
        return sorted(self._active.values(), key=lambda job: job.turn)

    def take_changed(self) -> set[str]:
        """Ids of jobs that were met, changed or dropped since the last call."""
        changed, self._changed = self._changed, set()
        return changed

    def _follow(self, until: float, *, probe: bool) -> None:
        has_time = True
        for job in sorted(self._active.values(), key=lambda job: (not job.is_known, not job.awaits_hello)):
            was_known = job.is_known
            if has_time and (job.read() or job.is_known != was_known):
                self._has_news = True
                has_time = time.perf_counter() < until
                if not job.awaits_hello and (child := self._workers.get(job.place)):
                    self._greeted.add(child)
            if probe and not job.awaits_hello and not job.folded.is_final:
                # A worker that is gone may have said much, and bye at last: it counts as gone once all of it is read.
                job.is_locked = is_locked(job.folder / "lock") or job.read()
            self._insist_on_cancel(job)

    def _settle(self) -> None:
        """Every active job's state; those that have come to their end are active no more."""
        self._has_news = False
        before = Counter(job.place for job in self._active.values() if self._is_running(job))
        for job in self.active():
            ahead = before[job.place]
            state = self._settled(job, is_first=not ahead)
            if state.status in (states.QUEUED, states.STARTING):
                before[job.place] += 1  # the one worker of a folder takes the oldest first, and finishes what it began
            if state.status == states.STARTING and job.state.status == states.QUEUED:
                job.asked_at = self._clock()  # its turn has come: the wait in the queue was not the backend's
            if state != job.state or ahead != job.ahead:
                job.state, job.ahead = state, ahead
                self._changed.add(job.id)
            if job.is_known:
                self._note_known(job)
            if not job.needs_watching:
                del self._active[job.id]

    def _note_known(self, job: Job) -> None:
        position = bisect.bisect_left(self.order, job.id)
        if position == len(self.order) or self.order[position] != job.id:
            self.order.insert(position, job.id)
            self._changed.add(job.id)

    def _settled(self, job: Job, *, is_first: bool) -> JobState:
        """What is true of the job, from its events, its lock, its worker and what was asked."""
        state = job.folded
        if job.start_error:
            return replace(state, status=states.FAILED, error=job.start_error, error_code="start")
        if job.awaits_hello or state.status == states.QUEUED:
            if job.cancel_asked and not state.host and not self.worker_is_alive(job.place):
                return replace(state, status=states.CANCELLED, error="", error_code="")
            waiting = states.STARTING if is_first and job.awaits_hello else states.QUEUED
            status = states.CANCELLING if job.cancel_asked else waiting
            return replace(state, status=status, error="", error_code="", eta_s=None, step=0, total=0, phase="")
        # Of a worker on a host that has died, the relay tells.
        state = settle(state, alive=job.is_locked or job.place.remote is not None)
        if job.cancel_asked and state.status == states.DIED:
            return replace(state, status=states.CANCELLED, error="", error_code="")
        if job.cancel_asked and not state.is_final:
            return replace(state, status=states.CANCELLING, eta_s=None)
        return state

    def scan(self) -> None:
        """Notes the folders that are not followed yet, and drops jobs whose folder is gone. Opens none of them."""
        try:
            mtime_ns = os.stat(self.jobs_folder).st_mtime_ns
            if mtime_ns == self._scanned_mtime_ns:
                return
            names = os.listdir(self.jobs_folder)
        except OSError:
            return
        self._scanned_mtime_ns = mtime_ns
        unknown = (name for name in names if name not in self.jobs and name not in self._ignored)
        self._unmet = sorted(name for name in unknown if not name.startswith((".", "worker.")))
        there = set(names)
        for job in [job for job in self.jobs.values() if job.id not in there]:
            if job.folder.parent == self.jobs_folder:
                self.forget(job.id)

    def _meet(self, until: float) -> None:
        """Looks into folders, the newest first, at least into one."""
        while self._unmet:
            self._adopt(self.jobs_folder / self._unmet.pop())
            if time.perf_counter() >= until:
                return

    def _adopt(self, folder: Path) -> None:
        try:
            job = Job(folder, read_job(folder))
        except JobError:
            if self._is_being_made(folder):
                self._scanned_mtime_ns = -1
            else:
                self._ignored.add(folder.name)
            return
        self.jobs[job.id] = job
        if job.recall():
            self._note_known(job)
        else:
            self._active[job.id] = job
            self._has_news = True

    def _is_being_made(self, folder: Path) -> bool:
        """Another client makes the folder first and the request last: a young folder without one is looked at again."""
        try:
            return folder.is_dir() and time.time() - folder.stat().st_mtime < 10.0
        except OSError:
            return False

    def forget(self, job_id: str) -> None:
        """Follows the job no longer; its folder stays."""
        self.jobs.pop(job_id, None)
        self._active.pop(job_id, None)
        position = bisect.bisect_left(self.order, job_id)
        if position < len(self.order) and self.order[position] == job_id:
            del self.order[position]
        self._changed.add(job_id)

    def newest_first(self) -> list[Job]:
        """All jobs whose events have been read."""
        return [self.jobs[job_id] for job_id in reversed(self.order)]
