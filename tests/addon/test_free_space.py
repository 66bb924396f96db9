"""Free places among boxes, without Blender."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dreamfusion_blender.core import free_space

PLACE, SIDE = st.floats(-5, 5), st.floats(0.1, 3)
BOXES = st.lists(st.tuples(PLACE, PLACE, SIDE, SIDE), min_size=1, max_size=30)


def boxes_of(rows: list[tuple[float, float, float, float]]) -> tuple[np.ndarray, np.ndarray]:
    low = np.array([(x, y, 0.0) for x, y, _, _ in rows])
    return low, low + np.array([(width, depth, 1.0) for _, _, width, depth in rows])


@settings(deadline=None, max_examples=60)
@given(BOXES, SIDE, SIDE, st.floats(0.0, 0.5))
def test_moves_lead_to_free_places(
    rows: list[tuple[float, float, float, float]], width: float, depth: float, gap: float
) -> None:
    low, high = boxes_of(rows)
    box_low, box_high = np.array((-width / 2, -depth / 2, 0.0)), np.array((width / 2, depth / 2, 1.0))
    moves = list(free_space.free_moves(low, high, box_low, box_high, gap))
    assert len(moves) == len(free_space.DIRECTIONS)
    lengths = [math.hypot(*move) for move in moves]
    assert all(a <= free_space.SIDE_COST * b + 1e-9 for a, b in pairwise(lengths))
    for x, y in moves:
        moved = np.array((x, y, 0.0))
        apart = np.maximum(low - (box_high + moved), (box_low + moved) - high)[:, :2].max(1)
        assert (apart >= gap - 1e-6).all()
        assert not free_space.blocks(low, high, box_low + moved + 1e-6, box_high + moved - 1e-6).any()


def test_the_first_move_is_along_x_and_no_longer_than_needed() -> None:
    low, high = boxes_of([(-1, -1, 2, 2)])
    moves = free_space.free_moves(low, high, np.array((-0.5, -0.5, 0.0)), np.array((0.5, 0.5, 1.0)), 0.1)
    nearest = [tuple(round(v, 9) for v in next(moves)) for _ in range(4)]
    assert nearest == [(1.6, 0), (-1.6, 0), (0, 1.6), (0, -1.6)]


def test_what_is_above_or_below_is_not_in_the_way() -> None:
    low, high = np.array([(-1, -1, 1.0), (-1, -1, -2.0)]), np.array([(1, 1, 2.0), (1, 1, 0.0)])
    box = np.array((-0.5, -0.5, 0.0)), np.array((0.5, 0.5, 1.0))
    assert not free_space.blocks(low, high, *box).any()
    assert free_space.blocks(low, high, box[0] + (0, 0, 0.3), box[1] + (0, 0, 0.3)).tolist() == [True, False]
    assert next(free_space.free_moves(low, high, *box, 0.1)) == (0, 0)
