"""The history of ended jobs: search and pages. The panel draws one page, however many jobs exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .present import JobView

ROWS = 6


@dataclass(frozen=True)
class HistoryPage:
    """One page of the history. `number` counts from 0; `found` is the number of jobs on all pages."""

    rows: tuple[JobView, ...] = ()
    number: int = 0
    pages: int = 0
    found: int = 0


def page_of(ids: Sequence[str], views: Mapping[str, JobView], search: str, number: int) -> HistoryPage:
    """Page `number`, or the last page, of the jobs whose views contain every word of `search`."""
    words = search.casefold().split()
    found = [id for id in ids if all(word in views[id].searched for word in words)] if words else ids
    pages = -(-len(found) // ROWS)
    number = max(0, min(number, pages - 1))
    rows = tuple(views[id] for id in found[number * ROWS : (number + 1) * ROWS])
    return HistoryPage(rows, number, pages, len(found))
