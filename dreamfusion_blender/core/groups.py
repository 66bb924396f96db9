"""Objects that were asked for together and stand together: what the requests of their jobs say of it.

A group is the objects of a list of prompts, or the variations of one. Each is a job of its own, which may fail without the
others; what they have in common lies in the `origin` of each request, so it outlives a restart of Blender.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from ..backend.errors import JobError
from ..backend.jobs.request import clean_prompt

MAX_PROMPTS = 100  # a book that was chosen by mistake is no list
GAP = 0.2  # between neighbors, in the scene's units
# (name, label, description)
PATTERNS: tuple[tuple[str, str, str], ...] = (
    ("ROW", "Row", "Side by side, in list order"),
    ("GRID", "Grid", "In rows and columns, in list order"),
    ("SCATTER", "Scatter", "Random positions, the largest object in the center"),
)


@dataclass(frozen=True)
class Group:
    """One object's place in its group. gap: the least distance between two, in the scene's units."""

    id: str
    number: int  # from 0
    count: int
    pattern: str = "ROW"
    gap: float = GAP

    def as_origin(self) -> dict[str, object]:
        """What a request's `origin` holds of it."""
        return {"group": asdict(self)}


def new(count: int, pattern: str = "ROW", gap: float = GAP) -> list[Group]:
    """The members of a new group, in order."""
    group_id = secrets.token_hex(4)
    return [Group(group_id, number, count, pattern, gap) for number in range(count)]


def of(origin: Mapping[str, object]) -> Group | None:
    """The group that a request belongs to; None when it was asked for alone, or the note cannot be read."""
    noted = origin.get("group")
    if not isinstance(noted, Mapping):
        return None
    try:
        group = Group(
            str(noted["id"]), int(noted["number"]), int(noted["count"]), str(noted["pattern"]), float(noted["gap"])
        )
    except (KeyError, TypeError, ValueError):
        return None
    return group if group.pattern in {name for name, _, _ in PATTERNS} else None


def prompts_of(text: str) -> list[str]:
    """One prompt a line; empty lines, and those that begin with #, are left out.

    Raises:
        JobError: there is none, there are too many, or a line is no prompt; the message says which.
    """
    prompts = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        try:
            prompts.append(clean_prompt(line))
        except JobError as error:
            raise JobError(f"Line {number} of the list: {error}") from error
    return counted(prompts)


def counted(prompts: Sequence[str]) -> list[str]:
    """The same prompts.

    Raises:
        JobError: there is none, or there are too many.
    """
    if not prompts:
        raise JobError("The list of prompts is empty: write one object on each line of a text, and choose it.")
    if len(prompts) > MAX_PROMPTS:
        raise JobError(f"The list has {len(prompts)} prompts and the most is {MAX_PROMPTS}: split it.")
    return list(prompts)
