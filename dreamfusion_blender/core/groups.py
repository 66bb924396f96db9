"""Groups of objects that are submitted and placed together: the prompts of a list, or variations of one prompt.

Each object is a separate job and may fail separately. The `origin` of each request holds the group, so groups survive a
restart of Blender.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from ..backend.errors import JobError
from ..backend.jobs.request import MAX_PROMPT_LENGTH
from ..backend.prompts import lists

MAX_PROMPTS = 1000  # guards against a long text chosen by mistake
MAX_COUNT, MAX_GAP = 10_000, 1e6  # of an entry that is valid
GAP = 0.2  # between neighbors, in the scene's units
# (name, label, description)
PATTERNS: tuple[tuple[str, str, str], ...] = (
    ("ROW", "Row", "Side by side, in list order"),
    ("GRID", "Grid", "In rows and columns, in list order"),
    ("SCATTER", "Scatter", "Random positions, the largest object in the center"),
)


@dataclass(frozen=True)
class Group:
    """The membership of one object in a group."""

    id: str
    number: int  # from 0
    count: int
    pattern: str = "ROW"
    gap: float = GAP  # smallest distance between two objects, in the scene's units
    title: str = ""  # names the collection of the objects

    def as_origin(self) -> dict[str, object]:
        """The entry for the `origin` of a request."""
        return {"group": asdict(self)}


def new(count: int, pattern: str = "ROW", gap: float = GAP, title: str = "") -> list[Group]:
    """The members of a new group, in order."""
    group_id = secrets.token_hex(4)
    return [Group(group_id, number, count, pattern, gap, title) for number in range(count)]


def of(origin: Mapping[str, object]) -> Group | None:
    """The group of a request; None if it has none, or its entry is invalid."""
    entry = origin.get("group")
    if not isinstance(entry, Mapping):
        return None
    try:
        group = Group(
            str(entry["id"])[:MAX_PROMPT_LENGTH],
            int(entry["number"]),
            int(entry["count"]),
            str(entry["pattern"]),
            float(entry["gap"]),
            str(entry.get("title", ""))[:MAX_PROMPT_LENGTH],
        )
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    is_known = group.pattern in {name for name, _, _ in PATTERNS}
    is_valid = is_known and 0 <= group.number < group.count < MAX_COUNT and abs(group.gap) <= MAX_GAP
    return group if is_valid else None


def prompts_of(text: str) -> list[str]:
    """The prompts of a text, one a line. Skips empty lines and lines that start with #.

    Raises:
        JobError: The text has no prompts or too many, or a line is not a valid prompt.
    """
    return counted(lists.prompts_of(text))


def counted(prompts: Sequence[str]) -> list[str]:
    """Returns the prompts if their number is valid.

    Raises:
        JobError: The list is empty or too long.
    """
    if not prompts:
        raise JobError("The list of prompts is empty. Add one object on each line.")
    if len(prompts) > MAX_PROMPTS:
        raise JobError(f"The list has {len(prompts)} prompts, the limit is {MAX_PROMPTS}. Split it.")
    return list(prompts)
