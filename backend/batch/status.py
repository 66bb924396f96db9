"""How far a batch is: jobs by state, rate and time left."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..jobs import states
from .control import is_driven, is_paused, states_of_batch

RECENT = 100  # ended jobs, from which the rate follows
MAX_FAILURES = 20  # that are named
_QUEUED = {states.QUEUED, states.STARTING, states.CANCELLING}


@dataclass(frozen=True)
class BatchStatus:
    """The jobs of a batch by state.

    Args:
        interrupted: jobs whose worker has ended; the driver tries them again.
        rate_per_hour: jobs done, at the present pace; None if too few are done.
        left_s: seconds until all jobs have ended, at the present pace.
        is_driven: whether a driver hands out the jobs.
        failures: names and messages of failed jobs, at most `MAX_FAILURES`.
    """

    queued: int = 0
    running: int = 0
    paused: int = 0
    interrupted: int = 0
    done: int = 0
    failed: int = 0
    canceled: int = 0
    rate_per_hour: float | None = None
    left_s: float | None = None
    is_driven: bool = False
    is_paused: bool = False
    failures: tuple[tuple[str, str], ...] = ()

    @property
    def total(self) -> int:
        return self.left + self.done + self.failed + self.canceled

    @property
    def left(self) -> int:
        """The number of jobs that have not ended."""
        return self.queued + self.running + self.paused + self.interrupted


def read_status(jobs: Path) -> BatchStatus:
    """The status of the batch in a jobs folder.

    Raises:
        UserError: There is no such folder.
    """
    counts: Counter[str] = Counter()
    done_at: list[float] = []
    failures: list[tuple[str, str]] = []
    for folder, state in states_of_batch(jobs):
        counts[_group(state.status)] += 1
        if state.status == states.DONE:
            done_at.append((folder / "events.jsonl").stat().st_mtime)
        if state.status == states.FAILED and len(failures) < MAX_FAILURES:
            failures.append((folder.name, state.error))
    left = sum(counts[name] for name in ("queued", "running", "paused", "interrupted"))
    driven = is_driven(jobs)
    rate = rate_per_hour(done_at, time.time()) if driven else None
    return BatchStatus(
        **counts,
        rate_per_hour=rate,
        left_s=left_s(left, rate),
        is_driven=driven,
        is_paused=is_paused(jobs),
        failures=tuple(failures),
    )


def _group(status: str) -> str:
    if status in _QUEUED:
        return "queued"
    return {states.DIED: "interrupted", states.CANCELLED: "canceled"}.get(status, status)


def rate_per_hour(ended_at: Sequence[float], now: float) -> float | None:
    """Jobs per hour from the times in seconds at which the last ones ended. None if there are too few."""
    recent = sorted(ended_at)[-RECENT:]
    if len(recent) < 2:
        return None
    return 3600 * (len(recent) - 1) / max(now - recent[0], 1e-3)


def left_s(left: int, rate: float | None) -> float | None:
    """Seconds until this number of jobs has ended."""
    return None if rate is None else 3600 * left / rate
