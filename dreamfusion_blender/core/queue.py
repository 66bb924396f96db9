"""The queue as the panel shows it: the lists whose jobs have not all ended, and the jobs that are in no list."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from ..backend.jobs import states
from .formats import shortened, time_left
from .present import JobView
from .tally import SINGLE, ListTally, Tallies
from .translate import tr

SHORT = 2  # the most jobs that are drawn as boxes; a longer queue has a list with one row for each job
MOST_OPEN = 20  # a longer list is folded until the user opens it
NAME_LENGTH = 24  # of a list
CAN_CANCEL = (states.QUEUED, states.STARTING, states.RUNNING, states.PAUSED)
HAS_FAILED = (states.FAILED, states.DIED)


@dataclass(frozen=True)
class ListView:
    """A list of the queue. Without an id, it holds the jobs that are in no list.

    Args:
        progress: Sum over all jobs of 0 to 1. Canceled jobs do not count as progress.
        left_s: Estimated seconds until all its jobs have ended.
        is_open: Its jobs are rows of the panel.
    """

    id: str
    name: str
    total: int
    done: int = 0
    failed: int = 0
    canceled: int = 0
    can_cancel: int = 0
    can_move: int = 0
    progress: float = 0.0
    left_s: float | None = None
    is_open: bool = True

    @property
    def fraction(self) -> float:
        """Progress of all jobs together, 0 to 1."""
        return self.progress / max(1, self.total)

    @property
    def text(self) -> str:
        """Formats `3 of 20 done, 1 failed`, or `5 jobs` for jobs that are in no list."""
        if self.id == SINGLE:
            return tr("{count} jobs").format(count=self.total)
        done = tr("{done} of {count} done").format(done=self.done, count=self.total)
        return ", ".join((done, tr("{count} failed").format(count=self.failed)) if self.failed else (done,))

    @property
    def bar_text(self) -> str:
        """Formats `3 of 20 done, 1 failed, about 5 min left`."""
        left = time_left(self.left_s)
        return f"{self.text}, {left}" if left else self.text


@dataclass(frozen=True)
class QueueView:
    """The lists of the queue, and the ids of the jobs in its rows, in the order in which the worker takes them."""

    lists: tuple[ListView, ...] = ()
    rows: tuple[str, ...] = ()

    @cached_property
    def whole(self) -> ListView:
        """All lists together."""
        if not self.groups:
            return self.lists[0] if self.lists else ListView(SINGLE, "", 0)
        counts = ("total", "done", "failed", "canceled", "can_cancel", "can_move")
        sums = {name: sum(getattr(one, name) for one in self.lists) for name in counts}
        return ListView("queue", "", **sums, progress=sum(one.progress for one in self.lists))

    @cached_property
    def is_long(self) -> bool:
        return self.whole.total > SHORT

    @cached_property
    def groups(self) -> frozenset[str]:
        """Ids of the lists."""
        return frozenset(one.id for one in self.lists if one.id != SINGLE)

    @cached_property
    def positions(self) -> dict[str, int]:
        return {job_id: position for position, job_id in enumerate(self.rows)}


def lists_of(tallies: Tallies, shown: Iterable[str] = (), toggled: Collection[str] = ()) -> tuple[ListView, ...]:
    """The lists of the queue, the oldest first. The jobs that are in no list come last.

    Args:
        shown: Ids of the lists whose jobs the panels show. They are in the queue even if all their jobs have ended.
        toggled: Ids of the lists that the user has opened or folded.
    """
    ids = tallies.live.union(group for group in shown if group != SINGLE and group in tallies.lists)
    found = sorted((tallies.lists[id] for id in ids), key=lambda tally: (tally.id == SINGLE, tally.first))
    return tuple(_view(tally, toggled) for tally in found)


def _view(tally: ListTally, toggled: Collection[str]) -> ListView:
    total, canceled = len(tally.views), tally.count(states.CANCELLED)
    ended = total - len(tally.live) - canceled
    return ListView(
        tally.id,
        shortened(tally.name, NAME_LENGTH),
        total,
        done=tally.count(states.DONE),
        failed=tally.count(*HAS_FAILED),
        canceled=canceled,
        can_cancel=tally.count(*CAN_CANCEL),
        can_move=len(tally.movable),
        progress=ended + sum(tally.started.values()),
        left_s=tally.left_s if tally.id != SINGLE else None,
        is_open=(total <= MOST_OPEN) != (tally.id in toggled),
    )


def view_of(views: Iterable[JobView]) -> QueueView:
    """The queue of these jobs, with a row for each of them."""
    views = tuple(views)
    tallies = Tallies(views)
    return QueueView(lists_of(tallies, tallies.lists), tuple(view.id for view in views))
