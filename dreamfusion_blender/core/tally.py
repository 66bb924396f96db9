"""Counts the jobs of each list by status. A change costs the same however many jobs there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..backend.jobs import states
from .present import JobView

SINGLE = ""  # the list of the jobs that are in no list; only those that have not ended


@dataclass
class ListTally:
    """The jobs of one list."""

    id: str
    name: str = ""  # of its first job
    first: str = ""  # id of its first job
    views: dict[str, JobView] = field(default_factory=dict)
    by_status: dict[str, set[str]] = field(default_factory=dict)
    started: dict[str, float] = field(default_factory=dict)  # progress of the jobs that have started, 0 to 1
    live: set[str] = field(default_factory=set)  # jobs that have not ended
    movable: set[str] = field(default_factory=set)
    took_s: dict[str, float] = field(default_factory=dict)  # of the jobs that are done
    _sum_s: float = 0.0  # of `took_s`

    def put(self, view: JobView) -> None:
        """Adds a job, or replaces what is known about it."""
        self._take(view.id)
        if not self.first or view.id < self.first:
            self.first, self.name = view.id, view.name
        self.views[view.id] = view
        self.by_status.setdefault(view.status, set()).add(view.id)
        if view.fraction is not None:
            self.started[view.id] = view.fraction
        if view.is_live:
            self.live.add(view.id)
        if view.can_move:
            self.movable.add(view.id)
        if view.status == states.DONE and view.elapsed_s:
            self.took_s[view.id] = view.elapsed_s
            self._sum_s += view.elapsed_s

    def drop(self, job_id: str) -> None:
        """Removes a job."""
        self._take(job_id)
        if job_id == self.first:
            self.first = min(self.views, default="")
            self.name = self.views[self.first].name if self.first else ""

    def _take(self, job_id: str) -> None:
        view = self.views.pop(job_id, None)
        if view is None:
            return
        self.by_status[view.status].discard(job_id)
        self.started.pop(job_id, None)
        self._sum_s -= self.took_s.pop(job_id, 0.0)
        self.live.discard(job_id)
        self.movable.discard(job_id)

    def count(self, *statuses: str) -> int:
        """Number of jobs with one of these statuses."""
        return sum(len(self.by_status.get(status, ())) for status in statuses)

    @property
    def left_s(self) -> float | None:
        """Estimated seconds until all jobs have ended, from the mean time of those that are done. None before one runs."""
        running = [self.views[job_id] for job_id in self.by_status.get(states.RUNNING, ())]
        if not running:
            return None
        known = [view.elapsed_s + view.eta_s for view in running if view.eta_s is not None]
        if self.took_s:
            mean_s = self._sum_s / len(self.took_s)
        elif known:
            mean_s = sum(known) / len(known)
        else:
            return None
        left_s = sum(mean_s if view.eta_s is None else view.eta_s for view in running)
        return (left_s + mean_s * self.count(states.QUEUED, states.STARTING)) / len(running)


class Tallies:
    """The lists of all jobs.

    Attributes:
        lists: Id of a list -> its jobs.
        live: Ids of the lists with jobs that have not ended.
        version: Changes when a job is added to a list or removed from it.
    """

    def __init__(self, views: Iterable[JobView] = ()) -> None:
        self.lists: dict[str, ListTally] = {}
        self.live: set[str] = set()
        self.version = 0
        for view in views:
            self.put(view)

    def put(self, view: JobView) -> None:
        """Adds a job, or replaces what is known about it."""
        tally = self.lists.get(view.group)
        if tally is None:
            tally = self.lists[view.group] = ListTally(view.group)
        was_known = view.id in tally.views
        if view.is_live or view.group != SINGLE:
            tally.put(view)
        elif was_known:
            tally.drop(view.id)
        self.version += (view.id in tally.views) != was_known
        self._note_live(tally)

    def drop(self, view: JobView) -> None:
        """Removes a job."""
        tally = self.lists.get(view.group)
        if tally is not None and view.id in tally.views:
            tally.drop(view.id)
            self.version += 1
            self._note_live(tally)

    def ids(self, group: str) -> set[str]:
        """The ids of the jobs of a list."""
        return set(self.lists[group].views) if group in self.lists else set()

    @property
    def live_count(self) -> int:
        """Number of jobs that have not ended."""
        return sum(len(self.lists[group].live) for group in self.live)

    def _note_live(self, tally: ListTally) -> None:
        (self.live.add if tally.live else self.live.discard)(tally.id)
