"""Placement of several objects without overlap, as rectangles on the ground plane. All lengths are in the scene's units."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True)
class Footprint:
    """Sides of the axis-aligned rectangle that an object covers, along x and y."""

    width: float
    depth: float

    @property
    def reach(self) -> float:
        """Distance from the center to a corner."""
        return math.hypot(self.width, self.depth) / 2


def in_a_row(footprints: Sequence[Footprint], gap: float) -> list[Point]:
    """Centers of a row along x, in order, with `gap` between neighbors. The row is centered at 0."""
    length = sum(f.width for f in footprints) + gap * max(0, len(footprints) - 1)
    places, x = [], -length / 2
    for footprint in footprints:
        places.append((x + footprint.width / 2, 0.0))
        x += footprint.width + gap
    return places


def in_a_grid(footprints: Sequence[Footprint], gap: float) -> list[Point]:
    """Centers of a nearly square grid, row by row from the front (-y). Each column and row is as wide as its widest object."""
    columns = max(1, math.ceil(math.sqrt(len(footprints))))
    rows = [list(range(start, min(start + columns, len(footprints)))) for start in range(0, len(footprints), columns)]
    widths = [max(footprints[n].width for n in range(column, len(footprints), columns)) for column in range(columns)]
    depths = [max(footprints[n].depth for n in row) for row in rows]
    xs = in_a_row([Footprint(width, 0.0) for width in widths], gap)
    ys = in_a_row([Footprint(depth, 0.0) for depth in depths], gap)
    return [(xs[n % columns][0], ys[n // columns][0]) for n in range(len(footprints))]


def scattered(footprints: Sequence[Footprint], gap: float, seed: int) -> list[Point]:
    """Random centers close together, the largest object at the origin. Depends only on the arguments."""
    draw = random.Random(seed)
    order = sorted(range(len(footprints)), key=lambda n: -footprints[n].reach)
    places: dict[int, Point] = {}
    spread = 0.0
    for number in order:
        tries = 0
        while True:
            angle, distance = draw.uniform(0, 2 * math.pi), spread * math.sqrt(draw.random())
            place = (distance * math.cos(angle), distance * math.sin(angle))
            if not any(_overlaps(footprints[number], place, footprints[n], p, gap) for n, p in places.items()):
                break
            tries += 1
            if tries % 20 == 0:
                spread = 1.1 * spread + 0.05 * footprints[number].reach
        places[number] = place
        spread = max(spread, math.hypot(*place))
    return [places[number] for number in range(len(footprints))]


def extent(footprints: Sequence[Footprint], places: Sequence[Point]) -> tuple[Point, Point]:
    """Lower and upper corner of the rectangle around all objects."""
    sides = [(f.width / 2, f.depth / 2) for f in footprints]
    low = tuple(min(place[n] - side[n] for place, side in zip(places, sides, strict=True)) for n in (0, 1))
    high = tuple(max(place[n] + side[n] for place, side in zip(places, sides, strict=True)) for n in (0, 1))
    return (low[0], low[1]), (high[0], high[1])


def _overlaps(a: Footprint, at: Point, b: Footprint, other: Point, gap: float) -> bool:
    return (
        abs(at[0] - other[0]) < (a.width + b.width) / 2 + gap and abs(at[1] - other[1]) < (a.depth + b.depth) / 2 + gap
    )


def angles(count: int, limit: float, seed: int) -> list[float]:
    """Random angles between -`limit` and `limit`."""
    draw = random.Random(seed)
    return [draw.uniform(-limit, limit) for _ in range(count)]
