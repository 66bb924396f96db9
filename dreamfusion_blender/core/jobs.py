"""The job board: submits, controls and follows all jobs of a jobs folder. Every call is short and never blocks."""

from __future__ import annotations

import bisect
import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from ..backend.errors import JobError
from ..backend.jobs import states, trash
from ..backend.jobs.folder import Turn, create_job_folder, read_job, request_control
from ..backend.jobs.remote import NOTE, Remote
from ..backend.jobs.request import JobRequest
from .job import Job
from .scan import FolderScan
from .workers import Workers

TICK_BUDGET_S = 0.0003  # of reading per tick; the rest waits for the next tick
LOOK_BUDGET_S = 0.0001  # per tick, of looking at jobs that had ended
MOST_OPENED = 16  # jobs that are opened before the next tick follows them
FOLLOW_EVERY_S = 0.2  # while folders are opened; otherwise each tick follows the jobs
DISCOVERY_BUDGET_S = 0.001  # of listing and opening folders per tick, unless the caller has another one
LISTING_S = 0.0005  # of some steps of a listing, in which the system reads hundreds of names at once
WAITING_PER_TICK = 16  # jobs that rest
FIRST_IN_QUEUE = 2  # the first waiting jobs of a location do not rest, because they start soon
MOST_EXCHANGES = 8  # of turns between two jobs; a longer way to the front is one step
PROBE_EVERY_S = 1.0  # interval of lock probes
SCAN_EVERY_S = 2.0  # interval of scans for jobs of other clients
STOP_TIMEOUT_S = 3.0  # when Blender quits, a worker has this long to save a checkpoint
YOUNG_FOLDER_S = 10.0  # a client creates the folder first and the request last


class JobBoard:
    """All jobs of a jobs folder, and the workers and relays that this Blender started for them.

    Thousands of jobs may wait. All but the first ones of each location rest: their state is that of the last look at them, and
    a tick reads only a few of them. The others are awake.

    Args:
        jobs_folder: Folder of new jobs. When it changes, unfinished jobs of the old folder are followed to their end.
        python: The backend's Python.
        clock: Returns seconds; replaced in tests.
    """

    def __init__(self, jobs_folder: Path, python: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.jobs_folder = jobs_folder
        self.workers = Workers(python)
        self.remote: Remote | None = None  # host of new jobs; None for this computer
        self.jobs: dict[str, Job] = {}
        self.order: list[str] = []  # ids of known jobs, oldest first
        self.order_version = 0  # changes when a job moves in the queue
        self.version = 0  # changes when `active` may have changed
        self._active: dict[str, Job] = {}  # jobs that may still change
        self._sorted: list[Job] = []  # the same, in the order of the queue
        self._awake: list[Job] = []  # those that every tick reads and updates, in the order of the queue
        self._resting: list[Job] = []  # the others
        self._is_grouped = True  # the three lists are up to date
        self._queues: Counter[str] = Counter()  # number of active jobs by location
        self._counted, self._count = ("", -1), 0  # the last answer of `ahead_of`
        self._lacks_worker = False  # a worker could not be started
        self._settles_later = False  # see `at_once`
        self._scan = FolderScan(jobs_folder, self.jobs.keys())
        self._changed: set[str] = set()
        self._has_news = True
        self._clock = clock
        self._next_scan = self._next_probe = self._next_follow = 0.0
        self._has_followed = False  # in the last tick
        self._opened = 0  # jobs that have not ended, since the last tick that followed them
        self._next_look = 0  # position in `order`
        self._next_waiting = 0  # position among the jobs that are far back in a queue

    def use(self, jobs_folder: Path, python: str) -> None:
        """Changes the folders. Drops the finished jobs of the old jobs folder; its unfinished jobs are followed to their end."""
        self.workers.python = python
        if jobs_folder == self.jobs_folder:
            return
        self.jobs_folder, self._next_scan = jobs_folder, 0.0
        self._scan = FolderScan(jobs_folder, self.jobs.keys())
        for job_id in [id for id in self.jobs if id not in self._active]:
            self.forget(job_id)

    # --- requests --------------------------------------------------------------------------------------------------

    def submit(self, request: JobRequest, files: Mapping[str, bytes] | None = None) -> Job:
        """Writes the request and starts a worker. If no worker can be started, the job's state holds the reason.

        Args:
            files: What the job works on: path in its folder -> content.

        Raises:
            JobError: The jobs folder cannot be written.
        """
        notes: dict[str, str | bytes] = dict(files or {})
        if self.remote:
            self.workers.hosts.add(self.remote)
            notes[NOTE] = self.remote.note
        job = self.add(request, notes)
        job.awaits_hello = True
        self._start_worker_for(job)
        return job

    def add(self, request: JobRequest, notes: Mapping[str, str | bytes] | None = None) -> Job:
        """Writes the request and starts no worker: another program runs the job.

        Args:
            notes: Other files in its folder: path -> content.

        Raises:
            JobError: The jobs folder cannot be written.
        """
        job = Job(create_job_folder(self.jobs_folder, request, notes), request)
        job.is_known, job.waiting_since = True, self._clock()
        self.jobs[job.id] = job
        self._add_to_order(job)
        self._wake(job)
        return job

    def resume(self, job_id: str) -> None:
        """Continues a job that died, failed or was canceled from its last checkpoint.

        Raises:
            JobError: The job's folder cannot be written, or the job is from a later version of the add-on.
        """
        job = self.jobs[job_id]
        job.request.check_version()
        job.resume()
        job.waiting_since = self._clock()
        self._start_worker_for(job)

    def pause(self, job_id: str) -> None:
        self.jobs[job_id].pause()
        self._changed.add(job_id)

    def unpause(self, job_id: str) -> None:
        self.jobs[job_id].unpause()
        self._changed.add(job_id)

    def cancel(self, job_id: str) -> None:
        """Requests a cancel. If the worker does not react, `tick` terminates, then kills its process group."""
        job = self.jobs[job_id]
        job.cancel(self._clock())
        self._wake(job)
        self._settle()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Updates the states of the jobs once after the block instead of after each request in it."""
        self._settles_later = True
        try:
            yield
        finally:
            self._settles_later = False
            self._settle()

    def move(self, job_id: str, step: int) -> bool:
        """Moves a waiting job by `step` places in the queue; negative steps move it forward. Returns whether it has moved.

        Jobs that have started keep their place.

        Raises:
            JobError: A job's folder cannot be written.
        """
        job = self.jobs[job_id]
        waiting = [other for other in self.active() if other.can_move and other.queue == job.queue]
        if job not in waiting:
            return False
        place = waiting.index(job)
        passed = waiting[place + 1 : place + 1 + step] if step > 0 else waiting[max(0, place + step) : place][::-1]
        if len(passed) > MOST_EXCHANGES and step <= -place:  # to the front, without writing into hundreds of folders
            second, written_ns, _ = waiting[0].turn
            job.move_to((second, written_ns - 1, job.id))
        else:
            for other in passed:
                turn = job.turn
                job.move_to(other.turn)
                other.move_to(turn)
        if passed:
            self._note_order()
            self._settle()
        return bool(passed)

    def delete(self, job_id: str) -> None:
        """Moves an ended job to the trash, and deletes jobs that have been there for `trash.KEEP_DAYS` days.

        Raises:
            JobError: The job is still running, or its folder cannot be moved.
        """
        job = self.jobs[job_id]
        if not job.state.is_final:
            raise JobError("The job has not ended. Cancel it first.")
        trash.move_to_trash(job.folder)
        trash.empty(job.folder.parent)
        self.forget(job_id)

    def restore(self, job_id: str) -> None:
        """Undoes `delete`.

        Raises:
            JobError: The job is no longer in the trash, or its folder cannot be moved.
        """
        trash.restore(self.jobs_folder, job_id)
        self._open(job_id)

    def _start_worker_for(self, job: Job) -> None:
        try:
            self.workers.start(job.location)
        except JobError as error:
            job.start_error = str(error)
        self._wake(job)
        self._settle()

    def _restart_workers(self) -> None:
        """Starts a worker for every job that waits without one. If it cannot be started, all jobs that wait for it fail."""
        attended = set()
        for job in (*self._awake, *(self._resting if self._lacks_worker else ())):
            if job.queue in attended or not job.needs_worker:
                continue
            if not self.workers.is_alive(job.location):
                job.restart_worker(self.workers.last_at(job.location), partial(self.workers.start, job.location))
            if job.start_error:
                self._wake(job)
                self._lacks_worker = True
            else:
                attended.add(job.queue)
        self._lacks_worker &= bool(self._resting)

    def stop(self, also: Collection[str] = ()) -> None:
        """Ends the workers that this Blender started, within seconds. Their jobs can be resumed.

        A relay ends on its own after it has passed on the cancel requests.

        Args:
            also: Ids of jobs to cancel if another client's worker or a remote host runs them.
        """
        own = self.workers.alive_here()
        for child in own.values():
            child.terminate()
        for job in self.active():
            if job.id in also and job.location not in own and not job.state.is_final:
                with suppress(JobError):
                    request_control(job.folder, "cancel")
        for child in own.values():
            if child.wait(STOP_TIMEOUT_S) is None:
                child.kill()
                child.wait(STOP_TIMEOUT_S)

    # --- following -------------------------------------------------------------------------------------------------

    def tick(self, shown: Iterable[str] = (), discover_until: float | None = None) -> None:
        """Reads new events within a fixed time budget and updates the state of every active job.

        Args:
            shown: Ids of jobs that the panels show. What other clients do with them is noticed first.
            discover_until: When folders are left for the next tick, in seconds of `time.perf_counter`. None: a usual budget.
        """
        now, started = self._clock(), time.perf_counter()
        until = started + TICK_BUDGET_S
        # Most of it in separate ticks, so that thousands are known soon. With slow ticks, every second one.
        if self.has_undiscovered and not self.follows_next:
            self._discover(discover_until or started + DISCOVERY_BUDGET_S)
            self._has_followed = False
            return
        self._next_follow, self._has_followed, self._opened = now + FOLLOW_EVERY_S, True, 0
        if now >= self._next_scan:
            self._next_scan = now + SCAN_EVERY_S
            self._scan.start()
        probe = now >= self._next_probe
        if probe:
            self._next_probe = now + PROBE_EVERY_S
        self._has_news |= probe
        self._follow(now, until, probe=probe)
        if probe:
            self._restart_workers()
            self._look_at([job.id for job in self._awake if job.is_running])
        self._look_at(shown)
        self._look_at_next(time.perf_counter() + LOOK_BUDGET_S)
        if self._has_news:
            self._settle()
        if self.has_undiscovered and time.perf_counter() < started + DISCOVERY_BUDGET_S / 2:
            self._discover(started + DISCOVERY_BUDGET_S)

    @property
    def is_busy(self) -> bool:
        """Whether something may change soon."""
        return bool(self._active or self.has_undiscovered)

    @property
    def follows_next(self) -> bool:
        """Whether the next tick follows the jobs. Otherwise it opens folders, if any are left."""
        is_due = self._clock() >= self._next_follow or self._opened >= MOST_OPENED
        return is_due and not self._has_followed

    @property
    def has_undiscovered(self) -> bool:
        """Whether folders are left to list or open, so that the next tick should follow immediately."""
        return self._scan.is_running

    def active(self) -> list[Job]:
        """Jobs that may still change, in the order in which the worker takes them. Do not change the list."""
        return self._sorted

    def awake(self) -> list[Job]:
        """The active jobs that may change soon, in the order in which the worker takes them: not those far back in a queue."""
        return list(self._awake)

    def ahead_of(self, job: Job) -> int:
        """Number of jobs that the worker takes before this one, also while it rests."""
        if not job.rests:
            return job.ahead
        if self._counted != (job.id, self.version):
            place = bisect.bisect_left(self._sorted, job.turn, key=_turn_of)
            if len(self._queues) > 1:
                place = sum(other.queue == job.queue for other in self._sorted[:place])
            self._counted, self._count = (job.id, self.version), place
        return self._count

    def take_changed(self) -> set[str]:
        """Ids of the jobs that were added, changed or dropped since the last call."""
        changed, self._changed = self._changed, set()
        return changed

    def newest_first(self) -> list[Job]:
        """All jobs whose events have been read."""
        return [self.jobs[job_id] for job_id in reversed(self.order)]

    def _follow(self, now: float, until: float, *, probe: bool) -> None:
        has_time, deleted = True, []
        for job in self._due_now():
            child = self.workers.last_at(job.location)
            was_known = job.is_known
            if has_time and (job.read() or job.is_known != was_known):
                if job.rests or not was_known:
                    self._wake(job)
                self._has_news = True
                has_time = time.perf_counter() < until
                if child is not None and not job.awaits_hello:
                    child.has_taken_job = True
            if probe:
                job.probe()
                if not job.is_locked and not job.folder.exists():
                    deleted.append(job.id)
            job.enforce_cancel(child, now)
        for job_id in deleted:
            self.forget(job_id)

    def _due_now(self) -> list[Job]:
        """The active jobs that this tick reads, in order. Those that rest take turns, because they start late."""
        soon, later = self.awake(), self._resting
        start = self._next_waiting if self._next_waiting < len(later) else 0
        self._next_waiting = start + WAITING_PER_TICK
        soon.sort(key=lambda job: (not job.is_known, not job.awaits_hello))
        return soon + later[start : self._next_waiting]

    def _look_at(self, ids: Iterable[str]) -> None:
        """Notices what other clients have done with these jobs, also with jobs that had ended."""
        for job_id in ids:
            job = self.jobs.get(job_id)
            if job is not None and job.is_known:
                turn = job.turn
                if job.look():
                    self._wake(job)
                if job.turn != turn:
                    self._note_order()

    def _look_at_next(self, until: float) -> None:
        """Checks some of all jobs, the oldest ones last, then again the newest."""
        for _ in range(len(self.order)):
            self._next_look = (self._next_look or len(self.order)) - 1
            self._look_at(self.order[self._next_look : self._next_look + 1])
            if time.perf_counter() >= until:
                return

    def _wake(self, job: Job) -> None:
        """Something is new about the job."""
        if job.id not in self._active:
            self._active[job.id] = job
            self._queues[job.queue] += 1
            bisect.insort(self._sorted, job, key=_turn_of)
        job.rests = False
        self._is_grouped, self._has_news = False, True

    def _drop_active(self, job: Job) -> None:
        """The job cannot change any more."""
        if self._active.pop(job.id, None) is None:
            return
        self._queues -= Counter((job.queue,))
        place = bisect.bisect_left(self._sorted, job.turn, key=_turn_of)
        if place == len(self._sorted) or self._sorted[place] is not job:  # its turn has changed
            place = self._sorted.index(job)
        del self._sorted[place]
        self._is_grouped = False

    def _note_order(self) -> None:
        """The turns of jobs have changed."""
        self._sorted.sort(key=_turn_of)
        self._is_grouped, self._has_news = False, True
        self.order_version += 1

    def _group(self) -> None:
        """Tells the jobs that rest from the others. The first waiting ones of each location wake."""
        waiting: Counter[str] = Counter()
        full = 0
        for job in self._sorted:
            if job.rests or job.can_rest:
                job.rests &= waiting[job.queue] >= FIRST_IN_QUEUE
                waiting[job.queue] += 1
                full += waiting[job.queue] == FIRST_IN_QUEUE
                if full == len(self._queues):
                    break
        self._awake, self._resting = [], []
        for job in self._sorted:  # once, because thousands of jobs are not in the cache of the processor
            (self._resting if job.rests else self._awake).append(job)
        self._is_grouped = True
        self.version += 1

    def _settle(self) -> None:
        """Updates the states of the jobs that are awake. Jobs that have ended are no longer active."""
        if self._settles_later:
            return
        self._has_news = False
        while True:  # after a job has left the front of its queue, the next one wakes
            if not self._is_grouped:
                self._group()
            self._settle_awake()
            if self._is_grouped:
                return

    def _settle_awake(self) -> None:
        before = Counter(job.queue for job in self._awake if job.is_running)
        waiting: Counter[str] = Counter()  # counted as in `_group`
        for job in self._awake:
            ahead = before[job.queue]
            state = job.settle(is_first=not ahead, worker_is_alive=partial(self.workers.is_alive, job.location))
            if state.status in (states.QUEUED, states.STARTING):
                before[job.queue] += 1  # a location's only worker finishes its job, then takes the oldest
            if state.status == states.STARTING and job.state.status == states.QUEUED:
                job.waiting_since = self._clock()  # time in the queue does not count as slow start of the backend
            if state != job.state or ahead != job.ahead:
                self._is_grouped &= state.status == job.state.status
                job.state, job.ahead = state, ahead
                self._changed.add(job.id)
            if job.is_known:
                self._add_to_order(job)
            if not job.needs_watching:
                self._drop_active(job)
            elif job.can_rest:
                job.rests = waiting[job.queue] >= FIRST_IN_QUEUE
                waiting[job.queue] += 1
                if job.rests:
                    self._resting.append(job)
        self._awake = [job for job in self._awake if not job.rests]

    def _add_to_order(self, job: Job) -> None:
        position = bisect.bisect_left(self.order, job.id)
        if position == len(self.order) or self.order[position] != job.id:
            self.order.insert(position, job.id)
            self._changed.add(job.id)

    # --- discovering jobs ------------------------------------------------------------------------------------------

    def _discover(self, until: float) -> None:
        """Lists folders, opens new ones and drops jobs whose folder is gone, until no time is left for another step like the last."""
        now = time.perf_counter()
        while self.has_undiscovered:
            started, opened = now, self._opened
            name = self._scan.next_name()
            if name in self.jobs:
                folder = self.jobs[name].folder
                if folder.parent == self.jobs_folder and not os.path.lexists(folder):
                    self.forget(name)
            elif name:
                self._open(name)
            now = time.perf_counter()
            next_s = (now - started) * (
                1 if self._opened == opened else 2
            )  # the times of jobs that may change differ more
            if now + max(next_s, LISTING_S if self._scan.is_listing else 0.0) >= until:
                return

    def _open(self, name: str) -> None:
        folder = os.path.join(self.jobs_folder, name)
        try:
            job = Job(folder, read_job(folder))
        except JobError:
            if _is_young(Path(folder)):
                self._scan.start_again()
            else:
                self._scan.ignore(name)
            return
        self.jobs[job.id] = job
        if job.recall():
            self._add_to_order(job)
        else:
            job.prepare()
            self._opened += 1
            job.read()  # most of them have no events yet, and are known then
            self._wake(job)

    def forget(self, job_id: str) -> None:
        """Stops following the job. Its folder stays."""
        job = self.jobs.pop(job_id, None)
        if job is not None:
            self._drop_active(job)
        self._has_news |= job_id in self._active
        position = bisect.bisect_left(self.order, job_id)
        if position < len(self.order) and self.order[position] == job_id:
            del self.order[position]
        self._changed.add(job_id)


def _turn_of(job: Job) -> Turn:
    return job.turn


def _is_young(folder: Path) -> bool:
    """Whether another client may still be creating this job."""
    try:
        return folder.is_dir() and time.time() - folder.stat().st_mtime < YOUNG_FOLDER_S
    except OSError:
        return False
