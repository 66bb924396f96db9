"""Predictions of the time left."""

from __future__ import annotations

import pytest

from backend.worker.timeline import STAGES, Timeline


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def run_steps(timeline: Timeline, clock: Clock, first: int, last: int, seconds: float) -> None:
    for step in range(first, last + 1):
        clock.now += seconds
        timeline.lap(step)


def test_time_left_includes_the_remaining_steps_and_the_asset() -> None:
    clock = Clock()
    timeline = Timeline(asset_s=7.0, clock=clock)
    assert timeline.eta_s(0, 100) is None
    run_steps(timeline, clock, 1, 20, 0.5)
    assert timeline.eta_s(20, 100) == pytest.approx(80 * 0.5 + 7)
    assert timeline.eta_s(100, 100) == pytest.approx(7)
    assert timeline.elapsed_s == pytest.approx(10)


def test_only_recent_steps_predict_the_pace() -> None:
    clock = Clock()
    timeline = Timeline(asset_s=0.0, clock=clock)
    run_steps(timeline, clock, 1, 50, 0.1)
    run_steps(timeline, clock, 51, 90, 1.0)
    assert timeline.eta_s(90, 100) == pytest.approx(10.0, rel=0.1)


def test_pauses_are_excluded() -> None:
    clock = Clock()
    timeline = Timeline(asset_s=0.0, clock=clock)
    run_steps(timeline, clock, 1, 10, 1.0)
    timeline.pause()
    clock.now += 3600
    assert timeline.elapsed_s == pytest.approx(10)
    timeline.resume()
    run_steps(timeline, clock, 11, 20, 1.0)
    assert timeline.elapsed_s == pytest.approx(20)
    assert timeline.eta_s(20, 30) == pytest.approx(10)


def test_a_resumed_job_keeps_its_time() -> None:
    clock = Clock()
    timeline = Timeline(clock=clock)
    clock.now += 3
    timeline.add_elapsed(42.0)
    assert timeline.elapsed_s == pytest.approx(45)


def test_the_asset_counts_down_to_zero_when_the_estimate_was_half() -> None:
    clock = Clock()
    timeline, true_s = Timeline(asset_s=10.0, clock=clock), 20.0
    assert timeline.asset_eta_s("extracting", 0.0) == pytest.approx(10)
    started = clock.now
    for phase, share in STAGES.items():
        for fraction in (0.5, 1.0):
            clock.now += true_s * share / 2
            left, truth = timeline.asset_eta_s(phase, fraction), true_s - (clock.now - started)
            assert truth / 2 - 1e-6 <= left <= truth + 1e-6
    assert left == pytest.approx(0)


def test_a_refinement_is_predicted_first_at_the_optimizations_pace_then_at_its_own() -> None:
    clock = Clock()
    timeline = Timeline(asset_s=10.0, clock=clock)
    timeline.refine_steps = 20
    run_steps(timeline, clock, 1, 10, 0.5)
    assert timeline.eta_s(10, 20) == pytest.approx((10 + 20) * 0.5 + 10)
    assert timeline.asset_eta_s("extracting", 0.0) == pytest.approx(20 * 0.5 + 10)
    clock.now += 9.5
    assert timeline.asset_eta_s("baking", 1.0) == pytest.approx(20 * 0.5 + 0.5, abs=0.1)
    timeline.begin_refining()
    assert timeline.refining_eta_s(0, 20) is None
    run_steps(timeline, clock, 1, 10, 2.0)
    assert timeline.refining_eta_s(10, 20) == pytest.approx(10 * 2.0 + 0.5)
    run_steps(timeline, clock, 11, 20, 2.0)
    timeline.end_refining()
    assert timeline.asset_eta_s("exporting", 0.0) == pytest.approx(0.5, abs=0.1)
    assert timeline.elapsed_s == pytest.approx(5 + 9.5 + 40)
