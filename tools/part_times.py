"""Times a step and its parts on a device: by events on CUDA, which do not wait for the device, elsewhere by the clock."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import torch


class Clock:
    """Moments on a device. On CUDA, they are in the order of the current stream."""

    def __init__(self, device: torch.device) -> None:
        self.device = device

    def now(self) -> Any:
        """This moment, for `ms`."""
        if self.device.type != "cuda":
            return time.perf_counter()
        event = torch.cuda.Event(enable_timing=True)
        event.record()
        return event

    def wait(self) -> None:
        """Waits until the device has done all its work."""
        if self.device.type == "cuda":
            torch.cuda.synchronize(self.device)

    def ms(self, begin: Any, end: Any) -> float:
        """Milliseconds between two moments, after `wait`."""
        if self.device.type == "cuda":
            return float(begin.elapsed_time(end))
        return 1000 * float(end - begin)


class Parts:
    """Collects the times of functions by name."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._spans: dict[str, list[tuple[Any, Any]]] = defaultdict(list)

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that does the same, and whose time counts."""

        def call(*arguments: Any, **options: Any) -> Any:
            begin = self._clock.now()
            try:
                return function(*arguments, **options)
            finally:
                self._spans[name].append((begin, self._clock.now()))

        return call

    def take_ms(self) -> dict[str, float]:
        """The sum of the milliseconds of each function since the last call."""
        self._clock.wait()
        spans, self._spans = self._spans, defaultdict(list)
        return {name: sum(self._clock.ms(*span) for span in found) for name, found in spans.items()}
