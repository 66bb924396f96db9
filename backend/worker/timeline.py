"""Elapsed time and time left of a job: optimization, then extraction, bake, refinement, and export."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

# Shares of the time for the asset, without the refinement.
STAGES = {"extracting": 0.39, "baking": 0.56, "exporting": 0.05}
# Steps become slower or faster as the field changes, so only the most recent ones predict the next.
WINDOW_S = 10.0
WINDOW_STEPS = 8  # at least


def estimate_asset_s(resolution: int, texture_px: int) -> float:
    """Estimates the seconds for the asset on one core: 4 s for (128, 1024), 12 s for (256, 2048)."""
    return 1.3 + 1.2 * (resolution / 128) ** 2 + 1.6 * (texture_px / 1024) ** 2


class Timeline:
    """A stopwatch that also predicts the time left. Pauses are excluded.

    Args:
        asset_s: estimated seconds for the asset, without the refinement.
        clock: returns seconds; for tests.
    """

    def __init__(self, asset_s: float = 4.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.asset_s = asset_s
        self.refine_steps = 0  # remaining; assumed to take as long as steps of the optimization until they run
        self._clock = clock
        self._started_at = clock()
        self._paused_at: float | None = None
        self._asset_started_s: float | None = None
        self._refining_started_s: float | None = None
        self._laps: deque[tuple[float, int]] = deque()

    def add_elapsed(self, spent_s: float) -> None:
        """Adds the time that earlier workers spent on the job."""
        self._started_at -= spent_s

    @property
    def elapsed_s(self) -> float:
        return (self._clock() if self._paused_at is None else self._paused_at) - self._started_at

    def pause(self) -> None:
        self._paused_at = self._clock()

    def resume(self) -> None:
        if self._paused_at is not None:
            self._started_at += self._clock() - self._paused_at
            self._paused_at = None

    def lap(self, step: int) -> None:
        """Records the end of a step."""
        now = self.elapsed_s
        self._laps.append((now, step))
        while len(self._laps) > WINDOW_STEPS and now - self._laps[0][0] > WINDOW_S:
            self._laps.popleft()

    def eta_s(self, step: int, total: int) -> float | None:
        """Returns the seconds until the result during the optimization; None until enough steps are measured."""
        pace_s = self._pace_s()
        if step >= total:
            return self.asset_s + self.refine_steps * (pace_s or 0.0)
        return None if pace_s is None else (total - step + self.refine_steps) * pace_s + self.asset_s

    def _pace_s(self) -> float | None:
        """Seconds per step."""
        if len(self._laps) < 3:
            return None
        (t0, n0), (t1, n1) = self._laps[0], self._laps[-1]
        return (t1 - t0) / max(1, n1 - n0)

    def begin_refining(self) -> None:
        """Starts the refinement: subsequent laps are its steps."""
        self._refining_started_s = self.elapsed_s
        self.refine_steps = 0
        self._laps.clear()

    def end_refining(self) -> None:
        """Ends the refinement and continues the clock of the asset."""
        if self._asset_started_s is not None and self._refining_started_s is not None:
            self._asset_started_s += self.elapsed_s - self._refining_started_s
        self._refining_started_s = None

    def refining_eta_s(self, step: int, total: int) -> float | None:
        """Returns the seconds until the result during the refinement; None until enough steps are measured."""
        pace_s = self._pace_s()
        return None if pace_s is None else (total - step) * pace_s + STAGES["exporting"] * self.asset_s

    def asset_eta_s(self, phase: str, fraction: float) -> float:
        """Returns the seconds until the result during extraction, bake and export."""
        if self._asset_started_s is None:
            self._asset_started_s = self.elapsed_s
        names = list(STAGES)
        before = sum(STAGES[name] for name in names[: names.index(phase)]) if phase in STAGES else 0.0
        done = min(1.0, before + STAGES.get(phase, 0.0) * fraction)
        spent_s = self.elapsed_s - self._asset_started_s
        # Interpolates from the estimate to the measured pace as the work progresses.
        expected = (1 - done) * self.asset_s + done * (spent_s / done if done else 0.0)
        return max(0.0, expected * (1 - done)) + self.refine_steps * (self._pace_s() or 0.0)
