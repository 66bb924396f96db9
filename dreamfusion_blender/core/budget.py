"""The time that a part of a tick may take."""

from __future__ import annotations

import time

WALL_FACTOR = 4  # other programs may take three quarters of the time before a part ends early


class Budget:
    """Processor time for one part of a tick. A slow disk ends it as well: the wall clock counts with a larger limit."""

    def __init__(self, seconds: float) -> None:
        self._processor_s = time.thread_time() + seconds
        self._wall_s = time.perf_counter() + WALL_FACTOR * seconds

    @property
    def is_used_up(self) -> bool:
        return time.thread_time() >= self._processor_s or time.perf_counter() >= self._wall_s
