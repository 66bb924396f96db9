"""Schedules as data: a number, or ((step, value), ...) with linear interpolation between and constant values outside."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import fields
from functools import cache
from typing import Any, get_type_hints

Schedule = float | tuple[tuple[float, float], ...]


def cosine(start: tuple[float, float], end: tuple[float, float], points: int = 16) -> tuple[tuple[float, float], ...]:
    """Half a cosine wave from (step, value) to (step, value), as `points` line segments."""
    (x0, y0), (x1, y1) = start, end
    shares = [number / points for number in range(points + 1)]
    return tuple((x0 + (x1 - x0) * s, y1 + (y0 - y1) * 0.5 * (1 + math.cos(math.pi * s))) for s in shares)


def value(schedule: Schedule, step: float) -> float:
    """The schedule's value at a step: `value(((0, 1.0), (10, 3.0)), 5)` is 2.0."""
    if isinstance(schedule, (int, float)):
        return float(schedule)
    steps = [at for at, _ in schedule]
    right = bisect_right(steps, step)
    if right == 0:
        return float(schedule[0][1])
    if right == len(schedule):
        return float(schedule[-1][1])
    (x0, y0), (x1, y1) = schedule[right - 1], schedule[right]
    return y0 + (y1 - y0) * (step - x0) / (x1 - x0)


def shifted(schedule: Schedule, first: float) -> Schedule:
    """The rest of a schedule from step `first` on, which becomes step 0."""
    if isinstance(schedule, (int, float)):
        return schedule
    rest = tuple((at - first, level) for at, level in schedule if at > first)
    return ((0, value(schedule, first)), *rest)


def scaled(schedule: Schedule, factor: float) -> Schedule:
    """A schedule with all values multiplied by `factor`."""
    if isinstance(schedule, (int, float)):
        return factor * schedule
    return tuple((step, factor * value) for step, value in schedule)


def stretched(schedule: Schedule, factor: float) -> Schedule:
    """The schedule with its steps multiplied by a factor."""
    return schedule if isinstance(schedule, (int, float)) else tuple((factor * step, at) for step, at in schedule)


def max_value(schedule: Schedule) -> float:
    """The largest value over all steps."""
    return float(schedule) if isinstance(schedule, (int, float)) else max(float(value) for _, value in schedule)


def min_value(schedule: Schedule) -> float:
    """The smallest value over all steps."""
    return float(schedule) if isinstance(schedule, (int, float)) else min(float(value) for _, value in schedule)


def points(schedule: Schedule) -> list[float]:
    """The steps between which the schedule is linear."""
    return [0.0] if isinstance(schedule, (int, float)) else [float(step) for step, _ in schedule]


def schedule_names(part: Any) -> tuple[str, ...]:
    """The names of the fields of a settings class that are schedules. Other fields can be lists of pairs, too."""
    return _schedule_names(part.__class__)


@cache  # evaluating the annotations takes most of the time in which the presets are made
def _schedule_names(settings_class: type) -> tuple[str, ...]:
    kinds = get_type_hints(settings_class)
    return tuple(entry.name for entry in fields(settings_class) if kinds[entry.name] == Schedule)
