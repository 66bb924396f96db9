"""Finds a free place on the ground for a box among other boxes. All boxes are axis-aligned, all lengths in the same unit."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

# Degrees from +x: along x, then from the x axis outwards, behind (+y) before in front (-y)
DIRECTIONS = (0, 180, 22.5, 157.5, -22.5, -157.5, 45, 135, -45, -135, 67.5, 112.5, -67.5, -112.5, 90, -90)
SIDE_COST = 1.1  # a place along +x is preferred to one in another direction that is slightly nearer
CONTACT = 0.02  # share of the lower height by which boxes may overlap vertically: what stands on a surface touches it


def blocks(low: np.ndarray, high: np.ndarray, box_low: np.ndarray, box_high: np.ndarray) -> np.ndarray:
    """Which of the boxes `low`..`high`, [N, 3], intersect the box `box_low`..`box_high`, [3]."""
    inside = (low[:, :2] < box_high[:2]) & (high[:, :2] > box_low[:2])
    overlaps: np.ndarray = inside.all(1) & at_height(low, high, box_low[2], box_high[2])
    return overlaps


def at_height(low: np.ndarray, high: np.ndarray, bottom: float, top: float) -> np.ndarray:
    """Which of the boxes, [N, 3], overlap the heights `bottom`..`top`."""
    contact = CONTACT * np.minimum(high[:, 2] - low[:, 2], top - bottom) + 1e-5 * (top - bottom)
    overlaps: np.ndarray = (low[:, 2] < top - contact) & (high[:, 2] > bottom + contact)
    return overlaps


def free_moves(
    low: np.ndarray, high: np.ndarray, box_low: np.ndarray, box_high: np.ndarray, gap: float
) -> Iterator[tuple[float, float]]:
    """Horizontal moves of a box to free places, the nearest first. Among equals, +x comes first.

    Args:
        low, high: The other boxes, [N, 3].
        box_low, box_high: The box that moves, [3].
        gap: Distance to the other boxes after the move.
    """
    chosen = at_height(low, high, box_low[2], box_high[2])
    # Where the reference point of the box, its lower corner, must not be.
    blocked_low = low[chosen, :2] - (box_high - box_low)[:2] - gap
    blocked_high = high[chosen, :2] + gap
    moves = []
    for number, degrees in enumerate(DIRECTIONS):
        angle = math.radians(degrees)
        direction = np.array((math.cos(angle), math.sin(angle))).round(12)
        distance = _first_free(blocked_low, blocked_high, box_low[:2], direction)
        moves.append((distance * (SIDE_COST if number else 1.0), number, distance * direction))
    for _, _, move in sorted(moves, key=lambda entry: entry[:2]):
        yield float(move[0]), float(move[1])


def _first_free(low: np.ndarray, high: np.ndarray, point: np.ndarray, direction: np.ndarray) -> float:
    """Distance along `direction` at which a point leaves the rectangles `low`..`high`, [N, 2]."""
    enter, leave = np.full(len(low), -np.inf), np.full(len(low), np.inf)
    for axis in (0, 1):
        if abs(direction[axis]) < 1e-9:
            is_beside = (point[axis] <= low[:, axis]) | (point[axis] >= high[:, axis])
            leave[is_beside] = -np.inf
            continue
        ends = (np.stack((low[:, axis], high[:, axis])) - point[axis]) / direction[axis]
        enter, leave = np.maximum(enter, ends.min(0)), np.minimum(leave, ends.max(0))
    is_hit = (leave > enter) & (leave > 0)
    enter, leave = enter[is_hit], leave[is_hit]
    distance = 0.0
    for number in np.argsort(enter):
        if enter[number] > distance + 1e-9:
            break
        distance = max(distance, float(leave[number]))
    return distance
