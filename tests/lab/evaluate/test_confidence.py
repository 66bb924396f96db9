"""Confidence intervals, compared with published values and with their coverage."""

import numpy as np
import pytest

from backend.lab.evaluate.confidence import bootstrap_interval, proportion, wilson_interval


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    # Newcombe 1998, table I: the score method without continuity correction.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_agrees_with_newcombes_table(right, total, low, high):
    assert wilson_interval(right, total) == pytest.approx((low, high), abs=1e-4)


def test_wilson_at_the_ends():
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert wilson_interval(10, 10)[1] == 1.0
    assert proportion(10, 10)["share"] == 1.0


def test_95_percent_of_the_intervals_contain_the_true_value():
    rng = np.random.default_rng(0)
    held = [low <= 0.8 <= high for low, high in (wilson_interval(n, 60) for n in rng.binomial(60, 0.8, 2000))]
    assert np.mean(held) == pytest.approx(0.95, abs=0.02)
    draws = rng.normal(3.0, 1.0, (200, 60))
    held = [low <= 3.0 <= high for low, high in (bootstrap_interval(list(values), rounds=400) for values in draws)]
    assert np.mean(held) == pytest.approx(0.94, abs=0.04)


def test_bootstrap_of_constant_and_of_no_values():
    assert bootstrap_interval([0.5] * 8) == (0.5, 0.5)
    assert bootstrap_interval([]) == (0.0, 1.0)
