"""The queue as the panel lists it: the jobs that have not ended, and the ended members of their lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..backend.jobs import states
from .present import JobView
from .translate import tr

SHORT = 2  # the most jobs that are drawn as boxes; a longer queue is a list with one row for each job


@dataclass(frozen=True)
class QueueView:
    """The rows of the queue, in the order in which the worker takes the jobs."""

    rows: tuple[JobView, ...] = ()

    @cached_property
    def is_long(self) -> bool:
        return len(self.rows) > SHORT

    @cached_property
    def can_move(self) -> bool:
        """Whether there are jobs whose order can be changed."""
        return sum(row.can_move for row in self.rows) > 1

    @cached_property
    def live(self) -> tuple[str, ...]:
        """Ids of the jobs that can be canceled."""
        return tuple(row.id for row in self.rows if row.is_live and row.status != states.CANCELLING)

    @cached_property
    def failed(self) -> tuple[str, ...]:
        """Ids of the jobs that failed or stopped unexpectedly."""
        return tuple(row.id for row in self.rows if row.status in (states.FAILED, states.DIED))

    @cached_property
    def canceled(self) -> tuple[str, ...]:
        """Ids of the jobs that were canceled."""
        return tuple(row.id for row in self.rows if row.status == states.CANCELLED)

    @cached_property
    def fraction(self) -> float:
        """Progress of all jobs together, 0 to 1. Canceled jobs do not count as progress."""
        ended = sum(not row.is_live for row in self.rows) - len(self.canceled)
        return (ended + sum(row.fraction or 0.0 for row in self.rows if row.is_live)) / max(1, len(self.rows))

    @cached_property
    def text(self) -> str:
        """Formats `3 of 20 done, 1 failed`, or `5 jobs` for jobs that are not in a list."""
        if not self.groups:
            return tr("{count} jobs").format(count=len(self.rows))
        done = sum(row.status == states.DONE for row in self.rows)
        failed = tr("{count} failed").format(count=len(self.failed)) if self.failed else ""
        return ", ".join(part for part in (tr("{done} of {count} done"), failed) if part).format(
            done=done, count=len(self.rows)
        )

    @cached_property
    def groups(self) -> frozenset[str]:
        """Ids of the lists whose jobs are rows."""
        return frozenset(row.group for row in self.rows if row.group)

    @cached_property
    def positions(self) -> dict[str, int]:
        return {row.id: position for position, row in enumerate(self.rows)}


def ids_of(live: Iterable[JobView], shown: Iterable[JobView], members: Mapping[str, Collection[str]]) -> set[str]:
    """The ids of the jobs in the queue.

    Args:
        live: The jobs that have not ended.
        shown: The jobs that panels show. The ended members of their lists are in the queue, too.
        members: The ids of all jobs by the id of their list.
    """
    live = tuple(live)
    groups = {view.group for view in (*live, *shown) if view.group}
    return {view.id for view in live}.union(*(members.get(group, ()) for group in groups))
