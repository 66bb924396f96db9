"""A worker whose model takes long: `python -m tests.worker.slow_model SECONDS FIRST JOBS`.

From call FIRST on, each evaluation of the built-in model prints `slow` and sleeps first. As large models do, it runs in the main thread.
"""

from __future__ import annotations

import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

from backend.guidance.builtin.prior import PixelPrior
from backend.worker import work

if __name__ == "__main__":
    seconds, first = float(sys.argv[1]), int(sys.argv[2])
    predict, calls = PixelPrior.predict_noise, count(1)

    def slow(self: PixelPrior, *arguments: Any) -> Any:
        if next(calls) >= first:
            print("slow", flush=True)
            time.sleep(seconds)
        return predict(self, *arguments)

    PixelPrior.predict_noise = slow  # type: ignore[method-assign]
    PixelPrior.runs_beside = False
    work(Path(sys.argv[3]))
