"""Time spent and time left, over the whole job: the optimization, the asset's stages after it, and a refinement amid those."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

# Shares of the asset's time.
STAGES = {"extracting": 0.39, "baking": 0.56, "exporting": 0.05}
WINDOW_S = 10.0  # steps grow dearer or cheaper as the field changes: only the last ones foretell the next
WINDOW_STEPS = 8  # and at least this many


def guess_asset_s(resolution: int, texture_px: int) -> float:
    """Seconds on one core of a common computer, before anything is measured: 4 s for (128, 1024), 12 s for (256, 2048)."""
    return 1.3 + 1.2 * (resolution / 128) ** 2 + 1.6 * (texture_px / 1024) ** 2


class Timeline:
    """A stopwatch that foretells. Pauses do not count.

    Args:
        asset_s: a guess of what the asset's stages take, until they run; without a refinement's steps.
        clock: seconds, for tests.
    """

    def __init__(self, asset_s: float = 4.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.asset_s = asset_s
        self.refine_steps = 0  # still to come; until they run, each is taken to be as long as one of the optimization
        self._clock = clock
        self._started = clock()
        self._paused_at: float | None = None
        self._asset_began: float | None = None
        self._refining_began: float | None = None
        self._laps: deque[tuple[float, int]] = deque()

    def add(self, spent_s: float) -> None:
        """What earlier workers spent on the job."""
        self._started -= spent_s

    @property
    def elapsed_s(self) -> float:
        return (self._clock() if self._paused_at is None else self._paused_at) - self._started

    def pause(self) -> None:
        self._paused_at = self._clock()

    def resume(self) -> None:
        if self._paused_at is not None:
            self._started += self._clock() - self._paused_at
            self._paused_at = None

    def lap(self, step: int) -> None:
        """A step has ended."""
        now = self.elapsed_s
        self._laps.append((now, step))
        while len(self._laps) > WINDOW_STEPS and now - self._laps[0][0] > WINDOW_S:
            self._laps.popleft()

    def eta_s(self, step: int, total: int) -> float | None:
        """Seconds until the result; None while too few steps are known."""
        pace_s = self._pace_s()
        if step >= total:
            return self.asset_s + self.refine_steps * (pace_s or 0.0)
        return None if pace_s is None else (total - step + self.refine_steps) * pace_s + self.asset_s

    def _pace_s(self) -> float | None:
        """Seconds a step."""
        if len(self._laps) < 3:
            return None
        (t0, n0), (t1, n1) = self._laps[0], self._laps[-1]
        return (t1 - t0) / max(1, n1 - n0)

    def begin_refining(self) -> None:
        """From here on laps are the refinement's."""
        self._refining_began = self.elapsed_s
        self.refine_steps = 0
        self._laps.clear()

    def end_refining(self) -> None:
        """The asset's stages go on where they were."""
        if self._asset_began is not None and self._refining_began is not None:
            self._asset_began += self.elapsed_s - self._refining_began
        self._refining_began = None

    def refining_eta_s(self, step: int, total: int) -> float | None:
        """Seconds until the result, in the middle of the refinement; None while too few of its steps are known."""
        pace_s = self._pace_s()
        return None if pace_s is None else (total - step) * pace_s + STAGES["exporting"] * self.asset_s

    def asset_eta_s(self, phase: str, fraction: float) -> float:
        """Seconds left inside the asset's stages."""
        if self._asset_began is None:
            self._asset_began = self.elapsed_s
        names = list(STAGES)
        before = sum(STAGES[name] for name in names[: names.index(phase)]) if phase in STAGES else 0.0
        done = min(1.0, before + STAGES.get(phase, 0.0) * fraction)
        so_far = self.elapsed_s - self._asset_began
        # What was measured counts the more, the further it is.
        expected = (1 - done) * self.asset_s + done * (so_far / done if done else 0.0)
        return max(0.0, expected * (1 - done)) + self.refine_steps * (self._pace_s() or 0.0)
